"""Selection of suppliers (E9): the scorecard, strikes, dismissal, release of buffers."""

from __future__ import annotations

import numpy as np

from gpnde.contracts import INTRA_FIRM
from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.hooks.commitments import committed_ticks
from gpnde.engine.kernel.overdue import overdue_orders
from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.recording.journal import ENGINE
from gpnde.engine.trade.allocation import Allocation
from gpnde.engine.trade.links import Links
from gpnde.engine.trade.marks import Marks
from gpnde.engine.trade.quotations import Quotations, selection_rules
from gpnde.engine.trade.spare_capacity import SpareCapacity
from gpnde.engine.trade.strike_bars import strike_bars, strikes_allowed
from gpnde.mechanics import scorecard
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import BUFFER_ROLE, FINANCE, ROLES, SCORE
from gpnde.world.columns import STAYS
from gpnde.world.layout import Flags, Floats, Integers

_BUFFER = ROLES.index("capacity-buffer")
_COUNTED = ("completed", "on_time", "placed")


class Scorecards(Subsystem):
    """Scores all suppliers every quarter and acts on the result."""

    name = "scorecards"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has rules for the selection of suppliers."""
        return scenario.selection is not None

    def __init__(self, context: RunContext) -> None:
        """Begin without scores."""
        super().__init__(context)
        self._rules = selection_rules(self.world.scenario)
        self._allocation = Allocation(context, self._rules)
        self.marks = Marks(self.world, self._rules)

    def start(self) -> None:
        """Plan the first review one period from the start."""
        self.plan_steps(self._rules.review_days, Phase.SELECTION)

    def step(self) -> None:
        """Score all suppliers, dismiss those that fail, and reallocate volume."""
        numbers = self._reviewed()
        changes, trade = self._changes(), self.world.trade
        # A copy, as the new scores are written over the old ones below.
        before, scores = trade["score"].copy(), self._score(numbers, changes)
        trade["score"][numbers] = scores
        bars = strike_bars(self.world, numbers, scores)
        trade["strikes"][numbers] = scorecard.update_strikes(trade["strikes"][numbers], scores, bars)
        is_free = (self._commitment_until(numbers) <= self.timeline.now) & ~self._needs_notice(numbers)
        unsound = is_free & ~self._sound(numbers)
        dismissed = self._dismissed(numbers)
        released = is_free & self._released(numbers, changes["placed"])
        # As they are before anybody goes: each dismissal gives its share to the others.
        shares = self.world.state.lines["share"].copy()
        spare = SpareCapacity(self.world, changes["placed"], self.timeline.period(self._rules.review_days))
        with self.context.part(Links).several():
            self._let_go(numbers[unsound], shares, FINANCE, spare)
            self._let_go(numbers[~unsound & dismissed], shares, SCORE, spare)
            self._let_go(numbers[~unsound & ~dismissed & released], shares, BUFFER_ROLE, spare)
        # Looked up again, without those that have just been dismissed.
        self._allocation.renew(self._reviewed(), before, changes["placed"])

    def _reviewed(self) -> Integers:
        """Return the links under review: active, between firms, inside the network."""
        lines = self.world.state.lines
        inside = (lines["supplier"] >= 0) & (lines["market"] < 0) & (lines["active"] == 1)
        return np.flatnonzero(inside & (lines["contract"] != INTRA_FIRM))

    def _changes(self) -> dict[str, Floats]:
        """Return what was counted on each link since the last review."""
        lines, trade = self.world.state.lines, self.world.trade
        changes = {name: lines[name] - trade[name] for name in _COUNTED}
        for name in _COUNTED:
            trade[name] = lines[name]
        return changes

    def _score(self, numbers: Integers, changes: dict[str, Floats]) -> Floats:
        supplier = self.world.state.lines["supplier"][numbers]
        hours = self.context.part(Quotations).usual_hours(supplier)
        scores = self.marks.score(
            numbers,
            self._delivery(numbers, changes),
            self.marks.quality(supplier, self._yields()[supplier]),
            self.marks.price(numbers, self.world.landed[numbers]),
            self.marks.response(numbers, hours),
        )
        points = self.context.hooks.total("score", len(self.world.state.lines))
        return scores if points is None else scores + points[numbers]

    def _delivery(self, numbers: Integers, changes: dict[str, Floats]) -> Floats:
        """Return the share of orders that came whole and on time; overdue ones count against it (OTIF)."""
        due = changes["completed"] + overdue_orders(self.world.state, self.timeline.now)
        share: Floats = np.divide(changes["on_time"], due, out=np.ones(len(due)), where=due > 0)[numbers]
        return share

    def _yields(self) -> Floats:
        """Return the yield of each site since the last review; its mean where it has started nothing."""
        sites, plants = self.world.state.sites, self.world.plants
        good, started = sites["produced"] - plants["produced_scored"], sites["started"] - plants["started_scored"]
        plants["produced_scored"], plants["started_scored"] = sites["produced"], sites["started"]
        # A copy to write into, or the yields of this period would become the lasting ones of the sites.
        return np.asarray(np.divide(good, started, out=sites["mean_yield"].copy(), where=started > 0))

    def _sound(self, numbers: Integers) -> Flags:
        """Return whether each supplier passes the finance gate."""
        books = self.context.find(Cashbook)
        if books is None:
            return np.ones(len(numbers), dtype=bool)
        months, leverage = books.soundness()
        firm = self.world.state.sites["firm"][self.world.state.lines["supplier"][numbers]]
        return scorecard.finance_gate(
            months[firm], self._rules.minimum_cash_months, leverage[firm], self._rules.maximum_leverage
        )

    def _commitment_until(self, numbers: Integers) -> Floats:
        """Return the tick up to which each buyer has bound itself; nothing but insolvency ends a link before."""
        lines = self.world.state.lines
        ticks = committed_ticks(lines, self.timeline, self.context.hooks)
        until: Floats = (lines["opened"] + ticks)[numbers].astype(np.float64)
        return until

    def _dismissed(self, numbers: Integers) -> Flags:
        until, allowed = self._commitment_until(numbers), strikes_allowed(self.world, numbers, self._rules.review_days)
        return scorecard.dismissals(self.world.trade["strikes"][numbers], allowed, until, self.timeline.now)

    def _needs_notice(self, numbers: Integers) -> Flags:
        """Return which links are inside a group, where only notice ends them."""
        needs: Flags = self.world.bonds_of(numbers).notice_days > 0.0
        return needs

    def _released(self, numbers: Integers, placed: Floats) -> Flags:
        """Return which capacity buffers go because their buyer's volume has fallen since the last review."""
        state, firms = self.world.state, self.world.firms
        item = state.lines["input"]
        known = item >= 0
        volume = np.bincount(item[known], placed[known], len(state.inputs)).astype(np.float64)
        fallen = volume < (1.0 - self._rules.volume_fall) * self.world.purchases["volume"]
        self.world.purchases["volume"] = volume
        role = firms["role"][state.sites["firm"][state.lines["supplier"][numbers]]]
        released: Flags = (role == _BUFFER) & fallen[item[numbers]]
        return released

    def _let_go(self, numbers: Integers, shares: Floats, cause: str, spare: SpareCapacity) -> None:
        """Dismiss suppliers; some stay until their successors are certified.

        A successor gets what the supplier had in *shares*, before any of them went.
        """
        links, quotations = self.context.part(Links), self.context.part(Quotations)
        replaced = self._rules.replace and cause != BUFFER_ROLE
        for number in numbers.tolist():
            # It leaves anyway, as soon as the successor that is being looked for is there.
            if self.world.trade["leaves"][number] != STAYS:
                continue
            score = float(self.world.trade["score"][number])
            stays = self._must_wait(number, cause, spare) if replaced else len(self._others(number)) == 0
            if not stays:
                links.drop(number, "link_dropped", cause, ENGINE, score)
            elif replaced:
                links.retire(number, cause, score)
            if replaced:
                quotations.request(number, float(shares[number]), number if stays else -1)

    def _must_wait(self, number: int, cause: str, spare: SpareCapacity) -> bool:
        """Return whether a buyer keeps a supplier until it has another, by its profile or since it needs it."""
        if cause == SCORE and self.context.part(Quotations).is_locked(number):
            return True
        return not spare.take_over(number, self._others(number))

    def _others(self, number: int) -> Integers:
        """Return the other active links that deliver the same input and are to stay."""
        present = self.context.part(Links).suppliers_of(int(self.world.state.lines[number].input))
        others: Integers = present[(present != number) & (self.world.trade["leaves"][present] == STAYS)]
        return others
