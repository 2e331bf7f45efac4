"""Sums, means and maxima by group."""

from __future__ import annotations

import numpy as np
import pytest
from gpnde_diffusion.by_group import maxima, means_of_others, sums
from hypothesis import given, settings
from hypothesis import strategies as st

ROWS = st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1)), min_size=1, max_size=20)


# The first call may compile, which takes longer than Hypothesis allows an example.
@settings(deadline=None)
@given(ROWS)
def test_groups_agree_with_a_loop(rows: list[tuple[int, float]]) -> None:
    group, values = np.array([row[0] for row in rows]), np.array([[row[1]] for row in rows])
    members = [values[group == number, 0] for number in range(5)]
    assert sums(values, group, 5)[:, 0].tolist() == pytest.approx([each.sum() for each in members])
    assert maxima(values, group, 5)[:, 0].tolist() == [each.max(initial=0.0) for each in members]


@given(ROWS)
def test_means_leave_oneself_out(rows: list[tuple[int, float]]) -> None:
    group, values = np.array([row[0] for row in rows]), np.array([[row[1]] for row in rows])
    means, found = means_of_others(values, group, 5)
    for number in range(len(rows)):
        others = np.delete(values[:, 0], number)[np.delete(group, number) == group[number]]
        assert found[number] == (len(others) > 0)
        assert means[number, 0] == pytest.approx(others.mean() if len(others) else 0.0, abs=1e-12)
