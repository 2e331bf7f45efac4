"""Replacement of suppliers (E8): a request for quotation, the award, certification, and the new link."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

from gpnde.engine.capacity.entrants import Entrants
from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.hooks.duties import Duties
from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.engine.trade.deliveries import DeliveryRecord
from gpnde.engine.trade.links import Links
from gpnde.engine.trade.marks import Marks
from gpnde.mechanics import sourcing
from gpnde.mechanics.pricing import cost_plus_price
from gpnde.numerics.draws import entities, joined, normals
from gpnde.numerics.laws.sampling import Laws, sample
from gpnde.plugin.flow import Request
from gpnde.scenario.rules import Selection
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import CAUSES, HOURS_PER_DAY, SCORE, TENDER
from gpnde.world.columns import STAYS
from gpnde.world.laws import LawBook
from gpnde.world.layout import Flags, Floats, Integers


class Quotations(Subsystem):
    """Finds successors for suppliers that were dismissed, by requests for quotation."""

    name = "quotations"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has rules for the selection of suppliers."""
        return scenario.selection is not None

    def __init__(self, context: RunContext) -> None:
        """Begin without open requests."""
        super().__init__(context)
        self._rules = selection_rules(self.world.scenario)
        self._quotation = self._rules.quotation
        self._response_key = context.stream("selection", "response")
        self._certification_key = context.stream("selection", "certification")
        book = LawBook()
        self._certification_law = book.number(self._rules.certification)
        self._laws: Laws = book.table.build()
        self._requests: Counter[int] = Counter()
        self._awarded: set[tuple[int, int]] = set()
        self._open: set[int] = set()
        self._marks, self._record = Marks(self.world, self._rules), DeliveryRecord(self.world)

    def start(self) -> None:
        """Plan to note deliveries whenever suppliers are reviewed."""
        self.plan_every(self.timeline.period(self._rules.review_days), Phase.SELECTION, "note_deliveries")

    def note_deliveries(self) -> None:
        """Note how reliable sites have been since the last review."""
        self._record.note()

    def request(self, like: int, share: float, leaving: int = -1) -> None:
        """Ask for quotations for what link *like* delivers; link *leaving* ends when the successor begins."""
        line = self.world.state.lines[like]
        if self.world.plants["closed"][line.buyer]:
            return
        # Counted by input, so that its draws do not hang on how often other inputs are put out.
        self._requests[int(line.input)] += 1
        self._open.add(like)
        request = self._requests[int(line.input)]
        self.context.journal.pair("quotation_requested", -1, int(line.buyer), value=share)
        candidates = self.candidates(like)
        hours = self._response_hours(like, candidates, request)
        deadline = self.timeline.tick(self._quotation.deadline_hours / HOURS_PER_DAY)
        close = self.timeline.now + max(1, deadline)
        self.plan(close, Phase.SELECTION, "award", like, share, leaving, candidates, hours, request)

    def candidates(self, like: int) -> Integers:
        """Return the sites of other firms that could deliver, cheapest first, with duties.

        They make the product, work, are no suppliers yet and are not supplied by the buyer, not even through others.
        Who was dismissed cannot come back while successors for this input are being looked for.
        """
        line, sites = self.world.state.lines[like], self.world.state.sites
        able = (sites["product"] == line.product) & (sites["down"] == 0)
        able &= sites["firm"] != sites["firm"][line.buyer]
        able[self._present(int(line.input))] = False
        able &= ~self._are_among(sites["firm"], self._dismissed(like))
        able &= ~self._downstream(int(line.buyer))
        numbers = np.flatnonzero(able)
        return self._asked(like, numbers[np.lexsort((numbers, self._landed(like, numbers)))])

    def _asked(self, like: int, sites: Integers) -> Integers:
        """Return which of *sites*, of which the first are the cheapest, the buyer asks; newcomers by its openness."""
        most = self._quotation.bidders
        # Halves are rounded up; `round` would take them to the nearest even number.
        most_new = math.floor(most * float(self._governance(like)["openness"]) + 0.5)
        is_new = ~self._are_among(self.world.state.sites["firm"][sites], self._suppliers_of_firm(like))
        asked: Integers = sites[~is_new | (np.cumsum(is_new) <= most_new)]
        return asked[: max(most, most_new)]

    def _are_among(self, firms: Integers, named: Integers) -> Flags:
        """Return which of some *firms* are *named*."""
        is_named = np.zeros(len(self.world.firms), dtype=np.bool_)
        is_named[named] = True
        return is_named[firms]

    def _suppliers_of_firm(self, like: int) -> Integers:
        """Return the firms that deliver anything to the buyer of link *like*, at whichever of its sites."""
        lines, firm = self.world.state.lines, self.world.state.sites["firm"]
        inside = (lines["supplier"] >= 0) & (lines["buyer"] >= 0) & (lines["active"] == 1)
        own = inside & (firm[lines["buyer"]] == firm[lines["buyer"][like]])
        firms: Integers = firm[lines["supplier"][own]]
        return firms

    def _governance(self, like: int) -> Any:
        """Return how the buyer of a link deals with its suppliers."""
        return self.world.governance_of(np.array([like]))[0]

    def _present(self, item: int) -> Integers:
        """Return the sites that deliver an input now."""
        suppliers: Integers = self.world.state.lines["supplier"][self.context.part(Links).suppliers_of(item)]
        return suppliers[suppliers >= 0]

    def _dismissed(self, like: int) -> Integers:
        """Return the firms whose successors are being looked for: for link *like* and others of the same input.

        A firm that has closed the site itself was not dismissed, and may offer to deliver from another one.
        """
        lines = self.world.state.lines
        numbers = np.array(sorted({like, *self._open}))
        alike = numbers[lines["input"][numbers] == lines["input"][like]]
        suppliers = lines["supplier"][alike]
        # Outside the model is no firm, and its -1 would stand for the last site.
        suppliers = suppliers[suppliers >= 0]
        firms: Integers = self.world.state.sites["firm"][suppliers[~self.world.plants["closed"][suppliers]]]
        return firms

    def _downstream(self, site: int) -> Flags:
        """Return whether each site is *site* or is supplied by it, directly or through others."""
        lines = self.world.state.lines
        inside = np.flatnonzero((lines["supplier"] >= 0) & (lines["buyer"] >= 0) & (lines["active"] == 1))
        supplier, buyer = lines["supplier"][inside], lines["buyer"][inside]
        is_reached = np.zeros(len(self.world.state.sites), dtype=np.bool_)
        following = np.array([site])
        while len(following):
            is_reached[following] = True
            buyers = np.unique(buyer[is_reached[supplier]])
            following = buyers[~is_reached[buyers]]
        return is_reached

    def offers(self, sites: Integers) -> Floats:
        """Return the price at which each site offers today, before erosion."""
        plants = self.world.plants
        if self.world.scenario.pricing.rule == "bargaining":
            return np.asarray(plants["offer"][sites])
        return np.asarray(self.list_prices(sites) * plants["price_factor"][sites])

    def list_prices(self, sites: Integers) -> Floats:
        """Return the price of each site on day 0: that of the scenario, else its cost and margin."""
        state, names = self.world.state, self.world.names
        given = [self.world.scenario.sites[number].price for number in sites.tolist()]
        margins = [
            self.world.scenario.products[names.products[product]].margin for product in state.sites["product"][sites]
        ]
        at_cost = cost_plus_price(self.world.plants["opening_unit_cost"][sites], np.array(margins))
        return np.array([cost if price is None else price for price, cost in zip(given, at_cost, strict=True)])

    def _bids(self, like: int, sites: Integers) -> Integers:
        """Return what stands for the bids of *sites* for what link *like* delivers, in draws."""
        line, names = self.world.state.lines[like], self.world.state.site_entity
        return joined(names[line.buyer], entities(self.world.names.products)[line.product], names[sites])

    def _response_hours(self, like: int, candidates: Integers, request: int) -> Floats:
        """Draw how long each candidate takes to answer this *request*, one of those for the same input."""
        noise = normals(self._response_key, self._bids(like, candidates), request)
        return sourcing.response_hours(self.usual_hours(candidates), self._quotation.response_sigma, 0.0, 0.0, noise)

    def usual_hours(self, sites: Integers) -> Floats:
        """Return the median time in which the firms of *sites* answer a request for quotation (hours)."""
        rules = self._quotation
        firm, firms = self.world.state.sites["firm"][sites], self.world.firms
        median = np.where(firms["response_hours"] > 0.0, firms["response_hours"], rules.response_hours)
        median = (median * firms["response_factor"])[firm] * self._help_of_services(sites)
        return sourcing.response_hours(median, 0.0, 0.0, 0.0, 0.0, rules.digital_index, rules.digital_effect)

    def _help_of_services(self, sites: Integers) -> Floats | float:
        """Return the factor on the time to answer of *sites* that providers nearby help; 1 without rules for them."""
        rules = self.world.scenario.services
        if rules is None:
            return 1.0
        return np.asarray(np.exp(-rules.response * self.world.site_services_nearby[sites]))

    def award(self, like: int, share: float, leaving: int, candidates: Integers, hours: Floats, request: int) -> None:
        """Reject late bids, award to the best, or ask again later, or keep who is there where no bid beats it."""
        # Bids have been out for a while, in which the buyer may have closed.
        item, buyer = int(self.world.state.lines[like].input), int(self.world.state.lines[like].buyer)
        if self.world.plants["closed"][buyer]:
            return
        late = sourcing.is_late(hours, self._quotation.deadline_hours)
        self._note_bids(like, candidates, hours, late)
        eligible = ~late & self._is_free(item, candidates) & self._beat(like, leaving, candidates)
        # Scores compare with the lowest price of all bids, which an empty field does not have.
        best = self._chosen(like, share, candidates, hours, eligible) if len(candidates) else -1
        if best < 0 and self.is_locked(leaving):
            self._open.discard(like)
            self.context.part(Links).keep(leaving)
            return
        if best < 0:
            self._answer_shortage(like, item, candidates)
            retry = self.timeline.now + max(1, self.timeline.tick(self._quotation.retry_days))
            self.plan(retry, Phase.SELECTION, "request", like, share, leaving)
            return
        winner = int(candidates[best])
        # Certification takes time, in which no other request for this input may choose the same site.
        self._awarded.add((item, winner))
        self.context.journal.pair("bid_awarded", winner, buyer, value=float(hours[best]))
        bid = int(self._bids(like, candidates)[best])
        days = float(sample(self._laws, self._certification_law, *self._certification_key, bid, request, 0))
        factor = self.context.hooks.product("certification", len(self.world.state.sites), above_zero=True)
        days *= 1.0 if factor is None else float(factor[winner])
        ready = self.timeline.now + max(1, self.timeline.tick(days))
        self.plan(ready, Phase.SELECTION, "certify", like, share, leaving, winner)

    def _answer_shortage(self, like: int, item: int, candidates: Integers) -> None:
        """Let a firm that waits enter where nobody is left who could deliver."""
        if not self._is_free(item, candidates).any():
            self.context.part(Entrants).answer_shortage(int(self.world.state.lines[like].product))

    def _chosen(self, like: int, share: float, candidates: Integers, hours: Floats, eligible: Flags) -> int:
        """Return the position of the best bid, or of the one that components choose; -1 for none."""
        line = self.world.state.lines[like]
        prices = self._landed(like, candidates)
        scores = self._score(like, candidates, prices)
        # Copies of scores and eligibility, which components may write into while both are still needed.
        bids = Request(
            int(line.buyer), int(line.product), share, candidates, prices, hours, scores.copy(), eligible.copy()
        )

        def read(reader: AnswerValidator, answer: Any) -> int:
            return reader.choice("supplier", answer, eligible)

        return self.context.hooks.decide(
            "choose_supplier", lambda: sourcing.choose_bid(scores, eligible), read, request=bids
        )

    def _landed(self, like: int, candidates: Integers) -> Floats:
        """Return what each candidate would cost the buyer, with duties and freight."""
        line = self.world.state.lines[like]
        duties = self.context.part(Duties).on_bids(int(line.buyer), int(line.product), candidates)
        freight = self.world.money["freight"][self.context.part(Links).routes.of(like, candidates)]
        landed: Floats = self.offers(candidates) * (1.0 + duties) + freight
        return landed

    def _is_free(self, item: int, candidates: Integers) -> Flags:
        """Return which candidates are still there, and have not been chosen for this input by another request."""
        chosen = [(item, site) in self._awarded for site in candidates.tolist()]
        is_free: Flags = ~np.array(chosen, dtype=np.bool_) & ~np.isin(candidates, self._present(item))
        is_free &= ~self.world.plants["closed"][candidates]
        return is_free

    def is_locked(self, number: int) -> bool:
        """Return whether a supplier that is there, and sound, goes only for a better one, since its buyer says so."""
        if number < 0 or np.isnan(self._governance(number)["incumbent_lock"]):
            return False
        leaves = int(self.world.trade["leaves"][number])
        goes_anyway = leaves != STAYS and CAUSES[leaves] not in (SCORE, TENDER)
        return bool(self.world.state.lines["active"][number] == 1 and not goes_anyway)

    def _beat(self, like: int, leaving: int, candidates: Integers) -> Flags:
        """Return which bids are better than the supplier that is there by as much as its buyer asks for."""
        if not self.is_locked(leaving) or not len(candidates):
            return np.ones(len(candidates), dtype=np.bool_)
        # Scored together, since prices and lead times are marked by the best of a field.
        sites = np.append(candidates, self.world.state.lines["supplier"][leaving])
        prices = np.append(self._landed(like, candidates), self.world.landed[leaving])
        scores = self._score(like, sites, prices)
        better: Flags = scores[:-1] >= sourcing.incumbent_bar(scores[-1], self._governance(like)["incumbent_lock"])
        return better

    def _note_bids(self, like: int, candidates: Integers, hours: Floats, late: Flags) -> None:
        buyer = int(self.world.state.lines[like].buyer)
        for number, taken, is_late in zip(candidates.tolist(), hours.tolist(), late.tolist(), strict=True):
            self.context.journal.pair("bid_rejected" if is_late else "bid_placed", number, buyer, value=taken)

    def _score(self, like: int, candidates: Integers, price: Floats) -> Floats:
        """Return the score of each bid: price with duties, lead time, reliability, quality, and what components add.

        The lead time is that of making and of transport to this buyer.
        """
        state, rules = self.world.state, self._governance(like)
        lead = state.laws.mean[state.sites["processing"][candidates]] + self.context.part(Links).routes.days(
            like, candidates
        )
        reliability = self._record.reliability()[candidates]
        quality = self._marks.quality(candidates, state.sites["mean_yield"][candidates])
        order = [rules[name] for name in ("price", "response", "delivery", "quality")]
        scores = sourcing.bid_score(price, price.min(), lead, lead.min(), reliability, quality, order)
        points = self.context.hooks.total("bid_score", len(state.sites))
        return scores if points is None else scores + points[candidates]

    def certify(self, like: int, share: float, leaving: int, winner: int) -> None:
        """Open the winner's link if both sites are still open, then end its predecessor's.

        A winner that the buyer supplies by now, since both were looking for a supplier, is passed over.
        """
        line = self.world.state.lines[like]
        self._awarded.discard((int(line.input), winner))
        if self.world.plants["closed"][line.buyer]:
            return
        if self.world.plants["closed"][winner] or self._downstream(int(line.buyer))[winner]:
            self.request(like, share, leaving)
            return
        self._open.discard(like)
        links = self.context.part(Links)
        # The successor first: it may be the only one to take over the share that its predecessor frees.
        links.open(like, winner, share, float(self.list_prices(np.array([winner]))[0]))
        if leaving >= 0:
            links.release(leaving)


def selection_rules(scenario: Scenario) -> Selection:
    """Return the block on the selection of suppliers of a scenario that has one."""
    assert scenario.selection is not None
    return scenario.selection
