"""What each cell of specialisation means in a scenario: one record per cell, in the order of `gpnde.cells.CELLS`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gpnde.cells import CELLS, PROCESSES, TYPES, Cell, cell_number
from gpnde.scenario.cells import CellTerms
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Integers, Records

_FIELDS = tuple(CellTerms.model_fields)

CELL_TERMS = np.dtype([(name, "f8") for name in _FIELDS])
"""A cell as what it means to those who make and buy there."""


def cell_terms(scenario: Scenario) -> Records:
    """Return what each cell means in a scenario; without the block cells all mean the same. Shape (cells,)."""
    given = scenario.cells
    if given is None:
        found = [Cell(cell.type, cell.process, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0) for cell in CELLS]
    else:
        found = [replace(cell, **_stated(given.get(cell.name, CellTerms()))) for cell in CELLS]
    return np.array([tuple(getattr(cell, name) for name in _FIELDS) for cell in found], dtype=CELL_TERMS)


def _stated(terms: CellTerms) -> dict[str, Any]:
    return {name: value for name, value in terms if value is not None}


def cells_of_sites(scenario: Scenario) -> Integers:
    """Return the cell in which each site of a scenario begins, by the product that it makes; shape (sites,)."""
    products = scenario.products
    return np.array(
        [cell_number(products[site.product].type, products[site.product].process) for site in scenario.sites],
        dtype=np.int64,
    )


def differentiated(cells: Integers) -> Integers:
    """Return the cells in which the same processes make differentiated products.

    >>> [CELLS[cell].name for cell in differentiated(np.array([0, 1, 3]))]
    ['differentiated-mass', 'differentiated-flexible', 'differentiated-flexible']
    """
    return len(PROCESSES) * (len(TYPES) - 1) + cells % len(PROCESSES)
