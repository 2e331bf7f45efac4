"""Intervals of the studies: Student's t, and pairs under common random numbers."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.study import intervals
from gpnde.study.intervals import Estimate, mean_interval, paired_difference, ratio

_values = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=20)


def test_examples_hold() -> None:
    assert doctest.testmod(intervals).failed == 0


def test_two_replications_have_the_interval_of_the_tables() -> None:
    interval = mean_interval([0.0, 2.0])
    assert interval.mean == 1.0
    assert interval.high - interval.mean == pytest.approx(12.7062 * math.sqrt(2) / math.sqrt(2), rel=1e-5)


@given(_values, st.floats(-1e3, 1e3))
def test_what_both_of_a_pair_share_drops_out(values: list[float], shared: float) -> None:
    alone = paired_difference(values, [0.0] * len(values))
    together = paired_difference([value + shared for value in values], [shared] * len(values))
    assert np.allclose(alone, together, atol=1e-6)


def test_one_replication_has_no_interval() -> None:
    with pytest.raises(ValueError, match="^values: 1: must be at least 2 replications for an interval$"):
        mean_interval([1.0])


def test_intervals_cover_the_mean_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    found = [mean_interval(rng.normal(3.0, 2.0, 8).tolist()) for _ in range(2000)]
    assert np.mean([each.low <= 3.0 <= each.high for each in found]) == pytest.approx(0.95, abs=0.02)


def test_ends_of_a_ratio_are_where_a_multiple_of_the_whole_can_just_be_the_part() -> None:
    rng = np.random.default_rng(1)
    part, whole = (
        Estimate(mean, errors - errors.mean())
        for mean, errors in zip((8.0, 2.0), rng.normal(0, 0.3, (2, 6)), strict=True)
    )
    found = ratio(part, whole)
    assert found is not None and found.mean == 4.0
    for end in found[1:]:
        left = Estimate(part.mean - end * whole.mean, part.errors - end * whole.errors).interval()
        assert min(abs(left.low), abs(left.high)) == pytest.approx(0.0, abs=1e-9)


def test_ratio_to_what_may_be_nought_is_not_told() -> None:
    errors = np.array([-1.0, 0.0, 1.0])
    assert ratio(Estimate(3.0, errors), Estimate(0.5, errors)) is None
    assert ratio(Estimate(3.0, errors[:1]), Estimate(0.5, errors[:1])) is None
