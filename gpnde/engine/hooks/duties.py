"""Duties that components levy on what crosses a border: on lines, on bids, and what they bring in."""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.hooks.lanes import lanes_of_bids, lanes_of_lines
from gpnde.engine.money.prices import Prices
from gpnde.plugin.flow import Lanes
from gpnde.world.layout import Floats, Integers

HOOK = "tariff"


class Duties(Subsystem):
    """Asks components for duties, and credits their accounts at every settlement."""

    name = "duties"

    def __init__(self, context: RunContext) -> None:
        """Begin without duties."""
        super().__init__(context)
        self._rates: list[tuple[str, Floats]] = []

    def start(self) -> None:
        """Plan to collect duties after every settlement."""
        rules = self.world.scenario.finance
        if rules is not None and self.context.hooks.fills(HOOK):
            self.plan_steps(rules.settle_days, Phase.CASH)

    def extend(self, rows: Integers) -> None:
        """Find the duties on new lines."""
        self.renew()

    def renew(self) -> None:
        """Ask for the duties on all lines, and bring prices up to date where they have changed."""
        if not self.context.hooks.fills(HOOK):
            return
        self._rates = self._levied(lanes_of_lines(self.world))
        tariff = _together(self._rates, len(self.world.state.lines))
        if not np.array_equal(tariff, self.world.money["tariff"]):
            self.world.money["tariff"] = tariff
            self.context.part(Prices).update()

    def on_bids(self, buyer: int, product: int, bidders: Integers) -> Floats:
        """Return the duty on what *bidders* would deliver to the site *buyer*, as a share of the price."""
        if not self.context.hooks.fills(HOOK):
            return np.zeros(len(bidders))
        return _together(self._levied(lanes_of_bids(self.world, buyer, product, bidders)), len(bidders))

    def step(self) -> None:
        """Credit the account of each component with its duties on what was invoiced."""
        invoiced = self.world.money["invoiced"]
        for label, rates in self._rates:
            self.context.hooks.programmes.of(label).collect(float((invoiced * rates).sum()))

    def _levied(self, lanes: Lanes) -> list[tuple[str, Floats]]:
        """Return what each component levies on lanes, as shares of prices."""
        return [
            (reader.label, reader.numbers("duty", answer, lanes.supplier.shape))
            for reader, answer in self.context.hooks.ask(HOOK, lanes=lanes)
        ]


def _together(duties: list[tuple[str, Floats]], count: int) -> Floats:
    """Return the sum of what all components levy; shape (count,)."""
    total = np.zeros(count)
    for _, rates in duties:
        total += rates
    return total
