"""Witnesses for the fields of own brands and of cells of specialisation."""

from __future__ import annotations

from collections.abc import Mapping

from .network_witnesses import BARGAINING, TEACHING
from .runs import Network, Settings, Witness

CELLS: Settings = {"cells": {}}
"""Cells that mean what the package says."""

TAUGHT_IN_CELLS: Settings = {**CELLS, "components": TEACHING}


def _brands(**changed: object) -> Witness:
    return Witness("brands", {f"markets.world.own_brands.{name}": value for name, value in changed.items()})


BRANDS: Mapping[str, Witness] = {
    "Market.own_brands": Witness("brands", {"markets.world.own_brands": None}),
    "OwnBrands.sites": _brands(sites=["other"]),
    "OwnBrands.cost_per_year": _brands(cost_per_year=1000),
    "OwnBrands.retaliation": _brands(retaliation=0),
    "OwnBrands.cut": _brands(cut=0.1),
    "OwnBrands.cut_days": _brands(cut_days=28),
}


def _cell(network: Network, field: str, value: float, beside: Settings = CELLS) -> Witness:
    return Witness(network, {"cells": {"commodity-mass": {field: value}}}, beside)


_MOVES: Settings = {
    "cells": {"differentiated-mass": {}},
    "knowledge.specialisation": {"review_days": 28, "base": 5, "cost_months": 0},
}
"""Cells into which firms move."""

TERMS: Mapping[str, Witness] = {
    "CellTerms.attainable": _cell("tiny", "attainable", 0.2, TAUGHT_IN_CELLS),
    "CellTerms.learning": _cell("tiny", "learning", 3, TAUGHT_IN_CELLS),
    "CellTerms.churn_per_year": _cell("tiny", "churn_per_year", 1),
    "CellTerms.services_share": _cell("works", "services_share", 0.5),
    "CellTerms.changeover_share": _cell("works", "changeover_share", 0.5),
    "CellTerms.price_sensitivity": _cell("rivals", "price_sensitivity", 2),
    "CellTerms.entry_years": Witness("tiny", {"cells.differentiated-mass.entry_years": 20}, _MOVES),
    "CellTerms.minimum_scale": Witness("tiny", {"cells.differentiated-mass.minimum_scale": 100}, _MOVES),
    "CellTerms.quality_weight": _cell("tiny", "quality_weight", 5, {**CELLS, **BARGAINING}),
    "Product.process": Witness("rivals", {"products.drive.process": "flexible"}, CELLS),
    "Scenario.cells": Witness("tiny", CELLS),
}

OF_SPECIALITIES: Mapping[str, Witness] = {**BRANDS, **TERMS}
