"""What firms know and how they learn: absorption, the effects of capability, effort and functional upgrading.

Shares and factors have unit 1. The numbers of the blocks are assumptions unless their description names a source.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from gpnde.scenario.economy import Currency
from gpnde.scenario.model import Block
from gpnde.scenario.public import Public
from gpnde.vocabulary import FUNCTIONS, Function


class Absorption(Block):
    """Rates at which transferred knowledge is internalised or goes stale."""

    internalised_per_month: float = Field(0.35, ge=0, le=10, description="Rate at full absorptive capacity (1/month).")
    stale_per_month: float = Field(0.10, ge=0, le=10, description="Rate at which receipts go stale (1/month).")
    sensitivity: float = Field(2.2, ge=0, le=50, description="Effect of prior knowledge times effort (1).")
    base_prior: float = Field(0.15, ge=0, le=1, description="Prior knowledge that every firm has (1).")
    base_effort: float = Field(0.2, ge=0, le=1, description="Effort that every firm makes (1).")
    gap_response: Literal["exponential", "logistic"] = Field(
        "exponential",
        description="How the gap to teachers slows learning: Verspagen (1991), or Benhabib and Spiegel (2005).",
    )
    tolerance: float = Field(
        0.35, gt=0, le=10, description="Gap to its teachers that a firm without knowledge can bridge (1)."
    )
    tolerance_slope: float = Field(0.9, ge=0, le=10, description="Further gap per unit of mean capability (1).")


class Effects(Block):
    """What capability does to yield, cost, lead time and response, relative to what it was on day 0."""

    productivity: float = Field(
        0.3, ge=0, le=2, description="Log productivity per unit of capability in the function (1)."
    )
    reference_capability: float = Field(
        0.5, ge=0, le=1, description="Capability at which products take the labour that they state (1)."
    )
    cost_passed_on: float = Field(0.5, ge=0, le=1, description="Share of a change in cost that goes into the price.")
    lowest_yield: float = Field(0.70, gt=0, lt=1, description="Yield of a complex product without capability (1).")
    highest_yield: float = Field(0.99, gt=0, lt=1, description="Yield with full capability (1).")
    yield_curvature: float = Field(1.0, gt=0, le=5, description="Exponent of the capability that is missing (1).")
    lead_time: float = Field(0.2, ge=0, lt=1, description="Share of the lead time that coordination can save (1).")
    response: float = Field(1.0, ge=0, le=10, description="Log response time saved per unit of coordination (1).")

    @model_validator(mode="after")
    def _yields_are_in_order(self) -> Self:
        if self.lowest_yield >= self.highest_yield:
            raise ValueError(f"lowest_yield {self.lowest_yield:g}: must be below highest_yield {self.highest_yield:g}")
        return self


class Effort(Block):
    """How much firms spend on learning: by net present value under threat, or a fixed level."""

    fixed: float | None = Field(None, ge=0, le=1, description="Effort of every firm; left out: firms choose it.")
    review_days: float = Field(91, gt=0, description="Time between choices of effort (days).")
    cost_share: float = Field(0.04, ge=0, le=1, description="Cost of full effort as a share of revenue (1).")
    discount_per_year: float = Field(0.08, gt=0, le=5, description="Discount rate of the firm (1/year).")
    base_horizon_days: float = Field(1456, gt=0, le=36400, description="Horizon without commitment (days).")
    commitment_counts: bool = Field(True, description="Commitment lengthens the horizon.")
    score_spread: float = Field(0.08, gt=0, le=1, description="Uncertainty of the firm about its score (1).")
    research_per_month: float = Field(0.01, ge=0, le=1, description="Own creation at full effort (1/month).")


_THRESHOLDS: dict[Function, float] = {
    "sales_distribution": 0.25,
    "assembly_test": 0.25,
    "component_mfg": 0.35,
    "engineering": 0.45,
    "product_dev": 0.55,
    "system_integration": 0.65,
    "sc_coordination": 0.45,
    "strategic_marketing": 0.5,
}


class Upgrading(Block):
    """When a firm takes on a further function, and when it loses one."""

    thresholds: dict[Function, float] = Field(
        default_factory=lambda: dict(_THRESHOLDS), description="Capability needed to take on each function (1)."
    )
    rule: Literal["concurrent", "sequential"] = Field(
        "concurrent", description="Any function within reach, or only the next rung of the ladder."
    )
    awarded_by: Literal["score", "buyers"] = Field(
        "score",
        description="Any customer, by the score alone, or only those who gain by handing over, link by link.",
    )
    review_days: float = Field(91, gt=0, description="Time between reviews (days).")
    cost_months: float = Field(1.0, ge=0, le=120, description="Investment in a function (months of cost).")
    award_score: float = Field(0.6, ge=0, le=1, description="Score from which a buyer awards a function (1).")
    award_chance: float = Field(0.25, ge=0, le=1, description="Chance of an award at each review (1).")
    lapse_margin: float = Field(0.1, ge=0, le=1, description="Fall below the threshold that loses a function (1).")
    price_gain: float = Field(0.02, ge=0, le=1, description="Rise of the price per further function (1).")
    brand_harshness: float = Field(1.5, ge=0, le=10, description="How hard markets are to brands that lag (1).")

    @model_validator(mode="after")
    def _every_function_has_a_threshold(self) -> Self:
        for name, value in self.thresholds.items():
            if not 0 <= value <= 1:
                raise ValueError(f"thresholds.{name} = {value:g}: must be between 0 and 1")
        missing = [name for name in FUNCTIONS if name not in self.thresholds]
        if missing:
            raise ValueError(f"thresholds without {', '.join(missing)}: give all functions a threshold")
        return self


class Specialisation(Block):
    """The shift of a supplier from commodities to differentiated products, and what it costs (Ernst, section 2.4)."""

    review_days: float = Field(364, gt=0, description="Time between decisions (days).")
    cost_months: float = Field(6, ge=0, le=240, description="Investment in the shift (months of cost).")
    price_gain: float = Field(0.12, ge=0, le=2, description="Rise of the price after a success (1).")
    dip: float = Field(0.2, ge=0, lt=1, description="Share of capacity lost when the transition begins (1).")
    transition_days: float = Field(364, gt=0, description="Length of the transition (days).")
    base: float = Field(-2.0, ge=-20, le=20, description="Log odds of success without knowledge and linkages (1).")
    capability_weight: float = Field(3.0, ge=0, le=50, description="Log odds per unit of mean capability (1).")
    linkage_weight: float = Field(0.3, ge=0, le=50, description="Log odds per firm that it is linked with (1).")
    horizon_days: float = Field(1092, gt=0, description="Time over which the firm counts the gain (days).")


_CODIFIED_WEIGHTS: dict[Function, float] = {
    "sales_distribution": 0.75,
    "assembly_test": 0.75,
    "component_mfg": 0.65,
    "engineering": 0.5,
    "product_dev": 0.35,
    "system_integration": 0.25,
    "sc_coordination": 0.5,
    "strategic_marketing": 0.3,
}


class Knowledge(Block):
    """The knowledge side of a scenario; without this block, or switched off, goods and money flow alone."""

    enabled: bool = True
    period_days: float = Field(28, gt=0, description="Time between steps of learning (days).")
    record_days: float = Field(91, gt=0, description="Time between rows of the table of knowledge (days).")
    frontier_drift_per_year: float = Field(
        0.05, ge=0, le=1, description="Rate at which the frontier moves away from what firms know (1/year)."
    )
    trust_growth_per_year: float = Field(0.1, ge=0, le=5, description="Rate at which trust of a link grows (1/year).")
    lower_tier_access: float = Field(
        0.25, ge=0, le=1, description="Access of lower-tier suppliers to the knowledge of their buyers (1)."
    )
    codified_weights: dict[Function, float] = Field(
        default_factory=lambda: dict(_CODIFIED_WEIGHTS), description="Weight of codified knowledge in capability (1)."
    )
    absorption: Absorption = Field(default_factory=Absorption)
    effects: Effects = Field(default_factory=Effects)
    effort: Effort = Field(default_factory=Effort)
    upgrading: Upgrading = Field(default_factory=Upgrading)
    specialisation: Specialisation | None = Field(None, description="Left out: no shifts.")

    @model_validator(mode="after")
    def _every_function_has_a_weight(self) -> Self:
        for name, value in self.codified_weights.items():
            if not 0 <= value <= 1:
                raise ValueError(f"codified_weights.{name} = {value:g}: must be between 0 and 1")
        missing = [name for name in FUNCTIONS if name not in self.codified_weights]
        if missing:
            raise ValueError(f"codified_weights without {', '.join(missing)}: give all functions a weight")
        return self


class Country(Block):
    """A country: how far its research can reach, its institutions, its state and its conditions of finance."""

    name: str = Field(min_length=1, description="Unique name; clusters name their country.")
    frontier: float = Field(1.0, gt=0, le=1, description="Highest knowledge that own research reaches (1).")
    institutions: float = Field(0.0, ge=0, le=1, description="Help of the innovation system with learning (1).")
    credit: float = Field(1.0, ge=0, le=1, description="Share of its credit line that a firm may invest (1).")
    public_expertise: float = Field(0.5, ge=0, le=1, description="Expertise of the public sector (1).")
    currency: Currency | None = Field(None, description="A currency whose value moves; left out: world money.")
    public: Public | None = Field(
        None, description="Budgets that move frontier, institutions and public_expertise; left out: they stay."
    )
    profit_tax: float = Field(0.0, ge=0, lt=1, description="Share of their profit that firms pay to the state (1).")


class Peer(Block):
    """Two firms whose people know each other across the network's links."""

    first: str = Field(description="A firm.")
    second: str = Field(description="Another firm.")
    strength: float = Field(1.0, ge=0, le=1, description="Strength of the tie (1).")
