"""How many replications a study needs: as many as the wanted precision takes, from committed runs only."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from gpnde.study.intervals import half_width

_GROWTH = 1.5
"""Each look is at half as many replications again as the one before.

Few looks keep the interval honest: one that is checked after every run becomes narrow by chance sooner or later.
"""


def steps(least: int, most: int) -> Iterator[int]:
    """Yield the numbers of replications at which the precision is looked at, up to *most*.

    >>> list(steps(8, 50))
    [8, 12, 18, 27, 41, 50]
    """
    count = min(least, most)
    while count < most:
        yield count
        count = max(count + 1, math.ceil(count * _GROWTH))
    yield most


def relative_half_width(values: Sequence[float]) -> float:
    """Return the half-width of the 95 % interval of a mean over the size of the mean, by Student's t.

    It is 0 where all values are equal and infinite where the mean is 0 and they are not.

    >>> round(relative_half_width([9.0, 10.0, 11.0]), 4)
    0.2484
    """
    if np.ptp(values) == 0.0:
        return 0.0
    mean = abs(float(np.mean(values)))
    return half_width(values) / mean if mean else math.inf


def is_precise(values: Sequence[float], until: float) -> bool:
    """Return whether more replications are not needed, or would not help since no run gives a value.

    >>> is_precise([9.0, 10.0, 11.0], 0.05), is_precise([10.0, 10.0], 0.05), is_precise([], 0.05)
    (False, True, True)
    """
    if not values:
        return True
    return len(values) > 1 and relative_half_width(values) <= until


def points_to_continue(values: Mapping[tuple[int, str], Sequence[float]], until: float) -> list[int]:
    """Return the points at which some arm is not precise enough; all arms of a point continue together.

    *values* are those of the measure by point and arm.

    >>> points_to_continue({(0, "a"): [1.0, 1.0], (0, "b"): [1.0, 2.0], (1, "a"): [3.0, 3.0]}, 0.05)
    [0]
    """
    return sorted({point for (point, _), sample in values.items() if not is_precise(sample, until)})


def collect(runs: Iterable[tuple[str, str, int]], value_of: Mapping[str, float]) -> dict[tuple[int, str], list[float]]:
    """Return the values of runs, given as key, arm and point, by point and arm; failed runs have none.

    >>> collect([("k1", "a", 0), ("k2", "a", 0)], {"k1": 2.0})
    {(0, 'a'): [2.0]}
    """
    found: dict[tuple[int, str], list[float]] = {}
    for key, arm, point in runs:
        sample = found.setdefault((point, arm), [])
        if key in value_of:
            sample.append(value_of[key])
    return found
