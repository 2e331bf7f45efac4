"""The lognormal law."""

from __future__ import annotations

import math

import numpy as np

from gpnde.numerics.laws.checks import (
    CV,
    LARGEST_SPREAD,
    MEAN,
    always,
    check_mean_above_zero,
    check_size,
    check_spread,
    from_zero,
)
from gpnde.numerics.laws.kinds import LOGNORMAL, LawRow
from gpnde.numerics.laws.record import Floats, LawParameter, law


def _check(
    median: float | None = None, sigma: float | None = None, mean: float | None = None, cv: float | None = None
) -> None:
    if mean is not None:
        check_mean_above_zero("lognormal", mean)
        check_spread("lognormal", mean, None, cv)
    if median is not None:
        check_size("lognormal", "median", median)
        _check_median(median, sigma or 0.0)


def _check_median(median: float, sigma: float) -> None:
    if math.log(median) + sigma**2 > math.log(LARGEST_SPREAD):
        text = f"median {median:g} with sigma {sigma:g} of law 'lognormal'"
        raise ValueError(f"{text}: the spread is above {LARGEST_SPREAD:g}: give smaller ones")


def _by_chance(
    chances: Floats,
    median: float | None = None,
    sigma: float | None = None,
    mean: float | None = None,
    cv: float | None = None,
) -> Floats:
    from gpnde.numerics.draws import normal_quantile

    flat = np.ravel(chances).tolist()
    normal = np.array([normal_quantile(chance) for chance in flat], dtype=np.float64).reshape(np.shape(chances))
    if median is not None:
        return median * np.exp((sigma or 0.0) * normal)
    variance = math.log1p((cv or 0.0) * (cv or 0.0))
    return (mean or 1.0) * np.exp(math.sqrt(variance) * normal - variance / 2.0)


@law(
    "lognormal",
    LawParameter("median", "Half of the draws are below.", gt=0),
    LawParameter("sigma", "Standard deviation of the logarithm.", ge=0, le=20),
    MEAN,
    CV,
    source="Galton, 1879",
    sets=(("median", "sigma"), ("mean", "cv")),
    check=_check,
    reach=from_zero,
    above_zero=always,
    by_chance=_by_chance,
)
def lognormal(
    median: float | None = None, sigma: float | None = None, mean: float | None = None, cv: float | None = None
) -> LawRow:
    """Draw above 0, now and then far above: repairs, answers of people."""
    if median is not None:
        return LawRow(LOGNORMAL, math.log(median), sigma or 0.0)
    variance = math.log1p((cv or 0.0) ** 2)
    return LawRow(LOGNORMAL, math.log(mean or 1.0) - variance / 2.0, math.sqrt(variance))
