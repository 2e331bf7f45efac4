"""Verdicts follow their rule, and the sentence is written from the numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.results.courses import MEASURES, Course
from gpnde.study.intervals import Interval
from gpnde.study.pairs import Outcome, Pair, Reach
from gpnde.study.verdicts import change_word, sentence, span, verdict

LOWER = MEASURES["capability.lower_tier"]
NOBODY = Reach(0.0, 0.0)
NUMBERS = st.floats(-10, 10)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((0.024, 0.015, 0.033), "supported"),
        ((-0.024, -0.033, -0.015), "supported"),
        ((0.006, 0.002, 0.010), "too small to matter"),
        ((0.024, -0.001, 0.049), "not to be told from luck"),
        ((0.024, 0.0, 0.048), "not to be told from luck"),
        ((0.0, 0.0, 0.0), "no difference in any pair"),
        ((0.024, math.nan, math.nan), "one pair tells nothing"),
    ],
)
def test_verdict_by_interval_and_smallest_difference_that_matters(found: tuple[float, ...], said: str) -> None:
    assert verdict(Interval(*found), 0.01) == said


@given(mean=NUMBERS, half=st.floats(0, 10), smallest=st.floats(0, 10))
def test_turning_the_sign_changes_no_verdict(mean: float, half: float, smallest: float) -> None:
    here, there = Interval(mean, mean - half, mean + half), Interval(-mean, -mean - half, -mean + half)
    assert verdict(here, smallest) == verdict(there, smallest)
    turned = {"better": "worse", "worse": "better", "": ""}
    assert turned[change_word(here, "higher")] == change_word(there, "higher")


def pair(difference: float, net_cost: float = 0.0, reach: Reach = NOBODY) -> Pair:
    def outcome(value: float, cost: float, firms: Reach) -> Outcome:
        course = Course(np.array([0.0, 1820.0]), np.array([0.4, value]))
        return Outcome({LOWER.metric: value, "policy.aid.net_cost": cost}, {LOWER.metric: course}, firms)

    return Pair(outcome(0.5, 0.0, NOBODY), outcome(0.5 + difference, net_cost, reach))


def test_sentence_tells_effect_money_firms_and_verdict() -> None:
    pairs = [pair(each, 6.6e6, Reach(27.0, 30.0)) for each in (0.020, 0.024, 0.028)]
    assert sentence(pairs, LOWER, 1820.0) == (
        "Lower-tier capability +0.024 [+0.014, +0.034] after 5 years; net cost 6.6 M; 27 of 30 target firms reached: "
        "supported (3 pairs)."
    )


def test_sentence_without_policy_tells_neither_money_nor_firms() -> None:
    assert sentence([pair(0.02), pair(-0.02)], LOWER, 364.0) == (
        "Lower-tier capability +0.000 [-0.254, +0.254] after 1 year: not to be told from luck (2 pairs)."
    )


def test_sentence_says_revenue_where_a_policy_earns() -> None:
    assert "net revenue 2 M;" not in sentence([pair(0.02, -2e6)], LOWER, 364.0)
    assert "net revenue 2 M" in sentence([pair(0.02, -2e6)], LOWER, 364.0)


def test_sentence_of_a_measure_that_no_run_defines() -> None:
    assert sentence([pair(0.02)], MEASURES["tier_gap"], 364.0) == "Capability gap between tiers: no run defines it."


@pytest.mark.parametrize(("days", "said"), [(7.0, "7 days"), (181.0, "0.5 years"), (3640.0, "10 years")])
def test_times_are_told_in_years_from_half_a_year_on(days: float, said: str) -> None:
    assert span(days) == said
