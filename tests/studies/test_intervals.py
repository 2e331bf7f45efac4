"""Intervals of the studies: Student's t, and pairs that share their luck."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies import intervals
from studies.intervals import mean_interval, paired_difference

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
