"""The exponential law."""

from __future__ import annotations

import numpy as np

from gpnde.numerics.laws.checks import MEAN, check_mean_from_zero, from_zero
from gpnde.numerics.laws.kinds import EXPONENTIAL, LawRow
from gpnde.numerics.laws.record import Floats, law


def _check(mean: float) -> None:
    check_mean_from_zero("exponential", mean)


def _is_above_zero(mean: float) -> bool:
    return mean != 0


def _by_chance(chances: Floats, mean: float) -> Floats:
    return -mean * np.log(chances)


@law(
    "exponential",
    MEAN,
    source="definition: the time between events of a Poisson process",
    check=_check,
    reach=from_zero,
    above_zero=_is_above_zero,
    by_chance=_by_chance,
)
def exponential(mean: float) -> LawRow:
    """Draw a time without memory: until something that comes at any instant alike."""
    return LawRow(EXPONENTIAL, mean or 0.0)
