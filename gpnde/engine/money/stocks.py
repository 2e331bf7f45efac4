"""What stocks are worth, and to whom."""

from __future__ import annotations

from gpnde.engine.money.consignment import by_owner, inputs_of
from gpnde.world.layout import Floats
from gpnde.world.world import World


def stock_value(world: World) -> Floats:
    """Return the value of the finished stock of each firm at cost (money)."""
    return by_owner(world, world.state.sites["on_hand"])


def stocks_of(world: World) -> Floats:
    """Return what the stocks of each firm are worth (money): finished goods at cost, inputs at the landed price.

    Goods in production count what has gone into them; those on the way belong to their buyer.
    """
    sites = world.state.sites
    return by_owner(world, sites["on_hand"] + sites["wip"], inputs_of(world))
