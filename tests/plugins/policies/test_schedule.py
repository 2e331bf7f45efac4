"""Values by day."""

from __future__ import annotations

from gpnde_policies.schedule import overlap, progress, value_on


def test_latest_step_is_in_force_in_whatever_order_steps_are_given() -> None:
    steps = [(364.0, 0.1), (0.0, 0.3)]
    assert [value_on(day, steps) for day in (-1.0, 0.0, 363.0, 364.0)] == [0.0, 0.3, 0.3, 0.1]
    assert value_on(10.0, []) == 0.0


def test_works_without_duration_are_done_on_the_first_day() -> None:
    assert [progress(day, 10.0, 0.0) for day in (9.0, 10.0)] == [0.0, 1.0]


def test_steps_share_out_a_time_without_gap_or_double_count() -> None:
    steps = [overlap(first, first + 28.0, 14.0, 100.0) for first in (0.0, 28.0, 56.0, 84.0, 112.0)]
    assert sum(steps) == 86.0
    assert steps[-1] == 0.0
