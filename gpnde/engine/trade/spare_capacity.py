"""Spare capacity: whether those who stay can take over what a supplier delivered."""

from __future__ import annotations

import numpy as np

from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World


class SpareCapacity:
    """What every site could have made beyond what was ordered from it in a time; sites without a limit always can."""

    def __init__(self, world: World, placed: Floats, ticks: int) -> None:
        """Compare what was *placed* on each line (units) in so many *ticks* with what their suppliers can make."""
        lines, sites = world.state.lines, world.state.sites
        self._supplier, self._placed = lines["supplier"], placed
        sold = (lines["supplier"] >= 0) & (lines["active"] == 1)
        # More may have been cancelled in this time than was placed.
        asked = np.bincount(lines["supplier"][sold], np.maximum(placed[sold], 0.0), len(sites))
        works = (sites["down"] == 0) & ~world.plants["closed"]
        could = np.where(works, world.whole_capacity * sites["mean_yield"] * ticks, 0.0)
        self._spare = np.maximum(could - asked, 0.0)

    def take_over(self, number: int, others: Integers) -> bool:
        """Let the suppliers of the links *others* take over what link *number* delivered; return whether they can."""
        volume, takers = float(self._placed[number]), np.unique(self._supplier[others])
        total = float(self._spare[takers].sum()) if len(takers) else 0.0
        if total < volume or not len(takers):
            return False
        if np.isfinite(total) and total > 0.0:
            # What one dismissal takes is no longer there for the next one of the same review.
            self._spare[takers] *= 1.0 - max(volume, 0.0) / total
        return True
