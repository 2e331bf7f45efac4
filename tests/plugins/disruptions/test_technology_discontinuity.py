"""Technology discontinuities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gpnde_disruptions.technology_discontinuity import TechnologyDiscontinuity

from gpnde.errors import ComponentError
from gpnde.scenario import Scenario
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.layout import Floats

from ...learners import begun, footprint, learning, let_pass, simulated, three_firms

NO_EFFORT = {"frontier_drift_per_year": 0, "effort": {"fixed": 0}}
COMPONENT = FUNCTIONS.index("component_mfg")
ALL_HIT: dict[str, Any] = {"functions": (), "day": 40.0, "loss": 0.25}


def still(**changes: Any) -> Scenario:
    """Return a network in which knowledge stands still."""
    return three_firms(knowledge=NO_EFFORT, **changes)


def known(last_day: float, scenario: Scenario | None = None, **parameters: Any) -> Floats:
    """Return what firms know after *last_day*; shape (kinds, firms, functions)."""
    simulation = begun(scenario or still(), TechnologyDiscontinuity(**parameters))
    let_pass(simulation, last_day)
    return learning(simulation).state.stock.copy()


def test_share_is_lost_at_the_step_that_contains_the_day_and_once_only() -> None:
    before, after, later = (known(day, **ALL_HIT) for day in (28, 56, 140))
    np.testing.assert_allclose(after, 0.75 * before, rtol=1e-12)
    np.testing.assert_array_equal(later, after)


def test_break_on_the_day_of_a_step_is_felt_at_that_step() -> None:
    np.testing.assert_allclose(known(56, **{**ALL_HIT, "day": 56.0}), 0.75 * known(28, **ALL_HIT), rtol=1e-12)


def test_only_named_functions_are_hit() -> None:
    before, after = (known(day, day=40.0, loss=0.25, functions=("component_mfg",)) for day in (28, 56))
    is_lost = ~np.isclose(after, before)
    assert is_lost[:, :, COMPONENT].all()
    assert not np.delete(is_lost, COMPONENT, axis=2).any()


def test_only_firms_above_the_level_are_hit() -> None:
    before, after = (known(day, above=0.4, **ALL_HIT) for day in (28, 56))
    is_lost = ~np.isclose(after, before)
    np.testing.assert_array_equal(is_lost, before > 0.4)
    assert is_lost.any() and not is_lost.all()


def test_level_of_nought_spares_no_firm() -> None:
    assert (known(56, **ALL_HIT) < known(28, **ALL_HIT)).all()


@pytest.mark.parametrize("parameters", [{"loss": 0.0, "day": 40.0}, {"day": 1000.0}, {"mean_interval_days": 1e9}])
def test_break_that_takes_nothing_or_never_comes_changes_nothing(parameters: dict[str, Any]) -> None:
    with_it = simulated(three_firms(), TechnologyDiscontinuity(**parameters))
    assert footprint(with_it) == footprint(simulated(three_firms()))


@pytest.mark.thorough
def test_random_breaks_come_as_often_as_expected() -> None:
    clock = {"days": 36400}
    left = known(36400, still(clock=clock), functions=(), mean_interval_days=728.0, loss=0.01)
    breaks = np.log(left / known(28, day=1e6)) / np.log(0.99)
    assert np.ptp(breaks) == pytest.approx(0, abs=1e-6)
    assert breaks.mean() == pytest.approx(50, abs=4 * 50**0.5)


def test_random_breaks_depend_on_the_seed() -> None:
    def after(seed: int) -> bytes:
        component = TechnologyDiscontinuity(mean_interval_days=100)
        return learning(simulated(still(), component, seed=seed)).state.stock.tobytes()

    assert after(1) == after(1) != after(2)


def test_receipts_that_wait_lose_as_much_and_balances_hold() -> None:
    simulation = simulated(three_firms(), TechnologyDiscontinuity(day=100))
    assert learning(simulation).state.waiting.min() >= 0


def test_function_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(ComponentError, match=r"functions\[0\] = 'enginering'.*did you mean 'engineering'"):
        TechnologyDiscontinuity.of({"functions": ["enginering"]})


def test_loss_of_everything_is_refused() -> None:
    with pytest.raises(ComponentError) as caught:
        TechnologyDiscontinuity.of({"loss": 1})
    assert str(caught.value) == "disruption.technology-discontinuity.loss = 1: must be below 1"


def test_function_without_knowledge_is_refused() -> None:
    firms = [firm.model_dump() | {"knowledge": {"engineering": 0}} for firm in three_firms().firms]
    with pytest.raises(ComponentError, match="no firm has knowledge in engineering: choose others"):
        begun(still(firms=firms), TechnologyDiscontinuity(functions=("engineering",)))


def test_network_without_knowledge_is_refused() -> None:
    with pytest.raises(ComponentError, match="disruption.technology-discontinuity"):
        begun(three_firms(knowledge=None), TechnologyDiscontinuity(day=10))
