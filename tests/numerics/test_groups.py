"""Rows added up by group."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.numerics.groups import add_rows

ROWS = st.lists(st.tuples(st.integers(0, 3), st.floats(-9.0, 9.0), st.floats(-9.0, 9.0)), max_size=20)


# The first call may compile, which takes longer than Hypothesis allows an example.
@settings(deadline=None)
@given(ROWS, st.floats(-5.0, 5.0))
def test_every_row_is_added_to_its_group_on_top_of_what_is_there(
    rows: list[tuple[int, float, float]], before: float
) -> None:
    group = np.array([row[0] for row in rows], dtype=np.int64)
    values = np.array([row[1:] for row in rows], dtype=np.float64).reshape(len(rows), 2)
    totals = np.full((4, 2), before)
    add_rows(values, group, totals)
    expected = [[before, before] for _ in range(4)]
    for place, *row in rows:
        expected[place] = [total + value for total, value in zip(expected[place], row, strict=True)]
    assert totals.tolist() == expected
