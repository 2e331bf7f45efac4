"""How reliably sites have delivered of late, as buyers see it who have no dealings with them yet."""

from __future__ import annotations

import numpy as np

from gpnde.world.layout import Floats
from gpnde.world.world import World

REVIEWS = 4
"""Reviews that a buyer looks back, a year of quarters."""


class DeliveryRecord:
    """Keeps what each site had delivered at the last few reviews."""

    def __init__(self, world: World) -> None:
        """Begin with nothing delivered."""
        self._world = world
        self._past: list[tuple[Floats, Floats]] = [self._delivered()]

    def note(self) -> None:
        """Note what has been delivered by this review, and forget the oldest one."""
        self._past = [*self._past, self._delivered()][-REVIEWS:]

    def reliability(self) -> Floats:
        """Return the share of orders that each site delivered whole and on time in the last reviews; 1 for none.

        Shape (sites,).
        """
        # Sites that were built since had delivered nothing.
        before = [np.pad(then, (0, len(self._world.state.sites) - len(then))) for then in self._past[0]]
        on_time, completed = (now - then for now, then in zip(self._delivered(), before, strict=True))
        return np.divide(on_time, completed, out=np.ones(len(completed)), where=completed > 0)

    def _delivered(self) -> tuple[Floats, Floats]:
        """Return the orders that each site has delivered whole and on time, and all that it has delivered."""
        state = self._world.state
        lines, count = state.lines, len(state.sites)
        sold = np.flatnonzero(lines["supplier"] >= 0)
        supplier, counted = lines["supplier"][sold], (lines[name][sold] for name in ("on_time", "completed"))
        on_time, completed = (np.bincount(supplier, each, count) for each in counted)
        return on_time.astype(np.float64), completed.astype(np.float64)
