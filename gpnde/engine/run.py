"""One run: a world, a clock and the subsystems that the scenario needs."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping

from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.context import Columns, Part, RunContext
from gpnde.engine.hooks.acts import RunAct
from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.kernel.opening import await_customers, fill_pipelines
from gpnde.engine.recording.journal import Journal
from gpnde.engine.subsystems import SUBSYSTEMS
from gpnde.errors import BalanceError
from gpnde.plugin.run_hooks import Hooks
from gpnde.world.world import World

Progress = Callable[[float, float], None]

BALANCE = 1e-9
"""Relative error of a balance that no run may exceed."""


class Simulation:
    """A run under way: it passes time, and can be copied between two of its instants."""

    def __init__(self, world: World, hooks: Hooks, seed: int, replication: int) -> None:
        """Begin on day 0: the subsystems plan what they know will happen."""
        scenario = world.scenario
        timeline = Timeline(scenario.clock.tick_days, world.ticks)
        # Before the subsystems are made: the flow takes stock of all goods there and then, for the balance at the end.
        fill_pipelines(world)
        await_customers(world.state)
        caller = HookCaller(hooks, world, timeline, (seed, replication))
        self.context = RunContext(world, timeline, Journal(world, timeline), caller, seed, replication)
        for kind in SUBSYSTEMS:
            if kind.is_needed(scenario):
                self.context.add(kind(self.context))
        # Acts are carried out by subsystems, which have to be there first.
        caller.equip(RunAct.of(self.context))
        timeline.carry_out_by(self.context.carry_out)
        for part in self.context.parts:
            part.start()

    @property
    def world(self) -> World:
        """The state of the run."""
        return self.context.world

    @property
    def timeline(self) -> Timeline:
        """The clock of the run."""
        return self.context.timeline

    @property
    def journal(self) -> Journal:
        """The events of the run."""
        return self.context.journal

    @property
    def hooks(self) -> HookCaller:
        """The components of the run."""
        return self.context.hooks

    def part(self, kind: type[Part]) -> Part:
        """Return the subsystem of a kind."""
        return self.context.part(kind)

    def observe(self, progress: Progress | None, debug: bool, look: Callable[[], None] | None = None) -> None:
        """Add observers: *progress* and *look* are called, and with *debug* balances checked, as time passes.

        *look* is called at the start and after every recorded time, and at least a hundred times.
        """
        timeline = self.timeline
        period = timeline.period(self.world.scenario.record.every_days)
        hundredth = max(1, timeline.ticks // 100)
        if progress is not None:
            days, step = timeline.ticks * timeline.tick_days, max(period, hundredth)
            timeline.observe(step, lambda: progress(timeline.today, days), step)
        if debug:
            timeline.observe(period, self.check_balances, period)
        if look is not None:
            timeline.observe(min(period, hundredth), look, 0)

    def advance(self, day: float) -> None:
        """Advance to a *day*, its shocks included, or to the horizon."""
        until = min(self.timeline.tick(day), self.timeline.ticks)
        if until > self.timeline.now or self.timeline.phase < Phase.HORIZON:
            self.timeline.run(until)

    def finish(self) -> None:
        """Advance to the horizon, and close all books there."""
        self.advance(self.timeline.ticks * self.timeline.tick_days)
        for part in self.context.parts:
            part.finish()
        self.check_balances()

    def copied(self) -> Simulation:
        """Return a copy that goes on as this run would, without its observers.

        Scenario and components are shared, as nothing changes them. What processes of components wait for cannot be
        copied.
        """
        if self.timeline.has_processes:
            raise ValueError("processes of components are under way, which cannot be copied")
        # What stands in the memo of `deepcopy` passes for copied already.
        shared = (self.world.scenario, self.world.names, self.world.state.laws, *self.hooks.shared)
        twin = copy.deepcopy(self, {id(each): each for each in shared})
        twin.timeline.carry_out_by(twin.context.carry_out)
        return twin

    def table_groups(self) -> Iterator[Mapping[str, Columns]]:
        """Yield the columns of all result tables up to now but those of single orders and sales.

        Those of one subsystem come at a time, so that not all need room at once.
        """
        yield {"events": self.journal.columns()}
        for part in self.context.parts:
            yield part.tables()

    def metrics(self) -> dict[str, float]:
        """Return the metrics that no table tells, by name."""
        found: dict[str, float] = {}
        for part in self.context.parts:
            found.update(part.metrics())
        return found

    def balances(self) -> dict[str, float]:
        """Return the largest relative error of each balance; cash stands still without rules for finance."""
        found = {"goods": 0.0, "cash": 0.0}
        for part in self.context.parts:
            found.update(part.balance())
        return found

    def check_balances(self) -> None:
        """Stop the run if goods or cash came from nowhere or vanished."""
        for name, error in self.balances().items():
            # Written so that an error that is not a number stops the run, too.
            if not error <= BALANCE:
                advice = "this is a fault of gpnde or of a component, please report it"
                raise BalanceError(
                    where=f"day {self.timeline.today:g}",
                    given=f"{name} are out of balance by {error:.3g} of their turnover",
                    expected=f"must be at most {BALANCE:g}; {advice}",
                )
