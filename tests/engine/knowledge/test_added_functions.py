"""Functions that firms take on: what they do elsewhere does not suffer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.scenario import Scenario
from gpnde.scenario.knowledge import Upgrading
from gpnde.vocabulary import FUNCTIONS

from ...learners import Teaching, begun, known, learning, simulated, three_firms

FLAGSHIP, LEAD, LOWER = range(3)
LESSONS = Teaching(pairs=((FLAGSHIP, LEAD), (FLAGSHIP, LOWER)), codified=0.3, tacit=0.2)


def network(awarded: bool, **effort: Any) -> Scenario:
    """Return the three firms, whose suppliers take on all functions as soon as they may, or none at all."""
    upgrading = {
        "thresholds": dict.fromkeys(FUNCTIONS, 0.0),
        "cost_months": 0,
        "award_score": 0,
        "award_chance": float(awarded),
        "brand_harshness": 0,
        "price_gain": 0,
    }
    return three_firms(
        clock={"days": 728}, selection=None, knowledge={"upgrading": upgrading, "effort": {"fixed": 0.5, **effort}}
    )


@pytest.fixture(scope="module")
def runs() -> tuple[Simulation, Simulation]:
    """Return a run in which suppliers take on all functions, and one in which they take on none."""
    several, few = (simulated(network(awarded), LESSONS) for awarded in (True, False))
    return several, few


def test_firms_that_take_on_everything_absorb_no_less(runs: tuple[Simulation, Simulation]) -> None:
    several, few = (learning(run).rows.learner_columns()["absorptive_capacity"] for run in runs)
    assert known(runs[0]).active[1:].all()
    assert (known(runs[1]).active == learning(runs[1]).state.opening).all()
    np.testing.assert_allclose(several, few, rtol=1e-12)


def test_firms_that_take_on_everything_work_no_dearer(runs: tuple[Simulation, Simulation]) -> None:
    several, few = (run.world.plants["unit_cost"] for run in runs)
    assert (few[1:] < runs[1].world.plants["opening_unit_cost"][1:]).all()
    np.testing.assert_allclose(several, few, rtol=1e-12)


def test_what_firms_do_since_day_0_is_learnt_as_well(runs: tuple[Simulation, Simulation]) -> None:
    several, few = (learning(run).state.stock for run in runs)
    assert (several >= few * (1 - 1e-12)).all()


@pytest.fixture(scope="module")
def side() -> KnowledgeModel:
    """Return the knowledge of a network in which nothing has happened yet."""
    return learning(begun(network(awarded=False)))


rows = st.lists(st.booleans(), min_size=len(FUNCTIONS), max_size=len(FUNCTIONS))


@given(added=st.lists(rows, min_size=3, max_size=3))
def test_no_function_taken_on_moves_what_a_cluster_can_do(side: KnowledgeModel, added: list[list[bool]]) -> None:
    side.state.active = side.state.opening.copy()
    before = [side.of_clusters(function) for function in range(len(FUNCTIONS))]
    side.state.active = side.state.opening | np.array(added)
    after = [side.of_clusters(function) for function in range(len(FUNCTIONS))]
    np.testing.assert_array_equal(after, before)


def test_premium_counts_functions_beyond_those_of_day_0() -> None:
    side = learning(begun(three_firms()))
    side.state.active = side.state.active.copy()
    side.state.active[LOWER, :2] = True
    gain = 1.0 + Upgrading().price_gain
    assert side.upgrades.premium().tolist() == pytest.approx([1.0, 1.0, gain**2])
