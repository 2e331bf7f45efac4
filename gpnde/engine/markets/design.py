"""Design: what those can do in product development who design the generations of a brand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from gpnde.contracts import DESIGNED_BY_SUPPLIER
from gpnde.mechanics.internalisation import capability
from gpnde.mechanics.rivalry import design_capability
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import CODIFIED, FUNCTIONS, TACIT
from gpnde.world.knowledge import opening_knowledge
from gpnde.world.layout import Flags, Floats, Integers
from gpnde.world.world import World

PRODUCT_DEVELOPMENT = FUNCTIONS.index("product_dev")


def development_capability(world: World) -> Floats:
    """Return what each firm can do in product development; that of day 0 without rules for knowledge."""
    state, rules = world.knowledge, world.scenario.knowledge
    if state is None or rules is None:
        return np.array([opening_knowledge(firm)[PRODUCT_DEVELOPMENT] for firm in world.scenario.firms])
    stock = state.stock[:, :, PRODUCT_DEVELOPMENT]
    return capability(stock[CODIFIED], stock[TACIT], rules.codified_weights["product_dev"])


class _Purchases(NamedTuple):
    """What firms with brands buy from others, a row for each link."""

    buyer: Integers
    """Buying site."""
    seller: Integers
    """Selling firm."""
    value: Floats
    """Of what is bought per day, at the flow that was expected (money)."""
    designed: Flags
    """Whether the seller designs it."""


class Designers:
    """Finds out who designs the products of brands: their firms, and suppliers whose contracts say so."""

    def __init__(self, world: World) -> None:
        """Look up what products are made of."""
        self._world = world
        self._within = _parts_of(world.scenario)

    def abilities(self) -> Floats:
        """Return the capability behind the design of each brand, that of its firm and of suppliers by value added."""
        able, bought = development_capability(self._world), self._purchases()
        brands = self._world.brands[["firm", "product"]].tolist()
        return np.array([self._ability(firm, self._within[product], able, bought) for firm, product in brands])

    def _purchases(self) -> _Purchases:
        state, mean_demand = self._world.state, self._world.plants["mean_demand"]
        lines, owner = state.lines, state.sites["firm"]
        inside = np.flatnonzero((lines["input"] >= 0) & (lines["supplier"] >= 0) & (lines["active"] == 1))
        buyer, seller = owner[lines["buyer"][inside]], owner[lines["supplier"][inside]]
        has_brand = np.zeros(len(self._world.firms), dtype=np.bool_)
        has_brand[self._world.brands["firm"]] = True
        counted = has_brand[buyer] & (buyer != seller)
        numbers = inside[counted]
        share, price, buyers = lines["share"][numbers], lines["price"][numbers], lines["buyer"][numbers]
        units = share * state.inputs["per_unit"][lines["input"][numbers]] * mean_demand[buyers]
        designed = DESIGNED_BY_SUPPLIER[lines["contract"][numbers]]
        return _Purchases(buyers.astype(np.int64), seller[counted], units * price, designed)

    def _ability(self, firm: int, within: Flags, able: Floats, bought: _Purchases) -> float:
        """Return the capability behind the design of a product of a firm, which consists of the products *within*."""
        sites, plants = self._world.state.sites, self._world.plants
        own = (sites["firm"] == firm) & within[sites["product"]]
        mine = own[bought.buyer]
        by_suppliers = np.where(mine & bought.designed, bought.value, 0.0)
        total = float(by_suppliers.sum())
        if total <= 0.0:
            return float(able[firm])
        added = float((plants["value_added"] * plants["mean_demand"])[own].sum())
        spent = np.where(mine, bought.value, 0.0)
        designers = float(by_suppliers @ able[bought.seller]) / total
        return float(design_capability(able[firm], designers, total / (added + float(spent.sum()))))


def _parts_of(scenario: Scenario) -> Mapping[int, Flags]:
    """Return for each product which products it consists of, itself included; shape of each (products,)."""
    names = list(scenario.products)
    found: dict[int, Flags] = {}
    for number, name in enumerate(names):
        seen, waiting = {name}, [name]
        while waiting:
            new = scenario.products[waiting.pop()].made_of.keys() - seen
            seen |= new
            waiting += sorted(new)
        found[number] = np.isin(names, sorted(seen))
    return found
