"""The schema of a scenario with the components that are installed."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import jsonschema
import pytest
import yaml

from gpnde.plugin import Component, param
from gpnde.plugin.json_schema import with_components
from gpnde.scenario import scenario_schema
from gpnde.scenario.presets import preset_path

Valid = Callable[..., bool]


class Size(Enum):
    """How large a strike is."""

    SMALL = "small"
    LARGE = "large"


class Strike(Component):
    """Work stops."""

    name = "disruption.strike"

    days: float = param(7, gt=0, unit="day", doc="Length of a strike.")
    where: str = param(doc="Site.")
    size: Size = param(Size.SMALL, doc="How large.")


class Calm(Component):
    """Nothing happens."""

    name = "disruption.calm"


class Odd(Component):
    """Has a parameter that has no JSON form."""

    name = "disruption.odd"

    action: Callable[[], None] | None = param(None, doc="What happens.")


SCHEMA = with_components(scenario_schema(), {each.name: each for each in (Strike, Calm, Odd)})


@pytest.fixture
def valid() -> Valid:
    """Return whether the schema accepts a preset with one use of a component."""
    scenario = yaml.safe_load(preset_path("single-site").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return lambda **use: validator.is_valid({**scenario, "components": [use]})


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "use",
    [
        {"use": "disruption.strike", "where": "shop"},
        {"use": "disruption.strike", "where": "shop", "days": 3, "size": "large", "enabled": False},
        {"use": "disruption.calm"},
        {"use": "disruption.odd", "action": 3},
    ],
)
def test_components_with_their_parameters_are_accepted(valid: Valid, use: dict[str, Any]) -> None:
    assert valid(**use)


@pytest.mark.parametrize(
    "use",
    [
        {"use": "disruption.strik", "where": "shop"},
        {"use": "disruption.strike"},
        {"use": "disruption.strike", "where": "shop", "days": 0},
        {"use": "disruption.strike", "where": "shop", "size": "huge"},
        {"use": "disruption.strike", "where": "shop", "day": 3},
        {"use": "disruption.calm", "days": 3},
        {"days": 3},
    ],
)
def test_unknown_components_and_wrong_parameters_are_refused(valid: Valid, use: dict[str, Any]) -> None:
    assert not valid(**use)


def test_the_schema_of_the_scenario_is_left_alone() -> None:
    assert "disruption.strike" not in scenario_schema()["$defs"]
    assert SCHEMA["$defs"].keys() - scenario_schema()["$defs"].keys() == {Strike.name, Calm.name, Odd.name}
