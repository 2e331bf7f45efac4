"""Metrics leave out the warm-up: what came before and what comes after add up to the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pytest

from gpnde.engine.simulate import simulate
from gpnde.errors import GpndeError
from gpnde.results.run import Run
from gpnde.scenario import load_scenario
from gpnde.scenario.schema import Scenario
from gpnde.testing.network import tiny_network

Network = Callable[..., Scenario]

DAYS, WARM_UP = 100, 40
RATES = {"holding_cost": 2, "stockout_cost": 5, "shortage_cost": 7, "order_cost": 11}
COSTS = ("holding", "pipeline", "stockout", "shortage", "ordering")


def shop(network: Network, days: float, warm_up: float = 0, **blocks: Any) -> Run:
    """Run a shop that opens with too little stock; its goods are 5 days on the way."""
    rule = {"policy": "base-stock", "level": 60, "review_days": 2}
    clock = {"days": days, "warm_up_days": warm_up, **blocks.pop("clock", {})}
    return simulate(
        network(
            {"shop": {"stock": 0, "ordering": rule, **RATES}, "depot": {"unlimited": True, "pipeline_cost": 3}},
            [{"buyer": "shop", "supplier": "depot", "lead_time": "uniform(low=3, high=7)"}],
            {"market": {"served_by": ["shop"], "demand": {"law": "normal(mean=10, cv=0.5)", "every_days": 1}}},
            clock=clock,
            **blocks,
        )
    )


@pytest.mark.parametrize("costs", [None, {}, {"every_days": 3}])
def test_costs_before_and_after_the_warm_up_are_those_of_the_whole_run(
    network: Network, costs: Mapping[str, Any] | None
) -> None:
    before, after, whole = (shop(network, *span, costs=costs) for span in ((WARM_UP, 0), (DAYS, WARM_UP), (DAYS, 0)))
    for kind in COSTS:
        parts = [run.metric(f"cost.{kind}") for run in (before, after)]
        assert sum(parts) == pytest.approx(whole.metric(f"cost.{kind}"), rel=1e-9)
    assert after.metric("cost.per_day") == pytest.approx(after.metric("cost.total") / (DAYS - WARM_UP))


def test_service_is_that_of_the_days_after_the_warm_up(network: Network) -> None:
    run, whole = shop(network, DAYS, WARM_UP), shop(network, DAYS)
    rows = whole.markets.filter(pl.col("day") > 42)
    assert rows["day"].to_list()[0] == 49
    early = run.markets.filter(pl.col("day") == 42)
    filled, demanded = (float(rows[name].sum()) + float(early[name].sum()) for name in ("filled", "demanded"))
    assert run.metric("flow.fill_rate") == pytest.approx(filled / demanded)
    assert run.metric("flow.fill_rate") > whole.metric("flow.fill_rate")


def test_orders_and_links_count_from_the_end_of_the_warm_up(network: Network) -> None:
    run = shop(network, DAYS, WARM_UP)
    due = run.sales.filter((pl.col("placed_day") >= WARM_UP) & (pl.col("promised_day") < DAYS))
    on_time = due.filter(pl.col("received_day") <= pl.col("promised_day"))
    assert run.metric("flow.otif.sales") == pytest.approx(on_time.height / due.height)
    ended = run.orders.filter(pl.col("received_day") >= WARM_UP)
    share = ended.filter(pl.col("received_day") <= pl.col("promised_day")).height / ended.height
    assert run.metric("flow.otif.links") == pytest.approx(share)


def test_what_happens_is_the_same_with_a_warm_up(network: Network) -> None:
    run, whole = shop(network, DAYS, WARM_UP), shop(network, DAYS)
    for name in ("orders", "sales", "links", "events"):
        assert run.tables[name].equals(whole.tables[name])
    days = pl.col("day") != WARM_UP
    assert run.sites.filter(days)["on_hand"].equals(whole.sites["on_hand"])
    assert float(run.sites["shipped"].sum()) == pytest.approx(float(whole.sites["shipped"].sum()))


def test_a_warm_up_of_nothing_is_none(network: Network) -> None:
    assert shop(network, DAYS, 0).fingerprint == shop(network, DAYS, clock={}).fingerprint


def test_the_end_of_the_warm_up_is_a_whole_tick(network: Network) -> None:
    clock = {"tick_days": 0.5}
    found = [shop(network, DAYS, days, clock=clock).metric("flow.fill_rate") for days in (39.8, 40.0)]
    assert found[0] == found[1]


def test_entities_that_are_not_recorded_are_measured_all_the_same(network: Network) -> None:
    kept, totals = (shop(network, DAYS, WARM_UP, record={"entities": each}) for each in (True, False))
    name = "finance.profit_per_value_added"
    assert kept.metric("flow.cover") == totals.metric("flow.cover")
    assert kept._metric_values.get(name) == totals._metric_values.get(name)


def test_outages_and_dropouts_are_counted_after_the_warm_up() -> None:
    outages = [{"use": "disruption.site-outage", "mean_up_days": 30, "mean_down_days": 5}]
    run = simulate(tiny_network(components=outages, **{"clock.days": 200, "clock.warm_up_days": 100}))
    failed = run.events.filter((pl.col("kind") == "site_failed") & (pl.col("day") >= 100)).height
    assert 0 < failed < run.outages
    assert run.metric("selection.dropouts.outage") == failed


@pytest.mark.parametrize("name", ["taiwan-oem-pc", "small-open-economy"])
def test_a_network_that_grows_has_a_warm_up(name: str) -> None:
    run = simulate(load_scenario(name, {"clock.days": 400, "clock.warm_up_days": 200, "costs": {}}))
    rows = run.costs.filter(pl.col("day") > 200)
    assert run.metric("cost.total") == pytest.approx(float(rows["amount"].sum()))


@pytest.mark.parametrize(("days", "right"), [(252, "at most 245, or more days"), (-1, "must be at least 0")])
def test_a_warm_up_that_leaves_nothing_is_refused(days: float, right: str) -> None:
    with pytest.raises(GpndeError, match=right):
        load_scenario("beer-game", {"clock.warm_up_days": days})
