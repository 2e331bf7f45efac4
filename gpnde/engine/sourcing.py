"""Replacement of suppliers (E8): a request for quotation, the award, certification, and the new link."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gpnde.engine.journal import Journal
from gpnde.engine.links import Links
from gpnde.engine.timeline import Phase, Timeline
from gpnde.mechanics import sourcing
from gpnde.mechanics.draws import standard_normal, stream_key
from gpnde.mechanics.laws import Laws, sample
from gpnde.scenario.rules import Selection
from gpnde.world.laws import LawBook
from gpnde.world.layout import Flags, Floats, Integers
from gpnde.world.world import World

HOURS_PER_DAY = 24.0


class Sourcing:
    """Finds successors for suppliers that were dismissed."""

    def __init__(
        self, world: World, timeline: Timeline, links: Links, journal: Journal, rules: Selection, seeds: tuple[int, int]
    ) -> None:
        """Begin without open requests; *seeds* are seed and replication."""
        self._world, self._timeline, self._links, self._journal = world, timeline, links, journal
        self._rules, self._quotation = rules, rules.quotation
        self._response_key = stream_key(*seeds, "selection", "response")
        self._certification_key = stream_key(*seeds, "selection", "certification")
        book = LawBook()
        self._certification_law = book.number(rules.certification)
        self._laws: Laws = book.table.build()
        self._requests = 0
        self._awarded: set[tuple[int, int]] = set()
        self.on_certified: Callable[[int], None] = lambda leaving: None

    def request(self, like: int, share: float, leaving: int = -1) -> None:
        """Ask for quotations for what link *like* delivers; link *leaving* ends when the successor begins."""
        line = self._world.state.lines[like]
        if self._world.closed[line.buyer]:
            return
        self._requests += 1
        request = self._requests
        self._journal.pair("quotation_requested", -1, int(line.buyer), value=share)
        candidates = self.candidates(like)
        hours = self._response_hours(candidates, request)
        deadline = self._timeline.tick(self._quotation.deadline_hours / HOURS_PER_DAY)
        close = self._timeline.now + max(1, deadline)
        self._timeline.call(
            close, Phase.SELECTION, lambda: self._award(like, share, leaving, candidates, hours, request)
        )

    def candidates(self, like: int) -> Integers:
        """Return the sites of other firms that could deliver, cheapest first.

        They make the product, work, are no suppliers yet and are not supplied by the buyer, not even through others.
        """
        line, sites = self._world.state.lines[like], self._world.state.sites
        able = (sites["product"] == line.product) & (sites["down"] == 0)
        able &= sites["firm"] != sites["firm"][line.buyer]
        able[self._present(int(line.input))] = False
        able &= ~self._downstream(int(line.buyer))
        numbers = np.flatnonzero(able)
        cheapest = np.lexsort((numbers, self.offers(numbers)))
        return numbers[cheapest][: self._quotation.bidders]

    def _present(self, item: int) -> Integers:
        """Return the sites that deliver an input now."""
        suppliers: Integers = self._world.state.lines["supplier"][self._links.suppliers_of(item)]
        return suppliers[suppliers >= 0]

    def _downstream(self, site: int) -> Flags:
        """Return whether each site is *site* or is supplied by it, directly or through others."""
        lines = self._world.state.lines
        inside = lines[(lines["supplier"] >= 0) & (lines["buyer"] >= 0) & (lines["active"] == 1)]
        is_reached = np.zeros(len(self._world.state.sites), dtype=np.bool_)
        following = np.array([site])
        while len(following):
            is_reached[following] = True
            buyers = np.unique(inside["buyer"][is_reached[inside["supplier"]]])
            following = buyers[~is_reached[buyers]]
        return is_reached

    def offers(self, sites: Integers) -> Floats:
        """Return the price at which each site offers: the mean price of what it sells, else its cost and margin."""
        state, names = self._world.state, self._world.names
        given = [self._world.scenario.sites[number].price for number in sites.tolist()]
        margins = [
            self._world.scenario.products[names.products[product]].margin for product in state.sites["product"][sites]
        ]
        at_cost = self._world.unit_cost[sites] * (1.0 + np.array(margins))
        return np.array([cost if price is None else price for price, cost in zip(given, at_cost, strict=True)])

    def _response_hours(self, candidates: Integers, request: int) -> Floats:
        """Draw how long each candidate takes to answer."""
        firm = self._world.state.sites["firm"][candidates]
        own = self._world.firms["response_hours"][firm]
        median = np.where(own > 0.0, own, self._quotation.response_hours)
        key = self._response_key
        noise = np.array([standard_normal(*key, number, request, 0) for number in candidates.tolist()])
        median = median * self._world.firms["response_factor"][firm]
        return sourcing.response_hours(median, self._quotation.response_sigma, 0.0, 0.0, noise)

    def _award(self, like: int, share: float, leaving: int, candidates: Integers, hours: Floats, request: int) -> None:
        """Reject late bids, award to the best, or ask again later."""
        item, buyer = int(self._world.state.lines[like].input), int(self._world.state.lines[like].buyer)
        if self._world.closed[buyer]:
            return
        late = sourcing.is_late(hours, self._quotation.deadline_hours)
        self._note_bids(like, candidates, hours, late)
        eligible = ~late & self._is_free(item, candidates)
        best = sourcing.choose_bid(self._score(candidates), eligible) if len(candidates) else -1
        if best < 0:
            retry = self._timeline.now + max(1, self._timeline.tick(self._quotation.retry_days))
            self._timeline.call(retry, Phase.SELECTION, lambda: self.request(like, share, leaving))
            return
        winner = int(candidates[best])
        self._awarded.add((item, winner))
        self._journal.pair("bid_awarded", winner, buyer, value=float(hours[best]))
        days = float(sample(self._laws, self._certification_law, *self._certification_key, winner, request, 0))
        ready = self._timeline.now + max(1, self._timeline.tick(days))
        self._timeline.call(ready, Phase.SELECTION, lambda: self._certify(like, share, leaving, winner))

    def _is_free(self, item: int, candidates: Integers) -> Flags:
        """Return which candidates are still there, and have not been chosen for this input by another request."""
        chosen = [(item, site) in self._awarded for site in candidates.tolist()]
        is_free: Flags = ~np.array(chosen, dtype=np.bool_) & ~np.isin(candidates, self._present(item))
        return is_free & ~self._world.closed[candidates]

    def _note_bids(self, like: int, candidates: Integers, hours: Floats, late: Flags) -> None:
        buyer = int(self._world.state.lines[like].buyer)
        for number, taken, is_late in zip(candidates.tolist(), hours.tolist(), late.tolist(), strict=True):
            self._journal.pair("bid_rejected" if is_late else "bid_placed", number, buyer, value=taken)

    def _score(self, candidates: Integers) -> Floats:
        """Return the score of each bid: price, lead time, reliability and quality."""
        if len(candidates) == 0:
            return np.zeros(0)
        state, weights = self._world.state, self._rules.weights
        price = self.offers(candidates)
        lead = state.laws.mean[state.sites["processing"][candidates]]
        reliability = self._reliability()[candidates]
        quality = state.sites["mean_yield"][candidates]
        order = (weights.price, weights.response, weights.delivery, weights.quality)
        return sourcing.bid_score(price, price.min(), lead, lead.min(), reliability, quality, order)

    def _reliability(self) -> Floats:
        """Return the share of all orders that each site has delivered whole and on time; 1 where there were none."""
        state = self._world.state
        sold = state.lines[state.lines["supplier"] >= 0]
        completed = np.bincount(sold["supplier"], sold["completed"], len(state.sites))
        on_time = np.bincount(sold["supplier"], sold["on_time"], len(state.sites))
        return np.divide(on_time, completed, out=np.ones(len(completed)), where=completed > 0)

    def _certify(self, like: int, share: float, leaving: int, winner: int) -> None:
        """Let the winner begin, if it and the buyer are still there, and let its predecessor go.

        A winner whom the buyer supplies by now, since both looked for a supplier at the same time, is passed over.
        """
        line = self._world.state.lines[like]
        self._awarded.discard((int(line.input), winner))
        if self._world.closed[line.buyer]:
            return
        if self._world.closed[winner] or self._downstream(int(line.buyer))[winner]:
            self.request(like, share, leaving)
            return
        self._links.open(like, winner, share, float(self.offers(np.array([winner]))[0]))
        if leaving >= 0:
            self.on_certified(leaving)
