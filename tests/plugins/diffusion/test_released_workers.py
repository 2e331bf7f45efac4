"""Released workers: what they know moves with them as far as they are hired, and is lost otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.released_workers import ReleasedWorkers

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.plugin import Act, Clock, Component, Process, hookimpl
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FORMAL, FUNCTIONS, INFORMAL, TACIT
from tests.engine.economy import BRAND, FIRST, SECOND, economy

from ...learners import begun, footprint
from .conftest import QUIET

Run = Callable[..., Simulation]
Check = Callable[..., None]

CLOSES = 100.0
MAKING = FUNCTIONS.index("component_mfg")


def closing(closes: float | None = CLOSES, days: float = 364, **changes: Any) -> Scenario:
    """Return the economy, of whose makers the second, which knows all, closes; only mechanisms add to knowledge."""
    end = {} if closes is None else {"sites__2__closes_day": closes}
    able = {"firms__2__knowledge": dict.fromkeys(FUNCTIONS, 0.9), "firms__1__knowledge": dict.fromkeys(FUNCTIONS, 0.3)}
    wide = {"sites__1__capacity_per_day": 400}
    return economy(clock__days=days, knowledge=QUIET, **{**end, **able, **wide, **changes})


class Failure(Component):
    """Takes the second maker out of the network."""

    name = "test.failure"

    @hookimpl
    def process(self, clock: Clock, act: Act) -> Process:
        yield clock.wait(CLOSES)
        act.close_firms(np.array([SECOND]))


def received(simulation: Simulation) -> Any:
    return simulation.part(KnowledgeModel).receipts.transferred


def test_a_firm_nearby_that_hires_learns_what_the_others_knew(run: Run) -> None:
    simulation = run(ReleasedWorkers(), scenario=closing())
    got = received(simulation)
    assert got[INFORMAL, TACIT, FIRST] > 0.0
    assert not got[FORMAL].any() and not got[:, CODIFIED].any() and not got[:, :, [BRAND, SECOND]].any()
    assert simulation.balances()["knowledge"] < 1e-9


def test_the_share_of_newcomers_times_what_they_carry_closes_of_the_gap(run: Run) -> None:
    # The step of day 112 is the first to see the site closed.
    simulation = begun(closing(days=CLOSES + 12.0), ReleasedWorkers(tacit_carried=0.5))
    simulation.finish()
    memory = _memory(simulation)
    came, staff = memory["hired"], float(simulation.world.factories["staff"][FIRST])
    assert came > 0.0
    share = 0.5 * came / (came + staff)
    gap = len(FUNCTIONS) * (0.9 - 0.3)
    assert received(simulation)[INFORMAL, TACIT, FIRST] == pytest.approx(share * gap, rel=1e-6)


def _memory(simulation: Simulation) -> dict[str, float]:
    """Return the metrics of the component by name."""
    found, name = simulation.metrics(), "diffusion.released-workers."
    return {each.removeprefix(name): value for each, value in found.items() if each.startswith(name)}


def test_people_are_hired_leave_or_look_on(run: Run) -> None:
    found = _memory(run(ReleasedWorkers(search_days=100), scenario=closing(days=1092)))
    assert found["released"] > found["hired"] > 0.0
    assert found["hired"] + found["left"] == pytest.approx(found["released"], rel=1e-3)


def test_the_longer_people_look_the_more_of_them_are_hired(run: Run) -> None:
    short, long = (_memory(run(ReleasedWorkers(search_days=each), scenario=closing()))["hired"] for each in (14, 728))
    assert 0.0 < short < long


def test_nobody_learns_where_nobody_hires_or_nothing_closes_or_elsewhere(run: Run) -> None:
    away: dict[str, Any] = {"sites__1__cluster": "harbour"}
    for scenario in (closing(None), closing(**away), closing(markets__0__demand__law=1e-6)):
        assert not received(run(ReleasedWorkers(), scenario=scenario)).any()


def test_people_of_a_firm_that_fails_carry_its_knowledge(run: Run) -> None:
    assert received(run(ReleasedWorkers(), Failure(), scenario=closing(None)))[INFORMAL, TACIT, FIRST] > 0.0


def test_does_nothing_where_nothing_is_carried(run: Run) -> None:
    absent = footprint(run(scenario=closing()))
    assert footprint(run(ReleasedWorkers(), scenario=closing())) != absent
    assert footprint(run(ReleasedWorkers(tacit_carried=0), scenario=closing())) == absent


def test_equal_seeds_give_equal_bytes_and_nobody_passes_who_came(run: Run) -> None:
    one, other = (run(ReleasedWorkers(tacit_carried=1), scenario=closing(days=728)) for _ in range(2))
    assert footprint(one) == footprint(other)
    state = one.part(KnowledgeModel).state
    assert (state.stock + state.waiting.sum(axis=0))[:, FIRST].max() <= 0.9 + 1e-12


def test_network_without_employees_is_refused(run: Run) -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.released-workers: no site of a cluster has employees: give"):
        run(ReleasedWorkers())
