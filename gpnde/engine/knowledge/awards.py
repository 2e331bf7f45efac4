"""Awards: which buyers gain by handing the tasks of a contract to a supplier, in the place of doing them themselves."""

from __future__ import annotations

import numpy as np

from gpnde.contracts import EARNED, functions_to_earn
from gpnde.mechanics.upgrading import gain_of_handing_over
from gpnde.world.layout import Flags, Floats, Integers
from gpnde.world.world import World

_NEEDED = functions_to_earn()
"""Functions that each contract in `EARNED` asks for."""


def links_by_functions(world: World) -> Integers:
    """Return the links whose contracts follow from the functions of suppliers."""
    lines = world.state.lines
    found = (lines["supplier"] >= 0) & (lines["buyer"] >= 0) & (lines["active"] == 1)
    return np.flatnonzero(found & np.isin(lines["contract"], EARNED))


class Awards:
    """Compares suppliers with their customers, contract by contract and link by link."""

    def __init__(self, world: World, effect: float) -> None:
        """Take the *effect* of capability on productivity."""
        self._world, self._effect = world, effect

    def wanted(self, capability: Floats, links: Integers) -> Flags:
        """Return which functions the buyers of *links* would leave to their suppliers; shape (links, functions).

        A function is left where some contract that asks for it brings the buyer a gain.
        """
        left = (self.given(capability, links)[:, :, None] & _NEEDED).any(axis=1)
        return np.asarray(left | ~_NEEDED.any(axis=0))

    def given(self, capability: Floats, links: Integers) -> Flags:
        """Return which contracts of `EARNED` each buyer gives: those it gains by, and those that ask for no function.

        Shape (links, contracts).
        """
        return np.asarray((self.gains(capability, links) > 0.0) | ~_NEEDED.any(axis=1))

    def gains(self, capability: Floats, links: Integers) -> Floats:
        """Return what each contract of `EARNED` would bring the buyer of each link, a share of the price."""
        world = self._world
        rows, terms = world.state.lines[links], world.terms[EARNED]
        owner = world.state.sites["firm"]
        able = [capability[owner[rows[side]]] @ _share_of_functions() for side in ("supplier", "buyer")]
        ahead, wages = able[0] - able[1], self._wages(rows["supplier"], rows["buyer"])
        return gain_of_handing_over(terms["task_share"], wages[:, None], ahead, self._effect, terms["buyer_gain"])

    def _wages(self, supplier: Integers, buyer: Integers) -> Floats:
        """Return the wages of suppliers over those of buyers in world money; 1 where one of them pays none."""
        paid = self._world.factories["wage"] * self._world.site_exchange_rates
        known = (paid[supplier] > 0.0) & (paid[buyer] > 0.0)
        return np.divide(paid[supplier], paid[buyer], out=np.ones(len(supplier)), where=known)


def _share_of_functions() -> Floats:
    """Return the weights of functions in the tasks of each contract: equal for those that it asks for."""
    # A contract that asks for no function would divide by 0.
    return np.asarray((_NEEDED / np.maximum(_NEEDED.sum(axis=1, keepdims=True), 1)).T)
