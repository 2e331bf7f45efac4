"""What is wrong with the cost side of a scenario is told in one line."""

from __future__ import annotations

from typing import Any

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario import check_scenario, load_scenario

from ..learners import three_firms

_PLANT = {"cost": 100, "reference_per_day": 10, "life_days": 3640}


@pytest.mark.parametrize(
    ("path", "given", "told"),
    [
        ("products.unit", {"value_added": 1, "labour_days": 1}, "both give the cost of making: leave one of them out"),
        ("products.unit", {"value_added": 1, "plant": _PLANT}, "without labour_days: give both, or value_added alone"),
        ("products.unit", {"experience_carried": 0.5, "life_cycle_days": 91}, "give labour_days, or leave it out"),
        ("labour", {"hired_per_quarter": 0.1}, "no product takes labour: give one labour_days, or leave it out"),
        (
            "countries",
            [{"name": "a", "currency": {"volatility_per_year": 0.1}}],
            "moves wages and debt, and there are none: give a product labour_days, or finance",
        ),
        ("products.unit", {"labour_days": 1, "experience_carried": 0.5}, "give life_cycle_days, or leave it out"),
        ("products.unit", {"labour_days": 1, "plant": {**_PLANT, "life_days": 0}}, "life_days"),
        ("products.unit", {"labour_days": 1, "plant": {"cost": 1, "reference_per_day": 1}}, "life_days"),
        ("products.unit", {"labour_days": 1, "plant": _PLANT}, "capacity_per_day: missing"),
        (
            "countries",
            [{"name": "a", "currency": {"volatility_per_year": 0.1, "reversion_per_year": 0}}],
            "as near to zero as one likes; give one above 0",
        ),
        ("location", {}, "there are no clusters to choose from: add clusters, or leave it out"),
    ],
)
def test_a_fault_is_told_in_one_line(path: str, given: Any, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("single-site", {path: given})
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_value_added_of_a_site_whose_product_takes_labour_is_refused() -> None:
    changes = {"products.unit": {"labour_days": 1}, "sites.shop.value_added": 2}
    with pytest.raises(ScenarioError, match="takes labour_days, which give the cost: leave it out"):
        load_scenario("single-site", changes)


def test_a_supply_chain_is_handed_over_to_a_supplier_that_has_one_only() -> None:
    links = three_firms().model_dump()["links"]
    check_scenario(three_firms(links=[{**links[0], "contract": "turnkey"}, links[1]]))
    with pytest.raises(ScenarioError, match="contract: turnkey: no site delivers to 'shop', .* or take ODM"):
        check_scenario(three_firms(links=[links[0], {**links[1], "contract": "turnkey"}]))
