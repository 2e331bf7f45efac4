"""A flagship, a lead supplier and a lower-tier supplier in two clusters, and runs of them with mechanisms."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.plugin import Component, KnowledgeView, hookimpl
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.scenario import Scenario
from gpnde.scenario.knowledge import Knowledge
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.build import build_world

from ...learners import footprint, three_firms

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

QUIET = {"frontier_drift_per_year": 0, "effort": {"fixed": 0}, "absorption": {"stale_per_month": 0}}
"""Knowledge that only mechanisms add to: no firm does research, and nothing fades."""


@pytest.fixture
def run() -> Run:
    """Run a scenario (the three firms unless another is given) with components; return the finished simulation."""

    def simulated(*components: Component, scenario: Scenario | None = None, seed: int = 1) -> Simulation:
        world = build_world(scenario or three_firms(), seed, 0)
        simulation = Simulation(world, compile_hooks(components), seed, 0)
        simulation.observe(None, debug=True)
        simulation.finish()
        return simulation

    return simulated


@pytest.fixture
def network() -> Network:
    """Return a function that makes the network of three firms, with blocks of it replaced."""
    return three_firms


@pytest.fixture
def quiet() -> Network:
    """Return a function that makes the network in which only mechanisms add to knowledge, for *days*."""

    def made(days: float = 364, **changes: Any) -> Scenario:
        return three_firms(**{"clock": {"days": days}, "knowledge": QUIET, **changes})

    return made


class Watcher(Component):
    """Keeps the view of day 0."""

    name = "test.watcher"
    seen: list[Any] = []

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        self.seen.append(knowledge)


@pytest.fixture
def look() -> Look:
    """Return what components see of a scenario at a step that ends on day 28, with everything as on day 0."""

    def seen(scenario: Scenario) -> KnowledgeView:
        watcher = Watcher()
        Simulation(build_world(scenario, 1, 0), compile_hooks([watcher]), 1, 0)
        view: KnowledgeView = watcher.seen[0]
        return dataclasses.replace(view, day=28.0, days=28.0)

    return seen


@pytest.fixture
def assert_nothing_without(run: Run, network: Network) -> Check:
    """Return a check that a mechanism acts, *beside* others, but not with its strengths at 0, nor without knowledge."""

    def check(
        component: Component,
        zeroed: Component,
        scenario: Scenario | None = None,
        beside: tuple[Component, ...] = (),
    ) -> None:
        given = scenario or network()
        absent = footprint(run(*beside, scenario=given))
        assert footprint(run(*beside, component, scenario=given)) != absent
        assert footprint(run(*beside, zeroed, scenario=given)) == absent
        off = given.model_copy(update={"knowledge": Knowledge(enabled=False)})
        flow = given.model_copy(update={"knowledge": None})
        assert footprint(run(component, scenario=off)) == footprint(run(scenario=flow))

    return check


@pytest.fixture
def assert_sound(run: Run, quiet: Network) -> Check:
    """Return a check that books balance, no firm passes the best of all sources, and equal seeds give equal bytes."""

    def check(*components: Component, best: float = 0.7, **changes: Any) -> None:
        first, *others = changes.pop("firms", three_firms().model_dump()["firms"])
        firms = [{**first, "knowledge": dict.fromkeys(FUNCTIONS, best)}, *others]
        scenario = quiet(days=1820, **{"finance": None, "selection": None, "firms": firms, **changes})
        simulation, again = (run(*components, scenario=scenario) for _ in range(2))
        assert simulation.part(KnowledgeModel).receipts.transferred.sum() > 0
        assert simulation.balances()["knowledge"] < 1e-9
        state = simulation.part(KnowledgeModel).state
        assert np.all(state.stock + state.waiting.sum(axis=0) <= best + 1e-12)
        assert footprint(simulation) == footprint(again)

    return check
