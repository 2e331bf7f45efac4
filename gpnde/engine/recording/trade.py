"""Rows of the table of trade: what was invoiced across borders, quarter by quarter, by country of origin and of use."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.hooks.lanes import lanes_of_lines
from gpnde.results.tables import Coded
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import QUARTER_DAYS
from gpnde.world.layout import Floats
from gpnde.world.places import country_names


class TradeRecorder(Subsystem):
    """Adds up invoices between countries; goods between plants of one firm are not invoiced, and not counted."""

    name = "trade recorder"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether firms send invoices, and there are two countries that could trade."""
        return scenario.finance is not None and len(country_names(scenario)) > 1

    def __init__(self, context: RunContext) -> None:
        """Begin with nothing traded."""
        super().__init__(context)
        count = len(self.world.country_names)
        self._value = np.zeros((count, count))
        self._rows: list[tuple[float, Floats]] = []
        self._recorded = -1

    def start(self) -> None:
        """Plan to read the invoices of every settlement, and to keep a row every quarter."""
        rules = self.world.scenario.finance
        assert rules is not None
        self.plan_steps(rules.settle_days, Phase.CASH)
        self.plan_every(self.timeline.period(QUARTER_DAYS), Phase.RECORD, "record")

    def step(self) -> None:
        """Add what was invoiced at this settlement."""
        lanes = lanes_of_lines(self.world)
        origin, destination = lanes.origin, lanes.destination
        abroad = (origin >= 0) & (destination >= 0) & (origin != destination)
        value = self.world.money["invoiced"]
        np.add.at(self._value, (origin[abroad], destination[abroad]), value[abroad])

    def finish(self) -> None:
        """Add the rows of the horizon."""
        self.record()

    def record(self) -> None:
        """Keep what was traded since the last record, once at a time."""
        # The horizon may be the end of a quarter, too.
        if self._recorded != self.timeline.now:
            self._recorded = self.timeline.now
            self._rows.append((self.timeline.today, self._value.copy()))
            self._value[:] = 0.0

    def tables(self) -> Mapping[str, Columns]:
        """Return the table ``trade``: the pairs of countries between which goods were invoiced."""
        if not self._rows:
            return {}
        names, value = self.world.country_names, np.stack([each for _, each in self._rows])
        row, origin, destination = np.nonzero(value)
        return {
            "trade": {
                "day": np.array([day for day, _ in self._rows])[row],
                "origin": Coded(origin, names),
                "destination": Coded(destination, names),
                "value": value[row, origin, destination],
            }
        }
