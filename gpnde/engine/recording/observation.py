"""An observation of a running simulation: the current day and the results recorded so far."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from gpnde.engine.recording.tables import counts_of, partial_tables
from gpnde.engine.run import Simulation
from gpnde.errors import Owner
from gpnde.plugin.brought import brought, versions
from gpnde.plugin.component import Component
from gpnde.plugin.host import plugin_host
from gpnde.plugin.run_hooks import labels
from gpnde.results.metric import MetricKind
from gpnde.results.run import Run
from gpnde.scenario.schema import Scenario

_SOFTWARE = ("gpnde", "numpy", "numba", "simpy", "polars")


class Identity:
    """What a run is a run of: the same for its parts and for the whole."""

    def __init__(
        self,
        scenario: Scenario,
        components: Sequence[Component],
        seed: int,
        replication: int,
        added_metrics: Mapping[MetricKind[Any], Owner],
    ) -> None:
        """Store the inputs that identify this run."""
        self.scenario = scenario
        self.components = components
        self.seeds = seed, replication
        self.added_metrics = added_metrics
        """Metrics that the scenario names, and the plugin that brought each."""

    @cached_property
    def as_data(self) -> dict[str, Any]:
        """The scenario as plain data."""
        return self.scenario.model_dump(mode="json")

    @cached_property
    def _used(self) -> list[dict[str, Any]]:
        pairs = zip(labels(self.components), self.components, strict=True)
        return [_described(label, component) for label, component in pairs]

    @cached_property
    def _plugins(self) -> dict[str, str]:
        return versions(brought(self.scenario, self.components))

    def run(self, **results: Any) -> Run:
        """Return the run with these results."""
        seed, replication = self.seeds
        return Run(
            scenario=self.as_data,
            seed=seed,
            replication=replication,
            components=self._used,
            software={**software_versions(), **self._plugins},
            **results,
        )


class Observation:
    """The present instant of a running simulation; good for as long as the call lasts that it was given to."""

    def __init__(self, simulation: Simulation, identity: Identity) -> None:
        """Look at a simulation between two of its events."""
        self._simulation, self._identity = simulation, identity

    @property
    def day(self) -> float:
        """The simulated time (days)."""
        return self._simulation.timeline.today

    @property
    def days(self) -> float:
        """The horizon (days)."""
        return self._simulation.timeline.ticks * self._simulation.timeline.tick_days

    def run(self) -> Run:
        """Return what is known so far: the tables up to now without single orders and sales, and no metrics.

        It is a run that ``notes`` says is under way. Links are as they are at this moment.
        """
        simulation = self._simulation
        return self._identity.run(
            tables=partial_tables(simulation),
            conservation={},
            counts=counts_of(simulation.world),
            dropouts=dict(simulation.journal.dropouts),
            notes=(f"Under way: day {self.day:g} of {self.days:g}.",),
        )


Watch = Callable[[Observation], None]
"""Called again and again while a simulation runs."""


def _described(label: str, component: Component) -> dict[str, Any]:
    """Return what a reader needs to know of a component in force, and which distribution it comes from."""
    plugin = next((plugin for plugin in plugin_host().plugins if component.name in plugin.offers), None)
    return {
        "name": label,
        "distribution": plugin.distribution if plugin else "",
        "version": plugin.version if plugin else "",
        "api": component.api,
        "results_version": component.results_version,
        "parameters": component.model_dump(mode="json"),
    }


def software_versions() -> dict[str, str]:
    """Return the versions of gpnde and of what its numbers depend on, as far as they are installed."""
    return {name: version for name in _SOFTWARE if (version := _version(name)) is not None}


@cache
def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
