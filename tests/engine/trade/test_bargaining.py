"""Prices of supplies are agreed upon by cost, outside options, load, contracts and currencies."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde import simulate
from gpnde.errors import ScenarioError
from gpnde.results.run import Run
from gpnde.scenario.schema import Scenario
from tests.engine.economy import FIRST, SECOND, economy

from ..conftest import Reach, Start

TO_FIRST, TO_SECOND = 0, 1
"""The links of the works to its two suppliers."""


def _agreed(run: Run, supplier: str) -> pl.DataFrame:
    return run.agreements.filter(pl.col("supplier") == supplier)


def _price(run: Run, supplier: str = "first") -> float:
    """Return the price of day 0."""
    return float(_agreed(run, supplier)["price"][0])


def _bargained(**changes: Any) -> Scenario:
    return economy(**{"pricing__rule": "bargaining", "clock__days": 364, **changes})


def _run(**changes: Any) -> Run:
    return simulate(_bargained(**changes))


def test_prices_lie_between_offer_and_outside_option() -> None:
    agreed = _run().agreements
    gains = agreed.filter(pl.col("outside_option") > pl.col("offer"))
    assert len(gains) >= 10
    split = gains["offer"] + 0.25 * (gains["outside_option"] - gains["offer"])
    np.testing.assert_allclose(gains["price"], split)


def test_lead_suppliers_get_more_of_the_gain() -> None:
    assert _price(_run(firms__1__role="lead-supplier")) > _price(_run())


def test_all_of_the_gain_goes_to_suppliers_of_weight_1() -> None:
    agreed = _agreed(_run(pricing__lower_weight=1.0), "first")
    np.testing.assert_allclose(agreed["price"], np.maximum(agreed["outside_option"], agreed["variable_cost"]))


def test_equal_rivals_with_room_leave_their_offer_and_a_share_of_switching() -> None:
    wide = {f"sites__{number}__capacity_per_day": 10_000 for number in (FIRST, SECOND)}
    agreed = _agreed(_run(**wide, links__0__freight=0, links__1__freight=0), "first")
    # Both deliver the input, so neither would have to be approved first: nothing is gained by staying.
    np.testing.assert_allclose(agreed["outside_option"][0], agreed["offer"][0], rtol=1e-6)


def test_the_only_supplier_can_take_all_that_its_buyer_has_left(start: Start) -> None:
    plants = start(_bargained(sites__2__firm="first", pricing__lower_weight=1.0)).world.plants
    assert plants["variable_cost"][0] == pytest.approx(60.0)


def test_idle_rivals_make_supplies_cheaper() -> None:
    busy = _run(markets__0__demand__law="normal(mean=120, cv=0.1)")
    idle = _run(markets__0__demand__law="normal(mean=60, cv=0.1)")
    assert _price(idle) < _price(busy)


@pytest.mark.parametrize(("role", "is_idle"), [("price-breaker", True), ("capacity-buffer", True), ("supplier", False)])
def test_price_breakers_and_buffers_with_idle_plant_ask_for_variable_cost_only(role: str, is_idle: bool) -> None:
    busy_market = {"sites__1__capacity_per_day": 200, "sites__2__capacity_per_day": 40}
    run = _run(
        firms__2__role=role, links__0__share=0.95, links__1__share=0.05, markets__0__demand__law=95, **busy_market
    )
    opening = _agreed(run, "second")[0]
    assert (opening["offer"][0] == pytest.approx(opening["variable_cost"][0])) == is_idle


def test_buyers_of_a_full_market_pay_no_more_than_what_a_rival_would_build_for(start: Start) -> None:
    full = {f"sites__{number}__capacity_per_day": 100 for number in (FIRST, SECOND)}
    free = {"links__0__freight": 0, "links__1__freight": 0, "pricing__lower_weight": 1.0}
    world = start(_bargained(markets__0__demand__law=100, **full, **free)).world
    plants = world.plants[SECOND]
    fixed = plants["unit_cost"] - plants["variable_cost"]
    assert world.state.lines["price"][TO_FIRST] == pytest.approx(plants["variable_cost"] + 1.6 * fixed)


def test_able_suppliers_earn_what_their_buyers_would_miss() -> None:
    able: dict[str, Any] = {"knowledge": {}}
    able |= {f"firms__{firm}__knowledge": {"component_mfg": known} for firm, known in ((FIRST, 0.8), (SECOND, 0.4))}
    blind, seeing = (_run(pricing__capability_value=value, **able) for value in (0.0, 0.5))
    assert _price(seeing, "first") > _price(blind, "first")
    assert _price(seeing, "second") < _price(blind, "second")


def test_goods_change_hands_within_a_firm_at_cost(start: Start, reach: Reach) -> None:
    simulation = start(_bargained(sites__1__firm="brand", links__0__contract="intra-firm"))
    price = float(reach(simulation, 92).lines["price"][TO_FIRST])
    assert price == pytest.approx(float(simulation.world.plants["unit_cost"][FIRST]), rel=1e-3)


def test_goods_change_hands_within_a_firm_at_cost_from_the_first_day(start: Start) -> None:
    world = start(_bargained(sites__1__firm="brand", links__0__contract="intra-firm", sites__1__price=500)).world
    assert world.state.lines["price"][TO_FIRST] == pytest.approx(world.plants["unit_cost"][FIRST], rel=1e-9)


def test_costs_of_buyers_follow_what_they_agreed_to_pay(start: Start) -> None:
    world = start(_bargained()).world
    landed = world.landed[[TO_FIRST, TO_SECOND]].mean()
    assert world.factories["material_cost"][0] == pytest.approx(2 * landed / world.state.sites["mean_yield"][0])


def test_stated_prices_hold_until_the_first_review() -> None:
    run = _run(links__0__price=20)
    assert 0.0 not in _agreed(run, "first")["day"].to_list()
    assert _agreed(run, "first")["price"][0] < 20


def test_long_contracts_keep_their_price() -> None:
    held = _run(links__0__commitment_days=10_000)
    assert len(_agreed(held, "first")) == 1
    assert len(_agreed(held, "second")) == 5


def test_long_contracts_let_the_price_fall_as_they_say(start: Start, reach: Reach) -> None:
    simulation = start(_bargained(links__0__commitment_days=10_000, links__0__price_fall_per_year=0.2, clock__days=400))
    opening = float(simulation.world.state.lines["price"][TO_FIRST])
    assert reach(simulation, 365).lines["price"][TO_FIRST] == pytest.approx(opening * 0.8, rel=1e-6)


@pytest.mark.parametrize("quoted", ["world", "seller"])
def test_prices_move_between_reviews_with_the_currency_they_are_quoted_in(
    start: Start, reach: Reach, quoted: str
) -> None:
    moving = {"countries__1__currency__volatility_per_year": 0.3, "pricing__review_days": 1000}
    simulation = start(_bargained(pricing__quoted_in=quoted, **moving))
    opening = float(simulation.world.state.lines["price"][TO_FIRST])
    price = float(reach(simulation, 300).lines["price"][TO_FIRST])
    rate = float(simulation.world.exchange_rates[1])
    assert abs(rate - 1.0) > 0.01
    assert price == pytest.approx(opening * (rate if quoted == "seller" else 1.0))


def test_books_balance_while_prices_move() -> None:
    assert max(_run().conservation.values()) < 1e-9


def test_money_in_other_units_changes_no_price_relative_to_cost() -> None:
    plain, tenfold = (
        _run(),
        _run(
            products__raw__outside_cost=20,
            clusters__0__wage_per_day=400,
            clusters__1__wage_per_day=100,
            products__device__plant__cost=2_000_000,
            products__part__plant__cost=1_000_000,
            sites__0__price=600,
            links__0__freight=2,
            links__1__freight=2,
        ),
    )
    np.testing.assert_allclose(tenfold.agreements["price"], 10 * plain.agreements["price"], rtol=1e-9)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"links__0__price_fall_per_year": 0.1}, "no contract holds the price: give commitment_days above 0"),
        ({"links__2__price_fall_per_year": 0.1}, "nobody bargains over this price"),
        ({"pricing__quoted_in": "seller", "countries__1__currency": None}, "no country has a currency"),
    ],
)
def test_paths_and_quotations_that_nothing_holds_are_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        economy(pricing__rule="bargaining", **changes)


def test_price_path_under_cost_plus_is_refused() -> None:
    with pytest.raises(ScenarioError, match="give pricing: bargaining"):
        economy(links__0__price_fall_per_year=0.1, links__0__commitment_days=100)


def test_fields_of_bargaining_are_refused_under_cost_plus() -> None:
    with pytest.raises(ValueError, match="tender_share was given, but rule 'cost-plus' does not use it"):
        economy(pricing__tender_share=0.3)


def _with_a_third_maker(**changes: Any) -> Scenario:
    """Return the economy with an idle maker of parts, and the second one where wages are high."""
    data = economy().model_dump()
    third = {"name": "third", "firm": "third", "product": "part", "cluster": "valley", "capacity_per_day": 160}
    return _bargained(
        sites=[*data["sites"], third],
        firms=[*data["firms"], {"name": "third", "cash_months": 3}],
        links=[*data["links"], {"buyer": "third", "product": "raw", "lead_time": 3}],
        sites__2__cluster="harbour",
        clusters__0__wage_per_day=60,
        selection={"threshold": 0, "minimum_cash_months": 0, "certification": 10},
        **changes,
    )


@pytest.mark.parametrize(("share", "causes"), [(1.0, {"tender"}), (0.0, set())])
def test_suppliers_that_cost_more_than_rivals_ask_are_replaced_by_tender(share: float, causes: set[str]) -> None:
    run = simulate(_with_a_third_maker(pricing__tender_share=share, finance=None))
    dropped = run.events.filter(pl.col("kind") == "link_dropped")
    assert set(dropped["cause"]) == causes
    if causes:
        assert run.agreements.filter(pl.col("supplier") == "third").height > 0


def test_freight_of_rivals_leaves_suppliers_near_by_a_margin() -> None:
    near, far = (_run(links__0__freight=0, links__1__freight=freight) for freight in (0, 3))
    assert _price(far) > _price(near)


def test_prices_move_with_the_currency_of_the_seller_where_making_costs_money_too(start: Start, reach: Reach) -> None:
    data = _bargained(countries__1__currency__volatility_per_year=0.3).model_dump(exclude_unset=True)
    for name, added in (("device", 20), ("part", 3)):
        kept = {key: data["products"][name][key] for key in ("made_of", "margin") if key in data["products"][name]}
        data["products"][name] = {**kept, "value_added": added}
    data["pricing"] = {"rule": "bargaining", "quoted_in": "seller", "review_days": 1000}
    simulation = start(Scenario.model_validate(data))
    opening = float(simulation.world.state.lines["price"][TO_FIRST])
    price = float(reach(simulation, 300).lines["price"][TO_FIRST])
    assert price == pytest.approx(opening * float(simulation.world.exchange_rates[1]))
    assert price != opening


def test_stated_prices_do_not_erode_before_the_first_review(start: Start, reach: Reach) -> None:
    simulation = start(_bargained(links__0__price=20, products__part__price_erosion_per_week=0.01))
    assert reach(simulation, 84).lines["price"][TO_FIRST] == 20.0


def test_a_supplier_bound_by_contract_still_counts_as_demand_for_the_room_of_rivals(start: Start) -> None:
    room = {"sites__1__capacity_per_day": 200, "sites__2__capacity_per_day": 200, "pricing__lower_weight": 1.0}
    both = start(_bargained(**room)).world.trade["outside_option"][TO_FIRST]
    alone = start(_bargained(**room, links__1__price=9)).world.trade["outside_option"][TO_FIRST]
    assert alone == pytest.approx(both)
