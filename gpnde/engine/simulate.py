"""The entry to the engine: from a scenario to a finished run."""

from __future__ import annotations

import importlib.metadata
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from gpnde.engine.components.measures import own_metrics
from gpnde.engine.simulation import Progress, Simulation
from gpnde.engine.statistics import flow_metrics, review_sums
from gpnde.mechanics.collector import collector_paused
from gpnde.mechanics.compiled import is_warm
from gpnde.plugin.component import Component
from gpnde.plugin.host import plugin_host
from gpnde.plugin.run_hooks import compile_hooks, labels
from gpnde.results.columns import TABLES
from gpnde.results.metric import Metric
from gpnde.results.metrics import all_metrics, metrics_table
from gpnde.results.run import Run
from gpnde.results.tables import empty_table, make_table
from gpnde.scenario.files import load_scenario
from gpnde.scenario.provenance import count_marks
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world

_SOFTWARE = ("gpnde", "numpy", "numba", "simpy", "polars")


def simulate(
    scenario: Scenario | str,
    *,
    seed: int = 1,
    replication: int = 0,
    debug: bool = False,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> Run:
    """Run a scenario, given as such or by name or path, and return its results.

    Equal scenario, seed, replication and versions give equal tables, byte for byte. *progress* is called with the
    simulated day and the horizon, *on_compile* once if this machine compiles the fast loops first. With *debug* the
    balances of goods and cash are checked at every recorded time, not only at the end.

    >>> run = simulate("single-site", seed=7)
    >>> run.metric("flow.fill_rate") > 0.9
    True
    """
    host = plugin_host()
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(host.scenario_source(scenario))
    if on_compile is not None and not is_warm("cohort.advance"):
        on_compile()
    began = time.perf_counter()
    components = host.build(scenario.components, scenario.requires)
    world = build_world(scenario, seed, replication)
    simulation = Simulation(world, compile_hooks(components, host.owner), seed, replication)
    built = time.perf_counter()
    with collector_paused():
        simulation.run(progress, debug)
    seconds = {"build": built - began, "simulate": time.perf_counter() - built}
    gathered = _gather(simulation)
    # The state of a large network takes more room than its results; it goes before these are worked out.
    del simulation, world
    return _run_of(scenario, gathered, components, seed, replication, seconds)


class _Gathered(NamedTuple):
    """What is left of a simulation when it is over."""

    tables: dict[str, Any]
    sums: Mapping[str, Any]
    metrics: list[Metric]
    own_metrics: list[Metric]
    counts: dict[str, int | float]
    dropouts: dict[str, int]
    balances: dict[str, float]


def _gather(simulation: Simulation) -> _Gathered:
    """Return what the results need of a finished simulation."""
    world = simulation.world
    sums = {name: values.copy() for name, values in review_sums(world).items()}
    return _Gathered(
        tables=_tables(simulation),
        sums=sums,
        metrics=flow_metrics(world),
        own_metrics=own_metrics(simulation.asking),
        counts=_counts(simulation),
        dropouts=simulation.journal.dropouts,
        balances=simulation.balances(),
    )


def _run_of(
    scenario: Scenario,
    gathered: _Gathered,
    components: list[Component],
    seed: int,
    replication: int,
    seconds: dict[str, float],
) -> Run:
    """Work out the results of a finished simulation."""
    provenance = count_marks(scenario)
    plain, tables = scenario.model_dump(mode="json"), gathered.tables
    metrics = all_metrics(plain, tables, gathered.sums, gathered.dropouts) + gathered.metrics + gathered.own_metrics
    tables["metrics"] = metrics_table(sorted(metrics))
    return Run(
        scenario=plain,
        seed=seed,
        replication=replication,
        tables=tables,
        conservation=gathered.balances,
        counts=gathered.counts,
        dropouts=gathered.dropouts,
        components=[_described(label, each) for label, each in zip(labels(components), components, strict=True)],
        software=_software(),
        seconds=seconds,
        provenance=provenance,
    )


def _tables(simulation: Simulation) -> dict[str, Any]:
    """Return all tables but the metrics."""
    recorder = simulation.recorder
    orders, sales = recorder.order_tables()
    columns = {
        "firms": recorder.firms_table(),
        "sites": recorder.sites_table(),
        "tiers": recorder.tiers_table(),
        "links": recorder.links_table(simulation.scores),
        "markets": recorder.markets_table(),
        "orders": orders,
        "sales": sales,
        "events": simulation.journal.columns(),
    }
    if policies := simulation.asking.programmes.columns():
        columns["policies"] = policies
    if simulation.knowledge is not None:
        columns.update(simulation.knowledge.tables())
    given = {name: make_table(name, values) for name, values in columns.items()}
    return {name: given.get(name, empty_table(name)) for name in TABLES if name != "metrics"}


def _counts(simulation: Simulation) -> dict[str, int | float]:
    world = simulation.world
    return {
        "days": world.scenario.clock.days,
        "firms": len(world.firms),
        "sites": len(world.state.sites),
        "links": int((world.state.lines["market"] < 0).sum()),
        "orders": int(world.state.clock[0].order_lines),
    }


def _described(label: str, component: Component) -> dict[str, Any]:
    """Return what a reader needs to know of a component in force."""
    return {
        "name": label,
        "api": component.api,
        "results_version": component.results_version,
        "parameters": component.model_dump(mode="json"),
    }


def _software() -> dict[str, str]:
    """Return the versions of gpnde and of what its numbers depend on, as far as they are installed."""
    versions = {}
    for name in _SOFTWARE:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions
