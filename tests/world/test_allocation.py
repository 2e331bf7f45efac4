"""Memory: pools and rings grow without losing a free record, lending one twice or touching one in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.scenario import Scenario
from gpnde.world.allocation import (
    LEAST_PLACES,
    arrange_orders,
    blank,
    empty_calendar,
    empty_ledger,
    enlarged,
    make_room,
    places_of,
    pool,
    window_of,
)
from gpnde.world.build import build_world
from gpnde.world.layout import CACHE_LINE, ENDED, ENTRY, LEDGER, LINE, ORDER_RECORD, SITE, Records, State

SIZES = st.integers(1, 40)


class Kind(NamedTuple):
    """The fields of state and clock that belong to one pool."""

    records: str
    free: str
    used: str
    layout: np.dtype[np.void]


KINDS = (Kind("entries", "free_entry", "entries", ENTRY),)


@pytest.fixture(scope="module")
def state(describe: Callable[..., Scenario]) -> State:
    return build_world(describe()).state


def chain(records: Records, first: int) -> list[int]:
    """Return the records reached from *first* through their field next, at most one more than there are."""
    found: list[int] = []
    while first >= 0 and len(found) <= len(records):
        found.append(first)
        first = int(records["next"][first])
    return found


def small(state: State, size: int) -> State:
    """Return a state of its own with a pool of *size* records, all free."""
    clock = state.clock.copy()
    for kind in KINDS:
        clock[0][kind.free] = clock[0][kind.used] = 0
    return state._replace(clock=clock, entries=pool(ENTRY, size))


def take(state: State, kind: Kind) -> int:
    """Take the first free record as the steps of the flow do, and write into it."""
    clock, records = state.clock[0], getattr(state, kind.records)
    number = int(clock[kind.free])
    clock[kind.free] = records["next"][number]
    clock[kind.used] += 1
    records["next"][number] = -1
    records["quantity"][number] = 1000.0 + number
    return number


def give_back(state: State, kind: Kind, number: int) -> None:
    clock, records = state.clock[0], getattr(state, kind.records)
    records["next"][number] = clock[kind.free]
    clock[kind.free] = number
    clock[kind.used] -= 1


def check_pool(state: State, kind: Kind, in_use: list[int]) -> None:
    """Check that every record is either in use and unharmed, or free and reached exactly once."""
    records = getattr(state, kind.records)
    free = chain(records, int(state.clock[0][kind.free]))
    assert sorted([*free, *in_use]) == list(range(len(records)))
    assert int(state.clock[0][kind.used]) == len(in_use)
    assert records["quantity"][in_use].tolist() == [1000.0 + number for number in in_use]


@pytest.mark.parametrize("layout", [SITE, LINE, ENTRY])
@given(size=st.integers(1, 50))
def test_blank_records_are_zeros_on_the_boundary_of_a_cache_line(layout: np.dtype[np.void], size: int) -> None:
    records = blank(layout, size)
    assert records.shape == (size,)
    assert records.dtype == layout
    assert records.ctypes.data % CACHE_LINE == 0
    assert not any(records.tobytes())
    assert len(blank(layout, 0)) == 0


@given(size=st.integers(1, 300))
def test_new_pool_is_one_chain_of_free_records(size: int) -> None:
    assert chain(pool(ENTRY, size), 0) == list(range(size))


@given(SIZES, SIZES)
def test_enlarged_pool_keeps_what_was_there_and_chains_only_the_new(size: int, more: int) -> None:
    records = pool(ENTRY, size)
    records["quantity"] = np.arange(size)
    larger = enlarged(records, size + more)
    assert np.array_equal(larger[:size], records)
    assert chain(larger, size) == list(range(size, size + more))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.records)
@given(size=SIZES, steps=st.lists(st.one_of(st.just("take"), st.just("grow"), st.integers(0, 100)), max_size=150))
def test_every_free_record_is_reached_once_and_none_in_use(
    kind: Kind, state: State, size: int, steps: list[str | int]
) -> None:
    work = make_room(small(state, size))
    in_use: list[int] = []
    for step in steps:
        if step == "grow":
            work = make_room(work)
        elif step == "take":
            work = work if len(in_use) + 1 < len(getattr(work, kind.records)) else make_room(work)
            in_use.append(take(work, kind))
        elif in_use:
            give_back(work, kind, in_use.pop(int(step) % len(in_use)))
        check_pool(work, kind, in_use)


@given(size=SIZES, taken=st.integers(0, 300))
def test_room_suffices_for_what_one_instant_can_write(state: State, size: int, taken: int) -> None:
    """An instant writes a delayed order and a shipment per line, and a batch per site; rings have places for orders."""
    work = small(state, size)
    for _ in range(taken):
        work = make_room(work)
        for kind in KINDS:
            take(work, kind)
    work = make_room(work)
    clock, lines = work.clock[0], len(work.lines)
    assert len(work.entries) - clock.entries > 2 * lines + len(work.sites)
    assert len(work.ledger) > clock.open_orders + lines


def test_pools_with_room_stay_as_they_are(state: State) -> None:
    work = make_room(small(state, 500))
    again = make_room(work)
    assert again.orders is work.orders is state.orders
    assert again.entries is work.entries
    assert again.ledger is work.ledger


def test_ledger_does_not_grow_where_orders_are_not_kept(state: State) -> None:
    clock = state.clock.copy()
    clock[0].keep_orders = 0
    work = small(state._replace(clock=clock, ledger=np.zeros(1, dtype=LEDGER)), 4)
    assert len(make_room(work).ledger) == 1


@pytest.mark.parametrize(("keep_orders", "rows"), [(True, 4096), (False, 1)])
def test_new_run_begins_with_an_empty_ledger(keep_orders: bool, rows: int) -> None:
    assert len(empty_ledger(100, keep_orders)) == rows


def test_new_run_begins_with_an_empty_calendar() -> None:
    calendar, buckets = empty_calendar(100, 30)
    assert chain(calendar, 0) == list(range(590))
    assert set(buckets.tolist()) == {-1}


def _rings(counts: list[tuple[int, int]]) -> tuple[Records, Records]:
    """Return orders and lines, of which each has had and has open as many orders as *counts* tell."""
    lines = blank(LINE, len(counts))
    orders, _ = arrange_orders(blank(ORDER_RECORD, 0), lines)
    lines["head"], lines["tail"] = (
        np.array(counts).sum(axis=1) - [opened for _, opened in counts],
        np.sum(counts, axis=1),
    )
    orders["quantity"][places_of(lines)] = _owners(counts)
    orders["arrives"][places_of(lines)] = 0
    return orders, lines


def _owners(counts: list[tuple[int, int]]) -> list[int]:
    return [where for where, (_, opened) in enumerate(counts) for _ in range(opened)]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, LEAST_PLACES)), min_size=1, max_size=20))
def test_arranged_orders_are_the_same_in_rings_that_do_not_meet(counts: list[tuple[int, int]]) -> None:
    orders, lines = _rings(counts)
    arranged, used = arrange_orders(orders, lines)
    assert arranged["quantity"][places_of(lines)].tolist() == _owners(counts)
    assert (arranged["arrives"] != ENDED).sum() == len(_owners(counts))
    assert (lines["tail"] - lines["head"] < lines["places"]).all()
    assert (lines["first_place"][1:] == (lines["first_place"] + lines["places"])[:-1]).all()
    assert used == lines["places"].sum() < len(arranged)


def test_the_window_holds_nearly_all_lead_times(state: State) -> None:
    longest = float((state.laws.mean + 3 * state.laws.sd)[state.lines["lead_time"]].max())
    assert window_of(state.lines, state.laws, longest / 20) == 32
    assert window_of(state.lines, state.laws, longest) == 8
    assert window_of(state.lines, state.laws, longest / 1e6) == 64
