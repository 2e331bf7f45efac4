"""What goods of any supplier would cost any buyer beside their price: duties, and freight by the routes there are."""

from __future__ import annotations

import numpy as np

from gpnde.engine.context import RunContext
from gpnde.engine.hooks.duties import Duties
from gpnde.engine.trade.links import Links
from gpnde.world.layout import Floats, Integers


class Landing:
    """Looks up duties and freight between buyers and sites that may not have dealt with each other yet."""

    def __init__(self, context: RunContext) -> None:
        """Note whether anybody pays freight at all."""
        self._context = context
        self._freight: dict[tuple[int, int], float] = {}
        self._any_freight = bool(context.world.money["freight"].any())

    def duties(self, lines: Integers, sites: Integers) -> Floats:
        """Return the duty on what *sites* would deliver to the buyers of *lines*, which buy one product.

        A share of the price; shape (lines, sites).
        """
        if not self._context.hooks.fills("tariff"):
            return np.zeros((len(lines), len(sites)))
        rows = self._context.world.state.lines[lines]
        buyers, place = np.unique(rows["buyer"], return_inverse=True)
        duties = self._context.part(Duties)
        product = int(rows["product"][0])
        levied = np.array([duties.on_bids(buyer, product, sites) for buyer in buyers.tolist()])
        return np.asarray(levied[place])

    def freight(self, lines: Integers, sites: Integers) -> Floats:
        """Return the freight of a unit from *sites* to the buyers of *lines* (money); shape (lines, sites)."""
        if not self._any_freight:
            return np.zeros((len(lines), len(sites)))
        item = self._context.world.state.lines["input"][lines]
        # All links of one input lead to the same site, so one of them speaks for all.
        first, place = np.unique(item, return_index=True)[1], np.unique(item, return_inverse=True)[1]
        return np.array([self._to(int(line), sites) for line in lines[first]])[place]

    def _to(self, line: int, sites: Integers) -> Floats:
        """Return freight to the buyer of a line; routes are those of the scenario, so they are looked up once."""
        item = int(self._context.world.state.lines["input"][line])
        new = [site for site in sites.tolist() if (item, site) not in self._freight]
        if new:
            ways = self._context.part(Links).routes.of(line, np.array(new))
            found = self._context.world.money["freight"][ways].tolist()
            self._freight.update({(item, site): each for site, each in zip(new, found, strict=True)})
        return np.array([self._freight[item, site] for site in sites.tolist()])
