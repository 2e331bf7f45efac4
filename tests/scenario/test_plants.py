"""What a scenario may not say of plants: one line each."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from gpnde.errors import ScenarioError
from gpnde.scenario.plants import PlantLine, SharedPlant

from ..plants import works

SITE = {"firm": "maker", "capacity_per_day": 100}
CLUSTERS = {"clusters": [{"name": "north"}, {"name": "south"}]}


def complaint(lines: dict[str, Any], **rest: Any) -> str:
    """Return what is said of a plant, which has to be one line."""
    with pytest.raises(ScenarioError) as error:
        works(lines, **rest)
    text = str(error.value)
    assert "\n" not in text
    return text


def sites(**changes: Any) -> list[dict[str, Any]]:
    """Return the sites a and b, the second one with *changes*."""
    return [{"name": "a", "product": "a", **SITE}, {"name": "b", "product": "b", **SITE, **changes}]


def test_lines_are_sites_that_exist() -> None:
    plants: dict[str, Any] = {"works": {"lines": {"a": {}, "bb": {}}}}
    text = complaint({"a": {}, "b": {}}, plants=plants)
    assert text.startswith("plants.works.lines.bb: 'bb': no such site")


def test_a_site_is_a_line_of_one_plant_only() -> None:
    plants: dict[str, Any] = {name: {"lines": {"a": {}, "b": {}}} for name in ("one", "two")}
    assert "plants.two.lines.a: is a line of plant 'one'" in complaint({"a": {}, "b": {}}, plants=plants)


def test_lines_have_a_capacity() -> None:
    assert "give it capacity_per_day" in complaint({"a": {}, "b": {}}, sites=sites(capacity_per_day=None))


def test_lines_belong_to_one_firm() -> None:
    firms = [{"name": "maker", "tier": 0}, {"name": "rival", "tier": 0}]
    text = complaint({"a": {}, "b": {}}, sites=sites(firm="rival"), firms=firms)
    assert "plants.works.lines.b: firm is 'rival', that of 'a' is 'maker'" in text


def test_lines_lie_in_one_cluster() -> None:
    text = complaint({"a": {}, "b": {}}, sites=sites(cluster="south"), **CLUSTERS)
    assert "cluster is 'south', that of 'a' is None" in text


@pytest.mark.parametrize(
    ("lines", "plant", "said"),
    [
        ({"a": {"setup_days": 5}, "b": {}}, {"rule": "cycle", "cycle_days": 10}, "fills its 5 days of the cycle"),
        ({"a": {}, "b": {}}, {"rule": "cycle", "cycle_days": 0.5}, "must be at least clock.tick_days, 1"),
        ({"a": {"setup_days": 1}, "b": {}}, {}, "lines are made side by side: choose priority"),
        ({"a": {"priority": 1}, "b": {}}, {"rule": "shares"}, "a.priority: was given"),
        ({"a": {"share": 0.5}, "b": {"share": 0.5}}, {}, "takes no shares"),
        ({"a": {"share": 0.5}, "b": {}}, {"rule": "shares"}, "give all or none"),
        ({"a": {"share": 0.5}, "b": {"share": 0.4}}, {"rule": "shares"}, "shares sum to 0.9: must sum to 1"),
        ({"a": {"setup_days_after": {"c": 1}}, "b": {}}, {"rule": "run-out"}, "no such line of this plant"),
        ({"a": {"setup_days_after": {"a": 1}}, "b": {}}, {"rule": "run-out"}, "is the line itself"),
        ({"a": {"setup_cost_after": {"b": -1}}, "b": {}}, {"rule": "run-out"}, "-1: must be at least 0"),
        ({"a": {}}, {"rule": "run-out"}, "the plant has one line, and nothing to choose"),
        (
            {"a": {"setup_days_after": {"b": 1}}, "b": {}, "c": {}},
            {"rule": "cycle", "cycle_days": 30},
            "in the cycle it follows 'c'",
        ),
    ],
)
def test_numbers_go_with_the_rule(lines: dict[str, Any], plant: dict[str, Any], said: str) -> None:
    assert said in complaint(lines, **plant)


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        ({"lines": {}}, "at least 1"),
        ({"lines": {"a": {}}, "rule": "cycle"}, "without cycle_days"),
        ({"lines": {"a": {}}, "rule": "run-out", "cycle_days": 5}, "does not use it"),
        ({"lines": {"a": {}}, "minimum_run_days": 5}, "does not use it"),
        ({"lines": {"a": {}}, "rules": "cycle"}, "unknown key 'rules'"),
    ],
)
def test_a_plant_says_what_its_rule_needs(plant: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        SharedPlant.model_validate(plant)


def test_a_set_up_after_a_named_line_replaces_the_usual_one() -> None:
    line = PlantLine(setup_days=2, setup_cost=7, setup_days_after={"b": 0.5})
    assert line.setup_after("b") == (0.5, 7)
    assert line.setup_after("c") == (2, 7)
