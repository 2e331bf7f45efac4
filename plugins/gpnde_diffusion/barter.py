"""Barter of knowledge: people meet two by two and trade one function for another (Cowan and Jonard, 2004)."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import Flags, Floats, Integers


def matched(first: Integers, second: Integers, lots: Floats) -> Integers:
    """Return a matching in which every firm meets one other at most: pairs with the lowest draws, in rising order.

    >>> matched(np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([0.2, 0.1, 0.3]))
    array([1])
    """
    busy: set[int] = set()
    met = []
    ends = first.tolist(), second.tolist()
    for pair in lots.argsort(kind="stable").tolist():
        one, other = ends[0][pair], ends[1][pair]
        if one not in busy and other not in busy:
            busy |= {one, other}
            met.append(pair)
    return np.array(sorted(met), dtype=np.int64)


def exchanged(lead: Floats, lots: Floats) -> tuple[Flags, Flags]:
    """Return in which functions the first and the second of each pair learn; all have shape (pairs, functions).

    *lead* is what the first knows more than the second. Who leads in fewer functions teaches all of them and learns as
    many; which of the other's these are is drawn, the lowest first. So where one leads in none, neither
    learns, for there is no double coincidence of wants (Cowan and Jonard, 2004).

    >>> first, second = exchanged(np.array([[0.2, -0.1, -0.3]]), np.array([[0.5, 0.9, 0.1]]))
    >>> first.tolist(), second.tolist()
    ([[False, False, True]], [[True, False, False]])
    """
    second_leads, first_leads = lead < 0.0, lead > 0.0
    trades = np.minimum(second_leads.sum(axis=1), first_leads.sum(axis=1))[:, None]
    return _first_of(second_leads, lots, trades), _first_of(first_leads, lots, trades)


def _first_of(among: Flags, lots: Floats, count: Integers) -> Flags:
    """Return the *count* lowest draws of each row *among* those marked."""
    # Sorting the order itself gives the rank of each draw.
    rank = np.where(among, lots, np.inf).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    return np.asarray(among & (rank < count))
