"""Entrants: firms that wait, and enter when somebody names them or when a product is short everywhere."""

from __future__ import annotations

import numpy as np

from gpnde.engine.capacity.outages import Outages
from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.recording.journal import ENGINE
from gpnde.scenario.rules import Location
from gpnde.vocabulary import QUARTER_DAYS
from gpnde.world.layout import Flags, Floats


class Entrants(Subsystem):
    """Lets firms in, each once; from then on they bid for links."""

    name = "entrants"

    def __init__(self, context: RunContext) -> None:
        """Note which firms wait on day 0."""
        super().__init__(context)
        self._waits = np.array([firm.enters == "endogenously" for firm in self.world.scenario.firms], dtype=np.bool_)
        self._short_from = (self.world.scenario.location or Location()).utilisation
        self._started = self._started_by_product()
        self._is_short = np.zeros(len(self._started), dtype=np.bool_)

    def start(self) -> None:
        """Plan to look at every quarter how busy the makers of each product are, as long as somebody may wait."""
        if self._waits.any():
            self.plan_steps(QUARTER_DAYS, Phase.SELECTION)

    def step(self) -> None:
        """Find the products whose makers, all together, use more of their capacity than firms like."""
        started = self._started_by_product()
        made, self._started = started - self._started, started
        self._is_short = made > self._short_from * self._capacity() * self.timeline.period(QUARTER_DAYS)

    def _started_by_product(self) -> Floats:
        sites = self.world.state.sites
        return np.bincount(sites["product"], sites["started"], len(self.world.names.products)).astype(np.float64)

    def _capacity(self) -> Floats:
        """Return what all makers of each product who are there can start per tick (units); shape (products,)."""
        sites = self.world.state.sites
        there: Flags = ~self.world.plants["closed"] & (self.world.firms["active"][sites["firm"]] == 1)
        return np.bincount(sites["product"][there], self.world.whole_capacity[there], len(self._started)).astype(float)

    def waits(self, firm: int) -> bool:
        """Return whether a firm still waits."""
        return bool(self._waits[firm])

    def enter(self, firm: int, component: str) -> None:
        """Let a firm that waits open its sites, on behalf of a component."""
        self._waits[firm] = False
        self.world.firms["active"][firm] = 1
        self.context.part(Outages).enter_firm(firm, component)

    def answer_shortage(self, product: int) -> None:
        """Let the first firm in that waits to make a product that is short, at most one in a quarter.

        A product that nobody is there to make is short at once.
        """
        sites = self.world.state.sites
        ready = np.flatnonzero((sites["product"] == product) & self._waits[sites["firm"]])
        is_short = self._is_short[product] or self._capacity()[product] == 0.0
        if is_short and len(ready):
            self._is_short[product] = False
            self.enter(int(sites["firm"][ready[0]]), ENGINE)
