"""The pull of sources on learners: rates and gaps of all ties that carry and whose source is ahead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.transfer import effective_days
from gpnde.mechanics.weighted_gaps import Floats, add_weighted_gaps

FIRMS, FUNCTIONS = 4, 3
shares = st.floats(0.0, 1.0)


def pulled(learner: list[int], source: list[int], carries: list[bool], levels: Floats, rate: Floats) -> list[Floats]:
    """Return total rate, pull and pull times level for learners that hold what *levels* says of them."""
    found = [np.zeros((FIRMS, FUNCTIONS)) for _ in range(3)]
    who, whom = np.array(learner, dtype=np.int64), np.array(source, dtype=np.int64)
    add_weighted_gaps(who, whom, np.array(carries, dtype=np.bool_), levels, rate, levels.copy(), *found)
    return found


def test_rate_and_rate_times_gap_add_up_over_sources_that_are_ahead() -> None:
    levels = np.array([[1.0, 0.2, 0.5], [0.6, 0.9, 0.5], [0.4, 0.4, 0.4], [0.0, 0.0, 0.0]])
    total, pull, level_pull = pulled([2, 2], [0, 1], [True, True], levels, np.array([[0.1], [0.2]]))
    assert total[2] == pytest.approx([0.3, 0.2, 0.3])
    assert pull[2] == pytest.approx([0.1 * 0.6 + 0.2 * 0.2, 0.2 * 0.5, 0.1 * 0.1 + 0.2 * 0.1])
    assert level_pull[2] == pytest.approx([0.1 * 0.6 * 1.0 + 0.2 * 0.2 * 0.6, 0.2 * 0.5 * 0.9, 0.5 * pull[2, 2]])
    assert not total[[0, 1, 3]].any()


def test_each_function_may_have_a_rate_of_its_own() -> None:
    levels = np.zeros((FIRMS, FUNCTIONS))
    levels[0] = 1.0
    total, *_ = pulled([1], [0], [True], levels, np.array([[0.1, 0.0, 0.3]]))
    assert total[1].tolist() == [0.1, 0.0, 0.3]


def test_tie_that_does_not_carry_adds_nothing() -> None:
    levels = np.array([[1.0] * FUNCTIONS, *[[0.0] * FUNCTIONS] * 3])
    total, pull, level_pull = pulled([1], [0], [False], levels, np.array([[0.5]]))
    assert not total.any()
    assert not pull.any()
    assert not level_pull.any()


@given(
    st.lists(st.tuples(st.integers(0, FIRMS - 1), st.integers(0, FIRMS - 1), st.floats(0.0, 10.0)), max_size=12),
    st.lists(shares, min_size=FIRMS * FUNCTIONS, max_size=FIRMS * FUNCTIONS),
    st.floats(0.1, 1000.0),
)
def test_no_learner_passes_the_best_of_its_sources(
    ties: list[tuple[int, int, float]], known: list[float], days: float
) -> None:
    levels = np.array(known).reshape(FIRMS, FUNCTIONS)
    rate = np.array([[each] for *_, each in ties]).reshape(len(ties), 1)
    learner, source = [firm for firm, *_ in ties], [teacher for _, teacher, _ in ties]
    total, pull, level_pull = pulled(learner, source, [True] * len(ties), levels, rate)
    after = levels + pull * effective_days(total, days)
    best = levels.copy()
    for firm, teacher, _ in ties:
        best[firm] = np.maximum(best[firm], levels[teacher])
    assert (after <= best + 1e-12).all()
    assert (level_pull <= pull * best + 1e-12).all()
    assert (level_pull >= pull * levels - 1e-12).all()
