"""Laws of durations have the mean and the spread that they are given."""

from __future__ import annotations

import math

import numpy as np
import pytest
from gpnde_disruptions.durations import Draw, exponential, fixed, lognormal, weibull

COUNT = 400_000


def weibull_cv(shape: float) -> float:
    """Return standard deviation by mean of the Weibull law."""
    return math.sqrt(math.gamma(1 + 2 / shape) / math.gamma(1 + 1 / shape) ** 2 - 1)


@pytest.mark.parametrize(
    ("law", "cv"),
    [
        (exponential(30.0), 1.0),
        (weibull(30.0, 0.7), weibull_cv(0.7)),
        (weibull(30.0, 3.0), weibull_cv(3.0)),
        (lognormal(30.0, 0.5), 0.5),
        (fixed(30.0), 0.0),
    ],
)
def test_mean_and_spread_are_as_given(law: Draw, cv: float) -> None:
    drawn = law(np.random.default_rng(1).random(COUNT))
    error = max(cv, 1e-12) / math.sqrt(COUNT)
    assert drawn.mean() == pytest.approx(30.0, rel=4 * error)
    assert drawn.std() / 30.0 == pytest.approx(cv, abs=0.02)


def test_weibull_of_shape_one_is_exponential() -> None:
    same = [law(np.random.default_rng(2).random(10)) for law in (weibull(5.0, 1.0), exponential(5.0))]
    assert same[0] == pytest.approx(same[1])
