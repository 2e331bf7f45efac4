"""Lanes: origin, destination and product of what is or would be sent."""

from __future__ import annotations

import numpy as np

from gpnde.plugin.flow import Lanes
from gpnde.world.layout import Integers
from gpnde.world.world import World

_END = -1
"""Stands after all places for one that is not known."""


def lanes_of_lines(world: World) -> Lanes:
    """Return the lanes of all lines of a network."""
    lines = world.state.lines
    return _lanes(world, lines["supplier"], lines["buyer"], lines["product"], lines["market"])


def lanes_of_bids(world: World, buyer: int, product: int, bidders: Integers) -> Lanes:
    """Return the lanes of the firms that bid to deliver a product to a site."""
    count = len(bidders)
    return _lanes(world, bidders, np.full(count, buyer), np.full(count, product), np.full(count, -1))


def _lanes(world: World, supplier: Integers, buyer: Integers, product: Integers, market: Integers) -> Lanes:
    country, region = np.append(world.site_country, _END), np.append(world.site_region, _END)
    sold_in, sold_to = np.append(world.market_country, _END), np.append(world.market_region, _END)
    return Lanes(
        supplier=supplier.astype(np.int64),
        buyer=buyer.astype(np.int64),
        product=product.astype(np.int64),
        origin=country[supplier],
        destination=np.where(market >= 0, sold_in[market], country[buyer]),
        market=market.astype(np.int64),
        origin_region=region[supplier],
        destination_region=np.where(market >= 0, sold_to[market], region[buyer]),
    )
