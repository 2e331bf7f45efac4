"""Location (E22): a firm that runs short of capacity adds some at one of its plants, chosen by a logit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gpnde.engine.capacity.outages import Outages
from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.recording.journal import Journal
from gpnde.mechanics.location import choice_probabilities, choose, location_utility
from gpnde.numerics.draws import entities, joined, stream_key, uniform
from gpnde.scenario.rules import Location
from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World

KM_PER_UNIT = 1000.0
"""Distance that the scenario counts its cost for."""


class Expansion:
    """Adds capacity where firms need it; plants without a limit never do."""

    def __init__(
        self,
        world: World,
        timeline: Timeline,
        flow: FlowDriver,
        outages: Outages,
        journal: Journal,
        asking: HookCaller,
        rules: Location,
        seeds: tuple[int, int],
    ) -> None:
        """Plan the first review one period from the start; *seeds* are seed and replication."""
        self._world, self._timeline, self._flow, self._journal, self._rules = world, timeline, flow, journal, rules
        self._asking = asking
        self._key = stream_key(*seeds, "location", "site")
        self._places = world.places
        self._started = world.state.sites["started"].copy()
        self._worked, self._since = np.zeros(len(self._started)), timeline.now
        outages.before_change.append(self._count_time)
        self._reviews = 0
        scenario = world.scenario
        wages = np.array([cluster.wage_per_day for cluster in scenario.clusters] + [np.nan])
        self._wage = _relative_to_mean(wages[world.state.sites["cluster"]])
        self._complexity = np.array([scenario.products[site.product].complexity for site in scenario.sites])
        self._market = self._market_shares()
        self.cluster_knowledge: Callable[[], Floats] = lambda: np.zeros(len(scenario.clusters))
        period = max(1, timeline.tick(rules.review_days))
        timeline.every(period, Phase.SELECTION, self.review, period)

    def review(self) -> None:
        """Let every firm look at how much of its capacity for each product it has used while its plants worked."""
        self._reviews += 1
        sites = self._world.state.sites
        used = sites["started"] - self._started
        self._started = sites["started"].copy()
        self._count_time()
        worked, self._worked = self._worked, np.zeros(len(used))
        limited = np.flatnonzero(np.isfinite(sites["capacity"]) & (sites["down"] == 0) & ~self._world.closed)
        owners = sites["firm"][limited].astype(np.int64) * len(self._world.names.products) + sites["product"][limited]
        _, owner = np.unique(owners, return_inverse=True)
        capacity = np.bincount(owner, sites["capacity"][limited])
        could = np.bincount(owner, sites["capacity"][limited] * worked[limited])
        short = (could > 0.0) & (np.bincount(owner, used[limited]) > self._rules.utilisation * could)
        for number in np.flatnonzero(short).tolist():
            self._expand(limited[owner == number], self._rules.step * float(capacity[number]))

    def _count_time(self) -> None:
        """Add the ticks since the last change for which each site has worked."""
        now = self._timeline.now
        self._worked += (self._world.state.sites["down"] == 0) * (now - self._since)
        self._since = now

    def _expand(self, group: Integers, added: float) -> None:
        """Add capacity (units per tick) at one of the plants of a firm for a product."""
        sites = self._world.state.sites
        probabilities = choice_probabilities(self.utility(group))
        draw = uniform(*self._key, self._entity(sites[int(group[0])]), self._reviews, 0)
        number = int(group[int(choose(probabilities, draw))])
        sites["capacity"][number] += added
        self._journal.site("site_expanded", number, value=added / self._timeline.tick_days)
        self._flow.wake()

    def _entity(self, site: np.record) -> int:
        """Return what stands for the firm and the product of a site in draws."""
        names = self._world.names
        return int(joined(entities(names.firms)[site.firm], entities(names.products)[site.product]))

    def utility(self, group: Integers) -> Floats:
        """Return the utility of each of the sites *group* as a place to grow."""
        rules, sites = self._rules, self._world.state.sites
        cluster = sites["cluster"][group]
        crowd = np.bincount(sites["cluster"][sites["down"] == 0] + 1, minlength=len(self._world.names.clusters) + 1)[1:]
        known = np.append(self.cluster_knowledge(), 0.0)
        added = self._asking.total("location_utility", len(sites))
        return np.asarray(
            (0.0 if added is None else added[group])
            + location_utility(
                rules.wage_weight * self._wage[group],
                np.append(crowd, 0)[cluster],
                known[cluster],
                self._distance_to_buyers(group) / KM_PER_UNIT,
                self._market[group],
                self._complexity[group],
                rules.agglomeration,
                rules.knowledge_pull,
                rules.distance_cost,
                rules.market_pull,
            )
        )

    def _distance_to_buyers(self, group: Integers) -> Floats:
        """Return the mean distance of each site to the sites that buy from it at work (km); 0 where it has none."""
        state = self._world.state
        inside = (state.lines["buyer"] >= 0) & (state.lines["supplier"] >= 0) & (state.lines["active"] == 1)
        lines = state.lines[inside & (state.sites["down"][state.lines["buyer"]] == 0)]
        here, there = state.sites["cluster"][lines["supplier"]], state.sites["cluster"][lines["buyer"]]
        known = (here >= 0) & (there >= 0)
        apart = np.where(known, self._places.distance_km[here, there] if known.any() else 0.0, 0.0)
        total = np.bincount(lines["supplier"], apart, len(state.sites))
        count = np.maximum(np.bincount(lines["supplier"], minlength=len(state.sites)), 1)
        return np.asarray((total / count)[group], dtype=np.float64)

    def _market_shares(self) -> Floats:
        """Return the share of all demand that the markets in the region of each site have on day 0; shape (sites,)."""
        scenario, state = self._world.scenario, self._world.state
        size = state.markets["mean_quantity"] / np.maximum(state.markets["every"], 1)
        total = float(size.sum()) or 1.0
        by_region: dict[str, float] = {}
        for market, units in zip(scenario.markets, size.tolist(), strict=True):
            by_region[market.region or ""] = by_region.get(market.region or "", 0.0) + units / total
        region = {cluster.name: cluster.region for cluster in scenario.clusters}
        return np.array([by_region.get(region.get(site.cluster or "") or "-", 0.0) for site in scenario.sites])


def _relative_to_mean(wages: Floats) -> Floats:
    """Return wages over their mean; 1 where a site has none, and everywhere where nobody is paid."""
    known = np.isfinite(wages)
    mean = float(wages[known].mean()) if known.any() else 0.0
    return np.where(known, wages / mean, 1.0) if mean > 0.0 else np.ones(len(wages))
