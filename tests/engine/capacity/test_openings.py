"""Sites that firms build: paid at once, open later, and with their part of the work."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde.engine.capacity.exits import Exits
from gpnde.engine.capacity.openings import Openings
from gpnde.engine.capacity.outages import Outages
from gpnde.engine.capacity.sites import Sites
from gpnde.engine.capacity.siting import Siting
from gpnde.engine.run import Simulation
from gpnde.engine.simulate import OpenRun, open_run, restore
from gpnde.scenario import Scenario
from gpnde.vocabulary import ACCOUNTS
from gpnde.world.new_sites import NewSite

from ...places import HQ, PLANT, PLANT_COST, SOUTH, given, two_places, with_row

NEW_SITE = 2
DAY = 100.0
NEVER = {"review_days": 36_000}


def built(scenario: Scenario, replaced: int = -1, per_day: float = 100.0, like: int = PLANT) -> OpenRun:
    """Return a run on the day on which the lead supplier has begun to build a site in the south."""
    run = open_run(scenario, seed=3)
    run.advance(DAY)
    simulation = run.simulation
    assert scenario.location is not None
    openings = simulation.part(Openings)
    openings.build(Siting(simulation.context, scenario.location), like, SOUTH, per_day, replaced)
    return run


def entries(simulation: Simulation, account: str) -> float:
    return float(simulation.world.entries[ACCOUNTS.index(account), 1])


def shares(simulation: Simulation) -> dict[str, float]:
    """Return the share of each active supplier of the headquarters, by site."""
    lines, names = simulation.world.state.lines, simulation.world.names.sites
    found = np.flatnonzero((lines["buyer"] == 0) & (lines["active"] == 1))
    return {names[lines["supplier"][number]]: float(lines["share"][number]) for number in found.tolist()}


def test_plant_and_entry_are_paid_when_building_begins() -> None:
    scenario = two_places({**NEVER, "entry_share": 0.2})
    before = open_run(scenario, seed=3)
    before.advance(DAY)
    simulation = built(scenario).simulation
    cash = before.simulation.world.firms["cash"][1] - simulation.world.firms["cash"][1]
    assert cash == pytest.approx(1.2 * PLANT_COST)
    assert simulation.world.factories["book_value"][NEW_SITE] == pytest.approx(PLANT_COST)
    assert entries(simulation, "write_offs") == pytest.approx(-0.2 * PLANT_COST)


def test_a_site_opens_after_twice_the_time_of_an_expansion() -> None:
    tables = built(two_places(NEVER)).finish().tables
    events = tables["events"].filter(pl.col("site") == "lead part south")
    days = dict(events.select("kind", "day").iter_rows())
    assert days["site_opened"] - days["site_planned"] == 2 * 182
    output = tables["sites"].filter(pl.col("site") == "lead part south").select("day", "produced")
    assert output.filter(pl.col("day") <= DAY + 364)["produced"].sum() == 0.0
    assert output.filter(pl.col("day") > DAY + 400)["produced"].sum() > 0.0


def test_a_new_site_gets_the_part_of_the_work_that_it_is_of_capacity() -> None:
    run = built(two_places(NEVER), per_day=60.0)
    run.advance(DAY + 365)
    assert shares(run.simulation) == pytest.approx({"plant": 2 / 3, "lead part south": 1 / 3})


def test_a_site_that_is_replaced_hands_over_all_its_work_and_closes() -> None:
    run = built(two_places(NEVER), replaced=PLANT)
    run.advance(DAY + 363)
    assert shares(run.simulation) == {"plant": 1.0}
    staff = float(run.simulation.world.factories["staff"][PLANT])
    paid = entries(run.simulation, "labour")
    run.advance(DAY + 365)
    assert shares(run.simulation) == {"lead part south": 1.0}
    assert run.simulation.world.plants["closed"][PLANT]
    assert paid - entries(run.simulation, "labour") >= 91 * 40 * staff > 0.0
    done = run.finish()
    assert max(done.conservation.values()) <= 1e-9
    assert done.tables["sites"].filter((pl.col("site") == "plant") & (pl.col("day") > 800))["produced"].sum() == 0.0


def test_buyers_look_for_nobody_where_the_firm_delivers_from_elsewhere() -> None:
    run = built(two_places(NEVER, selection={}), replaced=PLANT)
    run.advance(DAY + 365)
    events = run.finish().tables["events"]
    assert "link_dropped" not in events["kind"].to_list()
    assert events.filter(pl.col("kind") == "link_ended")["cause"].to_list() == ["contract-end"] * 2


def test_a_firm_that_fails_while_it_builds_opens_nothing() -> None:
    run = built(two_places(NEVER))
    run.advance(DAY + 50)
    run.simulation.part(Exits).close_firms(np.array([1]), "policy", "test")
    done = run.finish()
    assert "site_opened" not in done.tables["events"]["kind"].to_list()
    assert max(done.conservation.values()) <= 1e-9


def test_a_site_without_a_sister_left_is_given_up() -> None:
    run = built(two_places(NEVER))
    run.advance(DAY + 50)
    run.simulation.part(Outages).close_site(PLANT)
    run.advance(DAY + 400)
    assert run.simulation.world.plants["closed"][NEW_SITE]
    assert run.simulation.world.factories["book_value"][NEW_SITE] == 0.0


def test_further_sites_in_a_cluster_have_a_number() -> None:
    run = built(two_places(NEVER))
    simulation = run.simulation
    siting = Siting(simulation.context, simulation.world.scenario.location)  # type: ignore[arg-type]
    simulation.part(Openings).build(siting, PLANT, SOUTH, 10.0)
    assert simulation.world.names.sites[NEW_SITE:] == ("lead part south", "lead part south 2")


def test_a_run_that_builds_is_restored_in_the_same_bytes() -> None:
    run = built(two_places(NEVER), replaced=PLANT)
    run.advance(DAY + 200)
    then = run.snapshot()
    assert restore(then).finish().fingerprint == run.finish().fingerprint


def _market_of(product: str, **more: Any) -> dict[str, Any]:
    return {"name": "world", "product": product, "served_by": ["plant"], "demand": {"law": 50, "every_days": 1}, **more}


def test_a_new_site_sells_to_the_markets_of_its_sister() -> None:
    sites = given()["sites"][1:]
    scenario = two_places(NEVER, sites=sites, links=[], markets=[_market_of("part")])
    run = built(scenario, per_day=120.0, like=0)
    run.advance(DAY + 365)
    lines = run.simulation.world.state.lines
    sold = lines["market"] == 0
    sites = run.simulation.world.state.sites
    assert lines["share"][sold].tolist() == pytest.approx((sites["capacity"] / sites["capacity"].sum()).tolist())
    done = run.finish()
    assert max(done.conservation.values()) <= 1e-9
    served = done.tables["sites"].filter(pl.col("day") > 700).group_by("site").agg(pl.col("shipped").sum())
    east, west = sorted(served["shipped"].to_list())
    assert east == pytest.approx(west, rel=0.05)


def test_where_buyers_choose_between_firms_a_new_plant_shares_what_its_firm_sells() -> None:
    market = given()["markets"][0] | {"rivalry": {"price_sensitivity": 0.1}}
    scenario = two_places(NEVER, sites=with_row("sites", "hq", capacity_per_day=150), markets=[market])
    run = built(scenario, like=HQ, per_day=50.0)
    run.advance(DAY + 60)
    lines = run.simulation.world.state.lines
    sold = lines["share"][lines["market"] == 0]
    assert sold.tolist() == pytest.approx([0.75, 0.25])
    assert max(run.finish().conservation.values()) <= 1e-9


def test_the_table_of_changes_names_the_site_that_each_is_like() -> None:
    run = built(two_places(NEVER))
    first = run.simulation.part(Sites)
    first.build([NewSite("annex", like=NEW_SITE, firm=1, cluster=SOUTH, capacity_per_day=5.0)])
    done = run.finish()
    rows = done.site_changes.select("site", "like", "closed_day").rows()
    assert rows == [("lead part south", "plant", None), ("annex", "plant", None)]
    assert [site["name"] for site in done.network["sites"]][2:] == ["lead part south", "annex"]


def test_components_leave_a_new_site_the_part_that_they_leave_others() -> None:
    run = built(two_places(NEVER), per_day=60.0)
    run.simulation.world.plants["capacity_factor"][NEW_SITE] = 0.5
    run.advance(DAY + 365)
    world = run.simulation.world
    assert world.state.sites["capacity"][NEW_SITE] == 30.0
    assert world.whole_capacity[NEW_SITE] == 60.0
