"""Own brands: suppliers who come to sell beside their customers, what that brings in, and how customers take it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.contracts import OWN_BRAND
from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.money.payments import invest
from gpnde.engine.money.prices import Prices
from gpnde.engine.recording.journal import ENGINE
from gpnde.engine.trade.links import Links
from gpnde.numerics.draws import uniforms
from gpnde.scenario.rivalry import OwnBrands as Rules
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import QUARTER_DAYS, YEAR_DAYS
from gpnde.world.layout import Flags, Floats, Integers

_QUARTERS = round(YEAR_DAYS / QUARTER_DAYS)
"""Quarters over which a brand has to earn what it costs."""


class OwnBrands(Subsystem):
    """Opens and closes sales of suppliers under brands of their own, in the markets that provide for it."""

    name = "own-brands"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether firms learn, and some market takes brands of suppliers."""
        return scenario.learns and any(market.own_brands is not None for market in scenario.markets)

    def __init__(self, context: RunContext) -> None:
        """Look up who may come to sell where."""
        super().__init__(context)
        markets = self.world.scenario.markets
        self._rules: Mapping[int, Rules] = {
            number: market.own_brands for number, market in enumerate(markets) if market.own_brands is not None
        }
        lines = self.world.state.lines
        self._lines = np.flatnonzero((lines["market"] >= 0) & (lines["contract"] == OWN_BRAND))
        self._gains: list[Floats] = []
        self._shipped = lines["shipped"][self._lines].copy()
        self._held = 0
        self._cuts: dict[int, float] = {}
        self._key = context.stream("rivalry", "retaliation")

    def start(self) -> None:
        """Plan a look at all brands every quarter."""
        self.plan_steps(QUARTER_DAYS, Phase.CASH)

    @property
    def _firms(self) -> Integers:
        """The firm of each own brand; shape (own brands,)."""
        lines, owner = self.world.state.lines, self.world.state.sites["firm"]
        firms: Integers = owner[lines["supplier"][self._lines]]
        return firms

    def may_sell(self) -> Flags:
        """Return which firms have a site that may sell under a brand of its own; shape (firms,)."""
        return np.isin(np.arange(len(self.world.firms)), self._firms)

    def renew(self, performs: Flags) -> None:
        """Open the brands of firms that perform strategic marketing now, and end those of others; shape (firms,)."""
        lines = self.world.state.lines
        sells, on_sale = performs[self._firms], lines["active"][self._lines] == 1
        works = ~self.world.plants["closed"][lines["supplier"][self._lines]]
        opening, ending = self._lines[sells & works & ~on_sale], self._lines[~sells & on_sale]
        for number in opening.tolist():
            self._open(number)
        for number in ending.tolist():
            self.context.part(Links).drop(number, "brand_ended", "", ENGINE)
        if len(opening) or len(ending):
            self.world.reindex()
            self.context.part(Prices).update()

    def _open(self, number: int) -> None:
        line = self.world.state.lines[number]
        line.active, line.closed, line.opened = 1, -1, self.timeline.now
        # A brand that comes back is not judged by what it earned before it ended.
        self._gains = [np.where(self._lines == number, np.nan, gains) for gains in self._gains]
        self.context.journal.line("brand_opened", number)

    def fails(self) -> Flags:
        """Return whose brands together earned less within the last year than they cost; shape (firms,)."""
        count = len(self.world.firms)
        if len(self._gains) < _QUARTERS:
            return np.zeros(count, dtype=np.bool_)
        # A sum with an unknown quarter is NaN, which is not below 0: there is no verdict yet.
        return np.asarray(np.bincount(self._firms, np.sum(self._gains, axis=0), count) < 0.0)

    def step(self) -> None:
        """Count what brands earned in the last quarter, charge what they cost, and let customers respond."""
        self._held += 1
        self._count()
        for market, rules in self._rules.items():
            self._retaliate(market, rules)

    def _count(self) -> None:
        """Count earnings less cost of every brand; nothing is known (NaN) of those that were not on sale throughout."""
        lines, plants = self.world.state.lines[self._lines], self.world.plants
        sent, self._shipped = lines["shipped"] - self._shipped, lines["shipped"].copy()
        margin = lines["price"] - plants["variable_cost"][lines["supplier"]]
        yearly = np.array([self._rules[market].cost_per_year for market in lines["market"].tolist()])
        cost = np.where(lines["active"] == 1, yearly / _QUARTERS, 0.0)
        gain = np.where(lines["active"] == 1, sent * margin - cost, np.nan)
        self._gains = [*self._gains, gain][-_QUARTERS:]
        if cost.any() and self.world.scenario.finance is not None:
            invest(self.world, np.bincount(self._firms, cost, len(self.world.firms)).astype(np.float64), "upgrading")

    def _retaliate(self, market: int, rules: Rules) -> None:
        """Cut by chance what sellers of the same product buy from firms with a brand of their own in a *market*."""
        lines, owner = self.world.state.lines, self.world.state.sites["firm"]
        sold = lines[(lines["market"] >= 0) & (lines["active"] == 1)]
        seller, own = owner[sold["supplier"]], sold["contract"] == OWN_BRAND
        brands = seller[own & (sold["market"] == market)]
        rivals = seller[~own & (sold["product"] == self.world.state.markets["product"][market])]
        inside = np.flatnonzero((lines["supplier"] >= 0) & (lines["buyer"] >= 0) & (lines["active"] == 1))
        hit = np.isin(owner[lines["supplier"][inside]], brands) & np.isin(owner[lines["buyer"][inside]], rivals)
        links = inside[hit]
        drawn = uniforms(self._key, self.world.state.line_entity[links], self._held) < rules.retaliation
        for number in links[drawn].tolist():
            # One cut per link is remembered, so a second one would never be given back.
            if number not in self._cuts:
                self._cut(number, rules)

    def _cut(self, number: int, rules: Rules) -> None:
        """Take away volume from a link for some time, if anybody else delivers the same."""
        share = float(self.world.state.lines["share"][number])
        if self.context.part(Links).set_share(number, share * (1.0 - rules.cut)):
            self._cuts[number] = share * rules.cut
            self.context.journal.line("orders_cut", number, value=share * rules.cut)
            until = self.timeline.now + max(1, self.timeline.tick(rules.cut_days))
            self.plan(until, Phase.CASH, "give_back", number)

    def give_back(self, number: int) -> None:
        """Give back what was taken away from a link, if it is still there."""
        taken, line = self._cuts.pop(number), self.world.state.lines[number]
        if line.active and self.context.part(Links).set_share(number, min(float(line.share) + taken, 1.0)):
            self.context.journal.line("orders_restored", number, value=taken)
