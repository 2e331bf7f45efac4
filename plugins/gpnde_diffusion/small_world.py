"""Small worlds: rings of neighbours in which some ties have been rewired to far ends."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import Flags, Floats, Integers


def ring(order: Integers, degree: int) -> tuple[Integers, Integers]:
    """Return the ties of a ring, both ends with shape (n degree / 2,): each node knows *degree* nearest neighbours.

    *order* holds the nodes as they sit along the ring; *degree* is even and less than their number.

    >>> ring(np.array([0, 2, 1, 3]), 2)
    (array([0, 2, 1, 3]), array([2, 1, 3, 0]))
    """
    steps = range(1, degree // 2 + 1)
    first = np.concatenate([order for _ in steps] or [order[:0]])
    second = np.concatenate([np.roll(order, -step) for step in steps] or [order[:0]])
    return first, second


def rewired(first: Integers, second: Integers, proposed: Integers, chosen: Flags) -> Integers:
    """Return the second ends of ties after those *chosen* got the end *proposed* (Watts and Strogatz, 1998).

    The number of ties stays: a tie whose new end would be its own first one, or would double a tie of the ring or an
    earlier new one, is left as it is.

    >>> first, second = np.array([0, 1, 2, 3]), np.array([1, 2, 3, 0])
    >>> rewired(first, second, np.array([2, 1, 0, 2]), np.array([True, True, True, False]))
    array([2, 2, 3, 0])
    """
    count = int(max(first.max(initial=0), second.max(initial=0), proposed.max(initial=0))) + 1
    old, new = pair_keys(first, second, count), pair_keys(first, proposed, count)
    moves = chosen & (proposed != first) & ~np.isin(new, old)
    candidates = np.flatnonzero(moves)
    kept = candidates[np.sort(np.unique(new[candidates], return_index=True)[1])]
    result = second.copy()
    result[kept] = proposed[kept]
    return result


def pair_keys(first: Integers, second: Integers, count: int) -> Integers:
    """Return one number per pair of nodes below *count*, whichever of the two is named first."""
    return np.minimum(first, second) * count + np.maximum(first, second)


def lowest(lots: Floats, allowed: Flags, otherwise: Integers) -> Integers:
    """Return the node with the lowest number among those *allowed* in each row, or the one given where there is none.

    *lots* and *allowed* have shape (n, nodes).

    >>> lowest(np.array([[0.3, 0.1], [0.2, 0.6]]), np.array([[True, False], [False, False]]), np.array([5, 6]))
    array([0, 6])
    """
    return np.where(allowed.any(axis=1), np.where(allowed, lots, np.inf).argmin(axis=1), otherwise)
