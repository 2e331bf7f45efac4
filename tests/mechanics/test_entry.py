"""Entry: the hazard's direction, the chance over a period, and what movers carry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.entry import (
    carried_by_movers,
    entry_chance,
    entry_hazard,
    hired_from_pool,
    rate_of_mixing,
    still_searching,
)

hazards = st.floats(0.0, 1.0)
spans = st.floats(0.0, 1_000.0)


def test_hazard_at_known_points() -> None:
    growth, pool = np.array([0.0, 0.5, 0.0, -0.5]), np.array([0.0, 0.0, 0.5, 0.0])
    expected = 0.01 * np.exp(np.array([0.0, 1.0, 1.5, -1.0]))
    assert entry_hazard(growth, pool, 0.01, 2.0, 3.0) == pytest.approx(expected)


@given(st.floats(-2.0, 2.0), st.floats(0.0, 1.0), hazards)
def test_hazard_is_never_negative_and_scales_with_its_base(growth: float, pool: float, base: float) -> None:
    hazard = float(entry_hazard(growth, pool, base, 2.0, 1.0))
    assert hazard >= 0.0
    assert hazard == pytest.approx(base * float(entry_hazard(growth, pool, 1.0, 2.0, 1.0)))


@given(hazards, spans, spans)
def test_chance_of_no_entry_multiplies_over_periods(hazard: float, first: float, second: float) -> None:
    none = 1.0 - entry_chance(hazard, np.array([first, second, first + second]))
    assert none[2] == pytest.approx(none[0] * none[1], abs=1e-12)
    assert ((none >= 0.0) & (none <= 1.0)).all()


def test_small_chance_is_the_hazard_times_the_days() -> None:
    assert float(entry_chance(1e-18, 10.0)) == pytest.approx(1e-17, rel=1e-12)


def test_chance_at_its_ends() -> None:
    assert entry_chance(np.array([0.0, 1e6]), 28.0).tolist() == [0.0, 1.0]


def test_movers_carry_their_share() -> None:
    carried = carried_by_movers(np.array([[0.5, 0.2], [1.0, 0.0]]), np.array([[0.1], [0.5]]))
    assert carried == pytest.approx(np.array([[0.05, 0.02], [0.5, 0.0]]))


@given(st.lists(st.tuples(st.floats(0.0, 100.0), st.integers(0, 2)), min_size=1, max_size=9), st.floats(0.0, 200.0))
def test_no_more_people_are_hired_than_are_wanted_or_there(wishes: list[tuple[float, int]], pool: float) -> None:
    wanted, place = np.array([each for each, _ in wishes]), np.array([where for _, where in wishes])
    hired = hired_from_pool(wanted, place, np.full(3, pool))
    assert np.all(hired <= wanted + 1e-9)
    total = np.bincount(place, wanted, 3)
    assert np.bincount(place, hired, 3) == pytest.approx(np.minimum(total, pool), abs=1e-9)


@given(st.floats(0.0, 1e3), st.floats(0.1, 1e3), st.floats(0.0, 1.0), st.floats(1.0, 91.0))
def test_knowledge_of_all_becomes_the_mean_over_people(came: float, staff: float, carried: float, days: float) -> None:
    closed = -np.expm1(-rate_of_mixing(came, staff, carried, days) * days)
    mean = (staff * 0.2 + came * (0.2 + carried * 0.6)) / (staff + came)
    assert 0.2 + closed * 0.6 == pytest.approx(mean, abs=1e-6)


def test_nobody_came_so_nothing_is_learnt() -> None:
    assert rate_of_mixing(0.0, 0.0, 1.0, 28.0) == 0.0


@given(st.floats(1.0, 1000.0), spans, spans)
def test_people_leave_their_trade_at_a_constant_rate(search: float, first: float, then: float) -> None:
    apart = still_searching(still_searching(100.0, search, first), search, then)
    assert apart == pytest.approx(float(still_searching(100.0, search, first + then)), abs=1e-9)
