"""Opening: levels cover the lead time and the review, and stocks start where the ordering rules aim."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gpnde.scenario import Scenario
from gpnde.world.build import build_world
from gpnde.world.laws import LawBook
from gpnde.world.layout import Records
from gpnde.world.opening import set_levels
from gpnde.world.tables import number_all, set_ordering, site_records

Describe = Callable[..., Scenario]

quantities = st.floats(0.1, 1e4)


def levelled(scenario: Scenario, mean: float, spread: float, supply_days: float) -> Records:
    """Return the sites with the levels that they get from equal expectations."""
    sites = site_records(scenario, number_all(scenario), LawBook())
    set_ordering(scenario, sites)
    set_levels(scenario, sites, *(np.full(len(sites), value) for value in (mean, spread, supply_days)))
    return sites


@given(quantities, quantities, st.floats(0.0, 100.0), st.floats(0.5, 30.0), st.floats(-1.0, 3.0))
def test_level_is_the_quantile_of_demand_until_the_next_order_arrives(
    describe: Describe, mean: float, spread: float, supply_days: float, review: float, safety: float
) -> None:
    rule = {"policy": "order-up-to", "review_days": review, "safety_factor": safety}
    site = levelled(describe(ordering=rule), mean, spread, supply_days)[0]
    covered = supply_days + review
    expected = stats.norm(mean * covered, spread * math.sqrt(covered)).ppf(stats.norm.cdf(safety))
    assert site.level == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_forecast_and_deviation_are_counted_per_review(describe: Describe) -> None:
    site = levelled(describe(ordering={"review_days": 4}), 10.0, 3.0, 8.0)[0]
    assert (site.forecast, site.deviation, site.protection) == (40.0, 6.0, 3.0)


def test_numbers_that_the_user_gives_go_before_expectations(describe: Describe) -> None:
    forecast = {"method": "fixed", "mean": 20, "sd": 5}
    rule = {"review_days": 2, "protection_days": 8, "safety_factor": 2, "forecast": forecast}
    site = levelled(describe(ordering=rule), 10.0, 3.0, 100.0)[0]
    assert (site.forecast, site.deviation, site.protection) == (40.0, 5.0, 4.0)
    assert site.level == 20 * 8 + 2 * 5 * math.sqrt(4)


def test_given_protection_of_nothing_is_not_taken_for_a_gap(describe: Describe) -> None:
    assert levelled(describe(ordering={"protection_days": 0}), 10.0, 3.0, 100.0)[0].level == 0.0


@pytest.mark.parametrize("policy", ["base-stock", "echelon-base-stock"])
def test_level_that_does_not_move_is_the_one_given(describe: Describe, policy: str) -> None:
    assert levelled(describe(ordering={"policy": policy, "level": 77}), 10.0, 3.0, 100.0)["level"].tolist() == [77, 77]


def opening_stocks(describe: Describe, rules: Sequence[dict[str, Any]], **fields: Any) -> list[float]:
    """Return the opening stocks of a shop, a store and a factory in a row, with a rule each."""
    names = ("shop", "store", "factory")
    scenario = describe(
        products={"drive": {}},
        sites=[
            {"name": name, "firm": "brand", "product": "drive", "ordering": rule, **fields}
            for name, rule in zip(names, rules, strict=True)
        ],
        links=[{"buyer": "shop", "supplier": "store"}, {"buyer": "store", "supplier": "factory"}],
        markets=[{"name": "world", "product": "drive", "served_by": ["shop"], "demand": {"law": 30}}],
    )
    stocks: list[float] = build_world(scenario).state.sites["on_hand"].tolist()
    return stocks


def test_stocks_start_where_each_rule_aims(describe: Describe) -> None:
    rules = [
        {"policy": "base-stock", "level": 39},
        {"policy": "s-S", "reorder_point": 10, "level": 50},
        {"policy": "r-Q", "reorder_point": 10, "quantity": 25},
    ]
    assert opening_stocks(describe, rules) == [39.0, 50.0, 35.0]


def test_forecasting_site_starts_at_its_first_level(describe: Describe) -> None:
    rule = {"policy": "order-up-to", "review_days": 2, "safety_factor": 0}
    assert opening_stocks(describe, [rule] * 3) == pytest.approx([60.0] * 3)


@pytest.mark.parametrize("rule", [{"policy": "make-to-order"}, {"policy": "base-stock", "level": -20}])
def test_nobody_starts_with_less_than_nothing(describe: Describe, rule: dict[str, Any]) -> None:
    assert opening_stocks(describe, [rule] * 3) == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("stock", [0.0, 12.0])
def test_given_stock_goes_before_the_rule(describe: Describe, stock: float) -> None:
    assert opening_stocks(describe, [{"policy": "base-stock", "level": 39}] * 3, stock=stock) == [stock] * 3


def test_echelon_levels_count_what_buyers_hold(describe: Describe) -> None:
    rules = [{"policy": "echelon-base-stock", "level": level} for level in (30, 70, 100)]
    assert opening_stocks(describe, rules) == [30.0, 40.0, 30.0]


def test_echelon_levels_are_in_units_of_the_supplier_and_by_its_share(describe: Describe) -> None:
    names = ("plant", "north", "south")
    products, levels = ("drive", "motor", "motor"), (10, 40, 18)
    scenario = describe(
        sites=[
            {
                "name": name,
                "firm": "brand",
                "product": product,
                "ordering": {"policy": "echelon-base-stock", "level": level},
            }
            for name, product, level in zip(names, products, levels, strict=True)
        ],
        links=[
            {"buyer": "plant", "supplier": "north", "share": 0.75},
            {"buyer": "plant", "supplier": "south", "share": 0.25},
        ],
    )
    stocks = build_world(scenario).state.sites["on_hand"]
    assert stocks.tolist() == [10.0, 40.0 - 0.75 * 2 * 10.0, 18.0 - 0.25 * 2 * 10.0]
