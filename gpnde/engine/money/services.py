"""Services (IU5): providers settle where plants buy from them, and what is bought nearby is cheaper and helps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.recording.recorder import Series
from gpnde.mechanics.services import approached, cost_of_services, providers_carried
from gpnde.scenario.schema import Scenario
from gpnde.scenario.services import Services as Rules
from gpnde.vocabulary import MONTH_DAYS, YEAR_DAYS
from gpnde.world.layout import Floats, Integers
from gpnde.world.places import country_of_clusters


class Services(Subsystem):
    """Keeps the share of services that plants find in each cluster.

    It follows, with delay, what plants there spend at the prices of providers nearby, so that a cluster that grows gets
    more of its services nearby, and one that shrinks loses providers. On day 0 the share is what expected purchases
    carry in the long run.
    """

    name = "services"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has a block on services."""
        return scenario.services is not None

    def __init__(self, context: RunContext) -> None:
        """Begin without purchases."""
        super().__init__(context)
        self._rules = self.world.scenario.services or Rules()
        self._produced = self.world.state.sites["produced"].copy()
        self._in_month = np.zeros(len(self.world.services_nearby) - 1)
        self._bought = np.zeros((2, len(self._in_month)))
        self._series = Series()
        self._recorded = -1

    def start(self) -> None:
        """Take what expected output buys as usual, and plan the months and the rows."""
        expected = self.world.plants["mean_demand"] * YEAR_DAYS
        # The last entry stands for no cluster, where no provider is near.
        self.world.services_nearby[:-1] = providers_carried(self._purchases(expected), self._rules.half_purchases)
        # What services cost belongs to the costs of day 0, with which all later ones are compared.
        self.context.part(UnitCosts).reopen()
        self.plan_steps(MONTH_DAYS, Phase.SHOCKS)
        record = self.timeline.period(self.world.scenario.record.every_days)
        self.plan_every(record, Phase.RECORD, "record", from_start=True)

    def extend_sites(self, numbers: Integers) -> None:
        """Count the output of new sites from now on."""
        self._produced = np.append(self._produced, self.world.state.sites["produced"][numbers])

    def finish(self) -> None:
        """Add the rows of the horizon."""
        self.record()

    def step(self) -> None:
        """Close a month: providers follow what plants have bought in it."""
        self._count()
        days = self.timeline.period(MONTH_DAYS) * self.timeline.tick_days
        target = providers_carried(self._in_month * YEAR_DAYS / days, self._rules.half_purchases)
        self._in_month[:] = 0.0
        nearby = self.world.services_nearby
        nearby[:-1] = approached(nearby[:-1], target, self._rules.adjustment_per_year, days / YEAR_DAYS)
        self.context.part(UnitCosts).update()

    def _count(self) -> None:
        """Note what was bought since the last count."""
        produced = self.world.state.sites["produced"]
        bought, self._produced = self._purchases(produced - self._produced), produced.copy()
        nearby = self.world.services_nearby[:-1]
        self._bought[0] += bought * nearby
        self._bought[1] += bought * (1.0 - nearby) * (1.0 + self._rules.premium)
        self._in_month += bought

    def _purchases(self, units: Floats) -> Floats:
        """Return what services for some *units* of each site cost from providers nearby; shape (clusters,)."""
        cluster = self.world.state.sites["cluster"]
        at_par = cost_of_services(self.world.site_services_nearby, self._rules.premium)
        # Costs of sites hold the premium on services from afar, which is taken out again.
        bought = units * self.world.factories["services"] / at_par
        return np.bincount(cluster + 1, bought, len(self.world.services_nearby))[1:].astype(np.float64)

    def record(self) -> None:
        """Add a row of every cluster, once at a time."""
        # The horizon may be the end of a record, too.
        if self._recorded != self.timeline.now:
            self._recorded = self.timeline.now
            self._count()
            bought = dict(zip(("bought_nearby", "bought_elsewhere"), self._bought, strict=True))
            self._series.add(self.timeline.today, {"nearby": self.world.services_nearby[:-1]}, bought)

    def tables(self) -> Mapping[str, Columns]:
        """Return the table ``services``."""
        country = np.array([*self.world.country_names, ""])[country_of_clusters(self.world.scenario)[:-1]]
        return {
            "services": {
                **self._series.columns(),
                "cluster": self._series.repeated(self.world.names.clusters),
                "country": self._series.repeated(country.tolist()),
            }
        }
