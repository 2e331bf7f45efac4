from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from gpnde.scenario import preset_names, scenario_schema
from gpnde.scenario.presets import preset_path
from gpnde.scenario.yaml_text import parse_yaml


def _accepts(given: Any) -> bool:
    return jsonschema.Draft202012Validator(scenario_schema()).is_valid(given)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(scenario_schema())


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_fits_the_schema(name: str) -> None:
    text = preset_path(name).read_text(encoding="utf-8")
    jsonschema.validate(parse_yaml(text, name), scenario_schema(), jsonschema.Draft202012Validator)


FORMS: dict[str, Callable[[dict[str, Any]], None]] = {
    "a mapping of rows": lambda raw: None,
    "a list of rows": lambda raw: raw.update(firms=[{"name": "seagate"}]),
    "a CSV file": lambda raw: raw.update(firms="firms.csv"),
    "an empty row": lambda raw: raw.update(firms={"seagate": None}),
    "a law as a number": lambda raw: raw["links"][0].update(lead_time=3),
    "a law as a mapping": lambda raw: raw["links"][0].update(lead_time={"law": "gamma", "mean": 3, "cv": 1}),
    "a law from a column": lambda raw: raw["links"][0].update(
        lead_time={"law": "empirical", "file": "x.csv", "column": "days", "where": {"vendor": "X"}}
    ),
}


@pytest.mark.parametrize("change", FORMS.values(), ids=FORMS.keys())
def test_every_form_that_files_may_have_fits(raw: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    change(raw)
    assert _accepts(raw)


@pytest.mark.parametrize(
    ("path", "value"),
    [("clock", {"dais": 3}), ("zzz", 1), ("firms", "firms.txt"), ("links", {"x": {}}), ("sites", {"a": {"firm": "f"}})],
)
def test_what_files_may_not_hold_does_not_fit(raw: dict[str, Any], path: str, value: object) -> None:
    assert not _accepts({**raw, path: value})


def test_units_stand_in_the_descriptions() -> None:
    assert scenario_schema()["$defs"]["Clock"]["properties"]["days"]["description"] == "Horizon (days)."
