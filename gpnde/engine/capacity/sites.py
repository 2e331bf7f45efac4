"""Sites that are built in mid run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.recording.journal import ENGINE
from gpnde.world.new_sites import NewSite


class Sites(Subsystem):
    """Builds sites; subsystems are notified of new ones."""

    name = "sites"

    def __init__(self, context: RunContext) -> None:
        """Begin with the sites of the scenario."""
        super().__init__(context)
        self.first = len(self.world.state.sites)
        self._like: list[int] = []

    def origin(self, number: int) -> int:
        """Return the site of the scenario that a site is equipped like; itself if it is one."""
        # A site that was built may be like another one that was built.
        while number >= self.first:
            number = self._like[number - self.first]
        return number

    def build(self, plants: Sequence[NewSite], component: str = ENGINE) -> int:
        """Build sites, which work from the next flow of goods on, and return the number of the first.

        A site has no links until some are opened; one of a firm that waits for entry opens with its firm.

        Raises
        ------
        GpndeError
            A site of that name is there already, or a capacity is below 0.
        """
        # Goods of this instant may have flowed already, and a new site must not review in the past.
        has_passed = self.timeline.phase >= Phase.FLOW
        first = self.world.add_sites(plants, self.timeline.now + int(has_passed))
        self._like += [plant.like for plant in plants]
        numbers = np.arange(first, first + len(plants))
        self.context.extend_sites(numbers)
        for number in numbers[self.world.state.sites["down"][numbers] == 0].tolist():
            self.context.journal.site("site_opened", number, component=component)
        return first
