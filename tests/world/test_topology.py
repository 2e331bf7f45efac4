"""Topology: the order in which goods flow, and the lines grouped by who owns them."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.world import layout
from gpnde.world.layout import Integers, Records
from gpnde.world.topology import grouped, index_lines, levels, upstream_first

Pair = tuple[int, int]
"""A supplier and its buyer."""

SITES = 8

acyclic = st.lists(st.tuples(st.integers(0, SITES - 1), st.integers(0, SITES - 1)), max_size=20).map(
    lambda pairs: [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]
)


def numbers(values: Sequence[int]) -> Integers:
    return np.array(values, dtype=np.int64)


def lines_between(pairs: Sequence[Pair]) -> Records:
    """Return active lines that join pairs of sites; -1 stands for outside, or for a market."""
    lines = np.zeros(len(pairs), dtype=layout.LINE)
    lines["active"] = 1
    lines["supplier"] = [supplier for supplier, _ in pairs]
    lines["buyer"] = [buyer for _, buyer in pairs]
    return lines


def order_of(sites: int, lines: Records, days: float = 0.0) -> list[int]:
    """Return the order of so many sites, joined by lines that all take *days*."""
    order: list[int] = upstream_first(np.zeros(sites, dtype=layout.SITE), lines, np.array([days])).tolist()
    return order


def longest_chain(pairs: Sequence[Pair], site: int) -> int:
    """Return by trying every way how many links lead to a site."""

    @functools.cache
    def length(end: int) -> int:
        return max((length(supplier) + 1 for supplier, buyer in pairs if buyer == end), default=0)

    return length(site)


@given(acyclic, st.permutations(range(SITES)))
def test_level_is_the_longest_chain_however_sites_are_numbered(pairs: list[Pair], names: list[int]) -> None:
    renamed = [(names[supplier], names[buyer]) for supplier, buyer in pairs]
    suppliers, buyers = numbers([pair[0] for pair in renamed]), numbers([pair[1] for pair in renamed])
    expected = [longest_chain(renamed, site) for site in range(SITES)]
    assert levels(SITES, suppliers, buyers).tolist() == expected


@pytest.mark.parametrize("days", [0.0, 3.0])
@given(pairs=acyclic, names=st.permutations(range(SITES)))
def test_suppliers_stand_before_their_buyers(days: float, pairs: list[Pair], names: list[int]) -> None:
    renamed = [(names[supplier], names[buyer]) for supplier, buyer in pairs]
    order = order_of(SITES, lines_between(renamed), days)
    assert sorted(order) == list(range(SITES))
    assert all(order.index(supplier) < order.index(buyer) for supplier, buyer in renamed)


def test_equals_stand_in_the_order_of_their_numbers() -> None:
    order = order_of(5, lines_between([(4, 0), (3, 0)]))
    assert order == [1, 2, 3, 4, 0]


def test_markets_outside_suppliers_and_closed_lines_order_from_no_site() -> None:
    lines = lines_between([(-1, 0), (2, -1), (2, 0)])
    lines["active"][2] = 0
    assert order_of(3, lines) == [0, 1, 2]


@given(st.lists(st.tuples(st.integers(0, SITES - 1), st.integers(0, SITES - 1)), max_size=20))
def test_cycles_end_and_every_site_has_its_turn(pairs: list[Pair]) -> None:
    assert sorted(order_of(SITES, lines_between(pairs))) == list(range(SITES))


def test_what_takes_no_time_orders_the_sites_of_a_circle() -> None:
    lines = lines_between([(0, 1), (1, 2), (2, 0), (3, 2), (0, 4)])
    lines["lead_time"] = [1, 0, 0, 1, 1]
    order = upstream_first(np.zeros(5, dtype=layout.SITE), lines, np.array([0.0, 5.0])).tolist()
    assert order.index(1) < order.index(2) < order.index(0) < order.index(4) and order.index(3) < order.index(2)


def test_processing_at_the_buyer_takes_time_too() -> None:
    sites = np.zeros(2, dtype=layout.SITE)
    sites["processing"] = [1, 0]
    order = upstream_first(sites, lines_between([(0, 1), (1, 0)]), np.array([0.0, 5.0])).tolist()
    assert order == [0, 1]


entries = st.lists(st.tuples(st.integers(-1, 4), st.integers(-3, 3)), max_size=30)


@given(entries)
def test_groups_hold_what_belongs_to_each_owner_by_rank_and_position(given_: list[tuple[int, int]]) -> None:
    owners, ranks = numbers([entry[0] for entry in given_]), numbers([entry[1] for entry in given_])
    members, starts = grouped(owners, 5, ranks)
    assert len(starts) == 6
    for owner in range(5):
        own = [position for position in range(len(owners)) if owners[position] == owner]
        expected = sorted(own, key=lambda position: (ranks[position], position))
        assert members[starts[owner] : starts[owner + 1]].tolist() == expected


@pytest.fixture
def network() -> tuple[Records, Records, Records, Records]:
    """Return sites, inputs, markets and lines: site 1 sells to site 0 and to a market, site 0 also buys outside."""
    lines = lines_between([(1, 0), (1, -1), (-1, 0), (1, 0)])
    lines["input"] = [0, -1, 0, 0]
    lines["market"] = [-1, 0, -1, -1]
    lines["priority"] = [2, 1, 1, 0]
    sites, inputs = np.zeros(2, dtype=layout.SITE), np.zeros(1, dtype=layout.INPUT)
    return sites, inputs, np.zeros(1, dtype=layout.MARKET), lines


def owned(groups: Integers, record: np.record, first: str, last: str) -> list[int]:
    return [int(line) for line in groups[record[first] : record[last]]]


def test_lines_are_found_by_supplier_input_and_market_in_order_of_priority(
    network: tuple[Records, Records, Records, Records],
) -> None:
    sites, inputs, markets, lines = network
    out, into, sold = index_lines(sites, inputs, markets, lines)
    assert owned(out, sites[0], "first_out", "last_out") == []
    assert owned(out, sites[1], "first_out", "last_out") == [3, 1, 0]
    assert owned(into, inputs[0], "first_line", "last_line") == [3, 2, 0]
    assert owned(sold, markets[0], "first_line", "last_line") == [1]


def test_closed_lines_belong_to_no_site(network: tuple[Records, Records, Records, Records]) -> None:
    sites, inputs, markets, lines = network
    lines["active"][[1, 3]] = 0
    out, into, sold = index_lines(sites, inputs, markets, lines)
    assert owned(out, sites[1], "first_out", "last_out") == [0]
    assert owned(into, inputs[0], "first_line", "last_line") == [2, 0]
    assert owned(sold, markets[0], "first_line", "last_line") == []
