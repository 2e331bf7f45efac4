"""Cells of specialisation: what is made, commodities or differentiated products, and how, in mass or flexibly.

One record each (the matrix: Ernst, section 2.4); their numbers are assumptions, of which the order of cells is what
counts. A scenario states its own under ``cells``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

ProductType = Literal["commodity", "differentiated"]
ProductionProcess = Literal["mass", "flexible"]

TYPES: tuple[ProductType, ...] = get_args(ProductType)
PROCESSES: tuple[ProductionProcess, ...] = get_args(ProductionProcess)


@dataclass(frozen=True)
class Cell:
    """A cell of the matrix."""

    type: ProductType
    process: ProductionProcess
    attainable: float
    """Knowledge that firms can reach by learning, relative to the frontier."""
    learning: float
    """Factor on the rate at which firms internalise what they are taught."""
    churn_per_year: float
    """Part of what firms know that new requirements make useless (1/year)."""
    services_share: float
    """Services that are bought in, as a share of the cost of a unit."""
    changeover_share: float
    """Cost of changing over between variants, as a share of the cost of a unit."""
    price_sensitivity: float
    """Factor on how sensitive the buyers of final markets are to prices."""
    quality_weight: float
    """Factor on what a unit of capability is worth to buyers who bargain."""
    entry_years: float = 0.0
    """Cost of moving into the cell, in years of what the firm sells (1 year of 364 days)."""
    minimum_scale: float = 0.0
    """Output of a firm over the mean of those who make its product, below which it cannot move into the cell."""

    @property
    def name(self) -> str:
        """Its name in scenarios, such as ``commodity-mass``."""
        return f"{self.type}-{self.process}"


CELLS = (
    Cell("commodity", "mass", 0.55, 1.0, 0.04, 0.03, 0.005, 1.0, 1.0),
    Cell("commodity", "flexible", 0.7, 1.4, 0.08, 0.07, 0.02, 0.64, 1.8),
    Cell("differentiated", "mass", 0.8, 1.6, 0.1, 0.09, 0.01, 0.4, 3.0),
    Cell("differentiated", "flexible", 0.97, 2.2, 0.16, 0.15, 0.03, 0.24, 4.0),
)
"""All cells, by number."""

if TYPE_CHECKING:
    CellName = str
else:
    CellName = Literal[tuple(cell.name for cell in CELLS)]
"""The name of a cell."""


def cell_number(type: ProductType, process: ProductionProcess) -> int:
    """Return the number of a cell.

    >>> CELLS[cell_number("differentiated", "mass")].name
    'differentiated-mass'
    """
    return len(PROCESSES) * TYPES.index(type) + PROCESSES.index(process)
