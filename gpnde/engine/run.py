"""One run: the parts of the engine put together, driven by SimPy's clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from gpnde.engine.capacity.expansion import Expansion
from gpnde.engine.capacity.outages import Outages
from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.hooks.access import RunAct, RunClock, RunView
from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.hooks.event_queue import EventQueue
from gpnde.engine.hooks.modifiers import FlowModifiers
from gpnde.engine.hooks.order_levels import OrderLevels
from gpnde.engine.hooks.steps import Steps
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.kernel.opening import await_customers, fill_pipelines
from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.money.prices import Prices
from gpnde.engine.recording.conservation import goods_error, opening_goods
from gpnde.engine.recording.journal import ENGINE, Journal
from gpnde.engine.recording.recorder import Recorder
from gpnde.engine.trade.links import Links
from gpnde.engine.trade.outsourcing import MakeOrBuy
from gpnde.engine.trade.quotations import Sourcing
from gpnde.engine.trade.scorecards import Scorecards
from gpnde.errors import BalanceError, ComponentError, Origin
from gpnde.plugin.run_hooks import Hooks
from gpnde.plugin.spec import KnowledgeHooks, hook_names
from gpnde.vocabulary import CONTRACT_END, POLICY
from gpnde.world.layout import Floats, Integers, Records
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
        self.asking = HookCaller(hooks, RunView(world, self.timeline), (seed, replication))
        self._conditions = FlowModifiers(world, self.flow, self.prices, self.cashbook, self.asking)
        self._steps = Steps(self.timeline, self.asking, self._conditions)
        OrderLevels(world, self.timeline, self.asking)
        self.scorecards = self._open_selection((seed, replication))
        self.knowledge = self._open_knowledge((seed, replication))
        self._open_structure((seed, replication))
        self._plan_openings()
        self._equip(hooks)
        self._start(hooks)

    def run(self, progress: Progress | None, debug: bool, look: Callable[[], None] | None = None) -> None:
        """Let time pass up to the horizon; with *debug*, check the balances at every recorded time.

        *look* is called at the start and after every recorded time, and at least a hundred times.
        """
        period = max(1, self.timeline.tick(self.world.scenario.record.every_days))
        hundredth = max(1, self.timeline.ticks // 100)
        if progress is not None:
            days = self.timeline.ticks * self.timeline.tick_days
            step = max(period, hundredth)
            self.timeline.every(step, Phase.RECORD, lambda: progress(self.timeline.today, days), step)
        if debug:
            self.timeline.every(period, Phase.RECORD, self.check_balances, period)
        if look is not None:
            self.timeline.every(min(period, hundredth), Phase.RECORD, look, 0)
        self.timeline.run()
        self.flow.finish()
        self.recorder.record()
        if self.knowledge is not None:
            self.knowledge.record()
        self.asking.programmes.record()
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
                raise BalanceError(
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

    def _open_selection(self, seeds: tuple[int, int]) -> Scorecards | None:
        rules = self.world.scenario.selection
        if rules is None:
            return None
        parts = self.world, self.timeline, self.links
        self.sourcing = Sourcing(*parts, self.journal, self.asking, rules, seeds)
        self.sourcing.duties_on_bids = self._conditions.duties_on_bids
        cards = Scorecards(*parts, self.sourcing, self.journal, self.cashbook, self.asking, rules, seeds)
        self.links.on_opened.append(self._extend_scorecards(cards))
        return cards

    def _open_structure(self, seeds: tuple[int, int]) -> None:
        """Plan the decisions on where to grow and what to make, where the scenario has rules for them."""
        scenario = self.world.scenario
        if scenario.location is not None:
            parts = self.world, self.timeline, self.flow, self.outages, self.journal
            expansion = Expansion(*parts, self.asking, scenario.location, seeds)
            if self.knowledge is not None:
                expansion.cluster_knowledge = self.knowledge.of_clusters
        if scenario.outsourcing is not None:
            MakeOrBuy(self.world, self.timeline, self.links, self.journal, scenario.outsourcing)

    def _open_knowledge(self, seeds: tuple[int, int]) -> KnowledgeModel | None:
        rules = self.world.scenario.knowledge
        if rules is None or not rules.enabled:
            return None
        parts = self.world, self.timeline, self.flow, self.prices, self.outages, self.cashbook, self.scorecards
        side = KnowledgeModel(*parts, self.asking, self._conditions, self._steps, rules, seeds)
        self.links.on_opened.append(side.ties.extend)
        side.upgrades.on_changed = self.journal.announce
        return side

    @staticmethod
    def _extend_scorecards(cards: Scorecards) -> Callable[[Records], None]:
        return cards.extend

    def strike_off(self, numbers: Integers, component: str) -> None:
        """End links between firms with the cause ``policy``; buyers look for successors."""
        lines = self.world.state.lines
        shares = lines["share"].copy()
        for number in numbers[(lines["market"][numbers] < 0) & (lines["active"][numbers] == 1)].tolist():
            self._lose_supplier(number, POLICY, float(shares[number]), component)

    def close_firms(self, firms: Integers, cause: str, component: str) -> None:
        """Take firms out of the network; with finance they are wound up."""
        for firm in firms[self.world.firms["active"][firms] == 1].tolist():
            if self.cashbook is not None:
                self.cashbook.wind_up(firm, cause, component)
            else:
                self.journal.firm("firm_failed", firm, cause, component)
                self.world.firms["active"][firm] = 0
                self._leave(firm, cause, component)

    def renew_soon(self) -> None:
        """Ask components anew for the conditions of the flow before goods flow again."""
        self._steps.renew_soon()

    def _leave(self, firm: int, cause: str, component: str) -> None:
        """Take a firm out of the network: its sites stop and its links end."""
        self._end_sites(np.flatnonzero(self.world.state.sites["firm"] == firm).tolist(), cause, component)

    def _end_sites(self, sites: list[int], cause: str, component: str = ENGINE) -> None:
        """Stop sites for good and end their links and sales; buyers look for successors."""
        lines = self.world.state.lines
        for site in sites:
            self.outages.close_site(site)
        shares = lines["share"].copy()
        touched = np.isin(lines["supplier"], sites) | np.isin(lines["buyer"], sites)
        for number in np.flatnonzero(touched & (lines["active"] == 1)).tolist():
            line = lines[number]
            if line.market >= 0:
                self.links.drop(number, "sale_ended", cause, component)
            elif self.world.closed[line.buyer]:
                self.links.drop(number, "link_ended", cause, component)
            else:
                self._lose_supplier(number, cause, float(shares[number]), component)

    def _lose_supplier(self, number: int, cause: str, share: float, component: str) -> None:
        """End a link whose supplier is gone and look for a successor, unless somebody does already."""
        self.links.drop(number, "link_dropped", cause, component)
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
        if tick <= self.timeline.ticks:
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

    def _equip(self, hooks: Hooks) -> None:
        """Give the components what they may see, do and spend."""
        parts = self.world, self.outages, self.prices, self.cashbook, self
        self.asking.equip({label: RunAct(label, *parts) for label in hooks.labels})
        self.asking.programmes.fund(self.cashbook)
        self.asking.view.read_scores = lambda: self.scores
        self.links.on_opened.append(self._conditions.extend)
        if self.asking.fills("events"):
            self.journal.listener = EventQueue(self.timeline, self.asking).note

    def _start(self, hooks: Hooks) -> None:
        """Let the components begin: knowledge, the conditions of day 0, processes."""
        if self.knowledge is not None:
            self.knowledge.start()
        elif hooks.steps or hooks.policies:
            self._refuse_learners(hooks)
            self._steps.keep_time()
        self._conditions.renew()
        clock = RunClock(self.timeline, self.world.scenario.clock.start)
        for label, begin in hooks.processes:
            process = begin(clock, **self.asking.given(label, ("view", "act", "streams", "memory", "programme")))
            if process is not None:
                self.timeline.start(process)

    def _refuse_learners(self, hooks: Hooks) -> None:
        """Refuse components that work on knowledge in a scenario that knows nothing of it."""
        on_knowledge = [name for name in hook_names(KnowledgeHooks) if name in hooks.steps]
        if on_knowledge and self.world.scenario.knowledge is None:
            label = hooks.steps[on_knowledge[0]][0].label
            given = "works on knowledge, which the scenario lacks"
            raise ComponentError(where=label, given=given, expected="add a block knowledge: {}", origin=Origin(label))
