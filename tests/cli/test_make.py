"""`gpnde new` and `gpnde import`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gpnde.results.storage import load_run
from gpnde.scenario import load_scenario
from gpnde.scenario.generate import generate

Gpnde = Callable[..., Result]


def test_new_scenario_is_the_generated_one(gpnde: Gpnde, tmp_path: Path) -> None:
    result = gpnde("new", "scenario", tmp_path / "net", "--firms", 12, "--tiers", 3, "--seed", 4)
    assert result.exit_code == 0, result.output
    assert load_scenario(tmp_path / "net") == generate("net", 12, 3, 4)


def test_new_scenario_can_be_run(gpnde: Gpnde, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert gpnde("new", "scenario", "net", "--firms", 5).exit_code == 0
    assert gpnde("run", "net", "--days", 28).exit_code == 0


def test_import_writes_the_scenario_and_tells_what_was_assumed(gpnde: Gpnde, tmp_path: Path) -> None:
    stages = "stage,stage_cost,stage_time,rel_depth,classification,avg_demand,sd_demand,"
    stages += "max_service_time,service_level\n"
    rows = "part,1,2,1,Part,,,,\nshop,1,1,0,Retail,10,2,0,0.95\n"
    (tmp_path / "stages.csv").write_text(stages + rows, encoding="utf-8")
    (tmp_path / "arcs.csv").write_text("source,destination\npart,shop\n", encoding="utf-8")
    result = gpnde("import", "willems", tmp_path / "stages.csv", tmp_path / "arcs.csv", "--out", tmp_path / "net")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{tmp_path / 'net'}: 2 firms, 2 sites")
    assert {site.name for site in load_scenario(tmp_path / "net").sites} == {"part", "shop"}


def test_chain_of_the_reference_data_can_be_imported(gpnde: Gpnde, tmp_path: Path, shared_data: Path) -> None:
    files = (shared_data / "willems2008" / "01_stages.csv", shared_data / "willems2008" / "01_arcs.csv")
    result = gpnde("import", "willems", *files, "--out", tmp_path / "chain")
    assert result.exit_code == 0, result.output
    assert gpnde("check", tmp_path / "chain").exit_code == 0


def test_new_plugin_says_where_to_begin(gpnde: Gpnde, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = gpnde("new", "plugin", "night-shift", "--kind", "policy")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("gpnde-night-shift: gpnde-night-shift, which offers policy.night-shift: begin with")
    assert (tmp_path / "gpnde-night-shift" / "gpnde_night_shift" / "__init__.py").is_file()


def test_new_plugin_refuses_a_name_that_is_offered_already(gpnde: Gpnde, tmp_path: Path) -> None:
    result = gpnde("new", "plugin", "site-outage", "--kind", "disruption", "--out", tmp_path / "new")
    assert result.exit_code == 2
    assert "offers disruption.site-outage already: choose another name" in result.stderr
    assert not (tmp_path / "new").exists()


def test_new_metric_is_checked_and_measured(gpnde: Gpnde, tmp_path: Path) -> None:
    assert gpnde("new", "plugin", "late-hours", "--kind", "metric", "--out", tmp_path / "new").exit_code == 0
    file = tmp_path / "new" / "gpnde_late_hours"
    checked = gpnde("plugins", "check", file)
    assert checked.exit_code == 0, checked.output
    assert checked.stdout.endswith("1 of 1 metric passed\n")
    run = gpnde("--plugin", file, "run", tmp_path / "new" / "scenario.yaml", "--out", tmp_path / "run")
    assert run.exit_code == 0, run.output
    assert 0 < load_run(tmp_path / "run").metric("late-hours.share") < 1


def test_new_metric_refuses_a_name_that_is_offered_already(gpnde: Gpnde, tmp_path: Path) -> None:
    assert gpnde("new", "plugin", "late-hours", "--kind", "metric", "--out", tmp_path / "new").exit_code == 0
    again = ("new", "plugin", "late-hours", "--kind", "metric", "--out", tmp_path / "again")
    result = gpnde("--plugin", tmp_path / "new" / "gpnde_late_hours", *again)
    assert "offers late-hours.share already: choose another name" in result.stderr


def test_new_study_is_planned_by_batch_and_says_what_to_do(gpnde: Gpnde, tmp_path: Path) -> None:
    result = gpnde("new", "study", tmp_path / "help")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{tmp_path / 'help'}: study.yaml and README.md: run it with 'gpnde batch")
    study = tmp_path / "help" / "study.yaml"
    study.write_text(study.read_text().replace("replications: 6", "replications: 1"))
    done = gpnde("batch", tmp_path / "help", "--out", tmp_path / "out", "--jobs", 1, "--set", "clock.days=7", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["ok"] == 24
