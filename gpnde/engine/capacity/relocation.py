"""Plants that give way to others of their firm: because these stand idle, or because another place costs less (E22)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gpnde.engine.capacity.equipment import Equipment
from gpnde.engine.capacity.openings import Openings
from gpnde.engine.capacity.siting import Siting
from gpnde.engine.context import RunContext
from gpnde.engine.prospects.prospects import Prospects
from gpnde.mechanics.location import moving_probability
from gpnde.numerics.draws import uniforms
from gpnde.scenario.rules import Location
from gpnde.world.layout import Floats, Integers

_NOWHERE = -1


class Place(NamedTuple):
    """Where the work of a plant could go."""

    cost: float
    """Of a unit there (money)."""
    cluster: int
    """Where a new site would be built, or `_NOWHERE` where sisters have room."""


class Relocation:
    """Asks once a review of each firm and product whether its dearest plant should go on."""

    def __init__(self, context: RunContext, siting: Siting, rules: Location) -> None:
        """Begin without any decision."""
        self._context, self._siting, self._rules = context, siting, rules
        self._key = context.stream("location", "move")

    def review(self, sites: Integers, owner: Integers, used: Floats, worked: Floats, review: int) -> None:
        """Consider some *sites*, by *owner* and product; all that was *used* (units) and *worked* (ticks) is per site.

        While an owner builds, nothing closes.
        """
        world = self._context.world
        building = np.isin(owner, owner[world.plants["ordered_capacity"][sites] > 0.0])
        for number in np.unique(owner[~building]).tolist():
            group = sites[owner == number]
            if self._siting.opens_sites(int(group[0])):
                # A site that never worked has made nothing; the 1 only keeps the division sound.
                self._consider(group, used[group], np.maximum(worked[group], 1.0), review)

    def _consider(self, group: Integers, used: Floats, worked: Floats, review: int) -> None:
        """Let the dearest plant of a group give way, by chance, if its work can go where it costs less."""
        avoidable = self._siting.costs.avoidable(group)
        dearest = int(np.argmax(avoidable))
        site, made = int(group[dearest]), float(used[dearest] / worked[dearest])
        room = self._rules.utilisation * self._context.world.state.sites["capacity"][group] - used / worked
        # Its own room is no place for its work to go to.
        room[dearest] = 0.0
        room = np.maximum(room, 0.0)
        place = self._cheapest(site, avoidable, room, made, review)
        # A site that has made nothing would divide by 0.
        severance = self._context.part(Openings).severance(site) / max(self._sold_ahead(site, made), 1e-9)
        spread, value = self._rules.spread, self._siting.value_added(site)
        chance = float(moving_probability(avoidable[dearest], place.cost, severance, value, spread))
        if uniforms(self._key, self._context.world.state.site_entity[[site]], review)[0] < chance:
            self._move(site, place, group, room, self._needed(site, made))

    def _cheapest(self, site: int, avoidable: Floats, room: Floats, made: float, review: int) -> Place:
        """Return where the work of a site would cost least: at sisters with room for all of it, or at a new site.

        Nobody builds for a site that has made nothing.
        """
        idle, found = float(room.sum()), Place(np.inf, _NOWHERE)
        if idle > 0.0 and idle >= made:
            found = Place(float(room @ avoidable) / idle, _NOWHERE)
        options = self._siting.options(site, np.zeros(0, dtype=np.int64))
        if len(options.sites) == 0 or made == 0.0:
            return found
        costs = self._siting.costs.of(site, options, self._needed(site, made))
        best = self._siting.best(site, options, costs, review)
        return found if found.cost <= costs[best] else Place(float(costs[best]), int(options.clusters[best]))

    def _move(self, site: int, place: Place, group: Integers, room: Floats, per_day: float) -> None:
        """Give the work of a site to sisters with *room*, or to a new site for *per_day* units."""
        openings = self._context.part(Openings)
        if place.cluster == _NOWHERE:
            takes = room > 0.0
            openings.take_over(site, group[takes].tolist(), (room[takes] / room.sum()).tolist())
        elif self._is_affordable(site, per_day):
            openings.build(self._siting, site, place.cluster, per_day, site)

    def _is_affordable(self, site: int, per_day: float) -> bool:
        """Return whether the owner of a site can pay for another one for *per_day* units, and for closing it."""
        equipment = self._context.find(Equipment)
        if equipment is None:
            return True
        cost = equipment.cost_of(site, per_day, True) + self._siting.costs.entry_cost(site, per_day)
        return equipment.within_means(site, cost + self._context.part(Openings).severance(site)) >= 1.0

    def _needed(self, site: int, made: float) -> float:
        """Return the capacity for what a site has *made* (units per tick), as far as it has it (units/day)."""
        whole = float(self._context.world.whole_capacity[site])
        return min(whole, made / self._rules.utilisation) / self._context.timeline.tick_days

    def _sold_ahead(self, site: int, made: float) -> float:
        """Return the good units that a site makes as far ahead as firms look, at a rate (units per tick)."""
        ticks = self._context.part(Prospects).outlook[1] / self._context.timeline.tick_days
        return made * ticks * float(self._context.world.state.sites["mean_yield"][site])
