"""Price wars: peace and war alternate, and in war commodities are cheap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gpnde.plugin import (
    Act,
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
    """Prices of commodities fall by *depth* while there is war, on links and to markets; a two-state Markov chain."""

    name = "disruption.price-war"

    mean_peace_days: float = param(728.0, gt=0, unit="day", vary=(182, 2184), doc="Mean time between two wars.")
    mean_war_days: float = param(182.0, gt=0, unit="day", vary=(28, 728), doc="Mean length of a war.")
    depth: float = param(0.2, ge=0, lt=1, vary=(0.05, 0.5), doc="Share of the price that is lost in war.")
    products: tuple[str, ...] = param((), doc="Products whose prices fall; empty: all commodities.")

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
        wanted = self.products or [name for name, product in goods.items() if product.type == "commodity"]
        if not wanted:
            where = f"{self.name}.products = ()"
            raise ComponentError(where=where, expected="no product is a commodity; name the products")
        return np.array([view.names.products.index(name) for name in wanted], dtype=np.int64)

    def _fight(self, products: Integers, wars: Iterator[Failures], clock: Clock, view: View, act: Act) -> Process:
        for day, _, days in wars:
            yield clock.until(day)
            lines = np.flatnonzero(np.isin(view.lines["product"], products))
            act.scale_price(lines, 1.0 - self.depth)
            yield clock.wait(float(days[0]))
            # The same lines as before: prices of those that opened during the war were not lowered.
            act.scale_price(lines, 1.0 / (1.0 - self.depth))
