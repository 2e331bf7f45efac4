"""The order of sites from upstream to downstream, and the lines that leave and reach each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpnde.world.layout import Floats, Integers, Records


def levels(sites: int, suppliers: Integers, buyers: Integers) -> Integers:
    """Return for each site the length of the longest chain of links that leads to it; there are no cycles.

    >>> levels(3, np.array([0, 1]), np.array([1, 2]))
    array([0, 1, 2])
    """
    level = np.zeros(sites, dtype=np.int64)
    # No chain is longer than there are sites, so that this ends whatever the links are.
    for _ in range(sites):
        raised = level.copy()
        np.maximum.at(raised, buyers, level[suppliers] + 1)
        if np.array_equal(raised, level):
            break
        level = raised
    return level


def in_circles(sites: int, suppliers: Integers, buyers: Integers) -> NDArray[np.bool_]:
    """Return which sites are left when those without suppliers or without buyers are taken out, again and again.

    These are the sites of all circles, and those between two circles.

    >>> in_circles(4, np.array([0, 1, 2]), np.array([1, 2, 1]))
    array([False,  True,  True, False])
    """
    left = np.ones(sites, dtype=np.bool_)
    while True:
        counts = left[suppliers] & left[buyers]
        kept = np.zeros(sites, dtype=np.bool_)
        kept[suppliers[counts]] = True
        kept &= np.bincount(buyers[counts], minlength=sites) > 0
        if np.array_equal(kept, left):
            return left
        left = kept


def upstream_first(sites: Records, lines: Records, law_means: Floats) -> Integers:
    """Return the sites in an order in which suppliers stand before their buyers, equals by position.

    Where goods go in circles no order has all of that. There, only what is delivered and used without any time counts:
    what takes time arrives at a later instant, at which the buyer is asked again, whatever the order.
    """
    inside = lines[(lines["supplier"] >= 0) & (lines["buyer"] >= 0) & (lines["active"] == 1)]
    supplier, buyer = inside["supplier"], inside["buyer"]
    circular = in_circles(len(sites), supplier, buyer)
    takes_time = (law_means[inside["lead_time"]] > 0) | (law_means[sites["processing"][buyer]] > 0)
    counts = ~(circular[supplier] & circular[buyer] & takes_time)
    return np.argsort(levels(len(sites), supplier[counts], buyer[counts]), kind="stable").astype(np.int64)


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
