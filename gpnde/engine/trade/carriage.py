"""What it would cost to bring goods of a link from, or to, another place: freight, interest on the way, and duties."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gpnde.engine.context import RunContext
from gpnde.engine.hooks.duties import HOOK, Duties
from gpnde.engine.trade.links import Links
from gpnde.world.layout import Floats, Integers
from gpnde.world.places import country_of_clusters

_NOBODY = -1


class Carriage:
    """Works out the cost of links whose supplier or buyer stood in another cluster; the number -1 is no cluster."""

    def __init__(self, context: RunContext) -> None:
        """Begin without having looked at any route."""
        self._context = context
        self._country = country_of_clusters(context.world.scenario)
        self._routes: dict[tuple[int, int, int], int] = {}

    def landed(self, line: int, clusters: Integers, rate_per_day: float) -> Floats:
        """Return what a unit of a link would cost if its buyer stood in each cluster (money).

        *rate_per_day* is the interest on what is on the way.
        """
        world = self._context.world
        price, supplier = float(world.state.lines["price"][line]), int(world.state.lines["supplier"][line])
        here = _NOBODY if supplier < 0 else int(world.state.sites["cluster"][supplier])
        ways = [self._way(line, here, there) for there in clusters.tolist()]
        product, bidders = int(world.state.lines["product"][line]), np.array([supplier])
        duty = self._duties(clusters, lambda duties, site: duties.on_bids(site, product, bidders))
        return np.asarray(price * (1.0 + duty) + self._carried(line, ways, rate_per_day))

    def beside_price(self, line: int, clusters: Integers, rate_per_day: float) -> Floats:
        """Return what a unit of a link would cost its buyer beside its price if it came from each cluster (money)."""
        world, row = self._context.world, self._context.world.state.lines[line]
        buyer, product = int(row["buyer"]), int(row["product"])
        ways = [self._way(line, here, int(world.state.sites["cluster"][buyer])) for here in clusters.tolist()]
        duty = self._duties(clusters, lambda duties, site: duties.on_bids(buyer, product, np.array([site])))
        return np.asarray(float(row["price"]) * duty + self._carried(line, ways, rate_per_day))

    def _carried(self, line: int, ways: list[int], rate_per_day: float) -> Floats:
        """Return freight and interest on the way, for goods of a link that travel as some others do."""
        world = self._context.world
        days = world.state.laws.mean[world.state.lines["lead_time"][ways]] * self._context.timeline.tick_days
        return np.asarray(world.money["freight"][ways] + rate_per_day * days * world.state.lines["price"][line])

    def _way(self, line: int, here: int, there: int) -> int:
        """Return the link as which goods would travel; routes are those of the scenario, so they are looked up once."""
        found = self._routes.get((line, here, there))
        if found is None:
            found = self._routes[line, here, there] = self._context.part(Links).routes.between(line, here, there)
        return found

    def _duties(self, clusters: Integers, levied: Callable[[Duties, int], Floats]) -> Floats:
        """Return the duty that is levied at a site in each cluster, or else in its country; 0 where none stands."""
        found = np.zeros(len(clusters))
        if not self._context.hooks.fills(HOOK):
            return found
        duties = self._context.part(Duties)
        for place, cluster in enumerate(clusters.tolist()):
            # Components levy duties by site, so one that is there stands for the one that is thought of.
            site = self._somebody(cluster)
            found[place] = 0.0 if site == _NOBODY else float(levied(duties, site)[0])
        return found

    def _somebody(self, cluster: int) -> int:
        """Return a site that stands in a cluster, or else in its country; `_NOBODY` where none does."""
        world = self._context.world
        near = world.state.sites["cluster"] == cluster, world.site_country == self._country[cluster]
        for stands in near if cluster >= 0 else ():
            if stands.any():
                return int(np.argmax(stands))
        return _NOBODY
