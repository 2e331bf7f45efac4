"""Outside options: what the buyer of each link would pay if it had to replace its supplier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from gpnde.contracts import INTRA_FIRM
from gpnde.engine.context import RunContext
from gpnde.engine.money.consignment import materials_per_unit
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.trade.landing import Landing
from gpnde.engine.trade.offers import Offers
from gpnde.mechanics.bargaining import replacement_cost, worth_of_input
from gpnde.scenario.economy import Pricing
from gpnde.world.layout import Flags, Floats, Integers
from gpnde.world.terms import or_else

_ROUNDS = 4
"""Plants of one firm through which the price of the last is passed on to the first."""

_BLOCK = 128
"""Links that are looked at together: memory and caches hold what each has to choose from."""

_LEAST = 1e-12
"""Volume that a link is taken to have at least (units per tick)."""

STEP = 0.03
"""Change of capability from which slopes are taken, of outside options and of what firms expect (1)."""


class Rivals(NamedTuple):
    """What rivals would cost the buyers of links that deliver one product; arrays of shape (links, sites)."""

    offers: Floats
    """Landed, with the cost of switching (money)."""
    building: Floats
    """The same if the site had to build for it, infinite for those that are no rivals."""
    room: Floats
    """What each can make beside what it does (units per tick), 0 for those that are no rivals."""
    behind: Floats
    """What the present supplier is better by (money)."""
    per_capability: Floats
    """What a unit of the present supplier's capability is worth (money); shape (links,)."""
    cheapest: Floats
    """The lowest landed price of rivals with room, without switching, infinite for none; shape (links,)."""

    def behind_by(self, more: float) -> Rivals:
        """Return the rivals of suppliers that can do *more*."""
        return self._replace(behind=self.behind + more * self.per_capability[:, None])

    def sharing_room(self, part: Floats) -> Rivals:
        """Return the rivals as buyers see them who count on a *part* of their room each; shape (links,)."""
        return self._replace(room=self.room * part[:, None])

    def replacement(self, volume: Floats, worth: Floats) -> Floats:
        """Return the outside options, landed, of buyers to whom a unit is of some *worth*; shape (links,).

        *volume* is what each link delivers (units per tick). A rival that has no more room would have to build: nobody
        pays more than what the cheapest would ask then.
        """
        building = np.maximum(self.building + self.behind, 0.0)
        most = np.minimum(worth, building.min(axis=1, initial=np.inf))
        return replacement_cost(np.maximum(self.offers + self.behind, 0.0), self.room, volume, most)


class OutsideOptions:
    """Looks for every link at what rivals ask and have room for, and at what its buyer can pay at most."""

    def __init__(self, context: RunContext, rules: Pricing, offers: Offers) -> None:
        """Compare what *offers* holds."""
        self._context, self._rules, self._offers = context, rules, offers
        self._landing = Landing(context)

    def of(self, numbers: Integers, volume: Floats) -> Floats:
        """Return the outside option of the buyer of each link, as a price before its own duties and freight (money).

        *volume* is what each line delivers (units per tick), shape (lines,). What rivals ask, and how the option goes
        with the supplier's capability, is noted in the records of trade.
        """
        world = self._context.world
        worth = (world.landed * self._worth_factors()[world.state.lines["buyer"]])[numbers]
        landed, more = np.zeros(len(numbers)), np.zeros(len(numbers))
        product, bought = world.state.lines["product"][numbers], self._bought(volume)
        for each, here in _blocks(product):
            need, whole = np.maximum(volume[numbers[here]], _LEAST), max(float(bought[each]), _LEAST)
            # All buyers look at the same rivals: each counts on as much of their room as it has of all that is bought.
            rivals = self._rivals(numbers[here], each).sharing_room(np.minimum(need / whole, 1.0))
            landed[here] = rivals.replacement(need, worth[here])
            more[here] = rivals.behind_by(STEP).replacement(need, worth[here])
            world.trade["alternative"][numbers[here]] = rivals.cheapest
        options, raised = self._as_prices(numbers, landed), self._as_prices(numbers, more)
        world.trade["outside_option"][numbers] = options
        world.trade["option_slope"][numbers] = (raised - options) / STEP
        return options

    def _bought(self, volume: Floats) -> Floats:
        """Return what all firms buy of each product from others (units per tick); shape (products,)."""
        lines, products = self._context.world.state.lines, len(self._context.world.scenario.products)
        inside = (lines["input"] >= 0) & (lines["supplier"] >= 0) & (lines["active"] == 1)
        inside &= lines["contract"] != INTRA_FIRM
        return np.bincount(lines["product"][inside], volume[inside], products).astype(np.float64)

    def _as_prices(self, numbers: Integers, landed: Floats) -> Floats:
        """Return prices before duties and freight of what costs so much *landed*."""
        money = self._context.world.money[numbers]
        return np.asarray(np.maximum(landed - money["freight"], 0.0) / (1.0 + money["tariff"]))

    def _rivals(self, numbers: Integers, product: int) -> Rivals:
        """Return what those who make a *product* would cost the buyers of links that deliver it."""
        sites = self._offers.makers(product)
        plants, are_rivals = self._context.world.plants, self._are_rivals(numbers, sites)
        offers = plants["offer"][sites]
        usual = float(offers.mean()) if len(sites) else 0.0
        cost = or_else(self._context.world.terms_of(numbers)["switching"], self._rules.switching)
        switched = 1.0 + cost[:, None] * ~self._are_approved(numbers, sites)
        dutied, freight = 1.0 + self._landing.duties(numbers, sites), self._landing.freight(numbers, sites)
        room = np.where(are_rivals, plants["room"][sites], 0.0)
        building = plants["dearest_offer"][sites] * switched * dutied + freight
        return Rivals(
            offers=offers * switched * dutied + freight,
            building=np.where(are_rivals, building, np.inf),
            room=room,
            behind=self._behind(numbers, sites) * usual,
            per_capability=self._worth_of_capability[self._context.world.state.lines["supplier"][numbers]] * usual,
            cheapest=np.where(room > 0.0, offers * dutied + freight, np.inf).min(axis=1, initial=np.inf),
        )

    def _behind(self, numbers: Integers, sites: Integers) -> Floats:
        """Return what the supplier of each link is better by than each site, as a share of the price."""
        costs, supplier = self._context.part(UnitCosts), self._context.world.state.lines["supplier"][numbers]
        standing = self._worth_of_capability * costs.capability + np.log(costs.premium)
        return np.asarray(standing[supplier][:, None] - standing[sites])

    @property
    def _worth_of_capability(self) -> Floats:
        """What a unit of capability of each site is worth, as a share of the price; shape (sites,)."""
        return self._rules.capability_value * self._context.world.of_cells("quality_weight")

    def _are_approved(self, numbers: Integers, sites: Integers) -> Flags:
        """Return which sites deliver the same input already; shape (links, sites)."""
        state = self._context.world.state
        which, row = np.unique(state.lines["input"][numbers], return_inverse=True)
        row_of, column_of = _places(which, len(state.inputs)), _places(sites, len(state.sites))
        known = np.flatnonzero((state.lines["active"] == 1) & (state.lines["supplier"] >= 0))
        # One row and one column more, into which all other inputs and sites fall.
        approved = np.zeros((len(which) + 1, len(sites) + 1), dtype=np.bool_)
        approved[row_of[state.lines["input"][known]], column_of[state.lines["supplier"][known]]] = True
        return np.asarray(approved[row, :-1])

    def _are_rivals(self, numbers: Integers, sites: Integers) -> Flags:
        """Return which sites belong to neither side of each link; shape (links, sites)."""
        state = self._context.world.state
        firm, lines = state.sites["firm"], state.lines
        others: Flags = firm[sites] != firm[lines["supplier"][numbers]][:, None]
        others &= firm[sites] != firm[lines["buyer"][numbers]][:, None]
        return others

    def _worth_factors(self) -> Floats:
        """Return by which factor the inputs of each site could become dearer until nothing is left; shape (sites,).

        Plants of the same firm pass on at cost what the last of them sells for.
        """
        world = self._context.world
        lines, money = world.state.lines, world.plants
        sold = np.flatnonzero((lines["supplier"] >= 0) & (lines["active"] == 1))
        seller, share, price = lines["supplier"][sold], lines["share"][sold], lines["price"][sold]
        inside = lines["contract"][sold] == INTRA_FIRM
        weight = np.bincount(seller, share, len(money))
        materials = materials_per_unit(world)
        other = money["variable_cost"] - materials
        buys = (materials > 0.0) & (weight > 0.0)
        factors = np.ones(len(money))
        # Without transfers inside firms the first round is exact.
        for _ in range(_ROUNDS if inside.any() else 1):
            passed = price * np.where(inside, factors[lines["buyer"][sold]], 1.0)
            output = np.divide(np.bincount(seller, share * passed, len(money)), weight, out=other.copy(), where=buys)
            # The inner 1 keeps sites without materials from dividing by 0; the outer one is their factor.
            factors = np.where(buys, worth_of_input(output, other, np.where(buys, materials, 1.0)), 1.0)
        return factors


def _places(named: Integers, count: int) -> Integers:
    """Return where each of *count* numbers, and -1, stands in *named*, one place behind its end for all others."""
    places = np.full(count + 1, len(named))
    places[named] = np.arange(len(named))
    return places


def _blocks(products: Integers) -> Iterator[tuple[int, Integers]]:
    """Yield each product with the positions of some of the links that deliver it, at most `_BLOCK` at a time."""
    for product in np.unique(products).tolist():
        here = np.flatnonzero(products == product)
        for first in range(0, len(here), _BLOCK):
            yield product, here[first : first + _BLOCK]
