"""The knowledge of firms as a whole: a few weeks at a time it goes through the steps of learning in order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.hooks.steps import Steps
from gpnde.engine.knowledge.coupling import Coupling
from gpnde.engine.knowledge.effort import EffortChoice
from gpnde.engine.knowledge.entry import Entry
from gpnde.engine.knowledge.hooks import Folds
from gpnde.engine.knowledge.learning import Learning
from gpnde.engine.knowledge.receipts import Receipts
from gpnde.engine.knowledge.rows import KnowledgeRows
from gpnde.engine.knowledge.specialisation import SpecialisationShift
from gpnde.engine.knowledge.teachers import Teachers
from gpnde.engine.knowledge.upgrading import Upgrade, Upgrades
from gpnde.engine.knowledge.views import KnowledgeViewBuilder
from gpnde.engine.prospects.prospects import Prospects
from gpnde.scenario.knowledge import Knowledge
from gpnde.scenario.schema import Scenario
from gpnde.world.knowledge import KnowledgeState
from gpnde.world.layout import Floats, Integers


class KnowledgeModel(Subsystem):
    """What firms know and how it changes, on a period of its own."""

    name = "knowledge"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has a block on knowledge that is enabled."""
        return scenario.knowledge is not None and scenario.knowledge.enabled

    def __init__(self, context: RunContext) -> None:
        """Open the books of knowledge."""
        super().__init__(context)
        rules, shift = self.rules, self.rules.specialisation
        self.receipts = Receipts(len(self.world.firms))
        self._views = KnowledgeViewBuilder(context, self.state, rules)
        self._folds = Folds(context.hooks)
        self.upgrades = Upgrades(context, self.state, rules)
        self._specialisation = None if shift is None else SpecialisationShift(context, shift)
        self._coupling = Coupling(context, rules.effects, self._views.capability())
        context.part(Prospects).learn_by(self._coupling)
        self._entry = Entry(context, self.state)
        self.rows = KnowledgeRows(self.world, self.state, self.receipts)
        teachers = Teachers(self.world)
        self._learning = Learning(self.state, rules, self._folds, self._views, self.receipts, teachers)
        self._effort = EffortChoice(context, self.state, rules, self._learning, self._views.mean_capability())

    @property
    def rules(self) -> Knowledge:
        """The block on knowledge of the scenario."""
        rules = self.world.scenario.knowledge
        assert rules is not None
        return rules

    @property
    def state(self) -> KnowledgeState:
        """What firms know."""
        state = self.world.knowledge
        assert state is not None
        return state

    @property
    def _steps(self) -> Steps:
        """The steps of components, which go along with those of learning."""
        return self.context.part(Steps)

    def start(self) -> None:
        """Show components the network, which they may refuse, and plan the steps."""
        self.context.hooks.knowledge = self._views.build(self._learning.absorptive)
        self._folds.check(self.context.hooks.knowledge)
        self.record()
        self.plan_steps(self.rules.period_days, Phase.KNOWLEDGE)
        self.plan_every(self.timeline.period(self.rules.record_days), Phase.RECORD, "record")

    def step(self) -> None:
        """Go through one step: components, effort, learning, upgrading, and what they do to the flow."""
        hooks = self.context.hooks
        view = hooks.knowledge = self._views.build(self._learning.absorptive)
        self._steps.begin()
        support = view.firms.support + self._folds.support(view)
        self._effort.choose(view, self._folds, support)
        # Components are about to be asked how firms learn, and the view shows the effort of the last step.
        view = hooks.knowledge = self._views.with_effort(view)
        self._learning.step(view, support)
        if self.upgrades.reviews.is_due(view.day):
            self.upgrades.review(view, self._views.capability(), self._effort.scores())
        if self._specialisation is not None:
            self._specialisation.step(view)
        self._entry.admit(self._folds.entrants(view))
        self._coupling.apply(self._views.capability(), self._premium())
        self._steps.end()

    def extend_sites(self, numbers: Integers) -> None:
        """Start new sites with the capability of their firms."""
        self._coupling.extend_sites(numbers, self._views.capability(), self._premium())
        if self._specialisation is not None:
            self._specialisation.extend_sites(numbers)
        self._views.renew_products()

    def _premium(self) -> Floats:
        """Return the factor on the prices of each firm; shape (firms,)."""
        premium = self.upgrades.premium()
        return premium if self._specialisation is None else premium * self._specialisation.premium()

    def of_clusters(self, function: int) -> Floats:
        """Return what firms at home in each cluster can do on average in a function; shape (clusters + 1,).

        0 where nobody is at home, and for no cluster, at the end.
        """
        home, places = self.state.places.cluster, len(self.world.names.clusters) + 1
        there = (home >= 0) & (self.world.firms["active"] == 1)
        count = np.bincount(home[there], minlength=places)
        total = np.bincount(home[there], self._views.capability()[there, function], places)
        return np.divide(total, count, out=np.zeros(places), where=count > 0)

    def record(self) -> None:
        """Add the rows of this moment to the tables, once at a time."""
        if self.rows.holds(self.timeline.today):
            return
        able, scores = self._views.capability(), self._effort.scores()
        self.rows.record(self.timeline.today, able, self._learning.absorptive, scores)

    def finish(self) -> None:
        """Add the rows of the horizon."""
        self.record()

    def tables(self) -> Mapping[str, Columns]:
        """Return the tables of knowledge as columns."""
        return {
            "knowledge": self.rows.knowledge_columns(),
            "learners": self.rows.learner_columns(),
            "upgrades": self.rows.upgrade_columns(self._events()),
        }

    def _events(self) -> list[Upgrade]:
        shifts = [] if self._specialisation is None else self._specialisation.events
        return sorted([*self.upgrades.events, *shifts], key=lambda event: event.day)

    def balance(self) -> Mapping[str, float]:
        """Return the imbalance of receipts relative to what was transferred."""
        return {"knowledge": self.receipts.error(self.state.waiting)}
