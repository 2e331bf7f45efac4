"""The public sector of a country: what its institutions, its research and its administration get, and how they change.

Shares have unit 1, rates are per year of 364 days. The numbers are assumptions unless their description names a source.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from gpnde.scenario.model import Block

_FULL = "Budget from which it grows at its full rate (money/year)."


class PublicStock(Block):
    """A public stock that grows by its budget and decays; a country states where it begins."""

    budget_per_year: float = Field(0.0, ge=0, description="What is spent on it (money/year).")
    full_budget_per_year: float | None = Field(None, gt=0, description=_FULL)
    growth_per_year: float = Field(0.1, ge=0, le=10, description="Rate of growth at full budget (1/year).")
    decay_per_year: float = Field(
        0.15,
        ge=0,
        le=10,
        description="Rate of decay (1/year): 0.15 is usual for stocks of research (Griliches, 1998).",
    )

    @property
    def grows(self) -> bool:
        """Whether money lets it grow."""
        return self.budget_per_year > 0 and self.growth_per_year > 0

    @model_validator(mode="after")
    def _a_budget_has_a_measure(self) -> Self:
        if self.grows and self.full_budget_per_year is None:
            raise ValueError(
                f"budget_per_year {self.budget_per_year:g}: give full_budget_per_year, which it is measured by"
            )
        return self


class PublicExpertise(Block):
    """Expertise of an administration: it grows with running policies and evaluating them, and decays."""

    learning_per_year: float = Field(
        0.2, ge=0, le=10, description="Rate of growth while it runs a policy, and again at full evaluation (1/year)."
    )
    evaluation_budget_per_year: float = Field(0.0, ge=0, description="What is spent on evaluation (money/year).")
    full_budget_per_year: float | None = Field(
        None, gt=0, description="Budget from which evaluation adds its full rate (money/year)."
    )
    decay_per_year: float = Field(0.1, ge=0, le=10, description="Rate of decay (1/year).")

    @property
    def evaluates(self) -> bool:
        """Whether money lets it grow."""
        return self.evaluation_budget_per_year > 0 and self.learning_per_year > 0

    @model_validator(mode="after")
    def _a_budget_has_a_measure(self) -> Self:
        if self.evaluates and self.full_budget_per_year is None:
            given = f"evaluation_budget_per_year {self.evaluation_budget_per_year:g}"
            raise ValueError(f"{given}: give full_budget_per_year, which it is measured by")
        return self


class Public(Block):
    """What changes about the public sector of a country; what is left out stays as it is."""

    institutions: PublicStock | None = Field(None, description="Left out: institutions stay as they are.")
    research: PublicStock | None = Field(None, description="Moves the frontier; left out: it stays where it is.")
    expertise: PublicExpertise | None = Field(None, description="Left out: public_expertise stays as it is.")
