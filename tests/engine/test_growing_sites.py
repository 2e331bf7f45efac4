"""A run grows by sites: they order, make and send, are shown from their first day on, and disturb nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from gpnde.engine.capacity.exits import Exits
from gpnde.engine.capacity.outages import Outages
from gpnde.engine.capacity.sites import Sites
from gpnde.engine.run import Simulation
from gpnde.engine.simulate import OpenRun, open_run, restore, simulate
from gpnde.engine.trade.links import Links
from gpnde.errors import GpndeError
from gpnde.plugin import Component, View, hookimpl
from gpnde.results.run import Run
from gpnde.scenario import load_scenario
from gpnde.scenario.presets import preset_names
from gpnde.scenario.schema import ComponentUse, Scenario
from gpnde.testing.network import tiny_network
from gpnde.world.layout import LINE, Floats, State
from gpnde.world.new_sites import NewSite

from ..learners import begun, three_firms
from ..thorough import often

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]

DAY = 100.0

_TERMS = ("supplier", "product", "delay", "priority", "contract", "commitment", "lead_time", "promise", "price")


def build(run: OpenRun, like: str, name: str = "annex", **fields: Any) -> int:
    """Build a site like another one, of the same firm at the same place, and return its number."""
    world = run.simulation.world
    number = world.names.sites.index(like)
    record = world.state.sites[number]
    plant = NewSite(name, number, int(record.firm), int(record.cluster))._replace(**fields)
    return run.simulation.part(Sites).build([plant])


def supply(simulation: Simulation, like: int, buyer: int) -> None:
    """Let the supplier of line *like* deliver the first input of another site, on the same terms."""
    world, rows = simulation.world, np.zeros(1, dtype=LINE)
    for name in _TERMS:
        rows[name] = world.state.lines[name][like]
    rows["buyer"], rows["input"] = buyer, world.state.sites[buyer].first_input
    rows["market"] = rows["claim"] = rows["closed"] = -1
    rows["active"] = rows["backorders"] = rows["share"] = 1
    rows["opened"] = simulation.timeline.now
    simulation.context.extend(np.array([world.add_lines(rows)]))


def copy_all(run: OpenRun) -> None:
    """Build a copy of every site."""
    world = run.simulation.world
    rows = enumerate(world.state.sites[["firm", "cluster"]].tolist())
    plants = [NewSite(f"copy of {world.names.sites[k]}", k, firm, cluster) for k, (firm, cluster) in rows]
    run.simulation.part(Sites).build(plants)


def connect(run: OpenRun, number: int) -> None:
    """Let a site buy from base, and sell two fifths of what the shop needs."""
    simulation = run.simulation
    names, lines = simulation.world.names.sites, simulation.world.state.lines
    to_mid = int(np.flatnonzero(lines["buyer"] == names.index("mid"))[0])
    to_shop = int(np.flatnonzero(lines["buyer"] == names.index("shop"))[0])
    supply(simulation, to_mid, number)
    simulation.part(Links).open(to_shop, number, 0.4, float(lines[to_shop].price))


@pytest.fixture
def chain(network: Network) -> Scenario:
    """Return a shop that buys from mid, which works on what it buys from base."""
    place, work = {"cluster": "valley"}, {"processing": "gamma(mean=2, cv=0.4)", "yield_rate": 0.9}
    sites = {"shop": place, "mid": {**place, **work}, "base": place}
    links = [
        {"buyer": "shop", "supplier": "mid", "lead_time": "gamma(mean=3, cv=0.4)"},
        {"buyer": "mid", "supplier": "base", "lead_time": 2},
    ]
    rules = {"finance": {}, "record": {"every_days": 10}, "clock": {"days": 260}, "clusters": [{"name": "valley"}]}
    return network(sites, links, {"town": {"served_by": ["shop"], "demand": {"law": "poisson(mean=10)"}}}, **rules)


def grown(scenario: Scenario, day: float = DAY) -> OpenRun:
    """Return a run on a day on which it has got a site with lines."""
    run = open_run(scenario, seed=3)
    run.advance(day)
    connect(run, build(run, "mid"))
    return run


def test_a_new_site_orders_receives_produces_and_ships(chain: Scenario, check: Check) -> None:
    run = grown(chain)
    run.observe(debug=True)
    run.advance(250)
    state = run.simulation.world.state
    check(state)
    site, lines = state.sites[3], state.lines
    assert lines["received"][lines["buyer"] == 3].sum() > 0.0
    assert min(site.ordered, site.started, site.produced, site.shipped) > 0.0
    assert site.forecast == pytest.approx(0.4 * state.sites[2].forecast, rel=0.5)
    assert max(run.finish().conservation.values()) <= 1e-9


def test_tables_show_a_new_site_from_its_first_day_on(chain: Scenario) -> None:
    tables = grown(chain).finish().tables
    shown = tables["sites"].filter(pl.col("site") == "annex")
    assert shown["day"].to_list() == [*np.arange(DAY + 10, 261, 10)]
    assert shown["produced"].sum() > 0.0
    assert set(shown["firm"]) == {"mid"}
    others = tables["sites"].filter(pl.col("site") != "annex")
    assert others["day"].to_list() == [day for day in np.arange(0, 261, 10) for _ in range(3)]
    assert "annex" in tables["links"]["supplier"].to_list() and "annex" in tables["orders"]["buyer"].to_list()
    opened = tables["events"].filter(pl.col("kind") == "site_opened")
    assert opened.select("day", "site", "firm", "component").row(0) == (DAY, "annex", "mid", "engine")


def test_metrics_count_new_sites(chain: Scenario) -> None:
    run = grown(chain).finish()
    assert run.metric("space.sites") == simulate(chain).metric("space.sites") + 1 == 4
    assert len(run.scenario["sites"]) == 3


def test_a_site_can_be_built_before_the_first_day(chain: Scenario) -> None:
    run = grown(chain, 0.0)
    assert run.finish().tables["sites"].filter(pl.col("site") == "annex")["shipped"].sum() > 0.0


def test_a_new_site_is_called_by_the_names_it_would_have_had(network: Network, chain: Scenario) -> None:
    mid = next(site for site in chain.sites if site.name == "mid")
    annex = mid.model_copy(update={"name": "annex"})
    to_mid, to_shop = (next(link for link in chain.links if link.buyer == buyer) for buyer in ("mid", "shop"))
    links = to_mid.model_copy(update={"buyer": "annex"}), to_shop.model_copy(update={"supplier": "annex"})
    there = chain.model_copy(update={"sites": (*chain.sites, annex), "links": (*chain.links, *links)})
    state, first = grown(chain).simulation.world.state, open_run(there).simulation.world.state
    assert set(state.site_entity) == set(first.site_entity)
    assert set(state.line_entity) == set(first.line_entity)


def _of_the_first(run: Run) -> dict[str, pl.DataFrame]:
    """Return tables without the rows of sites that were built, without how many sites are up, and without metrics."""
    first, tables = [site["name"] for site in run.scenario["sites"]], run.tables
    kept = {key: table for key, table in tables.items() if key != "metrics"}
    for key in ("sites", "events"):
        kept[key] = kept[key].filter(pl.col("site").is_in([*first, ""]))
    kept["tiers"] = kept["tiers"].drop("sites_up")
    return kept


def _same_for_the_others(one: Run, other: Run) -> None:
    left, right = _of_the_first(one), _of_the_first(other)
    assert left.keys() == right.keys()
    for key, table in left.items():
        assert_frame_equal(table, right[key], check_exact=True)


@pytest.mark.parametrize("like", ["base", "mid", "shop"])
@pytest.mark.parametrize("day", [0.0, 7.0, 93.5, DAY])
def test_a_site_without_lines_changes_nothing_for_the_others(chain: Scenario, like: str, day: float) -> None:
    run = open_run(chain, seed=3)
    run.advance(day)
    build(run, like, capacity_per_day=5.0)
    _same_for_the_others(run.finish(), simulate(chain, seed=3))


def test_a_site_without_lines_leaves_money_and_knowledge_as_they_are() -> None:
    scenario = tiny_network().model_copy(update={"location": None})
    run = open_run(scenario, seed=3)
    run.advance(126)
    build(run, "valley-plant")
    _same_for_the_others(run.finish(), simulate(scenario, seed=3))


def test_a_grown_run_is_restored_in_the_same_bytes(chain: Scenario) -> None:
    run = grown(chain)
    run.advance(150)
    then = run.snapshot()
    restored = [restore(then).finish() for _ in range(2)]
    assert {each.fingerprint for each in restored} == {run.finish().fingerprint}


def test_what_is_built_in_a_branch_is_not_in_the_others(chain: Scenario) -> None:
    run = open_run(chain, seed=3)
    run.advance(DAY)
    then = run.snapshot()
    build(run, "mid")
    assert restore(then).finish().fingerprint == simulate(chain, seed=3).fingerprint
    assert len(run.simulation.world.names.sites) == 4


def _busy(name: str) -> Scenario:
    scenario = load_scenario(name)
    days = min(scenario.clock.days, 250.0)
    return scenario.model_copy(update={"clock": scenario.clock.model_copy(update={"days": days})})


@pytest.mark.parametrize("name", preset_names())
def test_any_preset_goes_on_with_a_copy_of_every_site(name: str) -> None:
    scenario = _busy(name)
    run = open_run(scenario)
    run.advance(scenario.clock.days / 2)
    copy_all(run)
    count = run.finish().counts["sites"]
    opens = scenario.location is not None and scenario.location.opens_sites
    assert count >= 2 * len(scenario.sites) if opens else count == 2 * len(scenario.sites)


def test_whatever_is_switched_on_takes_in_new_sites_that_trade() -> None:
    run = open_run(tiny_network(), seed=3)
    run.advance(60)
    number = build(run, "affiliate-boards", capacity_per_day=15.0)
    lines, names = run.simulation.world.state.lines, run.simulation.world.names.sites
    supply(run.simulation, int(np.flatnonzero(lines["buyer"] == names.index("affiliate-boards"))[0]), number)
    to_park = int(np.flatnonzero(lines["buyer"] == names.index("park-plant"))[0])
    run.simulation.part(Links).open(to_park, number, 0.5, 10.0)
    run.observe(debug=True)
    tables = run.finish().tables
    assert tables["sites"].filter(pl.col("site") == "annex")["shipped"].sum() > 0.0


@settings(max_examples=often(10, 25), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), day=st.integers(0, 119))
def test_any_network_takes_in_a_copy_of_every_site(
    data: st.DataObject, day: int, networks: st.SearchStrategy[Scenario], check: Check
) -> None:
    run = open_run(data.draw(networks), seed=3)
    run.observe(debug=True)
    run.advance(day)
    copy_all(run)
    run.advance(119)
    check(run.simulation.world.state)
    restored = restore(run.snapshot())
    assert restored.finish().fingerprint == run.finish().fingerprint


@settings(max_examples=often(10, 25), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), day=st.floats(0, 119))
def test_sites_without_lines_change_nothing_in_any_network_without_bids(
    data: st.DataObject, day: float, networks: st.SearchStrategy[Scenario]
) -> None:
    scenario = data.draw(networks).model_copy(update={"selection": None})
    run = open_run(scenario, seed=3)
    run.advance(day)
    copy_all(run)
    _same_for_the_others(run.finish(), simulate(scenario, seed=3))


def _trained(site: list[dict[str, Any]]) -> Simulation:
    given = three_firms().model_dump()
    simulation = begun(Scenario.model_validate({**given, "sites": [*given["sites"], *site]}))
    simulation.advance(200)
    return simulation


def test_what_a_firm_knows_works_at_its_new_site_as_if_always_there() -> None:
    shop = three_firms().model_dump()["sites"][2]
    there, built = _trained([{**shop, "name": "annex"}]), _trained([])
    built.part(Sites).build([NewSite("annex", like=2, firm=2, cluster=1)])
    for name in ("defects", "mean_yield", "lead_time_factor"):
        assert built.world.state.sites[name][3] == there.world.state.sites[name][3]
    assert built.world.state.sites["defects"][3] != 1.0
    for name in ("value_added", "price_factor"):
        assert built.world.plants[name][3] == pytest.approx(there.world.plants[name][3], rel=1e-12)


class Slow(Component):
    """Makes all that sites of the second firm do slower."""

    name = "test.slow"

    @hookimpl
    def lead_time(self, view: View) -> Floats:
        return np.where(view.sites["firm"] == 1, 2.0, 1.0)

    @hookimpl
    def capacity(self, view: View) -> Floats:
        return np.where(view.sites["firm"] == 1, 0.5, 1.0)

    @hookimpl
    def forecast_error(self, view: View) -> Floats:
        return np.full(len(view.firms), 3.0)


def test_what_components_say_holds_for_a_new_site_at_once() -> None:
    simulation = begun(three_firms(), Slow())
    simulation.advance(100)
    simulation.part(Sites).build([NewSite("annex", like=0, firm=1, capacity_per_day=8.0)])
    site, plant = simulation.world.state.sites[3], simulation.world.plants[3]
    assert (site.capacity, plant["capacity_factor"]) == (4.0, 0.5)
    assert site.safety == 3.0 * plant["opening_safety"]
    assert site.lead_time_factor == simulation.world.state.sites[1].lead_time_factor
    simulation.advance(200)
    assert simulation.world.state.sites[3].capacity == 4.0


class Levels(Component):
    """Gives every site a level of 90."""

    name = "test.levels"

    @hookimpl
    def order_up_to(self) -> float:
        return 90.0


def test_levels_of_components_reach_a_new_site_at_its_first_review() -> None:
    simulation = begun(three_firms(), Levels())
    simulation.advance(100)
    simulation.part(Sites).build([NewSite("annex", like=1, firm=1)])
    simulation.advance(120)
    assert simulation.world.state.sites["level"].tolist() == [90.0] * 4


def test_a_new_site_can_fail_and_recover(chain: Scenario) -> None:
    run = grown(chain)
    outages = run.simulation.part(Outages)
    outages.fail_sites(np.array([3, 1]), 20.0, "lose", "test")
    run.advance(125)
    assert run.simulation.world.state.sites["down"].tolist() == [0, 0, 0, 0]
    assert max(run.finish().conservation.values()) <= 1e-9


def outages(run: Run, site: str) -> list[tuple[float, float]]:
    """Return the days on which a site failed, and for how long."""
    rows = run.tables["events"].filter((pl.col("kind") == "site_failed") & (pl.col("site") == site))
    return list(rows.select("day", "value").iter_rows())


def hit_by(chain: Scenario, use: str, **parameters: Any) -> tuple[OpenRun, Run]:
    """Return a run with a disruption on a day before a site is built, and the same to its end without that site."""
    scenario = chain.model_copy(update={"components": (ComponentUse(use=use, **parameters),)})
    run = open_run(scenario, seed=3)
    run.advance(DAY)
    return run, simulate(scenario, seed=3)


SITE_OUTAGE: dict[str, Any] = {"use": "disruption.site-outage", "mean_up_days": 20.0, "mean_down_days": 3.0}


def test_site_outages_hit_a_new_site_from_its_first_day_on(chain: Scenario) -> None:
    run, without = hit_by(chain, **SITE_OUTAGE)
    build(run, "mid")
    done = run.finish()
    days = [day for day, _ in outages(done, "annex")]
    assert len(days) > 2 and min(days) > DAY
    for name in ("shop", "mid", "base"):
        assert outages(done, name) == outages(without, name) != []


def test_outages_of_a_new_site_are_those_of_its_name(chain: Scenario) -> None:
    late, _ = hit_by(chain, **SITE_OUTAGE)
    build(late, "mid", "one")
    build(late, "mid", "annex")
    early, _ = hit_by(chain, **SITE_OUTAGE)
    build(early, "mid", "annex")
    assert outages(late.finish(), "annex") == outages(early.finish(), "annex")


def test_site_outages_leave_new_sites_outside_their_choice_alone(chain: Scenario) -> None:
    run, _ = hit_by(chain, **SITE_OUTAGE, sites=("mid",))
    build(run, "mid")
    done = run.finish()
    assert outages(done, "mid") and not outages(done, "annex")


def test_dated_outages_hit_sites_that_are_there_on_the_day(chain: Scenario, tmp_path: Path) -> None:
    first = chain.clock.start
    lines = [f"{first + timedelta(days=day)},valley,5" for day in (50, 150)]
    (tmp_path / "floods.csv").write_text("\n".join(["date,cluster,duration_days", *lines]), encoding="utf-8")
    run, _ = hit_by(chain, "disruption.dated-outages", file=str(tmp_path / "floods.csv"))
    build(run, "mid")
    done = run.finish()
    assert outages(done, "annex") == [(150.0, 5.0)]
    assert outages(done, "mid") == [(50.0, 5.0), (150.0, 5.0)]


def test_a_firm_takes_its_new_sites_along_when_it_leaves(chain: Scenario) -> None:
    run = grown(chain)
    run.advance(180)
    simulation = run.simulation
    firm = int(simulation.world.state.sites["firm"][3])
    simulation.part(Exits).close_firms(np.array([firm]), "policy", "test")
    assert simulation.world.plants["closed"][3]
    lines = simulation.world.state.lines
    assert not lines["active"][(lines["supplier"] == 3) | (lines["buyer"] == 3)].any()
    assert max(run.finish().conservation.values()) <= 1e-9


def test_a_site_that_is_there_cannot_be_built(chain: Scenario) -> None:
    run = open_run(chain)
    with pytest.raises(GpndeError, match=r"^new site 'mid': a site of this name is there: must be a name of its own$"):
        build(run, "base", "mid")
    assert run.finish().fingerprint == simulate(chain).fingerprint
