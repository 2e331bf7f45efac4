"""Judge trials by their replications: constraints with intervals, hopeless trials, and who is not dominated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from gpnde.study.intervals import Interval, mean_interval, paired_difference
from gpnde.study.optimise.schema import Limit, Search

Kept = Literal["met", "undecided", "violated"]

Values = Mapping[str, Sequence[float]]
"""Values of a trial by metric, one for each replication, in their order."""

RULE = (
    "A constraint is met where the 95 % interval of the mean lies on its right side, violated where it lies on the "
    "other, else undecided. A trial is dropped after its first replications where it violates a constraint, or where "
    "an earlier trial that meets all of them is better in every objective, by the interval of the paired differences."
)
"""The rule by which trials are judged."""


def kept(found: Interval, limit: Limit) -> Kept:
    """Return whether a mean keeps its limit, given its interval.

    >>> low = Limit(at_least=0.9)
    >>> kept(Interval(0.95, 0.92, 0.98), low), kept(Interval(0.9, 0.8, 1.0), low), kept(Interval(0.5, 0.4, 0.6), low)
    ('met', 'undecided', 'violated')
    """
    if violation(found, limit) <= 0:
        return "met"
    nearest = found.low if limit.sign > 0 else found.high
    return "violated" if limit.sign * (nearest - limit.bound) > 0 else "undecided"


def violation(found: Interval, limit: Limit) -> float:
    """Return by how much the far end of an interval breaks a limit, in the unit of the metric; 0 or less: not.

    >>> violation(Interval(0.5, 0.25, 0.75), Limit(at_least=0.5))
    0.25
    """
    farthest = found.high if limit.sign > 0 else found.low
    return limit.sign * (farthest - limit.bound)


def kept_all(values: Values, search: Search) -> Kept:
    """Return the worst verdict on the constraints of a trial; met where there are none."""
    found = [kept(mean_interval(values[name]), limit) for name, limit in search.constraints.items()]
    order: tuple[Kept, ...] = ("violated", "undecided", "met")
    return next(each for each in order if each in [*found, "met"])


def why_hopeless(values: Values, rivals: Mapping[int, Values], search: Search) -> str:
    """Return why a trial is not worth more replications, or nothing; *rivals* are trials that meet all constraints.

    >>> search = Search(settings={"x": {"low": 0, "high": 1}}, objectives={"cost": "minimise"})
    >>> why_hopeless({"cost": [5.0, 6.0]}, {3: {"cost": [1.0, 2.0, 9.0]}}, search)
    'worse than trial 3'
    """
    for name, limit in search.constraints.items():
        if kept(mean_interval(values[name]), limit) == "violated":
            return f"violates {name} {limit}"
    for number, rival in rivals.items():
        if all(_is_worse(values[name], rival[name], search.sign(name)) for name in search.objectives):
            return f"worse than trial {number}"
    return ""


def _is_worse(values: Sequence[float], rival: Sequence[float], sign: float) -> bool:
    """Return whether values are above those of a rival (below, with *sign* -1) in replications with the same seeds."""
    difference = paired_difference(values, rival[: len(values)])
    return sign * (difference.low if sign > 0 else difference.high) > 0


def not_dominated(means: Sequence[Sequence[float]]) -> list[int]:
    """Return the places of means, one row per trial, that no other row beats; all columns are to be low.

    A row beats another one where it is nowhere above it and somewhere below; of equal rows the first counts.

    >>> not_dominated([[1.0, 3.0], [2.0, 2.0], [2.0, 3.0], [1.0, 3.0]])
    [0, 1]
    """
    rows = np.array(means, dtype=float)
    found: list[int] = []
    for place, row in enumerate(rows):
        nowhere_above, below = (rows <= row).all(axis=1), (rows < row).any(axis=1)
        twins = (rows[:place] == row).all(axis=1)
        if not (nowhere_above & below).any() and not twins.any():
            found.append(place)
    return found
