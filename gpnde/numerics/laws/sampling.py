"""Draws from a table of laws, by number, in compiled code; :mod:`gpnde.numerics.laws.kinds` tells the kinds of rows."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.numerics.draws import beta, gamma, poisson, standard_normal, uniform
from gpnde.numerics.laws.kinds import (
    BETA,
    DISCRETE,
    EMPIRICAL,
    EXPONENTIAL,
    FIXED,
    GAMMA,
    LOGNORMAL,
    NORMAL,
    NORMAL_SIGNED,
    POISSON,
    QUANTILE,
    SERIES,
    UNIFORM,
    WEIBULL,
)

ROW = np.dtype(
    (
        np.record,
        [(name, "i8") for name in ("kind", "start", "stop")] + [(name, "f8") for name in ("a", "b", "mean", "sd")],
    )
)
"""One law; few arrays make compiled calls cheap."""


class Laws(NamedTuple):
    """A table of laws: one row per law, and the slices of values of all laws.

    *cumulative* is the probability of drawing that value of the slice or an earlier one.
    """

    rows: NDArray[Any]
    values: NDArray[np.float64]
    cumulative: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """The mean of every law."""
        means: NDArray[np.float64] = self.rows["mean"]
        return means

    @property
    def sd(self) -> NDArray[np.float64]:
        """The standard deviation of every law."""
        deviations: NDArray[np.float64] = self.rows["sd"]
        return deviations


@compiled_part
def _listed_value(
    start: int, stop: int, values: NDArray[np.float64], cumulative: NDArray[np.float64], probability: float
) -> float:
    """Return the first value of a slice whose cumulative probability exceeds *probability*."""
    low = start
    high = stop - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle] > probability:
            high = middle
        else:
            low = middle + 1
    return float(values[low])


@compiled_part
def _between_quantiles(start: int, stop: int, values: NDArray[np.float64], probability: float) -> float:
    """Return the quantile on the straight line between two neighbours of a slice."""
    cells = stop - 1 - start
    place = probability * cells
    # Rounding may lift a chance next to 1 to the last quantile, behind which there is no cell.
    cell = min(int(place), cells - 1)
    low = values[start + cell]
    return float(low + (place - cell) * (values[start + cell + 1] - low))


@compiled_part
def _sample_by_inversion(kind: int, a: float, b: float, probability: float) -> float:
    """Return the quantile of a law that has one in closed form; it rises with *probability*."""
    if kind == UNIFORM:
        return a + (b - a) * probability
    if kind == EXPONENTIAL:
        return -a * math.log1p(-probability)
    return b * math.pow(-math.log1p(-probability), 1.0 / a)


@compiled_part
def _sample_around_normal(kind: int, a: float, b: float, normal: float) -> float:
    """Return a draw of a normal, rectified normal or lognormal law from a standard normal number."""
    if kind == LOGNORMAL:
        return math.exp(a + b * normal)
    value = a + b * normal
    return max(0.0, value) if kind == NORMAL else value


@compiled_part
def _sample_by_parameters(
    kind: int, a: float, b: float, key0: int, key1: int, entity: int, occurrence: int, part: int
) -> float:
    """Return the draw from a law that is given by its two parameters alone."""
    if kind == NORMAL or kind == NORMAL_SIGNED or kind == LOGNORMAL:
        return _sample_around_normal(kind, a, b, standard_normal(key0, key1, entity, occurrence, part))
    if kind == GAMMA:
        return b * gamma(a, key0, key1, entity, occurrence, part)
    if kind == POISSON:
        return poisson(a, key0, key1, entity, occurrence, part)
    if kind == BETA:
        return beta(a, b, key0, key1, entity, occurrence, part)
    return _sample_by_inversion(kind, a, b, uniform(key0, key1, entity, occurrence, part))


@compiled_part
def _sample_listed(laws: Laws, k: int, key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    """Return the draw from a law that owns a slice of the values."""
    row = laws.rows[k]
    if row.kind == SERIES:
        if row.b != 0.0 and occurrence >= row.stop - row.start:
            return float(row.a)
        return float(laws.values[row.start + occurrence % (row.stop - row.start)])
    probability = uniform(key0, key1, entity, occurrence, part)
    if row.kind == QUANTILE:
        return _between_quantiles(row.start, row.stop, laws.values, probability)
    return _listed_value(row.start, row.stop, laws.values, laws.cumulative, probability)


@inlined_part
def sample(laws: Laws, k: int, key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    """Return the draw from law *k* that has this name (see :mod:`gpnde.numerics.draws`).

    >>> from gpnde.numerics.laws.table import LawTable
    >>> table = LawTable()
    >>> lead_time = table.add(UNIFORM, 3.0, 5.0)
    >>> 3.0 < sample(table.build(), lead_time, 1, 2, 3, 4, 5) < 5.0
    True
    """
    row = laws.rows[k]
    kind = row.kind
    if kind == FIXED:
        return float(row.a)
    # To pass arrays costs as much as to draw, so only laws that need them get them.
    if kind == SERIES or kind == DISCRETE or kind == EMPIRICAL or kind == QUANTILE:
        return _sample_listed(laws, k, key0, key1, entity, occurrence, part)
    return _sample_by_parameters(kind, float(row.a), float(row.b), key0, key1, entity, occurrence, part)


@inlined_part
def is_by_inversion(row: Any) -> bool:
    """Return whether a draw of the law *row* comes from one uniform or normal number, see :func:`value_of`."""
    kind = row.kind
    around_normal = kind == NORMAL or kind == NORMAL_SIGNED or kind == LOGNORMAL
    return bool(around_normal or kind == UNIFORM or kind == EXPONENTIAL or kind == WEIBULL)


@inlined_part
def is_positive_by_inversion(row: Any) -> bool:
    """Return whether the law *row* is drawn by inversion and no draw is 0 or less."""
    kind = row.kind
    # An exponential law may have the mean 0, and then draws nothing else.
    if kind == UNIFORM or kind == EXPONENTIAL:
        return bool(row.a > 0.0)
    return bool(kind == LOGNORMAL or kind == WEIBULL)


@inlined_part
def value_of(row: Any, draw: Any) -> float:
    """Return what a draw, made together with others, means for the law *row*, which is one by inversion."""
    kind = row.kind
    if kind == NORMAL or kind == NORMAL_SIGNED or kind == LOGNORMAL:
        return _sample_around_normal(kind, row.a, row.b, draw.normal)
    return _sample_by_inversion(kind, row.a, row.b, draw.chance)
