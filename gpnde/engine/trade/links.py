"""Links come and go: dismissal of suppliers, new suppliers, and shares that sum to 1."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from gpnde.contracts import ARMS_LENGTH, INTRA_FIRM
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.kernel.orders import cancel_unshipped
from gpnde.engine.recording.journal import ENGINE
from gpnde.engine.trade.routes import TERMS, Routes
from gpnde.vocabulary import CAUSES, SCORE
from gpnde.world.columns import STAYS, cause_number
from gpnde.world.governance import AS_BEFORE
from gpnde.world.layout import LINE, Floats, Integers, Records

_TERMS = ("buyer", "input", "product", "delay", "priority", "contract", "commitment", "market", "backorders")
"""What a new link has in common with the one that it is like; what its buyer is bound to counts from its own start."""

LEAST_SHARE = 1e-9
"""Share of an input below which a supplier gets nothing."""


class Links(Subsystem):
    """Opens and closes links; subsystems are notified of new ones."""

    name = "links"

    def __init__(self, context: RunContext) -> None:
        """Start with the links of the scenario."""
        super().__init__(context)
        self.routes = Routes(self.world)
        self._waits = False

    @contextmanager
    def several(self) -> Iterator[None]:
        """Drop several links: which lines belong to which site is found again once, when all are dropped."""
        self._waits = True
        try:
            yield
        finally:
            self._waits = False
            self.world.reindex()

    def suppliers_of(self, item: int) -> Integers:
        """Return the active links that deliver an input."""
        lines = self.world.state.lines
        return np.flatnonzero((lines["input"] == item) & (lines["active"] == 1))

    def drop(self, number: int, kind: str, cause: str, component: str, value: float = float("nan")) -> None:
        """End a link, or the sales to a market: what was not sent yet is cancelled, what is on the way still arrives.

        Customers who were waiting are lost.
        """
        line = self.world.state.lines[number]
        # More than one cause may end a link at the same time.
        if line.active == 0:
            return
        if line.market >= 0:
            market = self.world.state.markets[line.market]
            # Demand counts when it falls due; what was booked ahead is lost before that, and has to count first.
            market.demanded += line.delayed
            market.lost += line.backlog + line.delayed
        cancel_unshipped(self.world.state, number, self.timeline.now)
        line.active = 0
        line.closed = self.timeline.now
        self.context.journal.line(kind, number, cause, component, value)
        # Only after the link has ended, so that it is not among those that get its share.
        self._spread(self._alternatives(number), float(line.share))
        line.share = 0.0
        if not self._waits:
            self.world.reindex()
        self.context.part(FlowDriver).wake()

    def retire(self, number: int, cause: str, score: float) -> None:
        """Keep a supplier that has to leave for a *cause* until its successor is there."""
        self.world.trade["leaves"][number] = cause_number(cause)
        self.world.trade["leaving_score"][number] = score

    def keep(self, number: int) -> None:
        """Let a supplier stay that was to leave, with a clean record: no bid was better by enough."""
        self.world.trade["leaves"][number] = STAYS
        self.world.trade["strikes"][number] = 0
        self.context.journal.line("supplier_kept", number, value=float(self.world.trade["score"][number]))

    def release(self, number: int) -> None:
        """Drop a supplier that was kept until its successor was there."""
        trade = self.world.trade[number]
        stays = trade["leaves"] == STAYS
        cause, score = (SCORE, math.nan) if stays else (CAUSES[trade["leaves"]], float(trade["leaving_score"]))
        self.world.trade["leaves"][number] = STAYS
        self.drop(number, "link_dropped", cause, ENGINE, score)

    def _alternatives(self, number: int) -> Integers:
        """Return the active links that deliver the same input, or serve the same market."""
        lines = self.world.state.lines
        line = lines[number]
        alike = (lines["input"] == line.input) & (lines["market"] == line.market)
        return np.flatnonzero(alike & (lines["active"] == 1))

    def _spread(self, others: Integers, freed: float) -> None:
        """Give the share of a link that ended to the others, in proportion to theirs or equally if they have none."""
        share = self.world.state.lines["share"]
        total = share[others].sum()
        if total > 0.0:
            share[others] *= (total + freed) / total
        elif len(others):
            share[others] = freed / len(others)

    def set_shares(self, numbers: Integers, shares: Floats) -> None:
        """Give links new shares; the sum stays what it was."""
        lines = self.world.state.lines
        lines["share"][numbers] = shares * lines["share"][numbers].sum()

    def set_share(self, number: int, share: float) -> bool:
        """Give a link another share, at the cost or to the good of the others; return whether there are any."""
        shares, alike = self.world.state.lines["share"], self._alternatives(number)
        others = alike[alike != number]
        held = float(shares[others].sum())
        if held <= 0.0:
            return False
        shares[others] *= max(held + float(shares[number]) - share, 0.0) / held
        shares[number] = share
        return True

    def open(self, like: int, supplier: int, share: float, price: float) -> int:
        """Open a link to the buyer of link *like* from another supplier; return its number.

        The buyer's terms are the same, but for the commitment where its profile states one; the transport is that of
        the supplier. The new supplier gets *share* of the input, or all of it where there is no other.
        """
        item = int(self.world.state.lines["input"][like])
        return self._open(like, supplier, self._make_way(item, share), price)

    def hand_over(self, number: int, supplier: int, part: float) -> None:
        """Give a *part* of what a link, or the sales to a market, gets to another site on the same terms."""
        lines = self.world.state.lines
        share, others = part * float(lines["share"][number]), self._alternatives(number)
        own = others[lines["supplier"][others] == supplier]
        # Taken before it is given, so that no more than all is ever ordered.
        lines["share"][number] -= share
        if len(own):
            receives = int(own[0])
            lines["share"][receives] += share
        else:
            receives = self._open(number, supplier, share, float(lines["price"][number]))
        # Looked up only here, since opening a line replaces the records.
        parts = self.world.money["sales_part"]
        parts[[number, receives]] += np.array([-part, part]) * parts[number]

    def supply(self, like: int, buyer: int, item: int) -> None:
        """Let the supplier of link *like* deliver another input as well, that of a site which has just been built."""
        lines, places = self.world.state.lines, self.world.state.sites["cluster"]
        supplier, way = int(lines["supplier"][like]), like
        if supplier >= 0:
            way = self.routes.between(like, int(places[supplier]), int(places[buyer]))
        rows = self._terms(like, way, supplier)
        rows["buyer"], rows["input"] = buyer, item
        rows["share"], rows["price"] = lines["share"][like], lines["price"][like]
        self._add(rows, way)

    def _open(self, like: int, supplier: int, share: float, price: float) -> int:
        """Open a link that gets *share* of what link *like* delivers, or sales to the same market."""
        lines = self.world.state.lines
        market = int(lines["market"][like])
        # Routes lead from site to site, and a market is none.
        way = int(self.routes.of(like, np.array([supplier]))[0]) if market < 0 else like
        rows = self._terms(like, way, supplier)
        self._set_contract(rows, supplier)
        bound = -1 if market >= 0 else int(self.world.governance_of(np.array([like]))["commitment"][0])
        if bound != AS_BEFORE:
            rows["commitment"] = bound
        rows["price"], rows["share"] = price, share
        return self._add(rows, way)

    def _terms(self, like: int, way: int, supplier: int) -> Records:
        """Return a new line with the terms of the buyer of line *like*, over the route of another one."""
        lines = self.world.state.lines
        rows = np.zeros(1, dtype=LINE)
        for names, source in ((_TERMS, lines[like]), (TERMS, lines[way])):
            for name in names:
                rows[name] = source[name]
        rows["supplier"] = supplier
        rows["claim"] = rows["closed"] = -1
        rows["active"] = 1
        return rows

    def _add(self, rows: Records, way: int) -> int:
        """Add a line that is opened now, and return its number."""
        rows["opened"] = self.timeline.now
        number = self.world.add_lines(rows)
        # Before others are told of the line, since they agree on its price with a look at its freight.
        self.world.money["freight"][number] = self.world.money["freight"][way]
        self.context.extend(np.array([number]))
        self.context.journal.line("link_opened", number, value=float(rows["share"][0]))
        self.context.part(FlowDriver).wake()
        return number

    def _set_contract(self, rows: Records, supplier: int) -> None:
        """Turn an intra-firm contract between different firms into one at arm's length."""
        firm = self.world.state.sites["firm"]
        if rows["contract"][0] == INTRA_FIRM and firm[supplier] != firm[rows["buyer"][0]]:
            rows["contract"] = ARMS_LENGTH

    def _make_way(self, item: int, share: float) -> float:
        """Shrink the shares of the present suppliers of an input by what a new one gets; return this share.

        Who is alone or would leave the others next to nothing gets all.
        """
        lines, others = self.world.state.lines, self.suppliers_of(item)
        takes_all = len(others) == 0 or share > 1.0 - LEAST_SHARE
        lines["share"][others] *= 0.0 if takes_all else 1.0 - share
        return 1.0 if takes_all else share
