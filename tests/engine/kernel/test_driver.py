"""The flow of goods runs ahead to the next irregular event, and can be woken."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from gpnde.engine.clock import Phase
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.recording.tables import final_tables
from gpnde.engine.run import Simulation
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

from ...clocks import at

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]

_SELDOM = {"served_by": ["shop"], "demand": {"law": 10, "every_days": 20, "start_day": 10}}


@pytest.fixture
def quiet(network: Network, start: Start) -> Simulation:
    """Return a shop that looks at its stock at every instant, with a customer on days 10, 30 and so on."""
    rule = {"policy": "base-stock", "level": 10, "review_days": 0}
    shop = {"stock": 10, "ordering": rule}
    return start(network({"shop": shop}, markets={"market": _SELDOM}, clock={"days": 100}, record={"every_days": 100}))


def _instants(state: State) -> int:
    """Return how many instants there were: the shop reviews at each."""
    return int(state.sites[0].reviews)


def test_there_are_instants_where_something_is_due_and_after_what_came_late_in_the_day(
    quiet: Simulation, reach: Reach
) -> None:
    assert [_instants(reach(quiet, day)) for day in (9, 10, 11, 29, 30, 31, 49)] == [1, 2, 3, 3, 4, 5, 5]


def test_a_shock_is_followed_by_an_instant_on_the_same_day(quiet: Simulation, reach: Reach) -> None:
    at(quiet.timeline, 5, Phase.SHOCKS, quiet.part(FlowDriver).wake)
    state = reach(quiet, 5)
    assert state.clock[0].last == 5
    assert _instants(state) == 2


def test_a_shock_on_a_day_with_an_instant_adds_none(quiet: Simulation, reach: Reach) -> None:
    at(quiet.timeline, 10, Phase.SHOCKS, quiet.part(FlowDriver).wake)
    assert _instants(reach(quiet, 10)) == 2


def test_several_shocks_on_one_day_share_an_instant(quiet: Simulation, reach: Reach) -> None:
    for _ in range(3):
        at(quiet.timeline, 5, Phase.SHOCKS, quiet.part(FlowDriver).wake)
    assert _instants(reach(quiet, 5)) == 2


@pytest.mark.parametrize("day", [5, 10])
def test_what_happens_after_the_flow_is_seen_at_the_next_instant_whether_or_not_goods_moved(
    quiet: Simulation, reach: Reach, day: int
) -> None:
    seen = int(reach(quiet, day).clock[0].last)
    assert seen == (10 if day == 10 else 0)
    quiet.part(FlowDriver).wake()
    assert reach(quiet, day + 1).clock[0].last == day + 1


def test_waking_on_the_first_day_adds_no_instant(quiet: Simulation, reach: Reach) -> None:
    quiet.part(FlowDriver).wake()
    at(quiet.timeline, 0, Phase.SHOCKS, quiet.part(FlowDriver).wake)
    assert _instants(reach(quiet, 0)) == 1


def test_waking_at_the_horizon_is_harmless(quiet: Simulation) -> None:
    at(quiet.timeline, 99, Phase.SELECTION, quiet.part(FlowDriver).wake)
    quiet.observe(None, debug=True)
    quiet.finish()
    assert quiet.timeline.now == 100


def test_integrals_reach_the_horizon(network: Network, start: Start) -> None:
    shop = {"stock": 10, "ordering": {"policy": "base-stock", "level": 10, "review_days": 7}}
    market = {"served_by": ["shop"], "demand": {"law": 10, "start_day": 500}}
    simulation = start(network({"shop": shop}, markets={"market": market}, clock={"days": 100}))
    simulation.finish()
    assert simulation.world.state.sites[0].held == 10 * 100


def test_every_closed_order_is_kept_once_however_small_the_arrays(network: Network, start: Start) -> None:
    rule = {"policy": "base-stock", "level": 50, "review_days": 1}
    links = [{"buyer": "shop", "supplier": "depot", "lead_time": 300}, {"buyer": "depot", "lead_time": 2}]
    scenario = network({"shop": {"ordering": rule}, "depot": {"ordering": rule}}, links, clock={"days": 6000})
    simulation = start(scenario)
    simulation.finish()
    tables, lines = final_tables(simulation), simulation.world.state.lines
    of_line = [tables["orders"].filter(pl.col("link") == where) for where in range(len(links))] + [tables["sales"]]
    for line, orders in zip(lines, of_line, strict=True):
        closed = orders.filter(pl.col("status") != "open")
        placed = closed["placed_day"].sort().to_list()
        assert placed == list(range(int(placed[0]), int(placed[0]) + len(placed)))
        assert (closed.height, orders.height - closed.height) == (line.completed, line.tail - line.head)


def test_how_often_the_state_is_read_changes_nothing(network: Network, start: Start) -> None:
    rule = {"policy": "base-stock", "level": 50, "review_days": 3}
    links = [{"buyer": "shop", "supplier": "depot", "lead_time": "gamma(mean=5, cv=0.5)"}]
    demand = {"law": "normal(mean=10, sd=4)", "every_days": 1}
    sites = {"shop": {"ordering": rule}, "depot": {"ordering": rule, "capacity_per_day": 11, "yield_rate": 0.9}}

    def final(every_days: float, watched: bool) -> list[str]:
        markets = {"market": {"served_by": ["shop"], "demand": demand}}
        scenario = network(sites, links, markets, clock={"days": 300}, record={"every_days": every_days})
        simulation = start(scenario)
        simulation.observe((lambda day, days: None) if watched else None, debug=watched)
        simulation.finish()
        state = simulation.world.state
        return [str(records.tolist()) for records in (state.sites, state.lines, state.markets, state.orders)]

    assert final(1, True) == final(13, False) == final(400, False)
