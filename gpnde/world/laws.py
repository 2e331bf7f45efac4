"""From laws as users write them to rows of the table that the compiled steps draw from."""

from __future__ import annotations

import math
from collections.abc import Callable

from gpnde.numerics import laws as kinds
from gpnde.numerics.laws import LawTable
from gpnde.numerics.rectified import rectified_parameters
from gpnde.scenario.law import Law


class LawBook:
    """Numbers the laws of a scenario; rows that share a law object are looked up only once."""

    def __init__(self) -> None:
        """Start with no laws."""
        self.table = LawTable()
        self._known: dict[int, tuple[Law, int]] = {}

    def number(self, law: Law) -> int:
        """Return the row of *law*.

        >>> book = LawBook()
        >>> book.number(Law.model_validate(3)), book.number(Law.model_validate("gamma(mean=3, cv=0.3)"))
        (0, 1)
        """
        found = self._known.get(id(law))
        if found is None:
            found = (law, _ADDERS[law.law](self.table, law))
            self._known[id(law)] = found
        return found[1]


def _fixed(table: LawTable, law: Law) -> int:
    return table.add(kinds.FIXED, law.value or 0.0)


def _normal(table: LawTable, law: Law) -> int:
    mean, spread = law.mean or 0.0, law.spread()
    if not law.truncated:
        return table.add(kinds.NORMAL_SIGNED, mean, spread)
    return table.add(kinds.NORMAL, *rectified_parameters(mean, spread))


def _gamma(table: LawTable, law: Law) -> int:
    mean, spread = law.mean or 0.0, law.spread()
    if spread == 0.0:
        return table.add(kinds.FIXED, mean)
    return table.add(kinds.GAMMA, (mean / spread) ** 2, spread**2 / mean)


def _lognormal(table: LawTable, law: Law) -> int:
    if law.median is not None:
        return table.add(kinds.LOGNORMAL, math.log(law.median), law.sigma or 0.0)
    variance = math.log1p((law.cv or 0.0) ** 2)
    return table.add(kinds.LOGNORMAL, math.log(law.mean or 1.0) - variance / 2.0, math.sqrt(variance))


def _uniform(table: LawTable, law: Law) -> int:
    return table.add(kinds.UNIFORM, law.low or 0.0, law.high or 0.0)


def _exponential(table: LawTable, law: Law) -> int:
    return table.add(kinds.EXPONENTIAL, law.mean or 0.0)


def _weibull(table: LawTable, law: Law) -> int:
    shape = law.shape or 1.0
    return table.add(kinds.WEIBULL, shape, (law.mean or 0.0) / math.gamma(1.0 + 1.0 / shape))


def _poisson(table: LawTable, law: Law) -> int:
    return table.add(kinds.POISSON, law.mean or 0.0)


def _beta(table: LawTable, law: Law) -> int:
    mean, spread = law.mean or 0.0, law.sd or 0.0
    if spread == 0.0:
        return table.add(kinds.FIXED, mean)
    size = mean * (1.0 - mean) / spread**2 - 1.0
    return table.add(kinds.BETA, mean * size, (1.0 - mean) * size)


def _discrete(table: LawTable, law: Law) -> int:
    # In rising order, so that a chance brings the same value in whatever order the values are given.
    pairs = sorted(zip(law.values or (), law.weights or (), strict=True))
    return table.add(kinds.DISCRETE, values=[value for value, _ in pairs], weights=[weight for _, weight in pairs])


def _empirical(table: LawTable, law: Law) -> int:
    return table.add(kinds.EMPIRICAL, values=sorted(law.values or ()))


def _series(table: LawTable, law: Law) -> int:
    values = law.values or ()
    if law.at_end == "repeat":
        return table.add(kinds.SERIES, values=values)
    return table.add(kinds.SERIES, values[-1] if law.at_end == "hold" else 0.0, 1.0, values)


_ADDERS: dict[str, Callable[[LawTable, Law], int]] = {
    "fixed": _fixed,
    "normal": _normal,
    "gamma": _gamma,
    "lognormal": _lognormal,
    "uniform": _uniform,
    "exponential": _exponential,
    "weibull": _weibull,
    "poisson": _poisson,
    "beta": _beta,
    "discrete": _discrete,
    "empirical": _empirical,
    "series": _series,
}
