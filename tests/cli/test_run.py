"""`gpnde run` and `gpnde rerun`."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
from click.testing import Result

import gpnde as package
from gpnde.cli.run import compare, read_settings, tables_that_differ
from gpnde.errors import GpndeError

Gpnde = Callable[..., Result]

PROMISED = {
    "scenario", "seed", "days", "firms", "sites", "links", "orders", "fingerprint", "conservation", "dropouts",
    "metrics", "seconds",
}  # fmt: skip


def as_json(result: Result) -> dict[str, Any]:
    """Expect success and one JSON object, and return it."""
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


def test_run_prints_the_summary(gpnde: Gpnde, three_firms: Path) -> None:
    result = gpnde("run", three_firms)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("three-firms\nseed 1, replication 0; 56 days\n")


def test_json_holds_what_is_promised_and_nothing_else_is_on_stdout(gpnde: Gpnde, three_firms: Path) -> None:
    answer = as_json(gpnde("run", three_firms, "--json"))
    assert set(answer) >= PROMISED
    assert (answer["scenario"], answer["days"], answer["firms"], answer["sites"]) == ("three-firms", 56, 3, 3)
    assert set(answer["seconds"]) >= {"build", "simulate"}
    assert max(answer["conservation"].values()) < 1e-9


def test_command_and_python_give_the_same_run(gpnde: Gpnde, three_firms: Path) -> None:
    answer = as_json(gpnde("run", three_firms, "--json", "--seed", 5, "--replication", 2, "--days", 21))
    scenario = package.load_scenario(three_firms, {"clock.days": 21})
    assert answer["fingerprint"] == package.simulate(scenario, seed=5, replication=2).fingerprint


def test_setting_changes_the_run(gpnde: Gpnde, three_firms: Path) -> None:
    once = as_json(gpnde("run", three_firms, "--json"))
    changed = as_json(gpnde("run", three_firms, "--json", "--set", "sites.assembly.capacity_per_day=10"))
    assert changed["fingerprint"] != once["fingerprint"]
    assert changed["metrics"]["flow.fill_rate"] < once["metrics"]["flow.fill_rate"]


def test_setting_reaches_a_component(gpnde: Gpnde, three_firms: Path) -> None:
    text = three_firms.read_text(encoding="utf-8")
    outages = "components: [{use: disruption.site-outage, mean_up_days: 20, mean_down_days: 5}]\n"
    three_firms.write_text(text + outages, encoding="utf-8")
    once = as_json(gpnde("run", three_firms, "--json"))
    setting = "disruption.site-outage.mean_down_days=15"
    assert as_json(gpnde("run", three_firms, "--json", "--set", setting))["fingerprint"] != once["fingerprint"]


def test_out_holds_the_run_and_its_report(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    answer = as_json(gpnde("run", three_firms, "--out", tmp_path / "out", "--json"))
    assert package.load_run(tmp_path / "out").fingerprint == answer["fingerprint"]
    assert "three-firms" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "three-firms.yaml"]


def test_a_saved_run_meets_the_published_schema(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    text = three_firms.read_text(encoding="utf-8")
    three_firms.write_text(f"{text}components: [{{use: disruption.site-outage}}]\n", encoding="utf-8")
    assert gpnde("run", three_firms, "--out", tmp_path / "out").exit_code == 0
    manifest = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    schema = Path(__file__).parents[2] / "docs" / "schema" / "run-1.json"
    jsonschema.validate(manifest, json.loads(schema.read_text(encoding="utf-8")))
    assert manifest["components"][0]["distribution"] == "gpnde"


def test_rerun_of_a_saved_run_is_identical(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    gpnde("run", three_firms, "--out", tmp_path / "out", "--seed", 3, "--replication", 1)
    result = gpnde("rerun", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("identical: fingerprint ")


def test_a_run_that_read_a_list_beside_its_scenario_can_be_repeated_from_elsewhere(
    gpnde: Gpnde, three_firms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fires.csv").write_text("date,site\n2000-01-20,boards\n", encoding="utf-8")
    with three_firms.open("a", encoding="utf-8") as file:
        file.write("components: [{use: disruption.dated-outages, file: fires.csv}]\n")
    assert as_json(gpnde("run", three_firms, "--out", tmp_path / "out", "--json"))["dropouts"] == {"outage": 1}
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert as_json(gpnde("rerun", tmp_path / "out", "--json"))["identical"]


def test_rerun_names_the_tables_that_differ(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    """A run whose manifest claims another seed stands for one that another version made."""
    gpnde("run", three_firms, "--out", tmp_path / "out")
    manifest = tmp_path / "out" / "run.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"seed": 1', '"seed": 2'), encoding="utf-8")
    result = gpnde("rerun", tmp_path / "out", "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert not answer["identical"]
    assert "orders" in answer["differing"]
    assert "different: fingerprint" in gpnde("rerun", tmp_path / "out").stdout


def test_rerun_of_a_scenario_that_is_no_longer_understood_is_refused(
    gpnde: Gpnde, three_firms: Path, tmp_path: Path
) -> None:
    gpnde("run", three_firms, "--days", 7, "--out", tmp_path / "out")
    manifest = tmp_path / "out" / "run.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"review_days"', '"revue_days"'), encoding="utf-8")
    result = gpnde("rerun", tmp_path / "out")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "did you mean 'review_days'?" in result.stderr


def test_comparison_names_software_that_changed(three_firms: Path) -> None:
    saved = package.simulate(package.load_scenario(three_firms, {"clock.days": 7}))
    again = dataclasses.replace(saved, software={**saved.software, "numpy": "99.0"})
    assert compare(saved, saved)["software"] == {}
    assert compare(saved, again)["software"] == {"numpy": [saved.software["numpy"], "99.0"]}


def test_tables_that_differ_are_told_apart(three_firms: Path) -> None:
    one = package.simulate(package.load_scenario(three_firms))
    other = package.simulate(package.load_scenario(three_firms))
    assert tables_that_differ(one, other) == []
    other.tables["sites"] = one.sites.with_columns(pl.col("on_hand") + 1)
    other.tables.pop("links")
    assert tables_that_differ(one, other) == ["links", "sites"]


def test_setting_may_hold_an_equals_sign() -> None:
    assert read_settings(["a.b = gamma(mean=1, cv=2)"]) == {"a.b": "gamma(mean=1, cv=2)"}


def test_later_setting_wins() -> None:
    assert read_settings(["a=1", "a=2"]) == {"a": "2"}


@pytest.mark.parametrize("setting", ["a", "=1", "", " = "])
def test_setting_without_key_or_value_is_refused(setting: str) -> None:
    with pytest.raises(GpndeError, match="KEY=VALUE"):
        read_settings([setting])


def test_setting_of_a_group_tells_how_many_places_it_sets(gpnde: Gpnde, three_firms: Path) -> None:
    result = gpnde("run", three_firms, "--json", "--set", "sites.tier=1.stock=5", "--set", "sites.assembly.stock=6")
    assert result.exit_code == 0, result.output
    tiers = [firm.tier for firm in package.load_scenario(three_firms).firms]
    assert [line for line in result.stderr.splitlines() if "set in" in line] == [
        f"sites.tier=1.stock: set in {tiers.count(1)} place{'s' if tiers.count(1) != 1 else ''}"
    ]


def test_setting_that_matches_nothing_is_refused(gpnde: Gpnde, three_firms: Path) -> None:
    result = gpnde("run", three_firms, "--set", "sites.tier=9.stock=5")
    assert result.exit_code == 2
    assert result.stderr == "gpnde run: sites.tier=9.stock: no row has the tier '9'\n"
