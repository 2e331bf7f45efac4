"""Who gets a seat."""

from __future__ import annotations

import numpy as np
import pytest
from gpnde_policies.seats import chance_in, drawn
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(-2, 40), st.integers(0, 99))
def test_only_candidates_get_seats_and_none_stays_empty(wanted: list[bool], seats: int, seed: int) -> None:
    candidates = np.array(wanted)
    found = drawn(candidates, seats, np.random.default_rng(seed).random(len(wanted)))
    assert candidates[found].all()
    assert len(set(found.tolist())) == len(found) == min(max(seats, 0), candidates.sum())


def test_lots_decide() -> None:
    assert drawn(np.ones(4, dtype=np.bool_), 2, np.array([0.3, 0.1, 0.9, 0.2])).tolist() == [1, 3]


@given(st.floats(0, 1), st.floats(1, 2000))
def test_two_halves_of_a_time_give_the_chance_of_the_whole(per_year: float, days: float) -> None:
    missed = (1 - chance_in(per_year, days / 2)) ** 2
    assert 1 - missed == pytest.approx(chance_in(per_year, days))
