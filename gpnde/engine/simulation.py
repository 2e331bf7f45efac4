"""One run: the parts of the engine put together, driven by SimPy's clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from gpnde.engine.access import RunAct, RunClock, RunStreams, RunView
from gpnde.engine.cashbook import Cashbook
from gpnde.engine.conservation import goods_error, opening_goods
from gpnde.engine.flow_driver import FlowDriver
from gpnde.engine.journal import CONTRACT_END, ENGINE, FINANCE, Journal
from gpnde.engine.knowledge.side import KnowledgeSide
from gpnde.engine.links import Links
from gpnde.engine.location import Expansion
from gpnde.engine.outages import Outages
from gpnde.engine.outsourcing import MakeOrBuy
from gpnde.engine.prices import Prices
from gpnde.engine.recorder import Recorder
from gpnde.engine.selection import Scorecards
from gpnde.engine.sourcing import Sourcing
from gpnde.engine.start import await_customers, fill_pipelines
from gpnde.engine.timeline import Phase, Timeline
from gpnde.errors import ComponentError, GpndeError
from gpnde.plugin.run_hooks import Hooks
from gpnde.world.layout import Floats, Records
from gpnde.world.sales import begin_sales
from gpnde.world.world import World

Progress = Callable[[float, float], None]

BALANCE = 1e-9
"""Relative error of a balance that no run may exceed."""


class Simulation:
    """A world, a clock, and everything that happens on it."""

    def __init__(self, world: World, hooks: Hooks, seed: int, replication: int) -> None:
        """Put the parts together and plan what is known to happen."""
        scenario = world.scenario
        self.world = world
        self.timeline = Timeline(scenario.clock.tick_days, world.ticks)
        fill_pipelines(world)
        await_customers(world.state)
        self._opening = opening_goods(world.state, len(scenario.products))
        self.journal = Journal(world, self.timeline)
        self.recorder = Recorder(world, self.timeline, self.journal)
        self.flow = FlowDriver(world, self.timeline, self.recorder.keep_closed)
        self.outages = Outages(world, self.timeline, self.flow, self.journal)
        self.prices = Prices(world, self.timeline, self.flow)
        self.links = Links(world, self.timeline, self.flow, self.journal)
        self.links.on_opened.append(lambda rows: self.prices.extend(rows["price"]))
        self.cashbook = self._open_cashbook()
        self.scorecards = self._open_selection(seed, replication)
        self.knowledge = self._open_knowledge(seed, replication)
        self._open_structure((seed, replication))
        self._plan_openings()
        self._start(hooks, seed, replication)

    def run(self, progress: Progress | None, debug: bool) -> None:
        """Let time pass up to the horizon; with *debug*, check the balances at every recorded time."""
        period = self.timeline.tick(self.world.scenario.record.every_days)
        if progress is not None:
            days = self.timeline.ticks * self.timeline.tick_days
            step = max(period, self.timeline.ticks // 100, 1)
            self.timeline.every(step, Phase.RECORD, lambda: progress(self.timeline.today, days), step)
        if debug:
            self.timeline.every(max(1, period), Phase.RECORD, self.check_balances, max(1, period))
        self.timeline.run()
        self.flow.finish()
        self.recorder.record()
        if self.knowledge is not None:
            self.knowledge.record()
        self.check_balances()

    def balances(self) -> dict[str, float]:
        """Return the largest relative error of each balance."""
        errors = {
            "goods": goods_error(self.world.state, self._opening, self._written_off()),
            "cash": 0.0 if self.cashbook is None else self.cashbook.error(),
        }
        if self.knowledge is not None:
            errors["knowledge"] = self.knowledge.error()
        return errors

    def check_balances(self) -> None:
        """Stop the run if goods or cash came from nowhere or vanished."""
        for name, error in self.balances().items():
            if not error <= BALANCE:
                raise GpndeError(
                    f"day {self.timeline.today:g}: {name} are out of balance by {error:.3g} of their turnover: must be "
                    f"at most {BALANCE:g}; this is a fault of gpnde or of a component, please report it"
                )

    @property
    def scores(self) -> Floats:
        """The last score of every link, NaN where it has none."""
        if self.scorecards is None:
            return np.full(len(self.world.state.lines), np.nan)
        return self.scorecards.scores

    def _written_off(self) -> Floats:
        return np.zeros(len(self._opening)) if self.cashbook is None else self.cashbook.written_off

    def _open_cashbook(self) -> Cashbook | None:
        rules = self.world.scenario.finance
        if rules is None:
            return None
        cashbook = Cashbook(self.world, self.timeline, self.journal, rules)
        self.links.on_opened.append(lambda rows: cashbook.extend(len(rows)))
        cashbook.on_insolvency = self._leave
        return cashbook

    def _open_selection(self, seed: int, replication: int) -> Scorecards | None:
        rules = self.world.scenario.selection
        if rules is None:
            return None
        seeds = (seed, replication)
        self.sourcing = Sourcing(self.world, self.timeline, self.links, self.journal, rules, seeds)
        cards = Scorecards(
            self.world, self.timeline, self.links, self.sourcing, self.journal, self.cashbook, rules, seeds
        )
        self.links.on_opened.append(self._extend_scorecards(cards))
        return cards

    def _open_structure(self, seeds: tuple[int, int]) -> None:
        """Plan the decisions on where to grow and what to make, where the scenario has rules for them."""
        scenario = self.world.scenario
        if scenario.location is not None:
            parts = self.world, self.timeline, self.flow, self.journal
            expansion = Expansion(*parts, scenario.location, seeds)
            if self.knowledge is not None:
                expansion.cluster_knowledge = self.knowledge.of_clusters
        if scenario.outsourcing is not None:
            MakeOrBuy(self.world, self.timeline, self.links, self.journal, scenario.outsourcing)

    def _open_knowledge(self, seed: int, replication: int) -> KnowledgeSide | None:
        rules = self.world.scenario.knowledge
        if rules is None or not rules.enabled:
            return None
        parts = self.world, self.timeline, self.flow, self.prices, self.outages, self.cashbook, self.scorecards
        side = KnowledgeSide(*parts, rules, (seed, replication))
        self.links.on_opened.append(side.ties.extend)
        return side

    @staticmethod
    def _extend_scorecards(cards: Scorecards) -> Callable[[Records], None]:
        return cards.extend

    def _leave(self, firm: int) -> None:
        """Take an insolvent firm out of the network: its sites stop and its links end."""
        self._end_sites(np.flatnonzero(self.world.state.sites["firm"] == firm).tolist(), FINANCE)

    def _end_sites(self, sites: list[int], cause: str) -> None:
        """Stop sites for good and end their links and sales; buyers look for successors."""
        lines = self.world.state.lines
        for site in sites:
            self.outages.close_site(site)
        shares = lines["share"].copy()
        touched = np.isin(lines["supplier"], sites) | np.isin(lines["buyer"], sites)
        for number in np.flatnonzero(touched & (lines["active"] == 1)).tolist():
            line = lines[number]
            if line.market >= 0:
                self.links.drop(number, "sale_ended", cause, ENGINE)
            elif self.world.closed[line.buyer]:
                self.links.drop(number, "link_ended", cause, ENGINE)
            else:
                self._lose_supplier(number, cause, float(shares[number]))

    def _lose_supplier(self, number: int, cause: str, share: float) -> None:
        """End a link whose supplier is gone and look for a successor, unless somebody does already."""
        self.links.drop(number, "link_dropped", cause, ENGINE)
        cards, rules = self.scorecards, self.world.scenario.selection
        if cards is not None and rules is not None and rules.replace and not cards.is_leaving(number):
            self.sourcing.request(number, share)

    def _plan_openings(self) -> None:
        """Plan the days on which sites open and close."""
        for number, site in enumerate(self.world.scenario.sites):
            if site.opens_day > 0:
                self._on(site.opens_day, partial(self._open, number))
            if site.closes_day is not None:
                self._on(site.closes_day, partial(self._close, number))

    def _on(self, day: float, action: Callable[[], None]) -> None:
        tick = self.timeline.tick(day)
        if tick < self.timeline.ticks:
            self.timeline.call(tick, Phase.SHOCKS, action)

    def _open(self, number: int) -> None:
        if self.world.closed[number]:
            return
        self.outages.open_site(number)
        if begin_sales(self.world, number):
            self.prices.update()

    def _close(self, number: int) -> None:
        if self.world.closed[number]:
            return
        self.journal.site("site_closed", number)
        self._end_sites([number], CONTRACT_END)

    def _start_knowledge(self, hooks: Hooks, acts: dict[str, RunAct]) -> None:
        if self.knowledge is not None:
            self.knowledge.start(hooks, acts)
        elif self.world.scenario.knowledge is None and hooks.steps:
            label = next(iter(hooks.steps.values()))[0].label
            raise ComponentError(f"{label}: works on knowledge, which the scenario lacks: add a block knowledge: {{}}")

    def _start(self, hooks: Hooks, seed: int, replication: int) -> None:
        """Start the processes of the components."""
        clock, view = RunClock(self.timeline, self.world.scenario.clock.start), RunView(self.world)
        acts = {label: RunAct(label, self.world, self.outages, self.prices, self.cashbook) for label in hooks.labels}
        self._start_knowledge(hooks, acts)
        for label, begin in hooks.processes:
            process = begin(clock, view, acts[label], RunStreams(seed, replication, label))
            if process is not None:
                self.timeline.start(process)
