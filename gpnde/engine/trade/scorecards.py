"""Selection of suppliers (E9): the scorecard, strikes, dismissal, release of buffers."""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.hooks.commitments import committed_ticks
from gpnde.engine.kernel.overdue import overdue_orders
from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.recording.journal import ENGINE, Journal
from gpnde.engine.trade.allocation import Allocation
from gpnde.engine.trade.links import Links
from gpnde.engine.trade.quotations import Sourcing
from gpnde.mechanics import scorecard
from gpnde.scenario.rules import Selection
from gpnde.vocabulary import BUFFER_ROLE, FINANCE, ROLES, SCORE
from gpnde.world.layout import INTRA_FIRM, Flags, Floats, Integers, Records
from gpnde.world.world import World

_BUFFER = ROLES.index("capacity-buffer")
_COUNTED = ("completed", "on_time", "placed")


class Scorecards:
    """Reviews all suppliers every quarter and acts on the result."""

    def __init__(
        self,
        world: World,
        timeline: Timeline,
        links: Links,
        sourcing: Sourcing,
        journal: Journal,
        cashbook: Cashbook | None,
        asking: HookCaller,
        rules: Selection,
        seeds: tuple[int, int],
    ) -> None:
        """Plan the first review one period from the start; *seeds* are seed and replication."""
        self._world, self._timeline, self._links, self._sourcing = world, timeline, links, sourcing
        self._cashbook, self._asking, self._rules = cashbook, asking, rules
        count = len(world.state.lines)
        self.scores = np.full(count, np.nan)
        self._strikes = np.zeros(count, dtype=np.int64)
        self._before = {name: np.zeros(count) for name in _COUNTED}
        self._volume = np.zeros(len(world.state.inputs))
        self._leaving: dict[int, tuple[str, float]] = {}
        self._made = np.zeros((2, len(world.state.sites)))
        sourcing.on_certified = self.release
        period = max(1, timeline.tick(rules.review_days))
        self._allocation = Allocation(world, links, journal, asking, rules, period, seeds)
        timeline.every(period, Phase.SELECTION, self.review, period)

    def extend(self, rows: Records) -> None:
        """Take in new links; they begin without score and strikes."""
        more = len(rows)
        self.scores = np.concatenate([self.scores, np.full(more, np.nan)])
        self._strikes = np.concatenate([self._strikes, np.zeros(more, dtype=np.int64)])
        for name in _COUNTED:
            self._before[name] = np.concatenate([self._before[name], np.zeros(more)])

    def review(self) -> None:
        """Score every supplier, let go who must go, and share volume anew."""
        numbers = self._reviewed()
        changes = self._changes()
        self.scores[numbers] = self._score(numbers, changes)
        self._strikes[numbers] = scorecard.update_strikes(
            self._strikes[numbers], self.scores[numbers], self._rules.threshold
        )
        is_free = self._commitment_until(numbers) <= self._timeline.now
        unsound = is_free & ~self._sound(numbers)
        dismissed = self._dismissed(numbers)
        released = is_free & self._released(numbers, changes["placed"])
        shares = self._world.state.lines["share"].copy()
        self._let_go(numbers[unsound], shares, FINANCE)
        self._let_go(numbers[~unsound & dismissed], shares, SCORE)
        self._let_go(numbers[~unsound & ~dismissed & released], shares, BUFFER_ROLE)
        self._allocation.renew(self._reviewed(), self.scores, changes["placed"])

    def _reviewed(self) -> Integers:
        """Return the links under review: active, between firms, inside the network."""
        lines = self._world.state.lines
        inside = (lines["supplier"] >= 0) & (lines["market"] < 0) & (lines["active"] == 1)
        return np.flatnonzero(inside & (lines["contract"] != INTRA_FIRM))

    def _changes(self) -> dict[str, Floats]:
        """Return what was counted on each link since the last review."""
        lines = self._world.state.lines
        changes = {name: lines[name] - self._before[name] for name in _COUNTED}
        self._before = {name: lines[name].astype(np.float64) for name in _COUNTED}
        return changes

    def _score(self, numbers: Integers, changes: dict[str, Floats]) -> Floats:
        weights = self._rules.weights
        scores = scorecard.weighted_score(
            self._delivery(numbers, changes),
            self._quality(numbers),
            self._price(numbers),
            self._response(numbers),
            (weights.delivery, weights.quality, weights.price, weights.response),
        )
        points = self._asking.total("score", len(self._world.state.lines))
        return scores if points is None else scores + points[numbers]

    def _delivery(self, numbers: Integers, changes: dict[str, Floats]) -> Floats:
        """Return the share of orders that came whole and on time; overdue ones count against it (OTIF)."""
        due = changes["completed"] + overdue_orders(self._world.state, self._timeline.now)
        share: Floats = np.divide(changes["on_time"], due, out=np.ones(len(due)), where=due > 0)[numbers]
        return share

    def _quality(self, numbers: Integers) -> Floats:
        """Return the yield of each supplier since the last review."""
        sites = self._world.state.sites
        totals = np.array([sites["produced"], sites["started"]])
        good, started = totals - self._made
        self._made = totals
        quality = np.divide(good, started, out=sites["mean_yield"].copy(), where=started > 0)
        of_supplier: Floats = quality[self._world.state.lines["supplier"][numbers]]
        return of_supplier

    def _price(self, numbers: Integers) -> Floats:
        """Return the lowest price with duties for the same input over that of each link."""
        lines = self._world.state.lines
        lowest = np.full(len(self._world.state.inputs), np.inf)
        price = self._world.landed[numbers]
        np.minimum.at(lowest, lines["input"][numbers], price)
        mark: Floats = np.divide(lowest[lines["input"][numbers]], price, out=np.ones(len(price)), where=price > 0)
        return mark

    def _response(self, numbers: Integers) -> Floats:
        """Return 1 for firms that usually answer within the deadline, less for slower ones."""
        hours = self._sourcing.usual_hours(self._world.state.lines["supplier"][numbers])
        return np.minimum(1.0, self._rules.quotation.deadline_hours / hours)

    def _sound(self, numbers: Integers) -> Flags:
        """Return whether each supplier passes the finance gate."""
        if self._cashbook is None:
            return np.ones(len(numbers), dtype=bool)
        months, leverage = self._cashbook.soundness()
        firm = self._world.state.sites["firm"][self._world.state.lines["supplier"][numbers]]
        return scorecard.finance_gate(
            months[firm], self._rules.minimum_cash_months, leverage[firm], self._rules.maximum_leverage
        )

    def _commitment_until(self, numbers: Integers) -> Floats:
        """Return the tick up to which each buyer has bound itself; nothing but insolvency ends a link before."""
        lines = self._world.state.lines
        ticks = committed_ticks(lines, self._timeline, self._asking)
        until: Floats = (lines["opened"] + ticks)[numbers].astype(np.float64)
        return until

    def _dismissed(self, numbers: Integers) -> Flags:
        until = self._commitment_until(numbers)
        return scorecard.dismissals(self._strikes[numbers], self._rules.strikes, until, self._timeline.now)

    def _released(self, numbers: Integers, placed: Floats) -> Flags:
        """Return which capacity buffers go because their buyer's volume has fallen since the last review."""
        state, firms = self._world.state, self._world.firms
        item = state.lines["input"]
        known = item >= 0
        volume = np.bincount(item[known], placed[known], len(state.inputs)).astype(np.float64)
        fallen = volume < (1.0 - self._rules.volume_fall) * self._volume
        self._volume = volume
        role = firms["role"][state.sites["firm"][state.lines["supplier"][numbers]]]
        released: Flags = (role == _BUFFER) & fallen[item[numbers]]
        return released

    def _let_go(self, numbers: Integers, shares: Floats, cause: str) -> None:
        """Dismiss suppliers; the last one of an input stays until its successor is certified.

        A successor gets what the supplier had in *shares*, before any of them went.
        """
        for number in numbers.tolist():
            if number in self._leaving:
                continue
            line = self._world.state.lines[number]
            score = float(self.scores[number])
            last = len(self._links.suppliers_of(int(line.input))) == 1
            replaced = self._rules.replace and cause != BUFFER_ROLE
            if not last:
                self._links.drop(number, "link_dropped", cause, ENGINE, score)
            elif replaced:
                self._leaving[number] = (cause, score)
            if replaced:
                self._sourcing.request(number, float(shares[number]), number if last else -1)

    def is_leaving(self, number: int) -> bool:
        """Return whether a successor of this supplier is being looked for already."""
        return number in self._leaving

    def release(self, number: int) -> None:
        """Let a supplier go who had to stay until its successor was there."""
        cause, score = self._leaving.pop(number, (SCORE, float("nan")))
        self._links.drop(number, "link_dropped", cause, ENGINE, score)
