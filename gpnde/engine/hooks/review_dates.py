"""When a subsystem acts that has to be there just before some sites review."""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Subsystem
from gpnde.world.layout import NEVER, Flags, Integers


class ReviewDates:
    """Plans the step of a subsystem for the next instant at which any of its sites reviews."""

    def __init__(self, owner: Subsystem) -> None:
        """Begin with nothing planned."""
        self._owner = owner
        self._planned = NEVER

    def plan(self, sites: Integers) -> None:
        """Plan a step for the next review of some *sites*, by number; none where there is no site."""
        if len(sites):
            self._plan(self._owner.world.state.sites["next_review"][sites])

    def _plan(self, reviews: Integers) -> None:
        timeline, first = self._owner.timeline, int(reviews.min())
        if first < min(timeline.ticks, self._planned):
            self._planned = first
            self._owner.plan(first, Phase.TERMS, "step")

    def due(self, sites: Integers) -> Flags | None:
        """Return which *sites* review now, and plan the next step; None at a step that was replaced by another."""
        now, records = self._owner.timeline.now, self._owner.world.state.sites
        if now != self._planned:
            return None
        self._planned = NEVER
        coming = records["next_review"][sites].astype(np.int64)
        is_due: Flags = coming <= now
        # The flow reviews later at this instant, so the records still hold the dates of today.
        self._plan(coming + np.where(is_due, records["review"][sites], 0))
        return is_due
