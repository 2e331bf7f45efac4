"""The table of the laws of a run: each different one once, with its mean and standard deviation."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
    WITH_VALUES,
)
from gpnde.numerics.laws.sampling import ROW, Laws
from gpnde.numerics.rectified import rectified_moments


class _Row(NamedTuple):
    """A law of the table; *weights* sum to 1 and match *values*."""

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
        self._numbers: dict[_Row, int] = {}
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
        row = _Row(int(kind), float(a), float(b), tuple(map(float, values)), _normalised(weights, len(values)))
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

_ROW_KINDS: dict[int, _Kind] = {
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
    QUANTILE: _Kind("quantile", "two or more finite values that do not fall", _is_anything, lambda a, b: (a, b)),
}


def _check(row: _Row) -> None:
    """Raise ValueError unless the parameters make a law of this kind."""
    if row.kind not in _ROW_KINDS:
        raise ValueError(f"law kind: {row.kind}: give one of {FIXED} to {QUANTILE}")
    kind = _ROW_KINDS[row.kind]
    finite = all(math.isfinite(number) for number in (row.a, row.b, *row.values))
    falls = row.kind == QUANTILE and (len(row.values) < 2 or bool((np.diff(row.values) < 0.0).any()))
    if not finite or falls or not kind.holds(row.a, row.b) or (row.kind in WITH_VALUES) != bool(row.values):
        raise ValueError(f"law {kind.name}: a={row.a}, b={row.b}, {len(row.values)} values: give {kind.needed}")


def _moments(row: _Row) -> tuple[float, float]:
    """Return mean and standard deviation of a law."""
    if row.kind not in WITH_VALUES:
        return _ROW_KINDS[row.kind].moments(row.a, row.b)
    if row.kind == QUANTILE:
        return _moments_between(np.array(row.values))
    values, weights = np.array(row.values), np.array(row.weights)
    mean = float(weights @ values)
    return mean, math.sqrt(float(weights @ (values - mean) ** 2))


def _moments_between(quantiles: NDArray[np.float64]) -> tuple[float, float]:
    """Return the exact mean and standard deviation of a law that is uniform between neighbouring quantiles."""
    middle, width = 0.5 * (quantiles[1:] + quantiles[:-1]), np.diff(quantiles)
    mean = float(middle.mean())
    return mean, math.sqrt(float(((middle - mean) ** 2 + width**2 / 12.0).mean()))
