"""The shift of suppliers from commodities to differentiated products: it costs, it hurts, and it may fail (E20)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gpnde.engine.context import RunContext
from gpnde.engine.knowledge.reviews import Reviews
from gpnde.engine.knowledge.upgrading import Upgrade
from gpnde.engine.money.payments import invest
from gpnde.mechanics.upgrading import relative_scale, shift_cost, shift_success, transition_dip
from gpnde.numerics.draws import entities, uniform
from gpnde.plugin.knowledge import KnowledgeView
from gpnde.scenario.knowledge import Specialisation
from gpnde.vocabulary import YEAR_DAYS
from gpnde.world.cells import differentiated
from gpnde.world.layout import Flags, Floats, Integers

SHIFTED, SHIFT_FAILED = "shift", "shift-failed"


@dataclass
class Shifts:
    """Where each firm stands: before, in, or after its transition; shape (firms,)."""

    began: Floats
    """Day on which the transition began; NaN where it did not."""
    done: Flags
    succeeded: Flags


class SpecialisationShift:
    """Lets suppliers weigh a shift, bear its cost, and see how it ends."""

    def __init__(self, context: RunContext, rules: Specialisation) -> None:
        """Start with no firm in transition; firms that already make differentiated products are not eligible."""
        self._world, self._rules = context.world, rules
        self._key = context.stream("knowledge", "shift")
        count = len(self._world.firms)
        self.state = Shifts(np.full(count, np.nan), np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_))
        self._factor = np.ones(count)
        self._produced = self._world.state.sites["produced"].copy()
        self._reviews = Reviews(rules.review_days)
        self.events: list[Upgrade] = []

    def premium(self) -> Floats:
        """Return the factor on the prices of each firm; shape (firms,)."""
        return np.where(self.state.succeeded, 1.0 + self._rules.price_gain, 1.0)

    def step(self, view: KnowledgeView) -> None:
        """Begin transitions where it is time to decide, end those that are through, and set capacities."""
        self._end(view)
        if self._reviews.is_due(view.day):
            self._begin(view)
        self._set_capacity(view.day)

    def extend_sites(self, numbers: Integers) -> None:
        """Reduce the capacity of new sites whose firm is in transition."""
        sites = self._world.state.sites
        sites["capacity"][numbers] *= self._factor[sites["firm"][numbers]]

    def _makes_commodities(self) -> Flags:
        sites = self._world.state.sites
        plain = np.array([product.type == "commodity" for product in self._world.scenario.products.values()])
        return np.asarray(np.bincount(sites["firm"], plain[sites["product"]], len(self._world.firms)) > 0)

    def chance(self, view: KnowledgeView) -> Floats:
        """Return the chance of success of each firm, by what it knows and how many firms it is linked with."""
        count = len(view.effort)
        linked = np.bincount(view.ties.learner, minlength=count) + np.bincount(view.ties.teacher, minlength=count)
        rules = self._rules
        firms = linked.astype(np.float64)
        return np.asarray(
            shift_success(view.mean_capability, firms, rules.base, rules.capability_weight, rules.linkage_weight)
        )

    def _begin(self, view: KnowledgeView) -> None:
        """Start the transition of firms whose expected gain exceeds a cost that they can bear."""
        cost = self._cost(view)
        gain = self.chance(view) * self._rules.price_gain * view.firms.revenue * self._rules.horizon_days
        able = self._makes_commodities() & view.firms.present & ~view.firms.is_flagship & np.isnan(self.state.began)
        able &= (gain > cost) & (self._cash() >= cost) & self._is_large_enough()
        self.state.began[able] = view.day
        if self._world.scenario.finance is not None:
            invest(self._world, np.where(able, cost, 0.0), "upgrading")

    def _cost(self, view: KnowledgeView) -> Floats:
        """Return what a shift costs each firm, entry into the cells of its sites to come included (money)."""
        sites, firms = self._world.state.sites, self._world.firms
        entry = np.bincount(sites["firm"], self._of_cells_ahead("entry_years"), len(firms))
        # The sales of a firm are not known by site, so that all of its sites count alike.
        mean = entry / np.maximum(np.bincount(sites["firm"], minlength=len(firms)), 1)
        return shift_cost(firms["monthly_cost"], self._rules.cost_months, view.firms.revenue * YEAR_DAYS, mean)

    def _of_cells_ahead(self, name: str) -> Floats:
        """Return a term of the cell into which each site would move, 0 for those that are there; shape (sites,)."""
        cells = self._world.plants["cell"]
        ahead = differentiated(cells)
        return np.where(ahead == cells, 0.0, self._world.cell_terms[name][ahead])

    def _is_large_enough(self) -> Flags:
        """Return whether each firm has made enough since the last decision for the cells into which it would move."""
        sites, shape = self._world.state.sites, (len(self._world.firms), len(self._world.names.products))
        # Sites that were built since had made nothing.
        made = sites["produced"] - np.pad(self._produced, (0, len(sites) - len(self._produced)))
        self._produced = sites["produced"].copy()
        needed, least = np.zeros(shape[0]), self._of_cells_ahead("minimum_scale")
        if not least.any():
            return np.ones(shape[0], dtype=np.bool_)
        np.maximum.at(needed, sites["firm"], least)
        places, makes = (sites["firm"], sites["product"]), np.zeros(shape, dtype=np.bool_)
        whole = np.zeros(shape)
        makes[places] = True
        np.add.at(whole, places, made)
        large: Flags = relative_scale(whole, makes) >= needed
        return large

    def _cash(self) -> Floats:
        firms = self._world.firms
        return np.full(len(firms), np.inf) if self._world.scenario.finance is None else firms["cash"]

    def _end(self, view: KnowledgeView) -> None:
        """Draw which firms have succeeded among those whose transition is over."""
        over = ~self.state.done & (view.day - self.state.began >= self._rules.transition_days)
        chance, entity = self.chance(view), entities(self._world.names.firms)
        for firm in np.flatnonzero(over & view.firms.present).tolist():
            # A firm shifts once, so its name is enough to tell its draw from all others.
            success = uniform(*self._key, int(entity[firm]), 0, 0) < chance[firm]
            self.state.succeeded[firm] = success
            if success:
                self._move(firm)
            kind = SHIFTED if success else SHIFT_FAILED
            able = float(view.mean_capability[firm])
            self.events.append(Upgrade(view.day, firm, kind, "", "transition", able, ""))
        # Of firms that have left, too, for which there was nothing to draw.
        self.state.done |= over

    def _move(self, firm: int) -> None:
        """Move the sites of a firm into the cells of differentiated products."""
        cells, own = self._world.plants["cell"], self._world.state.sites["firm"] == firm
        cells[own] = differentiated(cells[own])

    def _set_capacity(self, day: float) -> None:
        """Scale the capacity of sites whose firms are in transition."""
        moving = ~np.isnan(self.state.began) & ~self.state.done
        # Past its length a transition costs nothing, which is how firms that are in none count.
        age = np.where(moving, day - np.nan_to_num(self.state.began), self._rules.transition_days)
        factor = np.asarray(transition_dip(age, self._rules.transition_days, self._rules.dip))
        sites = self._world.state.sites
        # Scaled by the change of the factor, since capacity may have changed for other reasons meanwhile.
        sites["capacity"] *= (factor / self._factor)[sites["firm"]]
        self._factor = factor
