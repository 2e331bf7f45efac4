"""The rectified normal law has the moments that were asked for, however large the spread."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from gpnde.numerics.rectified import AS_IT_IS, rectified_moments, rectified_parameters, share_at_zero

MEANS = st.floats(1e-6, 1e9)


@given(MEANS, st.floats(0.0, 1000.0))
@example(10.0, 2.0)
@example(10.0, 10.0)
def test_mean_and_deviation_are_those_asked_for(mean: float, cv: float) -> None:
    found = rectified_moments(*rectified_parameters(mean, cv * mean))
    assert found[0] == pytest.approx(mean, rel=2e-8)
    assert found[1] == pytest.approx(cv * mean, rel=1e-6, abs=1e-7 * mean)


@given(MEANS, st.floats(0.0, AS_IT_IS))
def test_a_small_spread_is_taken_as_it_is(mean: float, cv: float) -> None:
    assert rectified_parameters(mean, cv * mean) == (mean, cv * mean)


@pytest.mark.parametrize(("a", "b"), [(3.0, 1.0), (0.0, 2.0), (-1.0, 0.5), (-40.0, 10.0)])
def test_moments_are_the_integrals_over_the_positive_side(a: float, b: float) -> None:
    law = stats.norm(a, b)
    mean = law.expect(lambda x: x, lb=0.0)
    square = law.expect(lambda x: x * x, lb=0.0)
    assert rectified_moments(a, b) == pytest.approx((mean, (square - mean**2) ** 0.5), rel=1e-6)


@pytest.mark.parametrize("cv", [0.1, 0.5, 1.0, 2.0, 10.0])
def test_the_share_at_zero_is_what_the_normal_law_has_below(cv: float) -> None:
    a, b = rectified_parameters(10.0, 10.0 * cv)
    assert share_at_zero(10.0, 10.0 * cv) == pytest.approx(stats.norm.cdf(0.0, a, b), rel=1e-9)


def test_without_spread_there_is_nothing_to_solve() -> None:
    assert rectified_parameters(0.0, 0.0) == rectified_moments(0.0, 0.0) == (0.0, 0.0)
    assert (share_at_zero(5.0, 0.0), share_at_zero(0.0, 0.0)) == (0.0, 1.0)
