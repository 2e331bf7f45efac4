"""The calendar hands out everything at its tick, however far ahead it was scheduled."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.kernel.calendar import next_entry, schedule, unlink
from gpnde.scenario.schema import Scenario
from gpnde.world.allocation import make_room
from gpnde.world.build import build_world
from gpnde.world.layout import FREE, IN_PRODUCTION, NEVER, State

Network = Callable[..., Scenario]


@pytest.fixture(scope="module")
def blank(network: Network) -> Callable[[], State]:
    """Return a maker of states with an empty calendar."""
    scenario = network({"shop": {}})
    return lambda: build_world(scenario).state


def _due_now(state: State, now: int) -> list[float]:
    """Take out and return the quantities of the entries that are due."""
    bucket = now % len(state.buckets)
    previous, number, found = -1, int(state.buckets[bucket]), []
    while number >= 0:
        entry = state.entries[number]
        following = int(entry.next)
        if entry.due <= now:
            found.append(float(entry.quantity))
            unlink(state, bucket, previous, number)
        else:
            previous = number
        number = following
    return found


@settings(max_examples=30, deadline=None)
@given(delays=st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 5000)), max_size=40))
def test_everything_comes_out_at_its_tick(delays: list[tuple[int, int]], blank: Callable[[], State]) -> None:
    state = blank()
    plan = sorted((first, first + delay, float(number)) for number, (first, delay) in enumerate(delays))
    expected: dict[int, list[float]] = {}
    for _, due, quantity in plan:
        expected.setdefault(due, []).append(quantity)
    now, found = -1, dict[int, list[float]]()
    while plan or state.clock[0].entries:
        following = min(next_entry(state, now), plan[0][0] if plan else NEVER)
        assert following > now
        now = following
        if came_out := sorted(_due_now(state, now)):
            found[now] = came_out
        while plan and plan[0][0] <= now:
            _, due, quantity = plan.pop(0)
            schedule(state, due, IN_PRODUCTION, 0, quantity)
    assert found == {due: sorted(quantities) for due, quantities in expected.items()}
    assert next_entry(state, now) == NEVER


def test_the_next_entry_is_the_earliest_even_where_one_further_ahead_shares_its_bucket(
    blank: Callable[[], State],
) -> None:
    state = blank()
    wheel = len(state.buckets)
    for due in (7 + wheel, 7, 7 + 3 * wheel):
        schedule(state, due, IN_PRODUCTION, 0, 1.0)
    assert next_entry(state, 0) == 7
    assert _due_now(state, 7) == [1.0]
    assert next_entry(state, 7) == 7 + wheel


def test_places_of_entries_are_used_again(blank: Callable[[], State]) -> None:
    state = blank()
    free = int(state.clock[0].free_entry)
    for now in range(3 * len(state.entries)):
        schedule(state, now + 1, IN_PRODUCTION, 0, 1.0)
        assert _due_now(state, now + 1) == [1.0]
    assert state.clock[0].free_entry == free
    assert (state.entries["what"] == FREE).all()


def test_entries_survive_a_growing_calendar(blank: Callable[[], State]) -> None:
    state = blank()
    for due in range(1, 1001):
        state = make_room(state)
        schedule(state, due, IN_PRODUCTION, 0, float(due))
    assert state.clock[0].entries == 1000
    for now in range(1, 1001):
        assert _due_now(state, now) == [float(now)]
    assert np.all(state.buckets == -1)
