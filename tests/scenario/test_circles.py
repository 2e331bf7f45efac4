"""Goods may need themselves through a chain where time passes on the way and less comes back than was used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gpnde
from gpnde.errors import ScenarioError
from gpnde.scenario.files import scenario_with


def two_goods(steel_in_power: float = 0.4, power_in_steel: float = 0.5, **of_links: Any) -> dict[str, Any]:
    """Return a scenario in which steel is made of power and power of steel; *of_links* tells of links by buyer."""
    return {
        "name": "circle",
        "clock": {"days": 729},
        "products": {
            "steel": {"made_of": {"power": power_in_steel}, "margin": 0},
            "power": {"made_of": {"steel": steel_in_power}, "margin": 0},
        },
        "firms": [{"name": "mill"}, {"name": "plant"}],
        "sites": [
            {"name": "mill", "firm": "mill", "product": "steel", **of_links.get("at_mill", {})},
            {"name": "plant", "firm": "plant", "product": "power"},
        ],
        "links": [
            {"buyer": "mill", "supplier": "plant", "lead_time": of_links.get("to_mill", 2)},
            {"buyer": "plant", "supplier": "mill", "lead_time": of_links.get("to_plant", 3)},
        ],
        "markets": [
            {"name": "builders", "product": "steel", "served_by": ["mill"], "demand": {"law": 30, "every_days": 1}},
            {"name": "homes", "product": "power", "served_by": ["plant"], "demand": {"law": 60, "every_days": 1}},
        ],
        "ordering": {"review_days": 1},
        "record": {"every_days": 28},
    }


def refusal(contents: dict[str, Any]) -> str:
    with pytest.raises(ScenarioError) as caught:
        scenario_with(contents, {})
    assert "\n" not in str(caught.value)
    return str(caught.value)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.05, 0.6), st.floats(0.05, 0.6), st.integers(0, 3), st.integers(1, 4))
def test_a_circle_makes_what_leontief_says(steel: float, power: float, to_mill: int, to_plant: int) -> None:
    run = gpnde.simulate(scenario_with(two_goods(steel, power, to_mill=to_mill, to_plant=to_plant), {}))
    made = run.sites.filter(day=728).select("site", "produced")
    expected = np.linalg.solve([[1, -steel], [-power, 1]], [30, 60]) * 28
    assert dict(made.iter_rows()) == pytest.approx(dict(zip(("mill", "plant"), expected, strict=True)), rel=1e-3)
    assert run.conservation["goods"] < 1e-9 and run.conservation["cash"] < 1e-9


def test_goods_that_go_round_in_no_time_are_refused() -> None:
    line = refusal(two_goods(to_mill=0, to_plant="discrete(values=0 5, weights=0.5 0.5)"))
    assert line.startswith("sites.") and "goods go round in no time: " in line
    assert line.endswith("give one of these links a lead time above 0, or a site processing time")


@pytest.mark.parametrize(
    "law", ["exponential(mean=2)", "gamma(mean=1, cv=2)", "discrete(values=1 9, weights=0.5 0.5)", 0.01]
)
def test_one_link_that_surely_takes_time_is_enough(law: object) -> None:
    scenario_with(two_goods(to_mill=0, to_plant=law), {})


def test_processing_takes_time_as_well() -> None:
    scenario_with(two_goods(to_mill=0, to_plant=0, at_mill={"processing": 1}), {})


@pytest.mark.parametrize(
    ("steel", "power", "sound"), [(0.99, 1, True), (1, 1, False), (4, 0.2, True), (4, 0.25, False)]
)
def test_a_unit_uses_up_less_than_itself(steel: float, power: float, sound: bool) -> None:
    contents = two_goods(steel, power)
    if sound:
        scenario_with(contents, {})
    else:
        assert "a product cannot be made of itself" in refusal(contents)


def test_an_echelon_needs_an_end() -> None:
    contents = two_goods()
    contents["sites"][0]["ordering"] = {"policy": "echelon-base-stock", "level": 100}
    assert "an echelon has an end: choose another policy" in refusal(contents)


def test_order_of_rows_does_not_change_what_is_made() -> None:
    contents = two_goods()
    turned = {**contents, "sites": contents["sites"][::-1], "links": contents["links"][::-1]}
    last = [gpnde.simulate(scenario_with(each, {})).sites.filter(day=728) for each in (contents, turned)]
    made = [dict(rows.select("site", "produced").iter_rows()) for rows in last]
    assert made[0] == pytest.approx(made[1], rel=1e-9)
