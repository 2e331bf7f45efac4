"""What stocks are worth, and to whom."""

from __future__ import annotations

import numpy as np

from gpnde.engine.money.consignment import by_owner, is_consigned, materials_per_unit
from gpnde.world.layout import Floats
from gpnde.world.world import World


def stock_value(world: World) -> Floats:
    """Return the value of the finished stock of each firm at cost (money)."""
    units = world.state.sites["on_hand"]
    return by_owner(world, units * world.plants["unit_cost"], units * _materials(world))


def stocks_of(world: World) -> Floats:
    """Return what the stocks of each firm are worth (money): finished goods at cost, inputs at the landed price.

    Goods in production count what has gone into them; those on the way belong to their buyer.
    """
    units = world.state.sites["on_hand"] + world.state.sites["wip"]
    finished, waiting, travelling = units * world.plants["unit_cost"], _inputs(world), _on_the_way(world)
    return by_owner(world, finished + waiting + travelling, units * _materials(world) + waiting + travelling)


def _materials(world: World) -> Floats:
    """Return what materials cost in a unit made at each site, where anybody else owns some of them."""
    return materials_per_unit(world) if is_consigned(world) else np.zeros(len(world.state.sites))


def _inputs(world: World) -> Floats:
    """Return what the inputs at each site are worth; shape (sites,)."""
    lines, inputs, landed = world.state.lines, world.state.inputs, world.landed
    used = (lines["input"] >= 0) & (lines["active"] == 1)
    item, share = lines["input"][used], lines["share"][used]
    value, weight = np.bincount(item, share * landed[used], len(inputs)), np.bincount(item, share, len(inputs))
    price = np.divide(value, weight, out=np.zeros(len(weight)), where=weight > 0.0)
    return np.bincount(inputs["site"], inputs["stock"] * price, len(world.state.sites))


def _on_the_way(world: World) -> Floats:
    """Return what is on the way to each site; shape (sites,)."""
    lines = world.state.lines
    owned = lines["buyer"] >= 0
    value = lines["in_transit"][owned] * world.landed[owned]
    return np.bincount(lines["buyer"][owned], value, len(world.state.sites))
