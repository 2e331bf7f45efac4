"""Design: what those can do in product development who design the generations of a brand."""

from __future__ import annotations

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
        able, bought, own = development_capability(self._world), self._purchases(), self._own_sites()
        found: Floats = able[self._world.brands["firm"]]
        # Unlike an index, it keeps the row of each brand in one piece, as exact sums over rows need it.
        spent = np.where(own.take(bought.buyer, axis=1), bought.value, 0.0)
        by_suppliers = np.where(bought.designed, spent, 0.0)
        added = self._world.plants["value_added"] * self._world.plants["mean_demand"]
        for number in np.flatnonzero(by_suppliers.sum(axis=1) > 0.0).tolist():
            designed = float(by_suppliers[number].sum())
            designers = float(by_suppliers[number] @ able[bought.seller]) / designed
            share = designed / (float(added[own[number]].sum()) + float(spent[number].sum()))
            found[number] = design_capability(found[number], designers, share)
        return found

    def _own_sites(self) -> Flags:
        """Return at which sites the firm of each brand makes its product or parts of it; shape (brands, sites)."""
        sites, brands = self._world.state.sites, self._world.brands
        parts = self._within[brands["product"]][:, sites["product"]]
        return np.asarray(parts & (brands["firm"][:, None] == sites["firm"]))

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


def _parts_of(scenario: Scenario) -> Flags:
    """Return for each product which products it consists of, itself included; shape (products, products)."""
    names = list(scenario.products)
    found = np.zeros((len(names), len(names)), dtype=np.bool_)
    for number, name in enumerate(names):
        seen, waiting = {name}, [name]
        while waiting:
            new = scenario.products[waiting.pop()].made_of.keys() - seen
            seen |= new
            waiting += sorted(new)
        found[number] = np.isin(names, sorted(seen))
    return found
