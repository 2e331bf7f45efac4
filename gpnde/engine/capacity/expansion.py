"""Location (E22): a firm that runs short of capacity adds some at one of its plants, chosen by a logit."""

from __future__ import annotations

import numpy as np

from gpnde.engine.capacity.equipment import Equipment
from gpnde.engine.capacity.outages import Outages
from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.prospects.prospects import Prospects
from gpnde.mechanics.location import choice_probabilities, choose, location_utility
from gpnde.numerics.draws import entities, joined, uniform
from gpnde.scenario.rules import Location
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Flags, Floats, Integers

LEAST_PART = 0.1
"""Part of the wanted capacity below which it is not worth building."""

KM_PER_UNIT = 1000.0
"""Distance that the scenario counts its cost for."""


class Expansion(Subsystem):
    """Adds capacity where firms need it; plants without a limit never do."""

    name = "expansion"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has rules for location."""
        return scenario.location is not None

    def __init__(self, context: RunContext) -> None:
        """Note what speaks for each cluster on day 0."""
        super().__init__(context)
        scenario, state = self.world.scenario, self.world.state
        self._rules = _rules(scenario)
        self._key = context.stream("location", "site")
        self._places = self.world.places
        self._reviews = 0
        self._terms: tuple[Floats, Floats] | None = None
        wages = np.array([cluster.wage_per_day for cluster in scenario.clusters] + [np.nan])
        self._wage = _relative_to_mean(wages, wages[state.sites["cluster"]])
        self._complexity = np.array([product.complexity for product in scenario.products.values()])
        self._market = self._market_shares()

    def start(self) -> None:
        """Plan the first review one period from the start."""
        self.world.plants["started_reviewed"] = self.world.state.sites["started"]
        self.plan_steps(self._rules.review_days, Phase.SELECTION)

    def step(self) -> None:
        """Compare the used with the available capacity, and expand where it is short.

        A firm that is short of a product over all its plants may build at any of them; else at those that are full.
        """
        self._reviews += 1
        self._terms = None
        sites, plants = self.world.state.sites, self.world.plants
        used = sites["started"] - plants["started_reviewed"]
        plants["started_reviewed"] = sites["started"]
        self.context.part(Outages).count_work()
        worked = plants["worked"].copy()
        plants["worked"] = 0.0
        limited = np.flatnonzero(np.isfinite(sites["capacity"]) & (sites["down"] == 0) & ~self.world.plants["closed"])
        owners = sites["firm"][limited].astype(np.int64) * len(self.world.names.products) + sites["product"][limited]
        _, owner = np.unique(owners, return_inverse=True)
        could = sites["capacity"][limited] * worked[limited]
        full = self._is_short(used[limited], could)
        short = self._is_short(*(np.bincount(owner, each).astype(float) for each in (used[limited], could)))
        grows = short[owner] | full
        for number in np.unique(owner[grows]).tolist():
            group = limited[grows & (owner == number)]
            self._expand(group, self._rules.step * float(sites["capacity"][group].sum()))

    def _is_short(self, used: Floats, could: Floats) -> Flags:
        """Return where more of what *could* be used was *used* than firms like."""
        return np.asarray((could > 0.0) & (used > self._rules.utilisation * could))

    def _expand(self, group: Integers, added: float) -> None:
        """Add capacity (units per tick) at one of the plants of a firm for a product."""
        number = int(group[0]) if len(group) == 1 else self._chosen(group)
        per_day, days = self._bought(number, added / self.timeline.tick_days)
        added = per_day * self.timeline.tick_days
        if days == 0.0:
            self.add(number, added)
        elif added > 0.0:
            self.plan(self.timeline.now + self.timeline.period(days), Phase.SHOCKS, "add", number, added)

    def _chosen(self, group: Integers) -> int:
        """Return which of several plants of a firm for a product grows."""
        probabilities = choice_probabilities(self.utility(group))
        draw = uniform(*self._key, self._entity(self.world.state.sites[int(group[0])]), self._reviews, 0)
        return int(group[int(choose(probabilities, draw))])

    def _bought(self, number: int, wanted: float) -> tuple[float, float]:
        """Buy plant for *wanted* capacity of a site (units/day), or what the firm can pay for, if that pays off.

        Returns the capacity, and the days until it is there.
        """
        equipment = self.context.find(Equipment)
        if equipment is None:
            return wanted, 0.0
        per_day = equipment.within_means(number, wanted)
        if per_day < LEAST_PART * wanted or not self._pays_off(number, per_day, equipment):
            return 0.0, np.inf
        return per_day, equipment.pay_for(number, per_day)

    def _pays_off(self, number: int, per_day: float, equipment: Equipment) -> bool:
        """Return whether a site would earn enough with more capacity, used as far as its firm aims at.

        It has to earn what plant takes as far ahead as firms look; what is left of plant then is not lost.
        """
        worth, hurdles = self._worth_and_hurdles()
        outlook = self.context.part(Prospects).outlook
        cost = equipment.cost_of_use(number, equipment.cost_of(number, per_day), *outlook)
        firm = self.world.state.sites["firm"][number]
        sold = per_day * float(self.world.state.sites["mean_yield"][number]) * self._rules.utilisation
        return bool(worth[firm] * sold >= hurdles[firm] * cost)

    def _worth_and_hurdles(self) -> tuple[Floats, Floats]:
        """Return what a unit per day more is worth to each firm, and its hurdle; looked up once for all firms.

        Only capacity that is there at once changes them within a review.
        """
        if self._terms is None:
            prospects = self.context.part(Prospects)
            self._terms = prospects.worth_of_capacity(), prospects.hurdles()
        return self._terms

    def add(self, number: int, added: float) -> None:
        """Bring new capacity (units per tick) of a site into use, unless the site has closed meanwhile."""
        if self.world.plants["closed"][number]:
            return
        self._terms = None
        self.world.state.sites["capacity"][number] += added
        equipment = self.context.find(Equipment)
        if equipment is not None:
            equipment.revalue(np.array([number]))
        self.context.journal.site("site_expanded", number, value=added / self.timeline.tick_days)
        self.context.part(FlowDriver).wake()

    def _entity(self, site: np.record) -> int:
        """Return what stands for the firm and the product of a site in draws."""
        names = self.world.names
        return int(joined(entities(names.firms)[site.firm], entities(names.products)[site.product]))

    def utility(self, group: Integers) -> Floats:
        """Return the utility of each of the sites *group* as a place to grow."""
        rules, sites = self._rules, self.world.state.sites
        cluster = sites["cluster"][group]
        crowd = np.bincount(sites["cluster"][sites["down"] == 0] + 1, minlength=len(self.world.names.clusters) + 1)[1:]
        model = self.context.find(KnowledgeModel)
        known = np.append(np.zeros(len(self.world.names.clusters)) if model is None else model.of_clusters(), 0.0)
        added = self.context.hooks.total("location_utility", len(sites))
        return np.asarray(
            (0.0 if added is None else added[group])
            + location_utility(
                rules.wage_weight * self._wage[cluster],
                np.append(crowd, 0)[cluster],
                known[cluster],
                self._distance_to_buyers(group) / KM_PER_UNIT,
                self._market[cluster],
                self._complexity[sites["product"][group]],
                rules.agglomeration,
                rules.knowledge_pull,
                rules.distance_cost,
                rules.market_pull,
            )
        )

    def _distance_to_buyers(self, group: Integers) -> Floats:
        """Return the mean distance of each site to the sites that buy from it at work (km); 0 where it has none."""
        state = self.world.state
        inside = (state.lines["buyer"] >= 0) & (state.lines["supplier"] >= 0) & (state.lines["active"] == 1)
        used = np.flatnonzero(inside & (state.sites["down"][state.lines["buyer"]] == 0))
        supplier, buyer = state.lines["supplier"][used], state.lines["buyer"][used]
        here, there = state.sites["cluster"][supplier], state.sites["cluster"][buyer]
        known = (here >= 0) & (there >= 0)
        apart = np.where(known, self._places.distance_km[here, there] if known.any() else 0.0, 0.0)
        total = np.bincount(supplier, apart, len(state.sites))
        count = np.maximum(np.bincount(supplier, minlength=len(state.sites)), 1)
        return np.asarray((total / count)[group], dtype=np.float64)

    def _market_shares(self) -> Floats:
        """Return the share of all demand that the markets in the region of each cluster have on day 0.

        No cluster comes last, with a share of 0.
        """
        scenario, state = self.world.scenario, self.world.state
        size = state.markets["mean_quantity"] / np.maximum(state.markets["every"], 1)
        total = float(size.sum()) or 1.0
        by_region: dict[str, float] = {}
        for market, units in zip(scenario.markets, size.tolist(), strict=True):
            by_region[market.region or ""] = by_region.get(market.region or "", 0.0) + units / total
        return np.array([by_region.get(cluster.region or "-", 0.0) for cluster in scenario.clusters] + [0.0])


def _rules(scenario: Scenario) -> Location:
    """Return the block on location of a scenario that has one."""
    assert scenario.location is not None
    return scenario.location


def _relative_to_mean(wages: Floats, paid: Floats) -> Floats:
    """Return *wages* over the mean of those *paid*; 1 where one is not known, and everywhere if all paid are 0."""
    known = np.isfinite(paid)
    mean = float(paid[known].mean()) if known.any() else 0.0
    return np.where(np.isfinite(wages), wages / mean, 1.0) if mean > 0.0 else np.ones(len(wages))
