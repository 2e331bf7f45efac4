"""Tables: what a user writes in days and names becomes ticks and numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.scenario import Scenario
from gpnde.scenario.markets import Market
from gpnde.scenario.network import Link
from gpnde.scenario.ordering import Ordering
from gpnde.vocabulary import MONTH_DAYS, ROLES, YEAR_DAYS
from gpnde.world import layout
from gpnde.world.build import build_world
from gpnde.world.laws import LawBook
from gpnde.world.layout import Records
from gpnde.world.tables import (
    bought_products,
    curve_of,
    filled,
    firm_records,
    input_records,
    line_fields,
    market_records,
    number_all,
    ordering_fields,
    set_ordering,
    site_records,
)

Describe = Callable[..., Scenario]

days = st.floats(0.0, 1000.0)
ticks = st.sampled_from([0.01, 0.1, 0.25, 1.0 / 3.0, 0.5, 1.0, 7.0])


def sites_of(scenario: Scenario) -> Records:
    return site_records(scenario, number_all(scenario), LawBook())


def market(**demand: Any) -> Market:
    return Market.model_validate({"name": "m", "product": "p", "served_by": ["s"], "demand": {"law": 10, **demand}})


def site(name: str, product: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "firm": "brand", "product": product, **fields}


def test_names_are_numbered_in_the_order_of_the_scenario(describe: Describe) -> None:
    numbers = number_all(describe())
    assert dict(numbers.sites) == {"plant": 0, "motors": 1}
    assert dict(numbers.firms) == {"brand": 0, "maker": 1}
    assert dict(numbers.products) == {"drive": 0, "motor": 1}
    assert (dict(numbers.clusters), dict(numbers.markets)) == ({"bangkok": 0}, {"world": 0})


def test_fields_that_no_row_names_are_nothing() -> None:
    records = filled(layout.INPUT, [{"stock": 3.0}, {"stock": 4.0}])
    assert records["stock"].tolist() == [3.0, 4.0]
    assert set(records["per_unit"]) == {0.0}
    assert len(filled(layout.INPUT, [])) == 0


def test_sites_know_their_firm_tier_product_and_cluster(describe: Describe) -> None:
    plant, motors = sites_of(describe())
    assert (plant.firm, plant.tier, plant.product, plant.cluster) == (0, 0, 0, 0)
    assert (motors.firm, motors.tier, motors.product, motors.cluster) == (1, 1, 1, -1)


def test_capacity_is_counted_per_tick_and_has_no_limit_if_left_out(describe: Describe) -> None:
    sites = [site("plant", "drive", capacity_per_day=100), site("motors", "motor")]
    records = sites_of(describe(sites=sites, clock={"days": 28, "tick_days": 0.25}))
    assert records["capacity"].tolist() == [25.0, math.inf]


def test_site_that_opens_later_starts_shut(describe: Describe) -> None:
    records = sites_of(describe(sites=[site("plant", "drive", opens_day=5), site("motors", "motor")]))
    assert records["down"].tolist() == [1, 0]


def test_single_server_is_free_at_the_start(describe: Describe) -> None:
    records = sites_of(describe(sites=[site("plant", "drive", servers=1), site("motors", "motor")]))
    assert records["server_free"].tolist() == [0, -1]


@pytest.mark.parametrize(
    ("name", "number"),
    [("proportional", layout.PROPORTIONAL), ("priority", layout.PRIORITY), ("first-come", layout.FIRST_COME)],
)
def test_rationing_goes_by_number(describe: Describe, name: str, number: int) -> None:
    records = sites_of(describe(sites=[site("plant", "drive", rationing=name), site("motors", "motor")]))
    assert records["rationing"][0] == number


POLICIES: list[tuple[dict[str, Any], int, int]] = [
    ({"policy": "order-up-to"}, layout.ORDER_UP_TO, layout.EXPONENTIAL),
    ({"policy": "smoothed", "forecast": {"method": "moving-average"}}, layout.SMOOTHED, layout.MOVING_AVERAGE),
    ({"policy": "order-up-to", "forecast": {"method": "fixed", "mean": 3}}, layout.ORDER_UP_TO, layout.FIXED),
    ({"policy": "base-stock", "level": 9}, layout.ORDER_UP_TO, layout.FIXED),
    ({"policy": "echelon-base-stock", "level": 9}, layout.ORDER_UP_TO, layout.FIXED),
    ({"policy": "make-to-order"}, layout.ORDER_UP_TO, layout.FIXED),
    ({"policy": "s-S", "reorder_point": 4, "level": 9}, layout.REORDER_TO_LEVEL, layout.FIXED),
    ({"policy": "r-Q", "reorder_point": 4, "quantity": 5}, layout.FIXED_QUANTITY, layout.FIXED),
]


@pytest.mark.parametrize(("rule", "number", "method"), POLICIES)
def test_each_policy_has_its_rule_and_forecasts_only_where_the_level_moves(
    rule: dict[str, Any], number: int, method: int
) -> None:
    fields = ordering_fields(Ordering.model_validate(rule), 1.0)
    assert (fields["rule"], fields["method"]) == (number, method)
    assert fields["level"] == rule.get("level", 0.0)
    assert fields["reorder_point"] == rule.get("reorder_point", 0.0)
    assert fields["echelon_rule"] == int(rule["policy"] == "echelon-base-stock")


@given(st.floats(0.01, 1000.0), days, ticks)
def test_reviews_are_rounded_up_to_the_tick(review: float, first: float, tick: float) -> None:
    fields = ordering_fields(Ordering(review_days=review, first_review_day=first), tick)
    assert fields["review"] >= 1
    for ticks_, wanted in ((fields["review"], review), (fields["next_review"], first)):
        assert wanted - 1e-6 <= ticks_ * tick < wanted + tick
    continuous = Ordering(policy="make-to-order", review_days=0)
    assert ordering_fields(continuous, tick)["review"] == 0


def test_times_beyond_every_horizon_are_as_good_as_never(describe: Describe) -> None:
    never = 1e15
    scenario = describe(
        sites=[
            {"name": "plant", "firm": "brand", "product": "drive", "ordering": {"review_days": never}},
            {"name": "motors", "firm": "maker", "product": "motor", "opens_day": never},
        ],
        links=[
            {
                "buyer": "plant",
                "supplier": "motors",
                "promise_days": never,
                "order_delay_days": never,
                "commitment_days": never,
            }
        ],
        markets=[
            {
                "name": "world",
                "product": "drive",
                "served_by": ["plant"],
                "demand": {"law": 1, "every_days": never, "start_day": never},
            }
        ],
    )
    state = build_world(scenario).state
    line, market = state.lines[0], state.markets[0]
    times = [state.sites[0].review, state.sites[1].next_review, market.every, market.next]
    assert [*times, line.promise, line.delay, line.commitment] == [layout.LATEST] * 7


def test_site_without_a_rule_of_its_own_follows_the_common_one(describe: Describe) -> None:
    own = {"policy": "s-S", "reorder_point": 4, "level": 9, "review_days": 2}
    scenario = describe(
        sites=[site("plant", "drive", ordering=own), site("motors", "motor")],
        ordering={"policy": "base-stock", "level": 7, "review_days": 3},
    )
    records = sites_of(scenario)
    set_ordering(scenario, records)
    assert records["rule"].tolist() == [layout.REORDER_TO_LEVEL, layout.ORDER_UP_TO]
    assert records["level"].tolist() == [9.0, 7.0]
    assert records["review"].tolist() == [2, 3]


def test_makers_buy_materials_and_distributors_their_product(describe: Describe) -> None:
    scenario = describe(
        sites=[site("plant", "drive"), site("motors", "motor"), site("shop", "drive")],
        links=[{"buyer": "plant", "supplier": "motors"}, {"buyer": "shop", "supplier": "plant"}],
    )
    assert bought_products(scenario) == [{"motor": 2.0}, {"motor": 1.0}, {"drive": 1.0}]


def test_goods_from_outside_count_by_the_product_that_the_link_names(describe: Describe) -> None:
    outside = [{"buyer": "plant", "supplier": "outside", "product": "drive"}]
    assert bought_products(describe(links=outside))[0] == {"drive": 1.0}


def test_inputs_of_each_site_lie_side_by_side(describe: Describe) -> None:
    scenario = describe(
        products={"drive": {"made_of": {"motor": 2, "head": 4}}, "motor": {}, "head": {}},
        sites=[site("plant", "drive"), site("motors", "motor"), site("endless", "drive", unlimited=True)],
        links=[
            {"buyer": "plant", "supplier": "motors"},
            {"buyer": "plant", "supplier": "outside", "product": "head"},
        ],
    )
    numbers, sites = number_all(scenario), sites_of(scenario)
    inputs = input_records(scenario, numbers, sites, bought_products(scenario))
    assert inputs["site"].tolist() == [0, 0, 1]
    assert inputs["product"].tolist() == [1, 2, 1]
    assert inputs["per_unit"].tolist() == [2.0, 4.0, 1.0]
    assert sites["first_input"].tolist() == [0, 2, 3]
    assert sites["last_input"].tolist() == [2, 3, 3]


@given(delay=days, lead_time=days, commitment=days, tick=ticks)
def test_times_of_a_link_are_rounded_up_and_never_cut_short(
    delay: float, lead_time: float, commitment: float, tick: float
) -> None:
    link = Link(buyer="b", supplier="s", order_delay_days=delay, lead_time=lead_time, commitment_days=commitment)
    fields = line_fields(link, tick, LawBook())
    for name, wanted in (("delay", delay), ("commitment", commitment), ("promise", lead_time + tick)):
        assert wanted - 1e-6 <= fields[name] * tick < wanted + tick


def test_promise_is_the_mean_lead_time_and_a_tick_unless_it_is_given() -> None:
    law = "gamma(mean=10, cv=0.3)"
    assert line_fields(Link(buyer="b", supplier="s", lead_time=law), 1.0, LawBook())["promise"] == 11
    given_ = Link(buyer="b", supplier="s", lead_time=law, promise_days=15)
    assert line_fields(given_, 0.5, LawBook())["promise"] == 30


@given(st.floats(30.0, 1500.0), st.sampled_from([0.25, 1.0, 7.0]))
def test_sales_curve_spreads_the_mean_over_one_generation(cycle: float, tick: float) -> None:
    curve, ticks = curve_of(market(life_cycle={"days": cycle}), tick)
    assert curve.mean() == pytest.approx(1.0)
    assert curve.min() > 0.0
    assert abs(ticks * tick - cycle) <= max(tick / 2.0, tick - cycle) + 1e-9
    assert min(ticks, 8) <= len(curve) <= ticks
    assert ticks * tick / len(curve) <= max(7.5, tick)


def test_sales_curve_rises_to_a_peak_and_falls() -> None:
    curve, ticks = curve_of(market(life_cycle={"days": 182}), 1.0)
    peak, step = int(np.argmax(curve)), ticks / len(curve)
    assert (peak + 0.5) * step == pytest.approx(83, abs=step)
    assert (np.diff(curve[: peak + 1]) > 0).all()
    assert (np.diff(curve[peak:]) < 0).all()


def test_market_without_generations_has_no_curve() -> None:
    curve, ticks = curve_of(market(), 1.0)
    assert (len(curve), ticks) == (0, 1)


def markets_of(scenario: Scenario) -> tuple[Records, LawBook]:
    book = LawBook()
    return market_records(scenario, number_all(scenario), book)[0], book


def one_market(describe: Describe, tick: float = 1.0, **demand: Any) -> np.record:
    scenario = describe(
        clock={"days": 364, "tick_days": tick},
        markets=[{"name": "m", "product": "drive", "served_by": ["plant"], "demand": {"law": 10, **demand}}],
    )
    record: np.record = markets_of(scenario)[0][0]
    return record


def test_growth_over_a_year_of_ticks_is_the_yearly_growth(describe: Describe) -> None:
    record = one_market(describe, tick=0.5, growth_per_year=0.2)
    assert math.exp(record.growth * YEAR_DAYS / 0.5) == pytest.approx(1.2)


def test_period_is_a_tick_unless_it_is_given(describe: Describe) -> None:
    assert one_market(describe, tick=0.5).every == 1
    assert one_market(describe, tick=0.5, every_days=7).every == 14


def test_arrivals_are_counted_per_tick(describe: Describe) -> None:
    record = one_market(describe, tick=0.25, arrivals="poisson", arrivals_per_day=8)
    assert (record.poisson, record.rate) == (1, 2.0)


def test_demand_starts_on_the_first_tick_not_before_its_day(describe: Describe) -> None:
    assert one_market(describe, tick=7.0, start_day=10).next == 2


def test_curves_of_all_markets_follow_each_other(describe: Describe) -> None:
    cycles = [182, None, 364]
    scenario = describe(
        markets=[
            {
                "name": f"m{number}",
                "product": "drive",
                "served_by": ["plant"],
                "demand": {"law": 10, "life_cycle": None if cycle is None else {"days": cycle}},
            }
            for number, cycle in enumerate(cycles)
        ]
    )
    records, curves = market_records(scenario, number_all(scenario), LawBook())
    assert records["curve_length"].tolist() == [26, 0, 52]
    assert records["curve_start"].tolist() == [0, 26, 26]
    assert len(curves) == 78
    assert [curves[:26].mean(), curves[26:].mean()] == pytest.approx([1.0, 1.0])


def firms_of(scenario: Scenario) -> Records:
    no_labour = np.zeros(2, dtype=np.bool_)
    return firm_records(scenario, sites_of(scenario), np.array([2.0, 3.0]), no_labour, np.array([10.0, 20.0]))


def test_month_of_cost_is_the_value_added_to_four_weeks_of_flow(describe: Describe) -> None:
    assert firms_of(describe())["monthly_cost"].tolist() == [2.0 * 10.0 * MONTH_DAYS, 3.0 * 20.0 * MONTH_DAYS]


def test_sites_of_one_firm_share_its_purse(describe: Describe) -> None:
    scenario = describe(sites=[site("plant", "drive"), site("motors", "motor")])
    assert firms_of(scenario)["monthly_cost"].tolist() == [(20.0 + 60.0) * MONTH_DAYS, 0.0]


def test_cash_is_counted_in_months_unless_it_is_given(describe: Describe) -> None:
    firms = [
        {"name": "brand", "cash_months": 3, "credit_months": 2, "role": "brand-leader"},
        {"name": "maker", "cash": 500, "response_hours": 12},
    ]
    records = firms_of(describe(firms=firms))
    assert records["cash"].tolist() == [3 * 20.0 * MONTH_DAYS, 500.0]
    assert records["opening"].tolist() == records["cash"].tolist()
    assert records["credit"].tolist() == [2 * 20.0 * MONTH_DAYS, 3 * 60.0 * MONTH_DAYS]
    assert records["response_hours"].tolist() == [0.0, 12.0]
    assert [ROLES[number] for number in records["role"]] == ["brand-leader", "supplier"]


def test_fixed_cost_is_a_share_of_the_cost_of_a_day(describe: Describe) -> None:
    assert set(firms_of(describe())["fixed_per_day"]) == {0.0}
    with_finance = describe(finance={"fixed_cost_share": 0.25})
    assert firms_of(with_finance)["fixed_per_day"].tolist() == pytest.approx([0.25 * 20.0, 0.25 * 60.0])
