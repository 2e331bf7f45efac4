"""Rows of the table of plants: staff, costs and plant of the sites whose products take labour, quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.results.tables import Coded
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import QUARTER_DAYS

_PARTS = {"material_cost": "materials", "labour_cost": "labour", "fixed_cost": "fixed"}


class PlantRecorder(Subsystem):
    """Keeps a row of every site whose product takes labour, at the start, every quarter and at the horizon."""

    name = "plant recorder"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether making some product takes labour."""
        return scenario.takes_labour

    def __init__(self, context: RunContext) -> None:
        """Begin without rows."""
        super().__init__(context)
        self._rows: list[Mapping[str, Any]] = []
        self._recorded = -1

    def start(self) -> None:
        """Plan the rows."""
        self.plan_steps(QUARTER_DAYS, Phase.RECORD, from_start=True)

    def finish(self) -> None:
        """Add the rows of the horizon."""
        self.step()

    def step(self) -> None:
        """Add a row of every site, once at a time."""
        # The horizon may be the end of a quarter, too.
        if self._recorded == self.timeline.now:
            return
        self._recorded = self.timeline.now
        factories, state = self.world.factories, self.world.state
        sites = np.flatnonzero(factories["takes_labour"])
        staff, needed = factories["staff"][sites], factories["needed"][sites]
        capacity = state.sites["capacity"][sites] / self.timeline.tick_days
        self._rows.append(
            {
                "day": np.full(len(sites), self.timeline.today),
                "site": sites,
                "open": (state.sites["shut"][sites] == 0).astype(np.int64),
                "employees": staff,
                "load": np.divide(needed, staff, out=np.zeros(len(sites)), where=staff > 0.0),
                "capacity": np.where(np.isfinite(capacity), capacity, np.nan),
                "unit_cost": self.world.plants["unit_cost"][sites],
                **{name: factories[field][sites] for field, name in _PARTS.items()},
                "bought_in": factories["bought_in"][sites],
                "experience": factories["experience"][sites],
                "plant_value": factories["plant_value"][sites],
                "book_value": factories["book_value"][sites],
            }
        )

    def tables(self) -> Mapping[str, Columns]:
        """Return the table ``plants``."""
        if not self._rows:
            return {}
        columns = {name: np.concatenate([rows[name] for rows in self._rows]) for name in self._rows[0]}
        sites = columns["site"].astype(np.int64)
        names, records = self.world.names, self.world.state.sites
        return {
            "plants": {
                **columns,
                "site": Coded(sites, names.sites),
                "firm": Coded(records["firm"][sites], names.firms),
                "cluster": Coded(records["cluster"][sites], names.clusters),
                "country": Coded(self.world.site_country[sites], self.world.country_names),
                "tier": records["tier"][sites],
            }
        }
