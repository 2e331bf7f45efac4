"""Export controls: what some countries make may not be delivered to some others."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from gpnde.plugin import (
    Act,
    Clock,
    Component,
    Event,
    Flags,
    Integers,
    InTransit,
    Memory,
    Process,
    Request,
    View,
    check_names,
    hookimpl,
    param,
)
from gpnde_disruptions.choices import numbers_of, upper


class ExportControl(Component):
    """Lines that carry controlled products from some countries to others are blocked, and no bid is won across.

    A control blocks lines that exist and those that open while it lasts, or ends them for good. Sales to markets of
    countries that may not be delivered to are blocked in any case, and go on afterwards. Suppliers under control
    lose requests for quotation to the best bidder that is free of it; where there is none the buyer asks again.
    """

    name = "disruption.export-control"

    products: tuple[str, ...] = param((), doc="Products under control; empty: all.")
    origins: tuple[str, ...] = param((), doc="Countries that control their exports; empty: all.")
    destinations: tuple[str, ...] = param((), doc="Countries that may not be delivered to; empty: all.")
    start_day: float = param(728.0, ge=0, unit="day", doc="First day of the control.")
    days: float = param(728.0, gt=0, unit="day", vary=(91, 1820), doc="Length of the control.")
    ends_links: bool = param(False, doc="Whether links under control end for good, and are not only blocked.")
    in_transit: InTransit = param("none", doc="What happens to goods on their way: none, delay or lose.")

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act, memory: Memory) -> Process:
        """Find products and countries; return the process that begins and ends the control."""
        countries = upper(view.country_names)
        check_names(f"{self.name}.products", self.products, view.names.products)
        check_names(f"{self.name}.origins", upper(self.origins), countries)
        check_names(f"{self.name}.destinations", upper(self.destinations), countries)
        memory["is_on"] = False
        return self._control(clock, view, act, memory)

    def _control(self, clock: Clock, view: View, act: Act, memory: Memory) -> Process:
        yield clock.until(self.start_day)
        memory.update(is_on=True, seen=0, end=clock.now + self.days)
        self._block_new(view, act, memory)
        yield clock.wait(self.days)
        memory["is_on"] = False

    @hookimpl
    def events(self, happened: Sequence[Event], view: View, act: Act, memory: Memory) -> None:
        """Block lines that have opened under control."""
        if memory["is_on"] and any(event.kind == "link_opened" for event in happened):
            self._block_new(view, act, memory)

    def _block_new(self, view: View, act: Act, memory: Memory) -> None:
        """Block, or end, the lines under control that have not been seen before."""
        lanes, lines = view.lanes, view.lines
        crosses = self._crosses(view, lanes.product, lanes.origin, lanes.destination) & (lines["active"] == 1)
        crosses[: memory["seen"]] = False
        memory["seen"] = len(lines)
        ended = crosses & (lanes.market < 0) & self.ends_links
        if ended.any():
            act.end_links(np.flatnonzero(ended), cause_detail="export control")
        act.disrupt_lines(np.flatnonzero(crosses & ~ended), memory["end"] - view.day, in_transit=self.in_transit)

    @hookimpl(wrapper=True)
    def choose_supplier(self, request: Request, view: View, memory: Memory) -> Generator[None, int, int]:
        """Rule out bidders under control."""
        chosen = yield
        if not memory.get("is_on") or chosen < 0:
            return chosen
        origin, destination = view.site_country[request.bidders], view.site_country[request.buyer]
        is_barred = self._crosses(view, np.array(request.product), origin, destination)
        if not is_barred[chosen]:
            return chosen
        score = np.where(request.eligible & ~is_barred, request.scores, -np.inf)
        return int(score.argmax()) if np.isfinite(score).any() else -1

    def _crosses(self, view: View, product: Integers, origin: Integers, destination: Integers) -> Flags:
        """Return which deliveries fall under the control; all arguments are numbers and broadcast together."""
        where = f"{self.name}.products"
        is_controlled = np.isin(product, numbers_of(where, self.products, view.names.products))
        leaves = (origin >= 0) & (destination >= 0) & (origin != destination)
        leaves &= np.isin(origin, _countries(self.origins, view)) & np.isin(
            destination, _countries(self.destinations, view)
        )
        return np.asarray(is_controlled & leaves)


def _countries(names: Sequence[str], view: View) -> Integers:
    """Return the numbers of countries; all where none is named."""
    return numbers_of(ExportControl.name, upper(names), upper(view.country_names))
