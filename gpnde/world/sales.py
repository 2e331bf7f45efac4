"""Which sites a market asks: those that are open, or all that serve it if none is."""

from __future__ import annotations

import numpy as np

from gpnde.contracts import OWN_BRAND
from gpnde.world.layout import Records
from gpnde.world.world import World


def sales_at_opening(sites: Records, markets: Records, lines: Records) -> Records:
    """Return the lines as they are at the start: sites that open later sell nothing where others can.

    The shares of those at work then sum to what all shares of a market sum to.
    """
    lines = lines.copy()
    sales = np.flatnonzero(lines["market"] >= 0)
    market, share = lines["market"][sales], lines["share"][sales]
    is_open = sites["down"][lines["supplier"][sales]] == 0
    working = np.bincount(market, share * is_open, len(markets))[market]
    total = np.bincount(market, share, len(markets))[market]
    waits = ~is_open & (working > 0.0)
    lines["active"][sales[waits]] = 0
    scale = np.divide(total, working, out=np.ones(len(total)), where=working > 0.0)
    lines["share"][sales] = np.where(waits, 0.0, share * scale)
    return lines


def hold_sales(world: World) -> None:
    """Set the shares of markets as at the start."""
    lines = world.state.lines
    at_first = sales_at_opening(world.state.sites, world.state.markets, lines)
    if (lines["active"] != at_first["active"]).any():
        for name in ("active", "share"):
            lines[name] = at_first[name]
        world.reindex()


def begin_sales(world: World, site: int) -> bool:
    """Add *site*, which opens, to the markets that waited for it; return whether there are any.

    All sites that sell to such a market then share it as the scenario says, in proportion where some have left.
    """
    lines = world.state.lines
    waits = (lines["market"] >= 0) & (lines["supplier"] == site) & (lines["active"] == 0) & (lines["closed"] < 0)
    # Own brands wait for their firm to take up marketing, not for a site to open.
    waits &= lines["contract"] != OWN_BRAND
    lines["active"][waits] = 1
    for market in np.unique(lines["market"][waits]).tolist():
        _share_out(world, market)
    if waits.any():
        world.reindex()
    return bool(waits.any())


def _share_out(world: World, market: int) -> None:
    """Share a market among the sites that sell to it now; a site that the scenario does not name keeps its share."""
    lines = world.state.lines
    sales = np.flatnonzero((lines["market"] == market) & (lines["active"] == 1))
    given = world.scenario.markets[market].shares()
    names, rows = world.names.sites, lines[["supplier", "share"]][sales].tolist()
    shares = np.array([given.get(names[site], present) for site, present in rows])
    if shares.sum() > 0.0:
        lines["share"][sales] = shares / shares.sum()
