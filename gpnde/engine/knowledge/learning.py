"""Learning: every four weeks knowledge is transferred, internalised, created and forgotten (E11 to E17).

All of it goes on at once. A step therefore takes half of what is forgotten, transferred and internalised, then all
that is created, then the other halves in reverse (Strang, 1968): the error of a step is of the third order in its
length, where one after the other in whole steps it would be of the second.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.engine.knowledge.hooks import Folds
from gpnde.engine.knowledge.receipts import Receipts
from gpnde.engine.knowledge.teachers import Teachers
from gpnde.engine.knowledge.views import KnowledgeViewBuilder, Speciality
from gpnde.mechanics.internalisation import (
    absorptive_capacity,
    exponential_gap_response,
    internalise,
    logistic_gap_response,
    teacher_gap,
)
from gpnde.mechanics.learning import retention
from gpnde.mechanics.saturation import saturating_gain
from gpnde.mechanics.transfer import effective_days
from gpnde.mechanics.weighted_gaps import add_weighted_gaps
from gpnde.plugin.knowledge import KnowledgeView, Ties, Transfer
from gpnde.scenario.knowledge import Knowledge
from gpnde.vocabulary import MONTH_DAYS, YEAR_DAYS
from gpnde.world.knowledge import FRONTIER, KnowledgeState
from gpnde.world.layout import Flags, Floats, Integers

_NEAR = 0.05
"""Distance from what can be attained within which internalisation slows down to nothing (assumption)."""


class _Lessons(NamedTuple):
    """A transfer as it was checked: it goes on for the whole step, towards what its sources know at any time."""

    learner: Integers
    source: Integers
    carries: Flags
    levels: Floats | None
    """What sources hold where they are no firms, shape (kinds, sources, functions); None: what firms know."""
    rates: list[Floats]
    channel: int


class Learning:
    """Changes what the firms of the network know, step by step."""

    def __init__(
        self,
        state: KnowledgeState,
        rules: Knowledge,
        folds: Folds,
        lookout: KnowledgeViewBuilder,
        receipts: Receipts,
        teachers: Teachers,
    ) -> None:
        """Work on *state* under the *rules* of the scenario."""
        self._state, self._rules, self._teachers = state, rules, teachers
        self._folds, self._lookout, self._receipts = folds, lookout, receipts
        self.absorptive = self._absorptive(lookout.mean_capability(), state.effort, np.zeros(len(state.effort)))
        self._inflow = np.zeros_like(state.waiting)
        self._forgetting: Floats | float = 0.0
        self._ease: Floats | None = None

    def step(self, view: KnowledgeView, support: Floats) -> None:
        """Update knowledge for the time since the last step; *support* is all help with learning; shape (firms,)."""
        self._prepare(view, support)
        self._forget()
        self._transfer()
        self._internalise()
        self._create(view)
        self._internalise()
        self._transfer()
        self._forget()

    def _prepare(self, view: KnowledgeView, support: Floats) -> None:
        """Ask all components at which rates knowledge moves in this step."""
        self._half = view.days / 2.0
        scales = self._folds.transfer_rate(view)
        self._scale, self._reach = scales.get("all"), scales.get("buyers")
        self._lessons = [self._lesson(reader, each, view) for reader, each in self._folds.transfers(view)]
        self.absorptive = self._absorptive(view.mean_capability, self._state.effort, support) * view.firms.present
        speciality = self._lookout.speciality()
        self._ease = self._eased(self._folds.absorptive_factor(view), speciality)
        self._present, self._support = view.firms.present, support
        forgotten = self._folds.forgetting(view)
        self._forgetting = 0.0 if forgotten is None else forgotten
        if speciality is not None:
            self._forgetting = self._forgetting + speciality.churn_per_year[:, None] / YEAR_DAYS

    def _eased(self, ease: Floats | None, speciality: Speciality | None) -> Floats | None:
        """Return the factor on internalisation: of components, and of cells, which end it at what can be attained."""
        if speciality is None:
            return ease
        room = np.clip((speciality.attainable[:, None] - self._state.stock) / _NEAR, 0.0, 1.0)
        own = room * speciality.learning[:, None]
        return own if ease is None else np.asarray(own * ease)

    def _lesson(self, reader: AnswerValidator, transfer: Transfer, view: KnowledgeView) -> _Lessons:
        """Return a transfer as it was checked; ties with firms that are not there carry nothing."""
        present = view.firms.present
        learner = reader.firm_numbers("learner", transfer.learner)
        source, levels = self._sources(reader, transfer, len(learner))
        carries = present[learner] if levels is not None else present[learner] & present[source]
        rates = reader.rates(transfer)
        if reader.flag("by_buyer", transfer.by_buyer):
            rates = self._taught(rates, learner, source if levels is None else None, view.ties)
        return _Lessons(learner, source, carries, levels, rates, reader.channel(transfer))

    def _taught(self, rates: list[Floats], learner: Integers, buyer: Integers | None, ties: Ties) -> list[Floats]:
        """Return the rates at which buyers teach: by their profiles and contracts, as far as they let suppliers in."""
        codified, tacit = rates
        if buyer is not None:
            for_codified, for_tacit = self._teachers.factors(learner, buyer, ties)
            codified, tacit = codified * for_codified, tacit * for_tacit
        if self._reach is None:
            return [codified, tacit]
        return [rate * reach[learner] for rate, reach in zip((codified, tacit), self._reach, strict=True)]

    def _sources(self, reader: AnswerValidator, transfer: Transfer, ties: int) -> tuple[Integers, Floats | None]:
        """Return the number of the source of each tie, and what the sources hold where they are no firms."""
        if (transfer.teacher is None) == (transfer.levels is None):
            raise reader.fault("a transfer has a teacher or levels", "give one of them")
        if transfer.levels is not None:
            shape = (len(self._state.stock), ties, self._state.stock.shape[2])
            return np.arange(ties), np.ascontiguousarray(reader.levels("levels", transfer.levels, shape))
        teacher = reader.firm_numbers("teacher", transfer.teacher)
        if len(teacher) != ties:
            raise reader.fault(f"{len(teacher)} teachers for {ties} learners", "give one for each")
        return teacher, None

    def _transfer(self) -> None:
        """Add what all ties bring in half a step to what waits; no firm passes the best of its sources (E11, E12)."""
        state = self._state
        # What waits is held too, or it would be taught again until it is internalised.
        held = state.stock + state.waiting.sum(axis=0)
        total_rate = np.zeros_like(held)
        pulls, level_pulls = np.zeros_like(state.waiting), np.zeros_like(state.waiting)
        for lesson in self._lessons:
            self._pull(lesson, held, total_rate, pulls[lesson.channel], level_pulls[lesson.channel])
        scale = 1.0 if self._scale is None else self._scale
        days = scale * effective_days(total_rate * scale, self._half)
        receipts = pulls * days
        self._inflow = receipts / self._half
        state.waiting = state.waiting + receipts
        state.taught = state.taught + level_pulls * days
        self._receipts.receive(receipts)

    def _pull(self, lesson: _Lessons, held: Floats, total_rate: Floats, pull: Floats, level_pull: Floats) -> None:
        """Add one transfer to the rates and pulls on its learners."""
        levels = self._state.stock if lesson.levels is None else lesson.levels
        for kind, rate in enumerate(lesson.rates):
            add_weighted_gaps(
                lesson.learner,
                lesson.source,
                lesson.carries,
                levels[kind],
                rate,
                held[kind],
                total_rate[kind],
                pull[kind],
                level_pull[kind],
            )

    def _absorptive(self, prior: Floats, effort: Floats | float, support: Floats) -> Floats:
        rules = self._rules.absorption
        return np.asarray(
            absorptive_capacity(prior, effort, support, rules.sensitivity, rules.base_prior, rules.base_effort)
        )

    def outcomes(self, levels: Floats, support: Floats, present: Flags, days: float) -> Floats:
        """Return what each firm would be able to do after some *days* at each level of effort.

        What comes in by then is as much as in the last step. Shape (levels, firms, functions).
        """
        state, rules = self._state, self._rules
        mean = self._lookout.mean_capability()
        response = self._gap_response(state.stock, mean)
        # What comes in evenly has waited for half of the time on average.
        waiting = state.waiting + self._inflow * days / 2.0
        room = self._lookout.frontier()[:, None] - state.stock - state.waiting.sum(axis=0)
        kept = retention(self._forgetting, rules.frontier_drift_per_year / YEAR_DAYS, days)

        def outcome(level: float) -> Floats:
            rate = self._rate_at(self._absorptive(mean, level, support) * present, response)
            learnt, _ = internalise(waiting, rate, rules.absorption.stale_per_month / MONTH_DAYS, days)
            gain = np.full(state.active.shape, rules.effort.research_per_month * level / MONTH_DAYS * days)
            found = saturating_gain(gain * state.active, room)
            return self._lookout.capability((state.stock + learnt.sum(axis=0) + found) * kept)

        return np.array([outcome(level) for level in levels.tolist()])

    def _internalise(self) -> None:
        """Turn part of what waits into own knowledge in half a step; part of it goes stale (E13)."""
        state, staleness = self._state, self._rules.absorption.stale_per_month / MONTH_DAYS
        # Who learns gets better at learning: the rate is that of the middle of the time (midpoint method).
        soon, _ = internalise(state.waiting, self._rate(state.stock), staleness, self._half / 2.0)
        rate = self._rate(state.stock + soon.sum(axis=0))
        internalised, stale = internalise(state.waiting, rate, staleness, self._half)
        self._keep(state.waiting - internalised - stale)
        # A new array, since capabilities are kept for the very array that they were taken from.
        state.stock = state.stock + internalised.sum(axis=0)
        self._receipts.internalise(internalised)
        self._receipts.spoil(stale)

    def _keep(self, left: Floats) -> None:
        """Let only what is *left* wait; whoever taught it, all of it leaves at the same rate."""
        state = self._state
        share = np.divide(left, state.waiting, out=np.zeros_like(left), where=state.waiting > 0.0)
        state.waiting, state.taught = left, state.taught * share

    def _rate(self, stock: Floats) -> Floats:
        """Return the rate at which firms that know so much internalise (1/day); shape as for receipts."""
        mean = self._lookout.mean_capability(stock)
        absorptive = self._absorptive(mean, self._state.effort, self._support) * self._present
        return self._rate_at(absorptive, self._gap_response(stock, mean))

    def _rate_at(self, absorptive: Floats, response: Floats) -> Floats:
        """Return the rate at a given absorptive capacity, shape (firms,), and *response* to the gap."""
        rate = self._rules.absorption.internalised_per_month / MONTH_DAYS * absorptive[:, None] * response
        return rate if self._ease is None else rate * self._ease

    def _gap_response(self, stock: Floats, mean: Floats) -> Floats:
        """Return how the distance to those who taught what waits slows learning; shape as for receipts."""
        rules = self._rules.absorption
        gap = teacher_gap(self._state.taught, self._state.waiting, stock)
        if rules.gap_response == "logistic":
            return np.asarray(logistic_gap_response(gap))
        tolerance = rules.tolerance + rules.tolerance_slope * mean
        return np.asarray(exponential_gap_response(gap, tolerance[:, None]))

    def _create(self, view: KnowledgeView) -> None:
        """Add what firms find out themselves, alone or together; no more than there is room for (E15, E17)."""
        state = self._state
        # What waits takes room too: it may all be internalised yet.
        held = state.stock + state.waiting.sum(axis=0)
        gain = self._rules.effort.research_per_month * state.effort / MONTH_DAYS * view.days
        created = saturating_gain(gain[:, None] * state.active, view.firms.frontier[:, None] - held)
        found = self._folds.creation(self._lookout.in_the_middle(view))
        if found is not None:
            created = created + saturating_gain(found, FRONTIER - held - created)
        created = created * view.firms.present[:, None]
        state.stock = state.stock + created
        self._receipts.create(created)

    def _forget(self) -> None:
        """Apply frontier drift and forgetting for half a step, to what waits as well (E16)."""
        state = self._state
        drift = self._rules.frontier_drift_per_year / YEAR_DAYS
        kept = retention(self._forgetting, drift, self._half)
        lost = state.waiting * (1.0 - kept)
        self._keep(state.waiting - lost)
        # The level of a source of some time ago is worth less by what the frontier has moved since.
        state.taught = state.taught * retention(0.0, drift, self._half)
        state.stock = state.stock * kept
        self._receipts.spoil(lost)
