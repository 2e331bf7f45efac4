"""Meetings of clubs: membership, and exchanges between members, as functions of numbers."""

from __future__ import annotations

import numpy as np
from gpnde.plugin import Flags, Floats, Integers

NONE = -1
"""Stands for no club and for no cluster."""


def clubs_of(cluster: Integers, is_member: Flags, size: int) -> Integers:
    """Return the club of each firm, `NONE` for firms without one; shape (firms,).

    The members of a cluster fill clubs of *size* in the order of their numbers. Nobody makes a club alone.

    >>> clubs_of(np.array([0, 0, 0, 1, -1]), np.array([True, True, True, True, True]), size=2)
    array([ 0,  0, -1, -1, -1])
    """
    clubs = np.full(len(cluster), NONE)
    members = np.flatnonzero(is_member & (cluster >= 0))
    members = members[np.argsort(cluster[members], kind="stable")]
    place = _places(cluster[members])
    opens = place % size == 0
    clubs[members] = np.cumsum(opens) - 1
    return without_the_lonely(clubs)


def _places(cluster: Integers) -> Integers:
    """Return the place of each entry among those of its cluster, from 0; *cluster* is sorted."""
    first = np.searchsorted(cluster, cluster, side="left")
    places: Integers = np.arange(len(cluster)) - first
    return places


def without_the_lonely(clubs: Integers) -> Integers:
    """Return the clubs of firms, `NONE` for those that are alone in theirs; shape (firms,).

    >>> without_the_lonely(np.array([0, 0, 1, -1]))
    array([ 0,  0, -1, -1])
    """
    present = clubs >= 0
    count = np.bincount(clubs[present], minlength=1)
    return np.where(present & (count[clubs] > 1), clubs, NONE)


def conversations(clubs: Integers) -> tuple[Integers, Integers]:
    """Return source and listener of each conversation, each pair of one club both ways; shape (conversations,) each.

    >>> tells, listens = conversations(np.array([0, 0, -1, 0]))
    >>> tells.tolist(), listens.tolist()
    ([0, 1, 1, 3, 0, 3], [1, 0, 3, 1, 3, 0])
    """
    members = np.flatnonzero(clubs >= 0)
    members = members[np.argsort(clubs[members], kind="stable")]
    largest = int(np.bincount(clubs[members]).max()) if len(members) else 0
    pairs = [_pairs_at(members, clubs, distance) for distance in range(1, largest)]
    if not pairs:
        return members[:0], members[:0]
    met = np.concatenate(pairs)
    return met.ravel(), met[:, ::-1].ravel()


def _pairs_at(members: Integers, clubs: Integers, distance: int) -> Integers:
    """Return the pairs of one club that sit *distance* places apart; shape (pairs, 2)."""
    pairs = np.column_stack([members[:-distance], members[distance:]])
    found: Integers = pairs[clubs[pairs[:, 0]] == clubs[pairs[:, 1]]]
    return found


def familiarity(attended: Floats, needed: float) -> Floats:
    """Return how openly firms speak after so many meetings, from above 0 to 1; shape (firms,).

    >>> familiarity(np.array([0.0, 1.0, 9.0]), needed=4.0).tolist()
    [0.2, 0.4, 1.0]
    """
    return np.minimum(1.0, (1.0 + attended) / (1.0 + needed))
