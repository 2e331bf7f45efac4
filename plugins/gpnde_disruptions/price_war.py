"""Price wars: peace and war alternate, and in war commodities are cheap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gpnde.plugin import (
    CELLS,
    Act,
    CellName,
    Clock,
    Component,
    ComponentError,
    Integers,
    Process,
    Streams,
    View,
    check_names,
    hookimpl,
    law_of,
    param,
)
from gpnde_disruptions.alternating import Failures, alternate, check_cycle


class PriceWar(Component):
    """Prices of commodities fall by *depth* while there is war, on links and to markets; a two-state Markov chain.

    With *cells* it is among the makers who work there when it begins, so that who has moved out is spared. Prices that
    are bargained over or set against rivals do not fall below variable cost.
    """

    name = "disruption.price-war"

    mean_peace_days: float = param(728.0, gt=0, unit="day", vary=(182, 2184), doc="Mean time between two wars.")
    mean_war_days: float = param(182.0, gt=0, unit="day", vary=(28, 728), doc="Mean length of a war.")
    depth: float = param(0.2, ge=0, lt=1, vary=(0.05, 0.5), doc="Share of the price that is lost in war.")
    products: tuple[str, ...] = param((), doc="Products whose prices fall; empty: all commodities.")
    cells: tuple[CellName, ...] = param((), doc="Cells of specialisation whose sellers are at war; empty: all.")

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act, streams: Streams) -> Process:
        """Choose the products; return the process that begins and ends wars."""
        products = self._chosen(view)
        regime = np.zeros(1, dtype=np.int64)
        up = law_of(f"{self.name}.mean_peace_days", "exponential", mean=self.mean_peace_days)
        down = law_of(f"{self.name}.mean_war_days", "exponential", mean=self.mean_war_days)
        cycle = self.mean_peace_days + self.mean_war_days
        check_cycle(f"{self.name}: mean_peace_days + mean_war_days", cycle, clock)
        return self._fight(products, alternate(regime, ("",), up, down, cycle, clock, streams), clock, view, act)

    def _chosen(self, view: View) -> Integers:
        check_names(f"{self.name}.products", self.products, view.names.products)
        goods = view.scenario.products
        # Cells say what is standard in the place of products, since firms move between them.
        every = [name for name, product in goods.items() if self.cells or product.type == "commodity"]
        wanted = self.products or every
        if not wanted:
            where = f"{self.name}.products = ()"
            raise ComponentError(where=where, expected="no product is a commodity; name the products")
        return np.array([view.names.products.index(name) for name in wanted], dtype=np.int64)

    def _fight(self, products: Integers, wars: Iterator[Failures], clock: Clock, view: View, act: Act) -> Process:
        for day, _, days in wars:
            yield clock.until(day)
            lines = self._lines(products, view)
            act.scale_price(lines, 1.0 - self.depth)
            yield clock.wait(float(days[0]))
            # The same lines as before: prices of those that opened during the war were not lowered.
            act.scale_price(lines, 1.0 / (1.0 - self.depth))

    def _lines(self, products: Integers, view: View) -> Integers:
        """Return the lines whose prices fall if war begins now."""
        lines = view.lines
        chosen = np.isin(lines["product"], products)
        if self.cells:
            wanted = [number for number, cell in enumerate(CELLS) if cell.name in self.cells]
            chosen &= (lines["supplier"] >= 0) & np.isin(view.site_cell[lines["supplier"]], wanted)
        return np.flatnonzero(chosen)
