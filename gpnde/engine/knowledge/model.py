"""The knowledge side as a whole: it is woken every few weeks and goes through the steps in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gpnde.engine.capacity.outages import Outages
from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.hooks.modifiers import FlowModifiers
from gpnde.engine.hooks.steps import Steps
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.knowledge.coupling import Coupling
from gpnde.engine.knowledge.effort import EffortChoice
from gpnde.engine.knowledge.entry import Entry
from gpnde.engine.knowledge.hooks import Folds
from gpnde.engine.knowledge.learning import Learning
from gpnde.engine.knowledge.ledger import KnowledgeLedger
from gpnde.engine.knowledge.receipts import Receipts
from gpnde.engine.knowledge.specialisation import SpecialisationShift
from gpnde.engine.knowledge.upgrading import Upgrade, Upgrades
from gpnde.engine.knowledge.views import KnowledgeViewBuilder
from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.money.prices import Prices
from gpnde.engine.trade.scorecards import Scorecards
from gpnde.scenario.knowledge import Knowledge
from gpnde.world.knowledge import open_knowledge
from gpnde.world.layout import Floats
from gpnde.world.world import World


class KnowledgeModel:
    """Everything that firms know and how it changes, on a period of its own."""

    def __init__(
        self,
        world: World,
        timeline: Timeline,
        flow: FlowDriver,
        prices: Prices,
        outages: Outages,
        cashbook: Cashbook | None,
        scorecards: Scorecards | None,
        asking: HookCaller,
        conditions: FlowModifiers,
        steps: Steps,
        rules: Knowledge,
        seeds: tuple[int, int],
    ) -> None:
        """Open the books of knowledge; *seeds* are seed and replication."""
        self._world, self._timeline, self._rules = world, timeline, rules
        self._asking = asking
        self._steps: Steps = steps
        self.state = open_knowledge(world.scenario)
        self.receipts = Receipts(len(world.firms))
        self._lookout = KnowledgeViewBuilder(world, timeline, self.state, rules, asking.view)
        self.ties = self._lookout.ties
        self._striving = EffortChoice(world, timeline, self.state, rules, cashbook, scorecards, asking)
        self.upgrades = Upgrades(world, timeline, self.state, rules, cashbook, asking, seeds)
        self._specialising = (
            None
            if rules.specialisation is None
            else SpecialisationShift(world, timeline, rules.specialisation, cashbook, seeds)
        )
        able = self._lookout.capability(), self._lookout.mean_capability()
        self._coupling = Coupling(world, flow, prices, conditions, rules.effects, *able)
        self._entry = Entry(world, self.state, outages)
        self.ledger = KnowledgeLedger(world, self.state, self.receipts)
        self._folds = Folds(asking)
        self._learning = Learning(self.state, rules, self._folds, self._lookout, self.receipts)

    def start(self) -> None:
        """Let components look at the network, and plan the steps."""
        self._asking.knowledge = self._lookout.look(self._learning.absorptive)
        self._folds.check(self._asking.knowledge)
        self.record()
        period = max(1, self._timeline.tick(self._rules.period_days))
        self._timeline.every(period, Phase.KNOWLEDGE, self._step, period)
        recorded = max(1, self._timeline.tick(self._rules.record_days))
        self._timeline.every(recorded, Phase.RECORD, self.record, recorded)

    def _step(self) -> None:
        """Go through one step: components, effort, learning, upgrading, and what they do to the flow."""
        view = self._asking.knowledge = self._lookout.look(self._learning.absorptive)
        self._steps.begin()
        support = view.firms.support + self._folds.support(view)
        self._striving.choose(view, self._folds, support)
        view = self._asking.knowledge = self._lookout.with_effort(view)
        self._learning.step(view, support)
        if self.upgrades.reviews.is_due(view.day):
            self.upgrades.review(view, self._lookout.capability(), self._striving.scores())
        if self._specialising is not None:
            self._specialising.step(view)
        self._entry.admit(self._folds.entrants(view))
        able = self._lookout.capability(), self._lookout.mean_capability()
        self._coupling.apply(*able, self._premium())
        self._steps.end()

    def _premium(self) -> Floats:
        """Return the factor on the prices of each firm; shape (firms,)."""
        premium = self.upgrades.premium()
        return premium if self._specialising is None else premium * self._specialising.premium()

    def of_clusters(self) -> Floats:
        """Return the mean capability of the firms at home in each cluster; shape (clusters,)."""
        cluster = self.state.places.cluster
        known = (cluster >= 0) & (self._world.firms["active"] == 1)
        count = len(self._world.names.clusters)
        total = np.bincount(cluster[known], self._lookout.mean_capability()[known], count)
        return np.asarray(total / np.maximum(np.bincount(cluster[known], minlength=count), 1), dtype=np.float64)

    def record(self) -> None:
        """Add the rows of this moment to the tables, once at a time."""
        if self.ledger.holds(self._timeline.today):
            return
        able, scores = self._lookout.capability(), self._striving.scores()
        self.ledger.record(self._timeline.today, able, self._learning.absorptive, scores)

    def tables(self) -> dict[str, Mapping[str, Any]]:
        """Return the tables of the knowledge side as columns."""
        return {
            "knowledge": self.ledger.knowledge_columns(),
            "learners": self.ledger.learner_columns(),
            "upgrades": self.ledger.upgrade_columns(self._events()),
        }

    def _events(self) -> list[Upgrade]:
        shifts = [] if self._specialising is None else self._specialising.events
        return sorted([*self.upgrades.events, *shifts], key=lambda event: event.day)

    def error(self) -> float:
        """Return the imbalance of receipts relative to what was transferred (0 for an exact balance)."""
        return self.receipts.error(self.state.waiting)
