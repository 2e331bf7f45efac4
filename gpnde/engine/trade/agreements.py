"""The table of agreements: a row for every link whose price was agreed upon, at every review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gpnde.engine.context import Columns
from gpnde.mechanics.bargaining import package_price
from gpnde.results.tables import Coded
from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World

_FIGURES = ("day", "offer", "outside_option", "variable_cost", "price")


class Agreements:
    """Keeps the rows of the table of agreements."""

    def __init__(self, world: World) -> None:
        """Begin without rows."""
        self._world = world
        self._rows: list[Mapping[str, Any]] = []

    def note(self, day: float, numbers: Integers, options: Floats) -> None:
        """Add a row for each of the links *numbers*, with the outside *options* of their buyers."""
        lines, plants = self._world.state.lines, self._world.plants
        supplier = lines["supplier"][numbers]
        self._rows.append(
            {
                "supplier": supplier,
                "buyer": lines["buyer"][numbers],
                "day": np.full(len(numbers), day),
                "offer": package_price(plants["offer"][supplier], self._world.terms_of(numbers)["package_margin"]),
                "outside_option": options,
                "variable_cost": plants["variable_cost"][supplier],
                "price": lines["price"][numbers],
            }
        )

    def columns(self) -> Columns:
        """Return the rows as columns."""
        names, sites = self._world.names, self._world.state.sites
        supplier = self._whole("supplier").astype(np.int64)
        return {
            "supplier": Coded(supplier, names.sites),
            "buyer": Coded(self._whole("buyer").astype(np.int64), names.sites),
            "product": Coded(sites["product"][supplier].astype(np.int64), names.products),
            "tier": sites["tier"][supplier],
            **{name: self._whole(name) for name in _FIGURES},
        }

    def _whole(self, name: str) -> Floats:
        # The empty array makes this work before anything was agreed upon.
        return np.concatenate([np.zeros(0), *(rows[name] for rows in self._rows)])
