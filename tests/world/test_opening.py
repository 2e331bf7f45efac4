"""Opening: levels cover the lead time and the review, and stocks start where the ordering rules aim."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gpnde.scenario import Scenario
from gpnde.scenario.law import Law
from gpnde.world.build import build_world
from gpnde.world.layout import Records
from gpnde.world.opening import set_levels

Describe = Callable[..., Scenario]

quantities = st.floats(0.1, 1e4)


def levelled(scenario: Scenario, mean: float, spread: float) -> Records:
    """Return the sites with the levels that they get from equal expectations of demand per day."""
    state = build_world(scenario).state
    set_levels(scenario, state, *(np.full(len(state.sites), value) for value in (mean, spread)))
    return state.sites


def supplied_after(lead_time: Any) -> list[dict[str, Any]]:
    return [{"buyer": "plant", "supplier": "motors", "lead_time": lead_time}]


@given(quantities, quantities, st.integers(0, 100), st.integers(1, 30), st.floats(-1.0, 3.0))
@settings(deadline=None)
def test_level_is_the_quantile_of_demand_until_the_next_order_arrives(
    describe: Describe, mean: float, spread: float, lead_time: int, review: int, safety: float
) -> None:
    rule = {"policy": "order-up-to", "review_days": review, "safety_factor": safety}
    site = levelled(describe(ordering=rule, links=supplied_after(lead_time)), mean, spread)[0]
    covered = lead_time + review
    expected = stats.norm(mean * covered, spread * math.sqrt(covered)).ppf(stats.norm.cdf(safety))
    assert site.level == pytest.approx(expected, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("method", ["exponential-smoothing", "moving-average"])
def test_level_counts_the_variance_of_the_lead_time(describe: Describe, method: str) -> None:
    """D L + z sqrt(L s² + D² v), of a lead time that is 2 or 10 days with equal chance, and one review of 7 days."""
    rule = {"review_days": 7, "safety_factor": 1.65, "forecast": {"method": method}}
    links = supplied_after("discrete(values=2 10, weights=0.5 0.5)")
    site = levelled(describe(ordering=rule, links=links), 100.0, 20.0)[0]
    assert site.level == pytest.approx(100 * (6 + 7) + 1.65 * math.sqrt((6 + 7) * 20**2 + 100**2 * 4**2))


def test_a_time_to_cover_that_is_given_leaves_the_variance_of_the_lead_time(describe: Describe) -> None:
    links = supplied_after("discrete(values=2 10, weights=0.5 0.5)")
    site = levelled(describe(ordering={"protection_days": 21}, links=links), 100.0, 20.0)[0]
    assert site.level == pytest.approx(100 * 21 + 1.65 * math.sqrt(21 * 20**2 + 100**2 * 4**2))


def test_due_times_and_reviews_count_in_whole_ticks(describe: Describe) -> None:
    """In ticks of a week, 10 days on the way are 14, and a review every 10 days is one in 14."""
    site = levelled(
        describe(clock={"tick_days": 7, "days": 364}, ordering={"review_days": 10}, links=supplied_after(10)), 10.0, 2.0
    )[0]
    assert site.forecast == pytest.approx(10 * 14)
    assert site.level == pytest.approx(10 * 28 + 1.65 * 2 * math.sqrt(28))


def test_order_delay_and_work_belong_to_the_time_to_cover(describe: Describe) -> None:
    links = [{**supplied_after(3)[0], "order_delay_days": 2}]
    scenario = describe(ordering={"review_days": 7}, links=links)
    plant = scenario.sites[0].model_copy(update={"processing": Law.model_validate("uniform(low=0, high=2)")})
    scenario = scenario.model_copy(update={"sites": (plant, *scenario.sites[1:])})
    site = levelled(scenario, 10.0, 2.0)[0]
    days, variance = 2 + 3 + 1.5 + 7, 0.25
    assert site.level == pytest.approx(10 * days + 1.65 * math.sqrt(days * 2**2 + 10**2 * variance), rel=1e-4)


@pytest.mark.parametrize(("policy", "days"), [("order-up-to", 3 + 7), ("make-to-order", 3 + 6 + 4 + 7)])
def test_work_of_a_supplier_counts_where_it_makes_to_order(describe: Describe, policy: str, days: float) -> None:
    """The maker gets its materials in 6 days and works 4 days on them; it looks at its orders every day."""
    maker = {"name": "motors", "firm": "maker", "product": "motor", "processing": 4}
    plant = {"name": "plant", "firm": "brand", "product": "drive"}
    scenario = describe(
        sites=[plant, {**maker, "ordering": {"policy": policy, "review_days": 1}}],
        links=[*supplied_after(3), {"buyer": "motors", "product": "motor", "lead_time": 6}],
        ordering={"safety_factor": 0},
    )
    assert levelled(scenario, 10.0, 2.0)[0].level == pytest.approx(10 * days)


def test_several_suppliers_count_by_their_shares_and_the_slowest_input_decides(describe: Describe) -> None:
    """Means add up by the shares, variances by their squares."""
    law = "discrete(values=2 10, weights=0.5 0.5)"
    sites = [
        {"name": name, "firm": "maker", "product": product}
        for name, product in (("near", "motor"), ("far", "motor"), ("cases", "case"))
    ]
    scenario = describe(
        products={"drive": {"made_of": {"motor": 2, "case": 1}}, "motor": {}, "case": {}},
        sites=[{"name": "plant", "firm": "brand", "product": "drive"}, *sites],
        links=[
            {"buyer": "plant", "supplier": "near", "lead_time": law, "share": 0.75},
            {"buyer": "plant", "supplier": "far", "lead_time": 20, "share": 0.25},
            {"buyer": "plant", "supplier": "cases", "lead_time": 1},
        ],
    )
    days = 0.75 * 6 + 0.25 * 20 + 7
    expected = 10 * days + 1.65 * math.sqrt(days * 2**2 + 10**2 * 0.75**2 * 4**2)
    assert levelled(scenario, 10.0, 2.0)[0].level == pytest.approx(expected)


def test_forecast_and_deviation_are_counted_per_review(describe: Describe) -> None:
    site = levelled(describe(ordering={"review_days": 4}), 10.0, 3.0)[0]
    assert (site.forecast, site.deviation) == (40.0, 6.0)


def test_numbers_that_the_user_gives_go_before_expectations(describe: Describe) -> None:
    forecast = {"method": "fixed", "mean": 20, "sd": 5}
    rule = {"review_days": 2, "protection_days": 8, "safety_factor": 2, "forecast": forecast}
    site = levelled(describe(ordering=rule), 10.0, 3.0)[0]
    assert (site.forecast, site.deviation, site.protection) == (40.0, 5.0, 4.0)
    assert site.level == 20 * 8 + 2 * 5 * math.sqrt(4)


def test_given_protection_of_nothing_is_not_taken_for_a_gap(describe: Describe) -> None:
    assert levelled(describe(ordering={"protection_days": 0}), 10.0, 3.0)[0].level == 0.0


@pytest.mark.parametrize("policy", ["base-stock", "echelon-base-stock"])
def test_level_that_does_not_move_is_the_one_given(describe: Describe, policy: str) -> None:
    assert levelled(describe(ordering={"policy": policy, "level": 77}), 10.0, 3.0)["level"].tolist() == [77, 77]


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
def test_no_firm_starts_with_less_than_nothing(describe: Describe, rule: dict[str, Any]) -> None:
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
