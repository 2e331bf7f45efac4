"""Rivalry, generations and prices are said once, and generations only where some market chooses between firms."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from gpnde.errors import ScenarioError
from gpnde.scenario import load_scenario
from gpnde.scenario.network import Product

MARKET = "markets.customers"
RIVALS = {f"{MARKET}.rivalry": {"price_sensitivity": 0.1}}
LAUNCHED: dict[str, object] = {"products.unit.generations": {}}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (LAUNCHED, "products.unit.generations: no market of the product has rivalry: give one a block rivalry"),
        (
            {**RIVALS, **LAUNCHED, f"{MARKET}.demand.life_cycle": {"days": 364}},
            "markets.customers.demand.life_cycle: the product 'unit' has generations: leave one of the two out",
        ),
        (
            {**RIVALS, f"{MARKET}.price": 4},
            "markets.customers: price was given, but rivalry with pricing 'bertrand' does not use it",
        ),
        (
            {f"{MARKET}.rivalry": {"price_sensitivity": 0.1, "pricing": "given"}, f"{MARKET}.elasticity": 1},
            "markets.customers: elasticity was given, but rivalry with pricing 'given' does not use it",
        ),
        (
            {f"{MARKET}.rivalry": {"price_sensitivity": 0}},
            "markets.customers.rivalry.price_sensitivity: 0: must be above 0",
        ),
        (
            {f"{MARKET}.rivalry": {"price_sensitivity": 1, "outside_share": 0}},
            "markets.customers.rivalry.outside_share: 0: must be above 0",
        ),
    ],
)
def test_what_is_said_twice_or_in_vain_is_refused_in_one_line(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("single-site", settings)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_given_prices_and_rivals_go_together() -> None:
    given = {f"{MARKET}.rivalry": {"price_sensitivity": 0.1, "pricing": "given"}, f"{MARKET}.price": 4}
    assert load_scenario("single-site", given).markets[0].price == 4


@pytest.mark.parametrize("name", ["life_cycle_days", "price_erosion_per_week"])
def test_generations_follow_each_other_by_one_rule(name: str) -> None:
    with pytest.raises(ValidationError, match=f"generations and {name} both say how generations follow each other"):
        Product.model_validate({"generations": {}, name: 0.5})
