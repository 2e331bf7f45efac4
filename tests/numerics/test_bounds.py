"""Bounds: both ends belong to what is allowed, and what is no number does not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.numerics.bounds import all_within

NUMBERS = st.lists(st.one_of(st.floats(-3.0, 3.0), st.sampled_from([-1.0, 1.0, math.inf, -math.inf, math.nan])))


# The first call may compile, which takes longer than Hypothesis allows an example.
@settings(deadline=None)
@given(NUMBERS)
def test_all_numbers_have_to_be_within(values: list[float]) -> None:
    assert all_within(np.array(values, dtype=np.float64), -1.0, 1.0) == all(-1.0 <= value <= 1.0 for value in values)


@pytest.mark.parametrize(("numbers", "expected"), [([], True), ([0, 4], True), ([0, 5], False), ([-1], False)])
def test_whole_numbers_are_compared_as_such(numbers: list[int], expected: bool) -> None:
    assert all_within(np.array(numbers, dtype=np.int64), 0, 4) == expected
