"""The Weibull law."""

from __future__ import annotations

import math

import numpy as np

from gpnde.numerics.laws.checks import MEAN, always, check_mean_above_zero, from_zero
from gpnde.numerics.laws.kinds import WEIBULL, LawRow
from gpnde.numerics.laws.record import Floats, LawParameter, law


def _check(mean: float, shape: float) -> None:
    check_mean_above_zero("weibull", mean)


def _by_chance(chances: Floats, mean: float, shape: float) -> Floats:
    return _scale(mean, shape) * (-np.log(chances)) ** (1.0 / shape)


def _scale(mean: float, shape: float) -> float:
    return mean / math.gamma(1.0 + 1.0 / shape)


@law(
    "weibull",
    MEAN,
    LawParameter("shape", "Above 1 what has waited long comes soon (wear), below 1 late.", ge=0.02, le=1000),
    source="Weibull, 1951",
    check=_check,
    reach=from_zero,
    above_zero=always,
    by_chance=_by_chance,
)
def weibull(mean: float, shape: float) -> LawRow:
    """Draw the time until what wears fails."""
    return LawRow(WEIBULL, shape, _scale(mean, shape))
