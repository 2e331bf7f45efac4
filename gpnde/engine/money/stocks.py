"""What stocks are worth, and to whom."""

from __future__ import annotations

import numpy as np

from gpnde.engine.money.consignment import by_owner, inputs_of, is_consigned, materials_per_unit
from gpnde.world.layout import Floats
from gpnde.world.world import World


def stock_value(world: World) -> Floats:
    """Return the value of the finished stock of each firm at cost (money)."""
    units = world.state.sites["on_hand"]
    return by_owner(world, units * world.plants["unit_cost"], units * materials_within(world))


def stocks_of(world: World) -> Floats:
    """Return what the stocks of each firm are worth (money): finished goods at cost, inputs at the landed price.

    Goods in production count what has gone into them; those on the way belong to their buyer.
    """
    units, inputs = world.state.sites["on_hand"] + world.state.sites["wip"], inputs_of(world)
    return by_owner(world, units * world.plants["unit_cost"] + inputs, units * materials_within(world) + inputs)


def materials_within(world: World) -> Floats:
    """Return what of the cost of a unit are materials, where anybody else may own some of them; shape (sites,)."""
    if not is_consigned(world):
        return np.zeros(len(world.state.sites))
    return np.asarray(np.minimum(materials_per_unit(world), world.plants["unit_cost"]))
