"""What is sent takes the time that its law says, however many things leave at the same instant."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.kernel.receiving import receive
from gpnde.engine.kernel.transport import depart, duration, send
from gpnde.scenario.schema import Scenario
from gpnde.world.allocation import TOGETHER
from gpnde.world.build import build_world
from gpnde.world.layout import LEAD_TIME, State

from ...thorough import often

Network = Callable[..., Scenario]
Roads = Callable[..., State]

LAWS = ("lognormal(median=5, sigma=1)", "exponential(mean=6)", "weibull(mean=9, shape=2)", "uniform(low=1, high=20)")


@pytest.fixture(scope="session")
def roads(network: Network) -> Roads:
    """Return a maker of states with one depot, site 0, and links 0, 1, ... to shops with these lead-time laws."""

    def make(*laws: str, tick_days: float = 1.0) -> State:
        shops = {f"shop-{number}": {"stock": 0} for number in range(len(laws))}
        links = [{"buyer": f"shop-{number}", "supplier": "depot", "lead_time": law} for number, law in enumerate(laws)]
        clock = {"days": 1000, "tick_days": tick_days}
        market = {"served_by": ["shop-0"], "demand": {"law": 1, "every_days": 7}}
        sites = {"depot": {"unlimited": True}, **shops}
        return build_world(network(sites, links, {"market": market}, clock=clock)).state

    return make


def _send(state: State, where: int, quantity: float, now: int, pace: float = 1.0) -> None:
    """Order and send, so that what arrives was owed."""
    line = state.lines[where]
    line.placed += quantity
    line.shipped += quantity
    state.inputs[line.input].on_order += quantity
    send(state, where, 0, quantity, now, now, pace)


def _arrivals(state: State, ticks: int) -> list[list[int]]:
    """Return the ticks at which goods arrive over each line."""
    came: list[list[int]] = [[] for _ in state.lines]
    for now in range(ticks):
        before = state.lines["received"].copy()
        receive(state, now)
        for where in np.flatnonzero(state.lines["received"] > before).tolist():
            came[where].append(now)
    return came


@settings(max_examples=often(10, 20), deadline=None)
@given(st.integers(1, 2 * TOGETHER + 30), st.sampled_from([0.5, 1.0, 7.0]), st.sampled_from([0.5, 1.0, 3.0]))
def test_all_that_leaves_together_takes_the_time_that_each_would_take_alone(
    roads: Roads, count: int, tick_days: float, pace: float
) -> None:
    state = roads(*(LAWS[number % len(LAWS)] for number in range(count)), tick_days=tick_days)
    alone = [
        max(1, duration(state, int(state.lines[where].lead_time), LEAD_TIME, state.line_entity, where, 0, pace))
        for where in range(count)
    ]
    for where in range(count):
        _send(state, where, 2.0, 0, pace)
    depart(state, 0)
    assert state.clock[0].loads == 0
    assert state.lines["in_transit"][:count].tolist() == [2.0] * count
    assert state.sites[0].pipeline == 2.0 * sum(alone)
    assert _arrivals(state, max(alone) + 1)[:count] == [[ticks] for ticks in alone]
    assert state.lines["in_transit"][:count].tolist() == [0.0] * count


def test_what_surely_takes_time_waits_on_the_dock(roads: Roads) -> None:
    state = roads(LAWS[0], "3")
    _send(state, 0, 2.0, 0)
    _send(state, 1, 5.0, 0)
    assert (state.clock[0].loads, state.dock[0].where, state.dock[0].quantity) == (1, 0, 2.0)
    assert state.lines["in_transit"][:2].tolist() == [2.0, 5.0]


@pytest.mark.parametrize("law", ["0", "uniform(low=0, high=1e-9)", "normal(mean=0, sd=0)", "exponential(mean=0)"])
def test_what_may_need_no_time_can_be_used_at_once(roads: Roads, law: str) -> None:
    state = roads(law)
    _send(state, 0, 2.0, 0)
    assert (state.lines[0].received, state.lines[0].in_transit, state.clock[0].loads) == (2.0, 0.0, 0)


def test_a_time_above_0_is_a_tick_at_least(roads: Roads) -> None:
    state = roads("exponential(mean=1e-15)")
    _send(state, 0, 2.0, 0)
    depart(state, 0)
    assert _arrivals(state, 3)[0] == [1]


def test_what_leaves_later_arrives_later(roads: Roads) -> None:
    state = roads("uniform(low=2.5, high=2.6)")
    line = state.lines[0]
    line.placed = line.shipped = 2.0
    send(state, 0, -1, 2.0, 4, 0, 1.0)
    depart(state, 0)
    assert _arrivals(state, 10)[0] == [4 + math.ceil(2.5)]
    assert state.sites[0].pipeline == 0.0


@pytest.mark.parametrize("law", ["1e15", "lognormal(median=1e15, sigma=0.1)", "lognormal(median=1e29, sigma=1)"])
def test_goods_that_no_run_sees_arrive_stay_on_the_road(roads: Roads, law: str) -> None:
    state = roads(law)
    _send(state, 0, 2.0, 10)
    depart(state, 10)
    assert _arrivals(state, 50)[0] == []
    assert state.lines[0].in_transit == 2.0
    assert state.sites[0].pipeline > 0.0
