"""Which suppliers an order reaches: those at work, those that are down too, or all."""

from __future__ import annotations

from gpnde.numerics.compiled import inlined_part
from gpnde.world.layout import State

AT_WORK, OPEN, ALL = range(3)
"""How far an order reaches: suppliers at work, those that are down too, and those that are not open too."""


@inlined_part
def can_ship(state: State, where: int) -> bool:
    """Return whether the supplier of line *where* is at work and the way to it is open."""
    line = state.lines[where]
    return bool(line.blocked == 0 and (line.supplier < 0 or state.sites[line.supplier].down == 0))


@inlined_part
def takes_orders(state: State, where: int, reach: int) -> bool:
    """Return whether the supplier of line *where* gets a share of an order that goes as far as *reach*."""
    line = state.lines[where]
    if line.share <= 0.0 or reach == ALL:
        return bool(line.share > 0.0)
    if reach == AT_WORK:
        return can_ship(state, where)
    if line.supplier < 0:
        return True
    site = state.sites[line.supplier]
    # A site that is shut is down as well, which lies where the order is written anyway.
    return bool(site.down == 0 or site.shut == 0)


@inlined_part
def weight_of_suppliers(state: State, item: int, reach: int) -> float:
    """Return the sum of the shares of the suppliers of an input that get a share of an order now."""
    material = state.inputs[item]
    total = 0.0
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        if takes_orders(state, where, reach):
            total += state.lines[where].share
    return total
