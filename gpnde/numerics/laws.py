"""Probability laws as rows of one table, so that a compiled loop can draw from any of them by number.

A row has a kind and two parameters *a* and *b*; three kinds also own a slice *start* to *stop* of the values.

========================  ==============  ==============  =======================================
kind                      a               b               values
========================  ==============  ==============  =======================================
``FIXED``                 value
``NORMAL``                mean            sd              (a negative draw counts as 0)
``NORMAL_SIGNED``         mean            sd
``GAMMA``                 shape           scale
``LOGNORMAL``             mean of log     sd of log
``UNIFORM``               low             high
``EXPONENTIAL``           mean
``WEIBULL``               shape           scale
``POISSON``               mean
``DISCRETE``                                              drawn with the given weights
``EMPIRICAL``                                             drawn with equal chance
``SERIES``                what follows    1: it ends      taken in turn, then from the start again or, if
                                                          it ends, what follows
``BETA``                  first shape     second shape
========================  ==============  ==============  =======================================
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.numerics.draws import beta, gamma, poisson, standard_normal, uniform
from gpnde.numerics.rectified import rectified_moments

FIXED = 0
NORMAL = 1
NORMAL_SIGNED = 2
GAMMA = 3
LOGNORMAL = 4
UNIFORM = 5
EXPONENTIAL = 6
WEIBULL = 7
POISSON = 8
DISCRETE = 9
EMPIRICAL = 10
SERIES = 11
BETA = 12

_KINDS_WITH_VALUES = (DISCRETE, EMPIRICAL, SERIES)


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
    return _listed_value(row.start, row.stop, laws.values, laws.cumulative, probability)


@inlined_part
def sample(laws: Laws, k: int, key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    """Return the draw from law *k* that has this name (see :mod:`gpnde.numerics.draws`).

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
    if kind == SERIES or kind == DISCRETE or kind == EMPIRICAL:
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


class LawRow(NamedTuple):
    """One law before it joins a table; *weights* sum to 1 and match *values*."""

    kind: int
    a: float
    b: float
    values: tuple[float, ...]
    weights: tuple[float, ...]


class LawTable:
    """Collects laws, each different one once, and builds the arrays that :func:`sample` reads.

    >>> table = LawTable()
    >>> table.add(GAMMA, 4.0, 2.5), table.add(FIXED, 7.0), table.add(GAMMA, 4.0, 2.5)
    (0, 1, 0)
    >>> table.build().mean
    array([10.,  7.])
    """

    def __init__(self) -> None:
        """Start with no laws."""
        self._numbers: dict[LawRow, int] = {}
        self._means: list[float] = []

    def __len__(self) -> int:
        """Return the number of different laws."""
        return len(self._numbers)

    def add(
        self, kind: int, a: float = 0.0, b: float = 0.0, values: Sequence[float] = (), weights: Sequence[float] = ()
    ) -> int:
        """Return the number of the law, new or met before.

        Without *weights* all *values* are equally likely. Parameters that make no law of this kind are a ValueError.
        """
        row = LawRow(int(kind), float(a), float(b), tuple(map(float, values)), _normalised(weights, len(values)))
        _check(row)
        number = self._numbers.setdefault(row, len(self._numbers))
        if number == len(self._means):
            self._means.append(_moments(row)[0])
        return number

    def mean(self, number: int) -> float:
        """Return the mean of the law of that number."""
        return self._means[number]

    def build(self) -> Laws:
        """Return the table as arrays."""
        laws = list(self._numbers)
        rows = np.zeros(len(laws), dtype=ROW)
        stop = np.cumsum([len(law.values) for law in laws])
        rows["start"], rows["stop"] = stop - [len(law.values) for law in laws], stop
        for name in ("kind", "a", "b"):
            rows[name] = [getattr(law, name) for law in laws]
        rows["mean"], rows["sd"] = zip(*(_moments(law) for law in laws), strict=True)
        values = np.array([value for law in laws for value in law.values], dtype=np.float64)
        cumulative = np.array([p for law in laws for p in np.cumsum(law.weights)], dtype=np.float64)
        return Laws(rows, values, cumulative)


def _normalised(weights: Sequence[float], count: int) -> tuple[float, ...]:
    """Return weights that sum to 1, equal ones if none are given."""
    given = np.asarray(weights if len(weights) else np.ones(count), dtype=np.float64)
    total = float(given.sum())
    if len(given) != count or (given < 0).any() or (count and not 0.0 < total < math.inf):
        raise ValueError(f"law weights: {list(weights)!r} for {count} values: give one weight of 0 or more per value")
    return tuple((given / total).tolist()) if count else ()


def _lognormal(a: float, b: float) -> tuple[float, float]:
    """Return mean and standard deviation from those of the logarithm."""
    mean = math.exp(a + 0.5 * b * b)
    return mean, mean * math.sqrt(math.expm1(b * b))


def _uniform(a: float, b: float) -> tuple[float, float]:
    """Return mean and standard deviation from the two ends."""
    return 0.5 * (a + b), (b - a) / math.sqrt(12.0)


def _weibull(a: float, b: float) -> tuple[float, float]:
    """Return mean and standard deviation from shape and scale."""
    mean = math.gamma(1.0 + 1.0 / a)
    return b * mean, b * math.sqrt(max(0.0, math.gamma(1.0 + 2.0 / a) - mean * mean))


def _beta(a: float, b: float) -> tuple[float, float]:
    """Return mean and standard deviation from the two shapes."""
    mean = a / (a + b)
    return mean, math.sqrt(mean * (1.0 - mean) / (a + b + 1.0))


class _Kind(NamedTuple):
    """What a kind of law is called, which parameters it takes, and its mean and standard deviation from a and b."""

    name: str
    needed: str
    holds: Callable[[float, float], bool]
    moments: Callable[[float, float], tuple[float, float]]


def _is_anything(a: float, b: float) -> bool:
    """Return True, for the kinds that any finite parameters suit."""
    return True


def _has_spread(a: float, b: float) -> bool:
    """Return whether b can be a standard deviation."""
    return b >= 0.0


def _is_positive(a: float, b: float) -> bool:
    """Return whether both parameters are positive."""
    return a > 0.0 and b > 0.0


def _has_mean(a: float, b: float) -> bool:
    """Return whether a can be the mean of a law on the positive side."""
    return a >= 0.0


_SPREAD = "a finite mean and a standard deviation of 0 or more"
_LISTED = "at least one finite value"

_KINDS: dict[int, _Kind] = {
    FIXED: _Kind("fixed", "a finite value", _is_anything, lambda a, b: (a, 0.0)),
    NORMAL: _Kind("normal", _SPREAD, _has_spread, rectified_moments),
    NORMAL_SIGNED: _Kind("signed normal", _SPREAD, _has_spread, lambda a, b: (a, b)),
    GAMMA: _Kind("gamma", "a positive shape and scale", _is_positive, lambda a, b: (a * b, math.sqrt(a) * b)),
    LOGNORMAL: _Kind("lognormal", f"{_SPREAD}, both of the logarithm", _has_spread, _lognormal),
    UNIFORM: _Kind("uniform", "a low end that is not above the high end", lambda a, b: a <= b, _uniform),
    EXPONENTIAL: _Kind("exponential", "a mean of 0 or more", _has_mean, lambda a, b: (a, a)),
    WEIBULL: _Kind("weibull", "a positive shape and scale", _is_positive, _weibull),
    POISSON: _Kind("poisson", "a mean of 0 or more", _has_mean, lambda a, b: (a, math.sqrt(a))),
    DISCRETE: _Kind("discrete", _LISTED, _is_anything, lambda a, b: (a, b)),
    EMPIRICAL: _Kind("empirical", _LISTED, _is_anything, lambda a, b: (a, b)),
    SERIES: _Kind("series", _LISTED, _is_anything, lambda a, b: (a, b)),
    BETA: _Kind("beta", "two positive shapes", _is_positive, _beta),
}


def _check(row: LawRow) -> None:
    """Raise ValueError unless the parameters make a law of this kind."""
    if row.kind not in _KINDS:
        raise ValueError(f"law kind: {row.kind}: give one of {FIXED} to {BETA}")
    kind = _KINDS[row.kind]
    finite = all(math.isfinite(number) for number in (row.a, row.b, *row.values))
    if not finite or not kind.holds(row.a, row.b) or (row.kind in _KINDS_WITH_VALUES) != bool(row.values):
        raise ValueError(f"law {kind.name}: a={row.a}, b={row.b}, {len(row.values)} values: give {kind.needed}")


def _moments(row: LawRow) -> tuple[float, float]:
    """Return mean and standard deviation of a law."""
    if row.kind not in _KINDS_WITH_VALUES:
        return _KINDS[row.kind].moments(row.a, row.b)
    values, weights = np.array(row.values), np.array(row.weights)
    mean = float(weights @ values)
    return mean, math.sqrt(float(weights @ (values - mean) ** 2))
