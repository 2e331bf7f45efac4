"""What it means to make a kind of product in a way, as far as a scenario wants it otherwise than the package."""

from __future__ import annotations

from pydantic import Field

from gpnde.scenario.model import Block


class CellTerms(Block):
    """Terms of a cell of specialisation; what is left out is as the package has it."""

    attainable: float | None = Field(
        None, ge=0, le=1, description="Knowledge that firms can reach by learning, relative to the frontier (1)."
    )
    learning: float | None = Field(
        None, ge=0, le=100, description="Factor on the rate at which firms internalise what they are taught (1)."
    )
    churn_per_year: float | None = Field(
        None, ge=0, le=10, description="Part of what firms know that new requirements make useless (1/year)."
    )
    services_share: float | None = Field(
        None, ge=0, le=5, description="Services that are bought in, as a share of the cost of a unit (1)."
    )
    changeover_share: float | None = Field(
        None, ge=0, le=5, description="Cost of changing over between variants, as a share of the cost of a unit (1)."
    )
    price_sensitivity: float | None = Field(
        None, gt=0, le=100, description="Factor on how sensitive buyers of final markets are to prices (1)."
    )
    quality_weight: float | None = Field(
        None, ge=0, le=100, description="Factor on what capability is worth to buyers who bargain (1)."
    )
    entry_years: float | None = Field(
        None, ge=0, le=20, description="Cost of moving into the cell, in sales of the firm, beside its shift (years)."
    )
    minimum_scale: float | None = Field(
        None,
        ge=0,
        le=100,
        description="Output over the mean of makers of a product that a firm needs to move into the cell (1).",
    )
