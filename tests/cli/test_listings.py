"""`gpnde scenarios` and `gpnde schema`."""

from __future__ import annotations

import json
from collections.abc import Callable

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
