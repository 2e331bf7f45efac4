"""A policy at work in the network of three firms, on a day of one's choice."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gpnde.engine.hooks.policy_accounts import PolicyAccount
from gpnde.engine.hooks.views import RunStreams, RunView
from gpnde.engine.run import Simulation
from gpnde.plugin import Component, KnowledgeView, Memory, Policy, hookimpl
from gpnde.scenario import Scenario
from gpnde.world.layout import Floats

from ...learners import begun, let_pass, three_firms

FLAGSHIP, LEAD, LOWER = range(3)
HQ, PLANT, SHOP = range(3)


class Watcher(Component):
    """Keeps what firms knew at every step of learning, and on day 0."""

    name = "test.watcher"
    seen: list[Any] = []

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        self.seen.append(knowledge)

    @hookimpl
    def transfer_rate(self, knowledge: KnowledgeView) -> None:
        self.seen.append(knowledge)


class Office(NamedTuple):
    """What the engine hands to a policy."""

    view: RunView
    programme: PolicyAccount
    memory: Memory
    streams: RunStreams
    simulation: Simulation
    watcher: Watcher

    @property
    def knowledge(self) -> KnowledgeView:
        """What firms knew at the last step of learning."""
        last: KnowledgeView = self.watcher.seen[-1]
        return dataclasses.replace(last, network=self.view)

    @property
    def monthly(self) -> Floats:
        """The monthly cost of each firm."""
        return np.array(self.view.firms["monthly_cost"])

    def step(self, days: float = 28.0) -> None:
        """Advance by a step."""
        self.view.began = self.view.day
        let_pass(self.simulation, self.view.day + days)


def opened(
    policy: Policy, scenario: Scenario | None = None, *, day: float = 28.0, reach: npt.ArrayLike | None = None
) -> Office:
    """Return the office of a policy at the end of a step of 28 days, or on day 0; *reach* stands in for its targets."""
    scenario, watcher = scenario or three_firms(), Watcher()
    simulation = begun(scenario, *([watcher] if scenario.learns else []))
    let_pass(simulation, day)
    view = RunView(simulation.world, simulation.timeline)
    view.began = max(0.0, day - 28.0)
    policy.check_targets(view)
    programme = PolicyAccount(policy.name, policy, view, simulation.world)
    targeted = policy.targeted(view, None) if reach is None else reach
    programme.aim(np.asarray(targeted, dtype=np.float64), np.zeros(len(view.firms), dtype=np.bool_))
    return Office(view, programme, {}, RunStreams(1, 0, policy.name), simulation, watcher)


def network(**changes: Any) -> Scenario:
    """Return the three firms without finance and knowledge, so that goods flow alone."""
    return three_firms(**{"finance": None, "knowledge": None, "selection": None, **changes})
