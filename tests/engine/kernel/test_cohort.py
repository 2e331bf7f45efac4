"""The run from instant to instant: what is skipped would not have changed anything."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.kernel.cohort import advance, has_room
from gpnde.engine.kernel.opening import await_customers, fill_pipelines
from gpnde.scenario.schema import Scenario
from gpnde.world.allocation import make_room
from gpnde.world.build import build_world
from gpnde.world.layout import NEVER, Floats, State
from gpnde.world.world import World

from ...thorough import often

Network = Callable[..., Scenario]
Advance = Callable[[State, int, int], int]

_INTERPRETED: Advance = getattr(advance, "py_func", advance)
_INTEGRALS = {"held": "on_hand", "short": "backlog"}
"""Integrals over time, which are summed in other pieces when more instants are visited, and what they are of."""

_PLACES = ("first_place", "places", "used_places", "crowded", "free_entry", "busy", "now", "last")
"""Where orders stand in memory, whether they are about to get more of it, and the last instant."""


def _world(scenario: Scenario) -> World:
    world = build_world(scenario.model_copy(update={"record": scenario.record.model_copy(update={"orders": False})}))
    fill_pipelines(world)
    await_customers(world.state)
    return world


def _run(scenario: Scenario, stride: int, every_tick: bool = False, step: Advance = advance) -> State:
    """Run a scenario without irregular events in stretches of *stride* ticks; return the state at the end."""
    world = _world(scenario)
    due, limit = 0, 0
    while limit < world.ticks:
        limit = min(limit + stride, world.ticks)
        due = min(due, limit - stride) if every_tick else due
        while due < limit:
            due = step(world.state, due, limit)
            if due < limit:
                world.state = make_room(world.state)
    return world.state


def _up_to_the_end(state: State, integral: str) -> Floats:
    """Return an integral from the start to the horizon (unit-ticks)."""
    elapsed = state.clock[0].horizon - state.clock[0].last
    total: Floats = state.sites[integral] + state.sites[_INTEGRALS[integral]] * elapsed
    return total


def _assert_equal(left: State, right: State, ignored: tuple[str, ...] = (), rounding: float = 0.0) -> None:
    for name in ("sites", "inputs", "lines", "markets", "clock"):
        one, other = getattr(left, name), getattr(right, name)
        for field in one.dtype.names:
            if field not in ignored:
                text = f"{name}.{field}"
                np.testing.assert_allclose(one[field], other[field], rounding, rounding, err_msg=text)


@settings(max_examples=often(10, 25), deadline=None)
@given(data=st.data(), stride=st.integers(1, 30))
def test_a_run_in_stretches_equals_the_run_in_one(
    data: st.DataObject, stride: int, networks: st.SearchStrategy[Scenario]
) -> None:
    scenario = data.draw(networks)
    one, other = _run(scenario, 10**6), _run(scenario, stride)
    _assert_equal(one, other)
    assert one.orders.tolist() == other.orders.tolist()


@settings(max_examples=often(10, 25), deadline=None)
@given(data=st.data())
def test_ticks_that_are_skipped_would_change_nothing(
    data: st.DataObject, networks: st.SearchStrategy[Scenario]
) -> None:
    drawn = data.draw(networks)
    scenario = drawn.model_copy(update={"clock": drawn.clock.model_copy(update={"tick_days": 0.25})})
    skipped, visited = _run(scenario, 10**6), _run(scenario, 1, every_tick=True)
    for field in _INTEGRALS:
        np.testing.assert_allclose(_up_to_the_end(skipped, field), _up_to_the_end(visited, field), rtol=1e-9, atol=1e-9)
    looks = skipped.sites["review"] == 0
    skipped.sites["reviews"][looks] = visited.sites["reviews"][looks]
    _assert_equal(skipped, visited, (*_INTEGRALS, *_PLACES), rounding=1e-9)


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_compiled_and_interpreted_loops_do_the_same(data: st.DataObject, networks: st.SearchStrategy[Scenario]) -> None:
    drawn = data.draw(networks)
    scenario = drawn.model_copy(update={"clock": drawn.clock.model_copy(update={"days": 30})})
    one, other = _run(scenario, 10**6), _run(scenario, 10**6, step=_INTERPRETED)
    _assert_equal(one, other)


def test_an_order_is_shipped_at_the_tick_after_it_was_placed_though_nothing_else_is_due(network: Network) -> None:
    rule = {"policy": "base-stock", "level": 10, "review_days": 7}
    scenario = network(
        {"shop": {"stock": 0, "ordering": rule}, "depot": {"stock": 10, "ordering": rule}},
        [{"buyer": "shop", "supplier": "depot", "lead_time": 30}],
        {"market": {"served_by": ["shop"], "demand": {"law": 1, "every_days": 7}}},
        clock={"days": 28},
    )
    world = _world(scenario)
    assert advance(world.state, 0, 1) == 1
    advance(world.state, 1, 2)
    assert world.state.lines[0].shipped == world.state.lines[0].placed == 11.0


def test_time_is_spent_at_once_where_nothing_is_due(network: Network) -> None:
    rule = {"policy": "base-stock", "level": 10, "review_days": 0}
    scenario = network(
        {"shop": {"stock": 10, "ordering": rule}},
        markets={"market": {"served_by": ["shop"], "demand": {"law": 1, "every_days": 1}}},
        clock={"days": 100, "tick_days": 0.01, "steps": ["demand", "order", "receive", "supply"]},
    )
    world = _world(scenario)
    due, instants = 0, 0
    while due < world.ticks:
        due = advance(world.state, due, due + 1)
        instants += 1
    assert instants == 100


def test_the_next_instant_is_the_earliest_of_arrivals_demand_and_reviews(network: Network) -> None:
    rule = {"policy": "base-stock", "level": 0, "review_days": 50, "first_review_day": 30}
    scenario = network(
        {"shop": {"stock": 0, "ordering": rule}},
        [{"buyer": "shop", "in_transit": [0.0] * 4 + [5.0]}],
        {"market": {"served_by": ["shop"], "demand": {"law": 1, "start_day": 20, "every_days": 100}}},
    )
    state = _world(scenario).state
    found = [0]
    while found[-1] < 30:
        found.append(advance(state, found[-1], found[-1] + 1))
    assert found == [0, 1, 2, 3, 4, 20, 30]


def test_there_is_never_a_next_instant_where_nothing_is_ever_due(network: Network) -> None:
    state = _world(network({"shop": {"stock": 0}})).state
    state.sites[0].next_review = NEVER
    state.markets[0].next = NEVER
    assert advance(state, 0, 1) == NEVER


def test_stocks_are_summed_over_time(network: Network) -> None:
    rule = {"policy": "base-stock", "level": -1000, "review_days": 1}
    scenario = network(
        {"shop": {"stock": 30, "ordering": rule}},
        markets={"market": {"served_by": ["shop"], "demand": {"law": 20, "every_days": 2}}},
        clock={"days": 4},
    )
    state = _run(scenario, 10**6)
    assert state.sites[0].held == 10 * 2
    assert state.sites[0].short == 10


def test_a_run_stops_where_its_arrays_are_full(network: Network) -> None:
    state = _world(network({"shop": {"stock": 0}}, clock={"days": 50})).state
    assert has_room(state)
    state.clock[0].crowded = 1
    assert not has_room(state)
    assert advance(state, 7, 50) == 7


@pytest.mark.parametrize(
    ("steps", "left"),
    [(("receive", "demand", "supply", "order"), 10.0), (("order", "receive", "demand", "supply"), 0.0)],
)
def test_steps_come_in_the_order_that_the_scenario_names(network: Network, steps: tuple[str, ...], left: float) -> None:
    rule = {"policy": "base-stock", "level": 10, "review_days": 1}
    state = _run(network({"shop": {"stock": 10, "ordering": rule}}, clock={"days": 1, "steps": steps}), 1)
    assert state.sites[0].on_hand == left
