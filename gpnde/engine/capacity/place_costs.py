"""What it would cost a firm to make something in one place or another: landed unit cost (E22)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gpnde.engine.capacity.equipment import Equipment
from gpnde.engine.context import RunContext
from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.money.place_effects import PlaceEffects
from gpnde.engine.prospects.prospects import Prospects
from gpnde.engine.trade.carriage import Carriage
from gpnde.engine.trade.links import Links
from gpnde.mechanics.labour import labour_cost, mean_experience_factor
from gpnde.scenario.rules import Location
from gpnde.world.factories import LEAST_UNITS
from gpnde.world.layout import Flags, Floats, Integers
from gpnde.world.places import country_of_clusters

NEW = -1
"""Stands for a site that is not there yet."""


class Options(NamedTuple):
    """Places where a firm may make more of something; both have shape (options,)."""

    sites: Integers
    """Plants that it has there already, or `NEW`."""
    clusters: Integers


class PlaceCosts:
    """Works out by the equations of real costs what a good unit would cost, delivered, wherever it is made."""

    def __init__(self, context: RunContext, rules: Location) -> None:
        """Look up what holds for all clusters."""
        self._context, self._rules, self._carriage = context, rules, Carriage(context)
        scenario = context.world.scenario
        # No cluster, -1, has no wage: `_labour` takes that of the site there.
        self._wage = np.array([cluster.wage_per_day for cluster in scenario.clusters] + [np.nan])
        self._country = country_of_clusters(scenario)

    def of(self, like: int, options: Options, added: float) -> Floats:
        """Return the cost of a unit of what site *like* makes, from *added* capacity (units/day) at each option."""
        world = self._context.world
        made, materials = self._made(like, options, added), self._materials(like, options.clusters)
        bought_in = sum(float(world.of_cells(name)[like]) for name in ("services_share", "changeover_share"))
        landed = materials + made + bought_in * (materials + made) + self._away(like, options.clusters) * made
        return np.asarray(landed + self._delivery(like, options.clusters))

    def avoidable(self, sites: Integers) -> Floats:
        """Return what a unit of some sites costs, delivered, without what has been paid for plant already."""
        world, equipment = self._context.world, self._context.find(Equipment)
        sunk = np.zeros(len(sites)) if equipment is None else equipment.sunk_per_good_unit()[sites]
        places = world.state.sites["cluster"].astype(np.int64)
        delivery = [float(self._delivery(site, places[[site]])[0]) for site in sites.tolist()]
        return np.asarray(world.plants["unit_cost"][sites] - sunk + np.array(delivery))

    def plant(self, like: int, options: Options, added: float) -> Floats:
        """Return what plant for *added* capacity (units/day) costs at each option, entry into a cluster included."""
        equipment = self._context.find(Equipment)
        if equipment is None:
            return np.zeros(len(options.sites))
        each = [equipment.cost_of(like if site == NEW else site, added, site == NEW) for site in options.sites.tolist()]
        return np.asarray(np.array(each) + self.entry_cost(like, added) * self.is_entry(like, options))

    def entry_cost(self, like: int, added: float) -> float:
        """Return what it costs beside plant to begin with *added* capacity (units/day) in a cluster (money)."""
        equipment = self._context.find(Equipment)
        return 0.0 if equipment is None else self._rules.entry_share * equipment.cost_of(like, added, True)

    def is_entry(self, like: int, options: Options) -> Flags:
        """Return where a new site would be the first that the owner of site *like* has in its cluster."""
        world = self._context.world
        own = (world.state.sites["firm"] == world.state.sites["firm"][like]) & ~world.plants["closed"]
        return np.asarray((options.sites == NEW) & ~np.isin(options.clusters, world.state.sites["cluster"][own]))

    def experience(self, like: int, options: Options) -> Floats:
        """Return the experience that a site *like* another has, or begins with, at each option (units)."""
        known, model = self._context.world.factories["experience"], self._context.find(KnowledgeModel)
        around = np.zeros(len(options.clusters))
        if model is not None:
            around = model.of_clusters(int(self._context.world.site_function[like]))[options.clusters]
        carried = self._rules.carried_experience * around * known[like]
        return np.where(options.sites == NEW, carried, known[options.sites])

    @property
    def _places(self) -> PlaceEffects:
        found = self._context.part(UnitCosts).places
        assert found is not None
        return found

    def _away(self, like: int, clusters: Integers) -> Floats:
        """Return what distance costs, as a share of labour and plant; nothing where making costs a sum of money."""
        takes = bool(self._context.world.factories["takes_labour"][like])
        return takes * self._places.away(clusters, np.full(len(clusters), like))

    def _made(self, like: int, options: Options, added: float) -> Floats:
        """Return what labour and plant cost per good unit; where making costs a sum of money, that is it.

        A tax on profit adds to the interest in the cost of plant; all else is deducted from profit as it is paid.
        """
        world, equipment = self._context.world, self._context.find(Equipment)
        factory, part = world.factories[like], float(world.state.sites["mean_yield"][like])
        if not factory["takes_labour"]:
            return np.full(len(options.sites), float(world.plants["value_added"][like]))
        normal = max(world.scenario.labour.normal_load * added, LEAST_UNITS)
        rate = 0.0 if equipment is None else equipment.holding_rate(like)
        held = rate * self.plant(like, options, added) / (normal * part)
        return np.asarray(self._labour(like, options, normal, part) + held)

    def _labour(self, like: int, options: Options, per_day: float, part: float) -> Floats:
        """Return what labour costs per good unit at each option, at an output (units/day) of which a *part* is good."""
        world, clusters = self._context.world, options.clusters
        factory, complexity = world.factories[like], float(self._places.complexity(np.array([like]))[0])
        able = factory["productivity"] * self._places.productivity(clusters, complexity)
        days = factory["labour_days"] / able
        days = days * (self._saved(like, options, per_day * part) + world.scenario.labour.standing_share)
        wage = np.where(clusters >= 0, self._wage[clusters], factory["wage"])
        # No country, -1, pays in world money.
        return labour_cost(days, wage, np.append(world.exchange_rates, 1.0)[self._country[clusters]], part)

    def _saved(self, like: int, options: Options, per_day: float) -> Floats:
        """Return the mean factor of experience on labour as far ahead as firms look, at an output (units/day)."""
        world, days = self._context.world, self._context.part(Prospects).outlook[1]
        rate = world.scenario.products[world.scenario.sites[like].product].learning_rate
        known = max(float(world.factories["reference_units"][like]), LEAST_UNITS)
        return mean_experience_factor(self.experience(like, options), per_day * days, known, rate)

    def _materials(self, like: int, clusters: Integers) -> Floats:
        """Return what the inputs of a good unit cost in each cluster: price, freight, duty, and interest on the way."""
        state, rate = self._context.world.state, self._context.part(Prospects).outlook[0]
        found = np.zeros(len(clusters))
        for item in range(state.sites["first_input"][like], state.sites["last_input"][like]):
            lines = self._context.part(Links).suppliers_of(item)
            weights = _shares(state.lines["share"][lines]) * state.inputs["per_unit"][item]
            for line, weight in zip(lines.tolist(), weights.tolist(), strict=True):
                found += weight * self._carriage.landed(line, clusters, rate)
        return found / float(state.sites["mean_yield"][like])

    def _delivery(self, like: int, clusters: Integers) -> Floats:
        """Return what it costs the buyers of site *like* to get a unit from each cluster, beside its price."""
        state, rate = self._context.world.state, self._context.part(Prospects).outlook[0]
        lines = state.lines
        sold = np.flatnonzero((lines["supplier"] == like) & (lines["buyer"] >= 0) & (lines["active"] == 1))
        weights = _shares(lines["share"][sold] * state.sites["forecast"][lines["buyer"][sold]])
        found = np.zeros(len(clusters))
        for line, weight in zip(sold.tolist(), weights.tolist(), strict=True):
            found += weight * self._carriage.beside_price(line, clusters, rate)
        return found


def _shares(amounts: Floats) -> Floats:
    """Return amounts over their sum, or equal parts where all are 0."""
    total = float(amounts.sum())
    return np.asarray(amounts / total) if total > 0.0 else np.full(len(amounts), 1.0 / max(len(amounts), 1))
