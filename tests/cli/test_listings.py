"""`gpnde scenarios` and `gpnde schema`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import yaml
from click.testing import Result

from gpnde.scenario import preset_names

Gpnde = Callable[..., Result]


def test_every_preset_is_listed(gpnde: Gpnde) -> None:
    listed = [line.split()[0] for line in gpnde("scenarios").stdout.splitlines()]
    assert listed == list(preset_names())
    rows = json.loads(gpnde("scenarios", "--json").stdout)["scenarios"]
    assert [row["name"] for row in rows] == listed
    assert all(row["firms"] >= 1 and row["days"] > 0 for row in rows)


def test_schema_accepts_a_valid_scenario_and_refuses_an_unknown_key(gpnde: Gpnde, three_firms_text: str) -> None:
    schema = json.loads(gpnde("schema").stdout)
    validator = jsonschema.Draft202012Validator(schema)
    scenario = yaml.safe_load(three_firms_text)
    assert validator.is_valid(scenario)
    assert not validator.is_valid({**scenario, "clok": {}})


def test_schema_knows_the_components_that_are_installed(gpnde: Gpnde, three_firms_text: str) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(gpnde("schema").stdout))
    scenario = yaml.safe_load(three_firms_text)
    right, wrong = ({"use": "disruption.site-outage", "mean_up_days": days} for days in (100, -100))
    assert validator.is_valid({**scenario, "components": [right]})
    assert not validator.is_valid({**scenario, "components": [wrong]})


def test_a_preset_is_copied_and_an_existing_copy_stays(gpnde: Gpnde, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    result = gpnde("scenarios", "copy", "hdd-southeast-asia", folder)
    assert result.exit_code == 0, result.output
    files = ["scenario.yaml", "clusters.csv", "firms.csv", "links.csv", "sites.csv"]
    assert result.stdout == f"{folder}: {', '.join(files)}: edit what you want, then 'gpnde run {folder}'\n"
    (folder / "sites.csv").write_text("mine", encoding="utf-8")
    again = gpnde("scenarios", "copy", "beer-game", folder)
    assert again.exit_code == 2 and "name a new folder" in again.stderr
    assert (folder / "sites.csv").read_text(encoding="utf-8") == "mine"


def test_a_preset_that_is_unknown_is_not_copied(gpnde: Gpnde, tmp_path: Path) -> None:
    result = gpnde("scenarios", "copy", "beer-gam", tmp_path / "mine")
    assert result.exit_code == 2 and "did you mean 'beer-game'?" in result.stderr
    assert not (tmp_path / "mine").exists()


def test_scenarios_alone_lists_and_its_help_names_its_commands(gpnde: Gpnde) -> None:
    assert gpnde("scenarios").stdout == gpnde("scenarios", "list").stdout
    told = gpnde("scenarios", "--help").stdout
    assert "copy" in told and "list" in told
