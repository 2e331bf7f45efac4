"""Lanes: who would send what to whom across which border."""

from __future__ import annotations

import numpy as np

from gpnde.plugin.flow import Lanes
from gpnde.world.layout import Integers
from gpnde.world.world import World


def lanes_of_lines(world: World) -> Lanes:
    """Return the lanes of all lines of a network."""
    lines = world.state.lines
    return _lanes(world, lines["supplier"].astype(np.int64), lines["buyer"].astype(np.int64), lines["product"])


def lanes_of_bids(world: World, buyer: int, product: int, bidders: Integers) -> Lanes:
    """Return the lanes of those who bid to deliver a product to a site."""
    return _lanes(world, bidders, np.full(len(bidders), buyer), np.full(len(bidders), product))


def _lanes(world: World, supplier: Integers, buyer: Integers, product: Integers) -> Lanes:
    country = np.append(world.site_country, -1)
    return Lanes(supplier, buyer, product.astype(np.int64), country[supplier], country[buyer])
