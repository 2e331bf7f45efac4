"""Rows of the table of plants that make several products: what the time of each went into, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.kernel.plants import pass_idle_time
from gpnde.results.tables import Coded
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import MONTH_DAYS
from gpnde.world.layout import Records
from gpnde.world.plants import plant_names

_TIMES = {"busy": "busy_days", "setup": "setup_days", "idle": "idle_days"}
_COUNTS = ("changeovers", "setup_cost")


class PlantLineRecorder(Subsystem):
    """Keeps a row of every line of a plant every month, at the end of the warm-up and at the horizon."""

    name = "plant line recorder"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has plants that several sites share."""
        return bool(scenario.plants)

    def __init__(self, context: RunContext) -> None:
        """Begin without rows, and with nothing done yet."""
        super().__init__(context)
        self._rows: list[Mapping[str, Any]] = []
        self._recorded = -1
        self._lines, self._started = self._now()

    def _now(self) -> tuple[Records, Any]:
        """Return the lines as they are, and what the site of each has started since day 0 (units)."""
        lines = self.world.state.plant_lines.copy()
        return lines, self.world.state.sites["started"][lines["site"]]

    def start(self) -> None:
        """Plan the rows."""
        self.plan_steps(MONTH_DAYS, Phase.RECORD)
        warm_up = self.timeline.tick(self.world.scenario.clock.warm_up_days)
        if warm_up:
            self.plan(warm_up, Phase.RECORD, "step")

    def finish(self) -> None:
        """Add the rows of the horizon."""
        self.step()

    def step(self) -> None:
        """Add a row of every line, once at a time."""
        # The horizon and the warm-up may end with a month, too.
        if self._recorded == self.timeline.now:
            return
        self._recorded = self.timeline.now
        for number in range(len(self.world.state.plants)):
            pass_idle_time(self.world.state, number, self.timeline.now)
        before, started = self._lines, self._started
        self._lines, self._started = self._now()
        tick_days = self.timeline.tick_days
        times = {name: (self._lines[field] - before[field]) * tick_days for field, name in _TIMES.items()}
        counts = {name: self._lines[name] - before[name] for name in _COUNTS}
        day = np.full(len(before), self.timeline.today)
        self._rows.append({"day": day, "started": self._started - started, **times, **counts})

    def tables(self) -> Mapping[str, Columns]:
        """Return the table ``plant_lines``."""
        if not self._rows:
            return {}
        columns = {name: np.concatenate([rows[name] for rows in self._rows]) for name in self._rows[0]}
        names, sites, times = self.world.names, self.world.state.sites, len(self._rows)
        site = np.tile(self._lines["site"], times)
        plants = self.world.state.plants
        plant = np.repeat(np.arange(len(plants)), plants["last"] - plants["first"])
        return {
            "plant_lines": {
                **columns,
                "plant": Coded(np.tile(plant, times), plant_names(self.world.scenario)),
                "site": Coded(site, names.sites),
                "product": Coded(sites["product"][site], names.products),
                "firm": Coded(sites["firm"][site], names.firms),
            }
        }
