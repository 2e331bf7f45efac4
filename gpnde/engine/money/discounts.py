"""Quantity discounts: what suppliers take off their invoices for large orders."""

from __future__ import annotations

import numpy as np

from gpnde.world.layout import Floats
from gpnde.world.world import World


def discounted_units(world: World, sent: Floats) -> Floats:
    """Return for how many of the units *sent* since the last settlement nothing is paid; shape (lines,).

    The discounts on the orders of a line that are open are spread evenly over the units of these orders that were not
    sent before. What is cancelled takes its discount along. To be called before the units are noted as invoiced.
    """
    lines, money, sources = world.state.lines, world.money, world.state.sources
    cancelled = lines["cancelled"] - money["cancelled_settled"]
    money["cancelled_settled"] = lines["cancelled"]
    before = lines["placed"] + cancelled - money["invoiced_units"]
    some = (before > 0.0) & (sources["rebate"] > 0.0)
    part = np.divide(sent, before, out=np.zeros(len(sent)), where=some)
    left = np.divide(before - sent - cancelled, before, out=np.zeros(len(sent)), where=some)
    off = sources["rebate"] * np.clip(part, 0.0, 1.0)
    sources["rebate"] *= np.clip(left, 0.0, 1.0)
    return np.asarray(off)
