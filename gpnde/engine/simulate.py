"""The entry to the engine: from a scenario to a finished run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from gpnde.engine.hooks.metrics import added_metrics, reported_metrics
from gpnde.engine.recording.observation import Identity, Observation, Watch
from gpnde.engine.recording.statistics import statistics
from gpnde.engine.recording.tables import counts_of, final_tables
from gpnde.engine.run import Progress, Simulation
from gpnde.numerics.collector import collect_recent, collector_paused
from gpnde.numerics.compiled import is_warm
from gpnde.numerics.seeds import checked_seed
from gpnde.plugin.host import plugin_host
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.results.evidence import Evidence
from gpnde.results.metric import MetricKind
from gpnde.results.register import all_metrics, metrics_table
from gpnde.results.run import Run
from gpnde.scenario.files import load_scenario
from gpnde.scenario.provenance import count_marks
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.by_name import by_name


def simulate(
    scenario: Scenario | str,
    *,
    seed: int = 1,
    replication: int = 0,
    debug: bool = False,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
    watch: Watch | None = None,
) -> Run:
    """Run a scenario, given as such or by name or path, and return its results.

    *seed* and *replication* are whole numbers of 0 or more, as on the command line. Equal scenario, seed, replication
    and versions give equal tables, byte for byte, in whatever order the rows of the scenario are written down: a run
    works, and shows its results, in the order of names. *progress* is called with the simulated day and the horizon,
    *on_compile* once if this machine compiles the fast loops first. *watch* is called at least a hundred times with
    an `Observation` of the run, from which it may take what is known so far; watching changes no table, and what
    *watch* raises ends the run. With *debug* the balances of goods and cash are checked at every recorded time,
    not only at the end.

    >>> run = simulate("single-site", seed=7)
    >>> run.metric("flow.fill_rate") > 0.9
    True
    """
    seed, replication = checked_seed("seed", seed), checked_seed("replication", replication)
    host = plugin_host()
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(host.scenario_source(scenario))
    scenario = by_name(scenario)
    if on_compile is not None and not is_warm("cohort.advance"):
        on_compile()
    began = time.perf_counter()
    components = host.build(scenario.components, scenario.requires)
    added = host.metrics_named(scenario.record.metrics)
    identity = Identity(scenario, components, seed, replication)
    with collector_paused():
        world = build_world(scenario, seed, replication)
        simulation = Simulation(world, compile_hooks(components, host.owner), seed, replication)
        built = time.perf_counter()
        simulation.run(progress, debug, None if watch is None else _look(simulation, identity, watch))
        seconds = {"build": built - began, "simulate": time.perf_counter() - built}
        gathered = _gather(simulation)
        # The state of a large network takes more room than its results; it goes before these are worked out.
        del simulation, world
        collect_recent()
        return _run_of(identity, gathered, added, seconds)


def rehearse(scenario: Scenario) -> None:
    """Begin a run and leave it on day 0: what a run refuses before its first day is refused here, in the same words.

    Raises
    ------
    GpndeError
        A component is not there, or does not suit the network.
    """
    host = plugin_host()
    components = host.build(scenario.components, scenario.requires)
    host.metrics_named(scenario.record.metrics)
    Simulation(build_world(scenario), compile_hooks(components, host.owner), 1, 0)


def _look(simulation: Simulation, identity: Identity, watch: Watch) -> Callable[[], None]:
    """Return what hands the present moment to *watch*."""
    return lambda: watch(Observation(simulation, identity))


class _Gathered(NamedTuple):
    """What is left of a simulation when it is over."""

    tables: dict[str, Any]
    statistics: Mapping[str, Any]
    accounts: Mapping[str, Mapping[str, float]]
    reported: Mapping[str, float]
    counts: dict[str, int | float]
    dropouts: dict[str, int]
    balances: dict[str, float]


def _gather(simulation: Simulation) -> _Gathered:
    """Return what the results need of a finished simulation."""
    world = simulation.world
    return _Gathered(
        tables=final_tables(simulation),
        statistics=statistics(world),
        accounts=simulation.asking.programmes.accounts(),
        reported=reported_metrics(simulation.asking),
        counts=counts_of(world),
        dropouts=simulation.journal.dropouts,
        balances=simulation.balances(),
    )


def _run_of(
    identity: Identity, gathered: _Gathered, added: Mapping[MetricKind[Any], str], seconds: dict[str, float]
) -> Run:
    """Work out the results of a finished simulation."""
    provenance = count_marks(identity.scenario)
    tables = gathered.tables
    evidence = Evidence(
        identity.plain,
        tables,
        statistics=gathered.statistics,
        dropouts=gathered.dropouts,
        accounts=gathered.accounts,
        reported=gathered.reported,
    )
    tables["metrics"] = metrics_table(sorted(all_metrics(evidence) + added_metrics(evidence, added)))
    return identity.run(
        tables=tables,
        conservation=gathered.balances,
        counts=gathered.counts,
        dropouts=gathered.dropouts,
        seconds=seconds,
        provenance=provenance,
    )
