"""The entry to the engine: from a scenario to a finished run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from gpnde.engine.hooks.metrics import added_metrics
from gpnde.engine.recording.observation import Identity, Observation, Watch
from gpnde.engine.recording.statistics import statistics
from gpnde.engine.recording.tables import counts_of, final_tables
from gpnde.engine.recording.warm_up import WarmUp
from gpnde.engine.run import Progress, Simulation
from gpnde.errors import GpndeError
from gpnde.numerics.collector import collect_recent, collector_paused
from gpnde.numerics.compiled import is_warm
from gpnde.numerics.seeds import checked_seed
from gpnde.plugin.host import plugin_host
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.results.evidence import Evidence
from gpnde.results.register import all_metrics, metrics_table
from gpnde.results.run import Run
from gpnde.results.sites import with_changes
from gpnde.results.warm_up import measured, measured_from
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
    began = time.perf_counter()
    with collector_paused():
        run = open_run(scenario, seed=seed, replication=replication, on_compile=on_compile)
        built = time.perf_counter()
        run.observe(progress=progress, debug=debug, watch=watch)
        run.advance()
        seconds = {"build": built - began, "simulate": time.perf_counter() - built}
        return run.finish(seconds)


def open_run(
    scenario: Scenario | str,
    *,
    seed: int = 1,
    replication: int = 0,
    on_compile: Callable[[], None] | None = None,
) -> OpenRun:
    """Begin a run and leave it on day 0; arguments are those of `simulate`.

    What a run refuses before its first day is refused here, in the same words.

    >>> run = open_run("single-site", seed=7)
    >>> run.advance(100)
    >>> then = run.snapshot()
    >>> run.finish().fingerprint == restore(then).finish().fingerprint
    True

    Raises
    ------
    GpndeError
        The scenario does not hold together, or a component is not there or does not suit the network.
    """
    seed, replication = checked_seed("seed", seed), checked_seed("replication", replication)
    host = plugin_host()
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(host.scenario_source(scenario))
    scenario = by_name(scenario)
    if on_compile is not None and not is_warm("cohort.advance"):
        on_compile()
    components = host.build(scenario.components, scenario.requires)
    added = host.metrics_named(scenario.record.metrics)
    identity = Identity(scenario, components, seed, replication, added)
    return OpenRun(identity, _begin(identity))


def _begin(identity: Identity) -> Simulation:
    """Return a simulation on day 0."""
    seed, replication = identity.seeds
    world = build_world(identity.scenario, seed, replication)
    return Simulation(world, compile_hooks(identity.components, plugin_host().owner), seed, replication)


class Snapshot(NamedTuple):
    """A run as it was on some day; give it to `restore`, as often as you like."""

    day: float
    identity: Identity
    simulation: Simulation | None
    """A copy of the run; None where components have processes of their own, so that it has to be replayed."""


def restore(snapshot: Snapshot) -> OpenRun:
    """Return a run that goes on from a snapshot, without the observers of the run that it was taken of.

    A run whose components have SimPy processes of their own, as those of outages do, cannot be copied: it is replayed
    from day 0, with the same bytes, which takes as long as the first time.
    """
    copied = snapshot.simulation
    run = OpenRun(snapshot.identity, _begin(snapshot.identity) if copied is None else copied.copied())
    run.advance(snapshot.day)
    return run


class OpenRun:
    """A run that is advanced by days, copied at any of them, and finished when its results are needed."""

    def __init__(self, identity: Identity, simulation: Simulation) -> None:
        """Go on with a *simulation*; see `open_run`."""
        self._identity = identity
        self._simulation: Simulation | None = simulation

    @property
    def simulation(self) -> Simulation:
        """The simulation under way."""
        if self._simulation is None:
            raise GpndeError(where="run", expected="is finished: open a new one, or restore a snapshot of it")
        return self._simulation

    @property
    def day(self) -> float:
        """The simulated time (days)."""
        return self.simulation.timeline.today

    def observe(self, *, progress: Progress | None = None, debug: bool = False, watch: Watch | None = None) -> None:
        """Add observers; arguments are those of `simulate`."""
        look = None if watch is None else _look(self.simulation, self._identity, watch)
        self.simulation.observe(progress, debug, look)

    def advance(self, day: float | None = None) -> None:
        """Advance to a *day*, rounded up to the tick, or to the horizon."""
        clock = self.simulation.timeline
        self.simulation.advance(clock.ticks * clock.tick_days if day is None else day)

    def snapshot(self) -> Snapshot:
        """Return the run as it is now."""
        replays = self.simulation.timeline.has_processes
        return Snapshot(self.day, self._identity, None if replays else self.simulation.copied())

    def finish(self, seconds: dict[str, float] | None = None) -> Run:
        """Advance to the horizon and return the results; *seconds* are timings to note in them."""
        simulation = self.simulation
        simulation.finish()
        gathered = _gather(simulation)
        # The state of a large network takes more room than its results; it goes before these are worked out.
        del simulation
        self._simulation = None
        collect_recent()
        return _run_of(self._identity, gathered, seconds or {})


def _look(simulation: Simulation, identity: Identity, watch: Watch) -> Callable[[], None]:
    """Return what hands the present moment to *watch*."""
    return lambda: watch(Observation(simulation, identity))


class _Gathered(NamedTuple):
    """What is left of a simulation when it is over."""

    scenario: Scenario
    """The scenario with the sites that were built on the way."""
    tables: dict[str, Any]
    statistics: Mapping[str, Any]
    accounts: Mapping[str, Mapping[str, float]]
    reported: Mapping[str, float]
    counts: dict[str, int | float]
    dropouts: dict[str, int]
    balances: dict[str, float]
    after_warm_up: _AfterWarmUp | None


class _AfterWarmUp(NamedTuple):
    """What metrics are measured from instead of what the whole run came to."""

    statistics: Mapping[str, Any]
    links: Any
    dropouts: dict[str, int]


def _gather(simulation: Simulation) -> _Gathered:
    """Return what the results need of a finished simulation."""
    world = simulation.world
    return _Gathered(
        scenario=world.scenario,
        tables=final_tables(simulation),
        statistics=statistics(world),
        accounts=simulation.hooks.programmes.accounts(),
        reported=simulation.metrics(),
        counts=counts_of(world),
        dropouts=simulation.journal.dropouts,
        balances=simulation.balances(),
        after_warm_up=_after_warm_up(simulation),
    )


def _after_warm_up(simulation: Simulation) -> _AfterWarmUp | None:
    """Return what came after the warm-up of a finished simulation; None where it has none."""
    found = simulation.context.find(WarmUp)
    return None if found is None else _AfterWarmUp(found.statistics(), found.links(), found.dropouts())


def _evidence(scenario: Mapping[str, Any], gathered: _Gathered) -> Evidence:
    """Return what metrics are measured from, which is what came after the warm-up."""
    tables, after = gathered.tables, gathered.after_warm_up
    given = tables if after is None else {**tables, "links": after.links}
    return Evidence(
        with_changes(scenario, tables),
        measured(given, measured_from(scenario)),
        statistics=gathered.statistics if after is None else after.statistics,
        dropouts=gathered.dropouts if after is None else after.dropouts,
        accounts=gathered.accounts,
        reported=gathered.reported,
    )


def _run_of(identity: Identity, gathered: _Gathered, seconds: dict[str, float]) -> Run:
    """Work out the results of a finished simulation."""
    provenance = count_marks(identity.scenario)
    tables = gathered.tables
    has_grown = gathered.scenario is not identity.scenario
    evidence = _evidence(gathered.scenario.model_dump(mode="json") if has_grown else identity.as_data, gathered)
    metrics = all_metrics(evidence) + added_metrics(evidence, identity.added_metrics)
    tables["metrics"] = metrics_table(sorted(metrics))
    return identity.run(
        tables=tables,
        conservation=gathered.balances,
        counts=gathered.counts,
        dropouts=gathered.dropouts,
        seconds=seconds,
        provenance=provenance,
    )
