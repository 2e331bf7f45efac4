"""What firms pay for: plant, labour and currencies, and how the prices of supplies are agreed.

The numbers are assumptions unless their description names a source.
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from gpnde.scenario.model import Block, refuse_unused


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


class Task(Block):
    """What it takes to do one function for a unit of a product."""

    labour_days: float = Field(ge=0, description="Labour per unit started, at the reference capability (days).")
    plant: Plant | None = Field(None, description="What capacity for it costs.")


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


_USERS: dict[str, tuple[str, ...]] = dict.fromkeys(
    (
        "review_days",
        "lead_weight",
        "lower_weight",
        "switching",
        "capability_value",
        "own_load_weight",
        "idle_load",
        "load_range",
        "most_fixed",
        "tender_share",
        "quoted_in",
    ),
    ("bargaining",),
)
"""The rules of pricing that use each field that not all of them use."""


class Pricing(Block):
    """How prices between firms come about: from cost and a markup, or by bargaining over cost and outside options."""

    rule: Literal["cost-plus", "bargaining"] = Field(
        "cost-plus", description="Cost and the product's margin, or a Nash split between cost and the outside option."
    )
    review_days: float = Field(91, gt=0, description="Time between renegotiations (days).")
    lead_weight: float = Field(0.5, ge=0, le=1, description="Share of the gain that a lead supplier gets (1).")
    lower_weight: float = Field(0.25, ge=0, le=1, description="Share of the gain that other suppliers get (1).")
    switching: float = Field(
        0.08, ge=0, le=5, description="Cost of switching to a supplier that is not approved, as a share of price (1)."
    )
    capability_value: float = Field(
        0.3,
        ge=0,
        le=5,
        description="Worth of a unit of the supplier's capability to the buyer, as a share of price (1).",
    )
    own_load_weight: float = Field(0.3, ge=0, le=1, description="Weight of own load beside that of rivals (1).")
    idle_load: float = Field(0.5, ge=0, le=1, description="Load up to which offers leave out fixed cost (1).")
    load_range: float = Field(0.35, gt=0, le=2, description="Rise of load that brings all of fixed cost in (1).")
    most_fixed: float = Field(
        1.6, ge=0, le=10, description="Fixed cost that offers ask for at most, times its own (1)."
    )
    tender_share: float = Field(
        0.15, ge=0, le=1, description="Chance that a link is put out to tender at a review (1)."
    )
    quoted_in: Literal["world", "seller"] = Field(
        "world", description="Between reviews prices stand still in world money, or in the seller's currency."
    )

    @model_validator(mode="before")
    @classmethod
    def _a_word_names_the_rule(cls, given: Any) -> Any:
        return {"rule": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _rule_uses_what_was_given(self) -> Self:
        refuse_unused(self, f"rule {self.rule!r}", _USERS)
        return self

    def unused(self) -> tuple[str, ...]:
        """Return the fields that the rule does not use."""
        return tuple(name for name, rules in _USERS.items() if self.rule not in rules)
