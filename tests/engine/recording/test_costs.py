"""The table of costs: closed forms, sums that agree, and cash that leaves as the table says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.recording.costs import CostRecorder
from gpnde.engine.run import Simulation
from gpnde.engine.simulate import open_run, restore, simulate
from gpnde.results.run import Run
from gpnde.results.tables import make_table
from gpnde.scenario import load_scenario
from gpnde.scenario.schema import Scenario
from gpnde.testing.network import tiny_network
from gpnde.vocabulary import ACCOUNTS, COST_KINDS, STOCK_COSTS, YEAR_DAYS

from ...thorough import often

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]

DAYS = 100
RATES = {"holding_cost": 2, "pipeline_cost": 3, "stockout_cost": 5, "shortage_cost": 7, "order_cost": 11}
PAID = {"production": ("production", "labour", "upkeep"), "freight": ("freight",), "duty": ("duties",)}
PAID |= {kind: (kind,) for kind in STOCK_COSTS}


def by_kind(run: Run) -> dict[str, float]:
    sums = run.costs.group_by("kind").agg(pl.col("amount").sum())
    return dict(sums.sort("kind").iter_rows())


def shop(network: Network, shop: Mapping[str, Any], link: Mapping[str, Any] | None = None, **blocks: Any) -> Scenario:
    """Return a shop with steady demand of 10 a day that an unlimited depot serves in 3 days."""
    rule = {"policy": "base-stock", "level": 40, "review_days": 1}
    given = {"clock": {"days": DAYS}, "costs": {"every_days": 10}, **blocks}
    sites = {"shop": {"stock": 10, "ordering": rule, **shop}, "depot": {"unlimited": True, "pipeline_cost": 0.5}}
    return network(sites, [{"buyer": "shop", "supplier": "depot", "lead_time": 3, **(link or {})}], **given)


@pytest.mark.parametrize("every", [1, 10, 33, 1000])
def test_costs_of_periods_add_up_to_the_totals(network: Network, every: int) -> None:
    with_table = simulate(shop(network, RATES, costs={"every_days": every}))
    without = simulate(shop(network, RATES, costs=None))
    for kind in ("holding", "pipeline", "stockout", "shortage", "ordering"):
        assert with_table.metric(f"cost.{kind}") == pytest.approx(without.metric(f"cost.{kind}"), rel=1e-12)
    assert with_table.metric("cost.total") == pytest.approx(float(with_table.costs["amount"].sum()), rel=1e-12)
    days = with_table.costs["day"].unique().sort().to_list()
    assert days == sorted({*(float(day) for day in range(every, DAYS, every)), float(DAYS)})


def test_totals_of_sites_and_firms_are_that_of_all(network: Network) -> None:
    run = simulate(shop(network, RATES, {"freight": 0.25}))
    values = dict(run.metrics.select("metric", "value").iter_rows())
    for who in ("site", "firm"):
        parts = [value for name, value in values.items() if name.startswith(f"cost.total.{who}.")]
        assert sum(parts) == pytest.approx(values["cost.total"], rel=1e-12)


def test_every_period_bears_what_is_on_the_way_in_it(network: Network) -> None:
    rows = simulate(shop(network, {})).costs.filter(pl.col("kind") == "pipeline")
    full = 10 * 0.5 * (10.0 * 3.0)
    assert rows["amount"].to_list()[1:] == pytest.approx([full] * 9, rel=1e-12)
    assert rows["site"].unique().to_list() == ["depot"]


def test_freight_goes_with_what_was_sent_on_each_link(network: Network) -> None:
    run = simulate(shop(network, {}, {"freight": 0.25}))
    rows = run.costs.filter(pl.col("kind") == "freight")
    assert float(rows["amount"].sum()) == pytest.approx(0.25 * float(run.links["shipped"][0]))
    assert rows.select("site", "supplier", "link").unique().rows() == [("shop", "depot", 0)]


def test_the_economic_order_quantity_costs_the_square_root_in_every_cycle(network: Network) -> None:
    """Ten cycles of 500 ticks each; stock that falls in steps is half a step higher than in continuous time."""
    demand, fixed, holding = 10.0, 80.0, 1.0
    best = math.sqrt(2 * fixed * demand / holding)
    step, cycle = best / 500, best / demand
    rule = {"policy": "r-Q", "review_days": 0, "reorder_point": step / 2, "quantity": best}
    scenario = network(
        {"shop": {"holding_cost": holding, "order_cost": fixed, "stock": step, "ordering": rule}},
        [{"buyer": "shop"}],
        {"market": {"served_by": ["shop"], "demand": {"law": step, "every_days": step / demand}}},
        clock={"days": 10 * cycle, "tick_days": step / demand, "steps": ["demand", "order", "receive", "supply"]},
        costs={"every_days": cycle},
    )
    costs = simulate(scenario).costs
    totals = costs.group_by("day", maintain_order=True).agg(pl.col("amount").sum())["amount"]
    least = math.sqrt(2 * fixed * demand * holding) + holding * step / 2
    assert len(totals) == 10
    assert float(totals.sum()) / 10 == pytest.approx(least * cycle, rel=1e-6)


def test_making_costs_what_the_scenario_says_and_nothing_by_default(network: Network) -> None:
    plain = simulate(shop(network, {"holding_cost": 1}))
    given = simulate(shop(network, {"holding_cost": 1, "value_added": 4}))
    assert plain.metric("cost.production") == 0.0
    made = float(given.sites.filter(pl.col("site") == "shop")["produced"].sum())
    assert given.metric("cost.production") == pytest.approx(4 * made)


def test_scrap_is_disposed_of(network: Network) -> None:
    run = simulate(shop(network, {"disposal_cost": 6, "yield_rate": 0.75}))
    made = float(run.sites.filter(pl.col("site") == "shop")["produced"].sum())
    assert run.metric("cost.disposal") == pytest.approx(6 * made / 3)


def test_rates_by_worth_stand_in_for_rates_that_are_not_given(network: Network) -> None:
    shares = {"holding_per_year": 0.3, "pipeline_per_year": 0.2, "capital_per_year": 0.1}
    both = simulate(shop(network, {"price": 8}, costs={"every_days": 10, **shares}))
    own = simulate(shop(network, {"price": 8, "holding_cost": 1}))
    worth = {"shop": 2.0, "depot": 1.0}
    held = own.metric("cost.holding")
    assert both.metric("cost.holding") == pytest.approx(held * worth["shop"] * 0.3 / YEAR_DAYS, rel=1e-9)
    bound = held * worth["shop"] + own.metric("cost.pipeline") / 0.5 * worth["depot"]
    assert both.metric("cost.capital") == pytest.approx(bound * 0.1 / YEAR_DAYS, rel=1e-9)
    # The depot gives a rate of its own.
    assert both.metric("cost.pipeline") == pytest.approx(own.metric("cost.pipeline"), rel=1e-12)


@pytest.mark.parametrize("days", [98, 100])
def test_cash_leaves_as_the_table_says(network: Network, start: Start, days: float) -> None:
    rich = {name: {"cash": 1e6} for name in ("shop", "depot")}
    blocks = {"clock": {"days": days}, "finance": {}, "firms": rich, "costs": {"every_days": 10}}
    simulation = start(shop(network, {**RATES, "disposal_cost": 1, "yield_rate": 0.9}, {"freight": 0.25}, **blocks))
    simulation.finish()
    table = make_table("costs", simulation.part(CostRecorder).tables()["costs"])
    entries = dict(zip(ACCOUNTS, -simulation.world.entries.sum(axis=1), strict=True))
    sums = dict(table.group_by("kind").agg(pl.col("amount").sum()).iter_rows())
    for kind, accounts in PAID.items():
        assert sums.get(kind, 0.0) == pytest.approx(sum(entries[name] for name in accounts), rel=1e-9, abs=1e-9)
    assert all(sums[kind] > 0 for kind in ("holding", "pipeline", "ordering", "disposal", "freight", "production"))
    by_firm = dict(table.group_by("firm").agg(pl.col("amount").sum()).iter_rows())
    charged = [ACCOUNTS.index(account) for accounts in PAID.values() for account in accounts]
    paid = -simulation.world.entries[charged].sum(axis=0)
    assert by_firm == pytest.approx(dict(zip(simulation.world.names.firms, paid.tolist(), strict=True)), rel=1e-9)


def test_a_charge_for_capital_is_paid_by_nobody(network: Network) -> None:
    blocks = {"finance": {}, "firms": {"shop": {"cash": 1e6}, "depot": {"cash": 1e6}}}
    runs = [simulate(shop(network, {}, costs={"capital_per_year": rate}, **blocks)) for rate in (0.0, 0.5)]
    assert runs[0].firms.equals(runs[1].firms)
    assert runs[1].metric("cost.capital") > 0.0


@pytest.mark.parametrize("preset", ["taiwan-oem-pc", "small-open-economy"])
def test_cash_of_a_network_that_grows_leaves_as_the_table_says(preset: str) -> None:
    scenario = load_scenario(preset, {"clock.days": 400, "costs": {"holding_per_year": 0.2, "pipeline_per_year": 0.1}})
    run = simulate(scenario)
    rows = run.accounts.filter(pl.col("statement") == "income")
    sums, paid = by_kind(run), dict(rows.group_by("item").agg(-pl.col("amount").sum()).iter_rows())
    for kind, accounts in PAID.items():
        assert sums.get(kind, 0.0) == pytest.approx(sum(paid.get(name, 0.0) for name in accounts), rel=1e-9)


def test_there_is_no_table_without_the_block(network: Network) -> None:
    assert simulate(shop(network, RATES, costs=None)).costs.is_empty()


def test_costs_do_not_change_the_flow_without_money(network: Network) -> None:
    with_costs, without = simulate(shop(network, RATES)), simulate(shop(network, RATES, costs=None))
    for name in ("sites", "markets", "links", "orders", "sales", "tiers"):
        assert with_costs.tables[name].equals(without.tables[name])


_TARIFF = {"use": "policy.trade-tariff", "duties": [{"rate": 0.2}]}


def test_duties_are_counted_without_money_as_they_would_be_levied() -> None:
    """Sent is what crosses a border, at the prices of the end of each period, which do not move here."""
    blocks = {"finance": None, "countries.south.currency": None, "knowledge": None, "costs": {"every_days": 7}}
    run = simulate(tiny_network(components=[_TARIFF], **blocks))
    rows = run.costs.filter(pl.col("kind") == "duty")
    sums = dict(rows.group_by("link").agg(pl.col("amount").sum()).iter_rows())
    links = run.links.filter(pl.col("link").is_in(list(sums))).select("link", "shipped", "price")
    assert sums and sums == pytest.approx({link: 0.2 * sent * price for link, sent, price in links.iter_rows()})


def test_duties_that_are_paid_are_those_of_the_table() -> None:
    run = simulate(tiny_network(components=[_TARIFF], costs={}))
    paid = run.accounts.filter((pl.col("item") == "duties") & (pl.col("statement") == "income"))
    levied = -float(paid["amount"].sum())
    assert levied > 0.0
    assert by_kind(run)["duty"] == pytest.approx(levied)


@given(
    st.floats(0, 3), st.floats(0, 3), st.floats(0, 20), st.floats(0, 2), st.sampled_from([1, 7, 13]), st.booleans()
)  # fmt: skip
@settings(max_examples=often(10, 50), deadline=None)
def test_sums_of_the_table_are_those_of_metrics_and_accounts(
    holding: float, stockout: float, order: float, freight: float, every: float, pays: bool
) -> None:
    costs = {"every_days": every, "pipeline_per_year": 0.1, "capital_per_year": 0.1}
    changes = {"links.1.freight": freight, "sites.case-works.holding_cost": holding, "costs": costs}
    changes |= {"sites.valley-plant.stockout_cost": stockout, "sites.valley-plant.order_cost": order}
    changes |= {} if pays else {"finance": None, "countries.south.currency": None}
    run = simulate(tiny_network(**{"clock.days": 98, **changes}))
    sums = by_kind(run)
    measured = [kind for kind in COST_KINDS if kind != "setup"]
    assert all(sums.get(kind, 0.0) == pytest.approx(run.metric(f"cost.{kind}")) for kind in measured)
    assert sum(sums.values()) == pytest.approx(run.metric("cost.total"))
    if pays:
        rows = run.accounts.filter(pl.col("statement") == "income")
        paid = dict(rows.group_by("item").agg(-pl.col("amount").sum()).iter_rows())
        of_accounts = {kind: sum(paid.get(name, 0.0) for name in accounts) for kind, accounts in PAID.items()}
        assert {kind: sums.get(kind, 0.0) for kind in PAID} == pytest.approx(of_accounts, abs=1e-9)


def test_a_restored_run_has_the_costs_of_the_undisturbed_one() -> None:
    scenario = tiny_network(costs={"every_days": 10, "holding_per_year": 0.2}, components=[])
    run = open_run(scenario)
    run.advance(45)
    twin = restore(run.snapshot())
    assert twin.finish().fingerprint == run.finish().fingerprint == simulate(scenario).fingerprint
