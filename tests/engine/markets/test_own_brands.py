"""Suppliers sell beside their customers, as long as it pays, and customers may cut their orders for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from gpnde import simulate
from gpnde.contracts import CONTRACTS, OWN_BRAND
from gpnde.engine.run import Simulation
from gpnde.engine.simulate import open_run, restore
from gpnde.errors import ScenarioError
from gpnde.results.run import Run
from gpnde.scenario import Scenario, load_scenario
from gpnde.world.layout import State

Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]

NETWORK = Path(__file__).parents[2] / "liveness" / "networks" / "brands.yaml"
OPENS = 112


def brands(**changed: Any) -> Scenario:
    """Return a maker that sells drives to a brand and may sell them itself, with other rules of own brands."""
    return load_scenario(NETWORK, {f"markets.world.own_brands.{name}": value for name, value in changed.items()})


def days(run: Run, kind: str) -> list[float]:
    return [float(day) for day in run.tables["events"].filter(pl.col("kind") == kind)["day"]]


def test_nothing_is_sold_before_the_firm_takes_on_marketing(start: Start, reach: Reach) -> None:
    simulation = start(brands())
    lines = reach(simulation, OPENS - 1).lines
    own = lines["contract"] == OWN_BRAND
    assert own.sum() == 1 and not lines["active"][own].any()
    assert reach(simulation, OPENS + 1).lines["active"][own].all()


def test_buyers_choose_between_the_brand_and_its_customer() -> None:
    table = simulate(brands(retaliation=0)).tables["generations"]
    last = table.filter(pl.col("day") == pl.col("day").max())
    shares = dict(zip(last["firm"], last["share"], strict=True))
    prices = dict(zip(last["firm"], last["price"], strict=True))
    assert sum(shares.values()) == pytest.approx(1.0)
    assert (shares["maker"] > shares["alpha"]) == (prices["maker"] < prices["alpha"])


def test_what_it_makes_for_others_keeps_its_contract(start: Start, reach: Reach) -> None:
    simulation = start(brands())
    lines = reach(simulation, 700).lines
    between = (lines["market"] < 0) & (lines["supplier"] >= 0) & (lines["active"] == 1)
    maker = simulation.world.names.sites.index("maker")
    assert [CONTRACTS[line["contract"]] for line in lines[between & (lines["supplier"] == maker)]] == ["OEM"]


def test_a_brand_that_costs_more_than_it_earns_ends_after_four_quarters() -> None:
    kept, ended = simulate(brands(cost_per_year=1)), simulate(brands(cost_per_year=1e6))
    assert days(kept, "brand_ended") == []
    assert days(ended, "brand_ended")[0] == 476.0 >= days(ended, "brand_opened")[0] + 364.0


def test_a_brand_may_come_again() -> None:
    run = simulate(brands(cost_per_year=1e6))
    assert len(days(run, "brand_opened")) == 2
    assert max(run.conservation.values()) < 1e-9


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_customers_retaliate_by_chance_while_the_brand_is_sold(chance: float) -> None:
    run = simulate(brands(retaliation=chance))
    assert days(run, "orders_cut")[:1] == ([182.0] if chance else [])


def test_a_cut_takes_its_part_and_is_given_back(start: Start, reach: Reach) -> None:
    simulation = start(brands(retaliation=1, cut=0.25, cut_days=182))
    lines = reach(simulation, 181).lines
    maker = simulation.world.names.sites.index("maker")
    link = int(((lines["supplier"] == maker) & (lines["buyer"] >= 0)).argmax())
    before = float(lines["share"][link])
    assert reach(simulation, 183).lines["share"][link] == pytest.approx(0.75 * before)
    assert reach(simulation, 363).lines["share"][link] == pytest.approx(0.75 * before)
    events = [row for row in simulation.journal.rows if row[1].startswith("orders_")]
    assert [row[7] for row in events] == [pytest.approx(0.25 * before)]
    reach(simulation, 365)
    assert [row[1] for row in simulation.journal.rows if row[1].startswith("orders_")][1] == "orders_restored"


def test_who_has_no_other_supplier_cannot_retaliate() -> None:
    alone = brands(retaliation=1).model_copy(
        update={"links": tuple(link.model_copy(update={"share": None}) for link in brands().links[:1])}
    )
    assert days(simulate(alone), "orders_cut") == []


def test_a_restored_run_ends_alike() -> None:
    whole, run = open_run(brands(retaliation=1)), open_run(brands(retaliation=1))
    run.advance(300)
    again = restore(run.snapshot())
    for each in (whole, again):
        each.advance()
    assert whole.finish().fingerprint == again.finish().fingerprint


@pytest.mark.parametrize(
    ("sites", "complaint"),
    [
        (["nobody"], "'nobody' is no site"),
        (["alpha"], "'alpha' belongs to 'alpha', which sells here from the start: take it out"),
        (["maker", "maker"], "'maker' is there twice: name every site once"),
    ],
)
def test_sites_that_cannot_sell_are_refused_in_one_line(sites: list[str], complaint: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        brands(sites=sites)
    assert str(caught.value).startswith(f"markets.world.own_brands.sites: {complaint}")
    assert "\n" not in str(caught.value)


def test_own_brands_ask_for_rivalry() -> None:
    with pytest.raises(ScenarioError, match="own_brands without rivalry: give the market a block rivalry"):
        load_scenario(NETWORK, {"markets.world.rivalry": None})


def test_a_firm_goes_by_what_all_its_brands_earn_together() -> None:
    second = brands().markets[0].model_copy(update={"name": "village"})
    dear = second.model_copy(
        update={"own_brands": second.own_brands and second.own_brands.model_copy(update={"cost_per_year": 1_000_000})}
    )
    only, both = brands(cost_per_year=1_000_000), brands()
    both = both.model_copy(update={"markets": (*both.markets, dear)})
    assert days(simulate(only), "brand_ended") != []
    assert days(simulate(both), "brand_ended") == []
