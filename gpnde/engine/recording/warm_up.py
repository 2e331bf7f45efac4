"""The end of the warm-up: what sums had come to by then, which metrics leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.recording.costs import BY_RATE, padded, quantities
from gpnde.engine.recording.recorder import Recorder
from gpnde.engine.recording.statistics import cost_rates, statistics
from gpnde.results.tables import make_table
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Floats
from gpnde.world.world import World

Statistics = Mapping[str, npt.NDArray[Any]]


class WarmUp(Subsystem):
    """Notes the sums that the flow has kept up to the end of the warm-up."""

    name = "warm-up"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has a warm-up."""
        return scenario.clock.warm_up_days > 0

    def __init__(self, context: RunContext) -> None:
        """Begin with nothing that is left out."""
        super().__init__(context)
        self._before: dict[str, npt.NDArray[Any]] = {}
        self._dropouts: dict[str, int] = {}
        self._lines = self.world.state.lines[:0].copy()

    def start(self) -> None:
        """Plan to look at the sums when the warm-up is over."""
        self.plan(self.timeline.tick(self.world.scenario.clock.warm_up_days), Phase.RECORD, "step")

    def step(self) -> None:
        """Note all sums as they are."""
        self._before = {**statistics(self.world), **_costs(self.world, self.timeline.now)}
        self._dropouts = dict(self.context.journal.dropouts)
        self._lines = self.world.state.lines.copy()

    def statistics(self) -> Statistics:
        """Return the statistics of what came after the warm-up."""
        return {
            # The tier is no sum, and nothing is taken off it.
            name: sums if name == "tier" else sums - padded(self._before[name], len(sums))
            for name, sums in statistics(self.world).items()
        }

    def dropouts(self) -> dict[str, int]:
        """Return outages and drop-outs by cause after the warm-up."""
        counts = {cause: count - self._dropouts.get(cause, 0) for cause, count in self.context.journal.dropouts.items()}
        return {cause: count for cause, count in counts.items() if count}

    def links(self) -> Any:
        """Return the table ``links`` with what they have carried after the warm-up."""
        return make_table("links", self.context.part(Recorder).links_table(self._lines))


def _costs(world: World, now: int) -> dict[str, Floats]:
    """Return what stocks, shortages and orders have cost each site up to now, by the names of statistics (money)."""
    # Statistics have integrals up to the last instant of the flow only.
    rates, found = cost_rates(world.scenario), quantities(world, now)
    charged = {kind: by for kind, by in BY_RATE.items() if by[0] in rates}
    return {f"cost_{kind}": rates[rate] * found[quantity] for kind, (rate, quantity) in charged.items()}
