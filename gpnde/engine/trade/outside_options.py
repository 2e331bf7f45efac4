"""Outside options: what the buyer of each link would pay if it had to replace its supplier."""

from __future__ import annotations

import numpy as np

from gpnde.contracts import INTRA_FIRM
from gpnde.engine.context import RunContext
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.trade.landing import Landing
from gpnde.engine.trade.offers import Offers
from gpnde.mechanics.bargaining import replacement_cost, worth_of_input
from gpnde.scenario.economy import Pricing
from gpnde.world.layout import Flags, Floats, Integers

_ROUNDS = 4
"""Plants of one firm through which the price of the last is passed on to the first."""

_LEAST = 1e-12


class OutsideOptions:
    """Looks for every link at what rivals ask and have room for, and at what its buyer can pay at most."""

    def __init__(self, context: RunContext, rules: Pricing, offers: Offers) -> None:
        """Compare what *offers* holds."""
        self._context, self._rules, self._offers = context, rules, offers
        self._landing = Landing(context)

    def of(self, numbers: Integers, volume: Floats) -> Floats:
        """Return the outside option of the buyer of each link, as a price before its own duties and freight (money).

        *volume* is what each link delivers (units per tick).
        """
        world = self._context.world
        worth = (world.landed * self._worth_factors()[world.state.lines["buyer"]])[numbers]
        landed = np.zeros(len(numbers))
        product = world.state.lines["product"][numbers]
        for each in np.unique(product).tolist():
            here = np.flatnonzero(product == each)
            landed[here] = self._of_product(numbers[here], int(each), volume[here], worth[here])
        money = world.money[numbers]
        return np.asarray(np.maximum(landed - money["freight"], 0.0) / (1.0 + money["tariff"]))

    def _of_product(self, numbers: Integers, product: int, volume: Floats, worth: Floats) -> Floats:
        """Return the outside options for links that deliver one *product*, as landed prices.

        A rival that has no more room would have to build: nobody pays more than what the cheapest would ask then.
        """
        sites = self._offers.makers(product)
        plants, rivals = self._context.world.plants[sites], self._are_rivals(numbers, sites)
        building = np.where(rivals, self._landed(numbers, sites, plants["dearest_offer"]), np.inf)
        worth = np.minimum(worth, building.min(axis=1, initial=np.inf))
        room = np.where(rivals, plants["room"], 0.0)
        offers = self._landed(numbers, sites, plants["offer"])
        return replacement_cost(offers, room, np.maximum(volume, _LEAST), worth)

    def _landed(self, numbers: Integers, sites: Integers, asked: Floats) -> Floats:
        """Return what a unit of each site would cost the buyer of each link, the worth of better suppliers deducted.

        *asked* is the price at each site; shape (links, sites), in money.
        """
        world = self._context.world
        price = asked * (1.0 + self._rules.switching * ~self._are_approved(numbers, sites))
        landed = price * (1.0 + self._landing.duties(numbers, sites)) + self._landing.freight(numbers, sites)
        able = self._context.part(UnitCosts).capability
        behind = able[world.state.lines["supplier"][numbers]][:, None] - able[sites]
        usual = float(asked.mean()) if len(asked) else 0.0
        return np.asarray(np.maximum(landed + self._rules.capability_value * usual * behind, 0.0))

    def _are_approved(self, numbers: Integers, sites: Integers) -> Flags:
        """Return which sites deliver the same input already; shape (links, sites)."""
        lines = self._context.world.state.lines
        items = lines["input"][numbers]
        known = np.flatnonzero((lines["active"] == 1) & (lines["supplier"] >= 0) & np.isin(lines["input"], items))
        which, row = np.unique(items, return_inverse=True)
        approved = np.zeros((len(which), len(self._context.world.state.sites)), dtype=np.bool_)
        approved[np.searchsorted(which, lines["input"][known]), lines["supplier"][known]] = True
        return approved[row][:, sites]

    def _are_rivals(self, numbers: Integers, sites: Integers) -> Flags:
        """Return which sites belong to neither side of each link; shape (links, sites)."""
        state = self._context.world.state
        firm, lines = state.sites["firm"], state.lines[numbers]
        others: Flags = firm[sites] != firm[lines["supplier"]][:, None]
        others &= firm[sites] != firm[lines["buyer"]][:, None]
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
        materials = self._context.part(UnitCosts).materials()
        other = money["variable_cost"] - materials
        buys = (materials > 0.0) & (weight > 0.0)
        factors = np.ones(len(money))
        for _ in range(_ROUNDS if inside.any() else 1):
            passed = price * np.where(inside, factors[lines["buyer"][sold]], 1.0)
            output = np.divide(np.bincount(seller, share * passed, len(money)), weight, out=other.copy(), where=buys)
            factors = np.where(buys, worth_of_input(output, other, np.where(buys, materials, 1.0)), 1.0)
        return factors
