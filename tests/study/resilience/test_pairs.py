"""Times and losses of a pair of courses, in closed form."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.study.resilience.pairs import FATES, Course, Rules, course_of, fates, made_course, prices, times

RULES = Rules(0.01, 3.0)
CALM = made_course([10.0] * 12)


def after(*sold: float) -> Course:
    """Return a course that sells these amounts and then all that is asked for."""
    return made_course([*sold, *[10.0] * (12 - len(sold))])


def test_service_that_never_falls_survives_and_needs_no_recovery() -> None:
    assert times(CALM, CALM, RULES) == (None, 0.0)


def test_times_are_from_the_begin_of_the_outage() -> None:
    assert times(CALM, after(10, 10, 0, 5), RULES) == (2.0, 4.0)


def test_a_shortfall_within_the_tolerance_is_none() -> None:
    assert times(CALM, after(10, 9.95), RULES) == (None, 0.0)
    assert times(CALM, after(10, 9.8), RULES) == (1.0, 2.0)


def test_service_has_to_be_back_for_a_while() -> None:
    assert times(CALM, after(0, 10, 10, 0), RULES).recover == 4.0
    assert times(CALM, after(0, 10, 10, 0), Rules(0.01, 2.0)).recover == 1.0


def test_service_that_is_not_back_at_the_end_has_no_time() -> None:
    assert times(CALM, made_course([0.0] * 12), RULES) == (0.0, None)
    assert times(CALM, made_course([10.0] * 10 + [0.0] * 2), RULES) == (10.0, None)


def test_markets_count_each_for_itself() -> None:
    """One market is short while another gets more than before: together they would look alike."""
    usual, hit = made_course([5.0] * 12), after(0, 0)
    both = [Course(CALM.starts, CALM.ends, *(np.hstack(pair) for pair in zip(one[2:], other[2:], strict=True)))
            for one, other in ((CALM, usual), (hit, made_course([10.0] * 12)))]  # fmt: skip
    assert times(both[0], both[1], RULES) == (0.0, 2.0)


def test_times_do_not_depend_on_the_size_of_a_market() -> None:
    small = [Course(one.starts, one.ends, *(array / 1000 for array in one[2:])) for one in (CALM, after(10, 0, 0))]
    assert times(small[0], small[1], RULES) == times(CALM, after(10, 0, 0), RULES)


amounts = st.lists(st.floats(0, 10), min_size=12, max_size=12)


@given(amounts, amounts, st.floats(0, 50), st.floats(0, 50))
def test_lost_late_and_waiting_are_together_what_was_short(
    before: list[float], sold: list[float], lost: float, left: float
) -> None:
    one, other = made_course(before), made_course(sold, lost=[lost, *[0.0] * 11])
    other = other._replace(backlog=other.backlog + left)
    found = dict(zip(FATES, fates(one, other)[:, 0].tolist(), strict=True))
    short = float((other.short - one.short).sum())
    assert found["lost"] + found["late"] + found["waiting"] == pytest.approx(short, abs=1e-6)
    assert (found["lost"], found["waiting"]) == (pytest.approx(lost, abs=1e-6), pytest.approx(left, abs=1e-6))


@given(amounts)
def test_a_course_beside_itself_loses_nothing(sold: list[float]) -> None:
    course = made_course(sold)
    assert times(course, course, RULES) == (None, 0.0)
    assert not fates(course, course).any()


@given(amounts, st.floats(0, 0.5))
def test_a_larger_tolerance_never_shortens_the_time_to_survive(sold: list[float], more: float) -> None:
    hit = made_course(sold)
    strict, lenient = (times(CALM, hit, Rules(level, 3.0)).survive for level in (0.01, 0.01 + more))
    assert lenient is None or (strict is not None and strict <= lenient)


def test_prices_are_weighted_by_demand() -> None:
    course = made_course([10, 10])
    course = course._replace(demanded=np.array([[30.0], [10.0]]), price=np.array([[1.0], [5.0]]))
    assert prices(course).tolist() == [2.0]


def test_a_course_has_the_records_after_its_day() -> None:
    days = [0.0, 0.0, 7.0, 7.0, 14.0, 14.0]
    columns = {
        name: [float(place) for place in range(6)] for name in ("demanded", "filled", "lost", "backlog", "price")
    }
    course = course_of(pl.DataFrame({"day": days, "market": ["a", "b"] * 3, **columns}), 0.0)
    assert (course.starts.tolist(), course.ends.tolist()) == ([0.0, 7.0], [7.0, 14.0])
    assert course.demanded.tolist() == [[2.0, 3.0], [4.0, 5.0]]
