"""What is kept of costs period by period, and the rates that all sites have in common."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from gpnde.scenario.model import Block

SITE_RATES = ("holding_cost", "pipeline_cost", "stockout_cost", "shortage_cost", "order_cost", "disposal_cost")
"""Fields of sites that say what something costs."""


class Costs(Block):
    """Costs by kind, site and link in every period; where there is finance, firms pay them as well.

    The rates are assumptions of whoever gives them: by default nothing is charged that sites and links do not state.
    """

    every_days: float = Field(28, gt=0, description="Time between rows of the table of costs (days).")
    holding_per_year: float = Field(
        0,
        ge=0,
        le=10,
        description="Cost of a unit held for a year as a share of its unit cost, where its site gives none (1/year).",
    )
    pipeline_per_year: float = Field(
        0,
        ge=0,
        le=10,
        description="Cost of a unit on the way for a year as a share of its unit cost, where its site gives none "
        "(1/year).",
    )
    capital_per_year: float = Field(
        0,
        ge=0,
        le=10,
        description="Charge for the capital in stock and on the way as a share of unit cost, which nobody pays "
        "(1/year).",
    )

    def rates(self) -> Iterator[float]:
        """Yield the rates that are given here for all sites (1/year)."""
        yield from (self.holding_per_year, self.pipeline_per_year, self.capital_per_year)
