"""What firms pay for: plant and labour, and the currencies in which they pay.

The numbers are assumptions unless their description names a source.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from gpnde.scenario.model import Block


class Plant(Block):
    """What capacity for a product costs: plants have a value, a life, upkeep, and parts made for one generation."""

    cost: float = Field(gt=0, description="Value of a new plant of the reference capacity (money).")
    reference_per_day: float = Field(gt=0, description="Capacity of the reference plant (units/day).")
    scale_exponent: float = Field(
        0.65, gt=0, le=1, description="Exponent of capacity in the value of a plant (six-tenths rule, Moore 1959)."
    )
    life_days: float = Field(gt=0, description="Time in which the value is written off evenly (days).")
    age_share: float = Field(0.5, ge=0, lt=1, description="Share of its life that a plant of day 0 has behind it (1).")
    upkeep_per_year: float = Field(0.06, ge=0, le=1, description="Upkeep, used or idle, as a share of the value (1).")
    interest_per_year: float = Field(
        0.08, ge=0, le=1, description="Charge on half the value in the cost of a unit (1/year)."
    )
    specific_share: float = Field(
        0.12, ge=0, le=1, description="Share made for one product generation, bought again for the next (1)."
    )
    renewed_from_load: float = Field(
        0.5, gt=0, le=1, description="Share of capacity used from which all that has worn is renewed (1)."
    )
    building_days: float = Field(182, ge=0, description="Time from paying for capacity to its first use (days).")


class Labour(Block):
    """How firms hire, keep and let go employees, where products say how many days of labour they take."""

    hired_per_quarter: float = Field(0.3, gt=0, le=10, description="Growth of staff within a quarter at most (1).")
    released_per_quarter: float = Field(0.2, gt=0, le=1, description="Fall of staff within a quarter at most (1).")
    overtime_premium: float = Field(0.5, ge=0, le=5, description="Pay of missing hands above the wage (1).")
    standing_share: float = Field(
        0.2, ge=0, le=1, description="Staff kept at any output, as a share of that at normal load (1)."
    )
    normal_load: float = Field(0.85, gt=0, le=1, description="Share of capacity at which fixed cost is spread (1).")


class Currency(Block):
    """The value of a country's currency in world money: its logarithm returns to its mean (Ornstein-Uhlenbeck)."""

    volatility_per_year: float = Field(ge=0, le=1, description="Deviation of yearly changes (1/year).")
    reversion_per_year: float = Field(0.5, ge=0, le=20, description="Rate at which it returns to its mean (1/year).")
    foreign_debt_share: float = Field(0.0, ge=0, le=1, description="Share of firms' debt that is in world money (1).")

    @model_validator(mode="after")
    def _returns_to_its_mean(self) -> Self:
        if self.volatility_per_year > 0 and self.reversion_per_year == 0:
            raise ValueError("reversion_per_year 0: the rate can come as near to zero as one likes; give one above 0")
        return self
