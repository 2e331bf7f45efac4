"""Runs of a component on a network, told apart by the fingerprints of their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gpnde.engine.simulate import simulate
from gpnde.plugin.component import Component
from gpnde.plugin.host import plugin_host
from gpnde.results.fingerprint import fingerprint
from gpnde.scenario.schema import ComponentUse, Scenario
from gpnde.testing.isolation import isolated_plugins

Fingerprints = dict[str, str]
"""The fingerprint of each table of a run."""

SEED = 1


class Outcome(NamedTuple):
    """What is left of a run."""

    tables: Fingerprints
    conservation: dict[str, float]


def outcome(scenario: Scenario, components: Sequence[type[Component]]) -> Outcome:
    """Run a *scenario* that can use *components* and no others."""
    with isolated_plugins(*components):
        run = simulate(scenario, seed=SEED)
    return Outcome({name: fingerprint({name: table}) for name, table in run.tables.items()}, run.conservation)


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the tables that two runs do not have in common.

    >>> differing({"sites": "a", "firms": "b"}, {"sites": "a", "firms": "c"})
    ('firms',)
    """
    return tuple(name for name in one if one[name] != other.get(name))


@dataclass(frozen=True)
class Subject:
    """The component that is checked, with its parameters and the network that it is tried on."""

    component: type[Component]
    parameters: Mapping[str, Any]
    scenario: Scenario
    others: tuple[type[Component], ...] = field(default=())
    """Components that the scenario uses or that the component requires."""

    def network(self, *beside: type[Component], enabled: bool = True, reverse: bool = False) -> Scenario:
        """Return the network with the component, and those *beside* it, among the components of the scenario."""
        uses = [*self.scenario.components, *self._required(), self._use(enabled), *map(_plain_use, beside)]
        return self._with(uses[::-1] if reverse else uses)

    def network_without(self) -> Scenario:
        """Return the network without the component."""
        return self._with([*self.scenario.components, *self._required()])

    def run(self, scenario: Scenario, *beside: type[Component], component: type[Component] | None = None) -> Outcome:
        """Run one of these networks; *component* takes the place of the one that is checked."""
        return outcome(scenario, [component or self.component, *self.others, *beside])

    def _use(self, enabled: bool) -> ComponentUse:
        given = {**self.parameters, "use": self.component.name, "enabled": enabled}
        return ComponentUse.model_validate(given)

    def _required(self) -> list[ComponentUse]:
        used = {use.use for use in self.scenario.components}
        return [_plain_use(other) for other in self.others if other.name not in used]

    def _with(self, uses: Sequence[ComponentUse]) -> Scenario:
        # A copy of all of it, so that a component that writes into the scenario spoils one run only.
        return self.scenario.model_copy(update={"components": tuple(uses)}, deep=True)


def _plain_use(component: type[Component]) -> ComponentUse:
    return ComponentUse(use=component.name)


def make_subject(component: type[Component], parameters: Mapping[str, Any], scenario: Scenario) -> Subject:
    """Return what is checked, with all other components that it takes to run it; these have to be installed."""
    scenario = scenario.model_copy(
        update={"components": tuple(use for use in scenario.components if use.use != component.name)}
    )
    wanted = [use.use for use in scenario.components] + list(component.requires)
    others: dict[str, type[Component]] = {}
    while wanted:
        name = wanted.pop()
        if name not in others and name != component.name:
            others[name] = plugin_host().component(name)
            wanted += others[name].requires
    return Subject(component, parameters, scenario, tuple(others.values()))
