"""Ten real supply chains (Willems, 2008) keep their counts, costs, lead times and weak points when they are run.

A chain whose stage times are whole ticks delivers to the day. The times of chain 24 are finer than its tick, so each
stage on the way may be late by up to a tick.
"""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario.importers.willems import import_willems
from gpnde.scenario.markets import Market
from gpnde.scenario.network import Site
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.topology import levels

from ..thorough import often

CHAINS = ("01", "03", "05", "07", "10", "12", "16", "20", "24", "31")[:: often(3, 1)]


class Chain(NamedTuple):
    """A chain made to order with mean stage times, what is known about it, and by how much a stage may be late."""

    scenario: Scenario
    facts: Mapping[str, Any]
    published: Mapping[str, str]
    lateness: float


@pytest.fixture(scope="module", params=CHAINS)
def chain(request: pytest.FixtureRequest, shared_data: Path) -> Chain:
    folder, number = shared_data / "willems2008", str(int(request.param))
    files = [folder / f"{request.param}_stages.csv", folder / f"{request.param}_arcs.csv"]
    scenario, notes = import_willems(files, deterministic=True, make_to_order=True)
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as rows:
        published = next(row for row in csv.DictReader(rows) if row["chain"] == number)
    facts = json.loads((folder / "expected.json").read_text(encoding="utf-8"))[number]
    return Chain(scenario, facts, published, scenario.clock.tick_days if notes else 0.0)


@pytest.fixture(scope="module")
def undisturbed(chain: Chain) -> Run:
    return simulate(ordered_once(chain))


def ordered_once(chain: Chain, out: str = "") -> Scenario:
    """Return the chain with one order per market, on day 0, and with the stage *out* never at work.

    Orders go up the whole chain in the instant in which they are placed.
    """
    scenario = chain.scenario
    days = horizon(chain)
    steps = ("demand", "order", "receive", "supply")
    return scenario.model_copy(
        update={
            "clock": scenario.clock.model_copy(update={"days": days, "steps": steps}),
            "markets": tuple(asking_once(market, days) for market in scenario.markets),
            "sites": tuple(opened_never(site, days) if site.name == out else site for site in scenario.sites),
        }
    )


def horizon(chain: Chain) -> float:
    """Return days enough for the longest way through the chain."""
    return float(chain.facts["max_length_days"] + chain.facts["stages"] * chain.lateness + 1.0)


def asking_once(market: Market, days: float) -> Market:
    demand = market.demand.model_copy(update={"every_days": 2.0 * days})
    return market.model_copy(update={"service_days": 0.0, "demand": demand})


def opened_never(site: Site, days: float) -> Site:
    return site.model_copy(update={"opens_day": 2.0 * days})


def delivery_days(run: Run) -> dict[str, float | None]:
    """Return the days from order to delivery by demand stage; None where the order is still open."""
    rows = run.sales.select("supplier", "placed_day", "received_day").iter_rows()
    return {stage: None if received is None else received - placed for stage, placed, received in rows}


def downstream(scenario: Scenario, stage: str) -> set[str]:
    """Return the stages that a stage feeds, directly or through others, and itself."""
    reached, waiting = {stage}, [stage]
    while waiting:
        supplier = waiting.pop()
        buyers = {link.buyer for link in scenario.links if link.supplier == supplier} - reached
        reached |= buyers
        waiting += sorted(buyers)
    return reached


def demand_of(scenario: Scenario, stages: Iterable[str]) -> float:
    wanted = set(stages)
    return sum(market.demand.law.value or 0.0 for market in scenario.markets if market.product in wanted)


def test_chain_has_its_published_counts(chain: Chain) -> None:
    world, published = build_world(chain.scenario), chain.published
    kinds = Counter(site.name.partition("_")[0] for site in chain.scenario.sites)
    counts = {f"n_{kind.lower()}": kinds[kind] for kind in ("Dist", "Manuf", "Part", "Retail", "Trans")}
    assert counts == {name: int(published[name]) for name in counts}
    assert len(world.names.sites) == int(published["n_stages"])
    assert world.state.inputs["per_unit"][input_numbers(chain)].sum() == int(published["n_arcs"])
    assert len(world.names.markets) == int(published["n_demand_stages"])


def input_numbers(chain: Chain) -> np.ndarray[Any, Any]:
    """Return the inputs that come over a link, not from outside the chain."""
    lines = build_world(chain.scenario).state.lines
    return np.unique(lines["input"][(lines["supplier"] >= 0) & (lines["buyer"] >= 0)])


def test_unit_costs_add_up_along_the_chain(chain: Chain) -> None:
    world = build_world(chain.scenario)
    cost = dict(zip(world.names.sites, world.plants["unit_cost"].tolist(), strict=True))
    listed = chain.facts["unit_cost"]
    assert {stage: cost[stage] for stage in listed} == pytest.approx(listed, rel=1e-12)
    sold = {market.product: market.demand.law.value or 0.0 for market in chain.scenario.markets}
    mean = sum(cost[stage] * units for stage, units in sold.items()) / sum(sold.values())
    assert mean == pytest.approx(float(chain.published["cogs_reproduced"]), abs=1e-4)
    assert mean == pytest.approx(float(chain.published["cogs_per_unit_published"]), abs=0.5)


def test_chain_without_stock_delivers_after_its_longest_way(chain: Chain, undisturbed: Run) -> None:
    days, lines = delivery_days(undisturbed), build_world(chain.scenario).state.lines
    inside = lines[(lines["supplier"] >= 0) & (lines["buyer"] >= 0)]
    stages = 1 + levels(len(chain.scenario.sites), inside["supplier"], inside["buyer"])
    number = {site.name: position for position, site in enumerate(chain.scenario.sites)}
    for stage, expected in chain.facts["make_to_order_lead_days"].items():
        taken = days[stage]
        assert taken is not None
        assert expected - 1e-9 <= taken <= expected + stages[number[stage]] * chain.lateness + 1e-9


def test_every_demand_stage_is_served_within_the_published_length(chain: Chain, undisturbed: Run) -> None:
    days = delivery_days(undisturbed)
    taken = [day for day in days.values() if day is not None]
    assert len(taken) == int(chain.published["n_demand_stages"])
    allowed = chain.facts["stages"] * chain.lateness + 1e-9
    assert 0.0 <= max(taken) - chain.facts["max_length_days"] + 1e-9 <= allowed + 1e-9


def test_stage_with_an_outage_starves_its_customers_alone(chain: Chain, undisturbed: Run) -> None:
    before = delivery_days(undisturbed)
    assert chain.facts["single_dropout"]
    for out, effect in chain.facts["single_dropout"].items():
        after = delivery_days(simulate(ordered_once(chain, out)))
        starved = {stage for stage, days in after.items() if days is None}
        assert len(starved) == effect["demand_stages_cut"]
        share = demand_of(chain.scenario, starved) / demand_of(chain.scenario, after)
        assert share == pytest.approx(effect["share_of_demand"], rel=1e-9)
        assert starved == downstream(chain.scenario, out) & after.keys()
        assert all(after[stage] == before[stage] for stage in after.keys() - starved)


SELLING_DAYS = 3640
STANDARD_ERRORS = 3.0


def sold_per_day(scenario: Scenario, days: int) -> dict[str, float]:
    """Return what each market asks for per day in a run, stage times and demand drawn from their laws."""
    tick = scenario.clock.model_copy(update={"days": days, "tick_days": 1.0})
    record = scenario.record.model_copy(update={"every_days": days, "orders": False, "entities": True})
    run = simulate(scenario.model_copy(update={"clock": tick, "record": record}))
    asked = run.markets.group_by("market").agg(pl.col("demanded").sum())
    return {market: demanded / days for market, demanded in asked.iter_rows()}


def assert_sells_what_it_states(scenario: Scenario, days: int) -> None:
    """Check the demand of the whole chain, and that of each market with an allowance for there being many."""
    sold, laws = sold_per_day(scenario, days), {market.name: market.demand.law for market in scenario.markets}
    stated = {name: law.mean or law.value or 0.0 for name, law in laws.items()}
    error = {name: law.spread() / math.sqrt(days) for name, law in laws.items()}
    together = math.sqrt(sum(each**2 for each in error.values()))
    assert sum(sold.values()) == pytest.approx(sum(stated.values()), abs=STANDARD_ERRORS * together + 1e-9)
    beyond = [name for name in laws if abs(sold[name] - stated[name]) > STANDARD_ERRORS * error[name] + 1e-9]
    assert len(beyond) <= 1 + 0.01 * len(laws)


@pytest.mark.parametrize("number", CHAINS)
def test_chain_sells_the_demand_that_its_stages_state(number: str, shared_data: Path) -> None:
    folder = shared_data / "willems2008"
    scenario = import_willems([folder / f"{number}_stages.csv", folder / f"{number}_arcs.csv"]).scenario
    assert_sells_what_it_states(scenario, SELLING_DAYS // 10)


HEAD = "stage,stage_cost,rel_depth,classification,avg_demand,sd_demand,max_service_time,service_level,stage_time,"
SPREADS = (0.01, 0.1, 0.2, 0.21, 0.5, 1.0, 2.6, 5.0, 10.0)
"""Deviations of demand and stage time over their means, from certain to erratic."""


def made_up_chain(folder: Path) -> Scenario:
    """Return a chain of a part, a plant and a shop per spread, with means of demand from 0.1 to 10,000 a day."""
    rows = ["part,7,2,Part,,,,,30,3", "plant,20,1,Manuf,,,,,10,10"]
    for number, spread in enumerate(SPREADS):
        mean = 0.1 * 10 ** (number % 6)
        rows.append(f"shop-{number},5,0,Retail,{mean},{mean * spread},{number},0.95,{number},{number * spread}")
    (folder / "stages.csv").write_text("\n".join([f"{HEAD}sd_stage_time", *rows]), encoding="utf-8")
    arcs = ["part,plant", *(f"plant,shop-{number}" for number in range(len(SPREADS)))]
    (folder / "arcs.csv").write_text("\n".join(["source,destination", *arcs]), encoding="utf-8")
    return import_willems([folder / "stages.csv", folder / "arcs.csv"]).scenario


def test_chain_of_every_spread_sells_the_demand_that_its_stages_state(tmp_path: Path) -> None:
    assert_sells_what_it_states(made_up_chain(tmp_path), SELLING_DAYS)


def test_stage_of_erratic_demand_sells_ten_a_day(tmp_path: Path) -> None:
    (tmp_path / "stages.csv").write_text(f"{HEAD}sd_stage_time\nshop,5,0,Retail,10,100,0,0.95,1,\n", encoding="utf-8")
    (tmp_path / "arcs.csv").write_text("source,destination\n", encoding="utf-8")
    scenario = import_willems([tmp_path / "stages.csv", tmp_path / "arcs.csv"]).scenario
    (sold,) = sold_per_day(scenario, SELLING_DAYS).values()
    assert sold == pytest.approx(10.0, abs=STANDARD_ERRORS * 100.0 / math.sqrt(SELLING_DAYS))
