"""Who is upstream of whom, and which lines leave and reach each site."""

from __future__ import annotations

import numpy as np

from gpnde.world.layout import Integers, Records


def levels(sites: int, suppliers: Integers, buyers: Integers) -> Integers:
    """Return for each site the length of the longest chain of links that leads to it; there are no cycles.

    >>> levels(3, np.array([0, 1]), np.array([1, 2]))
    array([0, 1, 2])
    """
    level = np.zeros(sites, dtype=np.int64)
    for _ in range(sites):
        raised = level.copy()
        np.maximum.at(raised, buyers, level[suppliers] + 1)
        if np.array_equal(raised, level):
            break
        level = raised
    return level


def upstream_first(sites: int, lines: Records) -> Integers:
    """Return the sites in an order in which suppliers stand before their buyers, equals by position."""
    inside = lines[(lines["supplier"] >= 0) & (lines["buyer"] >= 0) & (lines["active"] == 1)]
    return np.argsort(levels(sites, inside["supplier"], inside["buyer"]), kind="stable").astype(np.int64)


def grouped(owners: Integers, count: int, ranks: Integers) -> tuple[Integers, Integers]:
    """Return the positions of entries sorted by owner and then by rank, and where each owner's entries start.

    Entries without an owner (-1) are left out; the second array has one entry more than there are owners.

    >>> members, starts = grouped(np.array([1, 0, -1, 1]), 2, np.zeros(4, dtype=np.int64))
    >>> members, starts
    (array([1, 0, 3]), array([0, 1, 3]))
    """
    position = np.lexsort((np.arange(len(owners)), ranks, owners))
    members = position[owners[position] >= 0].astype(np.int64)
    starts = np.searchsorted(owners[members], np.arange(count + 1)).astype(np.int64)
    return members, starts


def index_lines(sites: Records, inputs: Records, markets: Records, lines: Records) -> tuple[Integers, ...]:
    """Group the lines by supplier, input and market; write the bounds into the records and return the groups."""
    active = lines["active"] == 1
    rank = lines["priority"].astype(np.int64)
    groups = []
    for owner, table, first, last in (
        ("supplier", sites, "first_out", "last_out"),
        ("input", inputs, "first_line", "last_line"),
        ("market", markets, "first_line", "last_line"),
    ):
        members, starts = grouped(np.where(active, lines[owner], -1), len(table), rank)
        table[first], table[last] = starts[:-1], starts[1:]
        groups.append(members)
    return tuple(groups)
