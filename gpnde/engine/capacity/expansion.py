"""Location (E22): firms that run short of capacity add some where it costs least, and leave dear places."""

from __future__ import annotations

import numpy as np

from gpnde.engine.capacity.equipment import Equipment
from gpnde.engine.capacity.openings import Openings
from gpnde.engine.capacity.outages import Outages
from gpnde.engine.capacity.place_costs import NEW
from gpnde.engine.capacity.relocation import Relocation
from gpnde.engine.capacity.siting import Siting
from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.prospects.prospects import Prospects
from gpnde.scenario.rules import Location
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.layout import Flags, Floats, Integers

LEAST_PART = 0.1
"""Part of the wanted capacity below which it is not worth building."""


class Expansion(Subsystem):
    """Adds capacity where firms need it; plants without a limit never do."""

    name = "expansion"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has rules for location."""
        return scenario.location is not None

    def __init__(self, context: RunContext) -> None:
        """Begin without any decision."""
        super().__init__(context)
        self._rules = _rules(self.world.scenario)
        self._siting = Siting(context, self._rules)
        self._relocation = Relocation(context, self._siting, self._rules) if self._rules.opens_sites else None
        self._reviews = 0
        self._terms: tuple[Floats, Floats] | None = None

    def start(self) -> None:
        """Plan the first review one period from the start."""
        self.world.plants["started_reviewed"] = self.world.state.sites["started"]
        self.plan_steps(self._rules.review_days, Phase.SELECTION)

    def step(self) -> None:
        """Compare the used with the available capacity, and expand where it is short.

        A firm that is short of a product over all its plants may build at any of them; else at those that are full.
        Capacity that is being built counts as there. Firms that are not short may leave a place.
        """
        self._reviews += 1
        self._terms = None
        used, worked = self._counted()
        sites, plants = self.world.state.sites, self.world.plants
        limited = np.flatnonzero(np.isfinite(sites["capacity"]) & (sites["down"] == 0) & ~plants["closed"])
        owner = self._groups(limited)
        ordered = plants["ordered_capacity"][limited] * plants["capacity_factor"][limited]
        could = (sites["capacity"][limited] + ordered) * worked[limited]
        full = self._is_short(used[limited], could)
        short = self._is_short(*(np.bincount(owner, each).astype(float) for each in (used[limited], could)))
        grows = short[owner] | full
        for number in np.unique(owner[grows]).tolist():
            group = limited[grows & (owner == number)]
            self._expand(group, self._rules.step * float(sites["capacity"][group].sum()))
        if self._relocation is not None:
            stays = ~np.isin(owner, owner[grows])
            self._relocation.review(limited[stays], owner[stays], used, worked, self._reviews)

    def _groups(self, numbers: Integers) -> Integers:
        """Return which of some sites do the same for the same product and firm, as numbers of groups."""
        sites, world = self.world.state.sites[numbers], self.world
        kind = sites["product"].astype(np.int64) * len(FUNCTIONS) + world.site_function[numbers]
        return np.unique(sites["firm"] * (len(world.names.products) * len(FUNCTIONS)) + kind, return_inverse=True)[1]

    def _counted(self) -> tuple[Floats, Floats]:
        """Return what sites have started since the last review (units), and how long they worked (ticks)."""
        sites, plants = self.world.state.sites, self.world.plants
        used = sites["started"] - plants["started_reviewed"]
        plants["started_reviewed"] = sites["started"]
        # Outages count the time at work only when some site stops or starts.
        self.context.part(Outages).count_work()
        worked = plants["worked"].copy()
        plants["worked"] = 0.0
        return used, worked

    def _is_short(self, used: Floats, could: Floats) -> Flags:
        """Return where more of what *could* be used was *used* than firms like."""
        return np.asarray((could > 0.0) & (used > self._rules.utilisation * could))

    def _expand(self, group: Integers, added: float) -> None:
        """Add capacity (units per tick) at one of the plants of a firm for a product, or at a new one."""
        like = int(group[np.argmax(self.world.state.sites["capacity"][group])])
        options, per_day = self._siting.options(like, group), added / self.timeline.tick_days
        chosen = 0
        if len(options.sites) > 1:
            costs = self._siting.costs.of(like, options, per_day)
            chosen = self._siting.best(like, options, costs, self._reviews)
        number = int(options.sites[chosen])
        if number == NEW:
            self._build(like, int(options.clusters[chosen]), per_day)
        else:
            self._enlarge(number, per_day)

    def _enlarge(self, number: int, wanted: float) -> None:
        """Add to the capacity of a site as much of what is *wanted* (units/day) as its firm can pay for, if that pays.

        It is there when it is built.
        """
        equipment = self.context.find(Equipment)
        if equipment is None:
            self.add(number, wanted * self.timeline.tick_days)
            return
        per_day = wanted * equipment.within_means(number, equipment.cost_of(number, wanted))
        if per_day < LEAST_PART * wanted or not self._pays_off(number, per_day, equipment.cost_of(number, per_day)):
            return
        days, added = equipment.pay_for(number, per_day), per_day * self.timeline.tick_days
        if days == 0.0:
            self.add(number, added)
        else:
            self.world.plants["ordered_capacity"][number] += added
            self.plan(self.timeline.now + self.timeline.period(days), Phase.SHOCKS, "complete", number, added)

    def _build(self, like: int, cluster: int, wanted: float) -> None:
        """Build a site like another one for as much of what is *wanted* (units/day) as its firm can pay for."""
        equipment, per_day = self.context.find(Equipment), wanted
        if equipment is not None:
            cost = equipment.cost_of(like, wanted, True)
            part = equipment.within_means(like, cost + self._siting.costs.entry_cost(like, wanted))
            per_day, cost = part * wanted, equipment.cost_of(like, part * wanted, True)
            if part < LEAST_PART or not self._pays_off(like, per_day, cost):
                return
        self.context.part(Openings).build(self._siting, like, cluster, per_day)

    def _pays_off(self, number: int, per_day: float, cost: float) -> bool:
        """Return whether a site would earn the *cost* of more capacity, used as far as its firm aims at.

        It has to earn what plant takes as far ahead as firms look; what is left of plant then is not lost.
        """
        worth, hurdles = self._worth_and_hurdles()
        taken = self.context.part(Equipment).cost_of_use(number, cost, *self.context.part(Prospects).outlook)
        firm = self.world.state.sites["firm"][number]
        sold = per_day * float(self.world.state.sites["mean_yield"][number]) * self._rules.utilisation
        return bool(worth[firm] * sold >= hurdles[firm] * taken)

    def _worth_and_hurdles(self) -> tuple[Floats, Floats]:
        """Return what a unit per day more is worth to each firm, and its hurdle; looked up once for all firms.

        Only capacity that is there at once changes them within a review.
        """
        if self._terms is None:
            prospects = self.context.part(Prospects)
            self._terms = prospects.worth_of_capacity(), prospects.hurdles()
        return self._terms

    def complete(self, number: int, added: float) -> None:
        """Bring capacity (units per tick) into use that has been built, unless the site has closed meanwhile."""
        self.world.plants["ordered_capacity"][number] -= added
        if not self.world.plants["closed"][number]:
            self.add(number, added)

    def add(self, number: int, added: float) -> None:
        """Bring more capacity of a site (units per tick) into use."""
        self._terms = None
        self.world.add_capacity(number, added)
        equipment = self.context.find(Equipment)
        if equipment is not None:
            equipment.revalue(np.array([number]))
        self.context.journal.site("site_expanded", number, value=added / self.timeline.tick_days)
        self.context.part(FlowDriver).wake()


def _rules(scenario: Scenario) -> Location:
    """Return the block on location of a scenario that has one."""
    assert scenario.location is not None
    return scenario.location
