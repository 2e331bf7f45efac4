"""The rules that firms follow: the clock, selection of suppliers, finance and what is recorded."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import Field, field_validator, model_validator

from gpnde.scenario.law import Law, fixed
from gpnde.scenario.model import Block

Step = Literal["receive", "demand", "supply", "order"]
"""receive: goods arrive; demand: markets buy; supply: produce, then ship; order: review and place orders."""


MAX_DAYS = 1_000_000
MAX_TICKS = 100_000_000


class Clock(Block):
    """Simulated time: the horizon, the tick to which due times are rounded up, and the order of steps in a tick."""

    start: datetime.date = Field(datetime.date(2000, 1, 1), description="Calendar date of day 0.")
    days: float = Field(364, gt=0, le=MAX_DAYS, description="Horizon (days).")
    tick_days: float = Field(1, gt=0, description="Resolution of time (days).")
    warm_up_days: float = Field(
        0, ge=0, le=MAX_DAYS, description="Time from day 0 that metrics leave out, rounded up to a tick (days)."
    )
    steps: tuple[Step, Step, Step, Step] = Field(
        ("receive", "demand", "supply", "order"), description="What happens at one instant, in this order."
    )

    @field_validator("steps")
    @classmethod
    def _each_step_once(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        if len(set(steps)) != len(steps):
            raise ValueError(f"{', '.join(steps)}: name receive, demand, supply and order once each")
        return steps

    @model_validator(mode="after")
    def _horizon_is_within_reach(self) -> Clock:
        if self.days / self.tick_days > MAX_TICKS:
            raise ValueError(f"{self.days:g} days in ticks of {self.tick_days:g}: at most {MAX_TICKS:,} ticks")
        if self.tick_days > self.days:
            raise ValueError(f"tick_days {self.tick_days:g} is above days {self.days:g}: give a shorter tick")
        return self

    @model_validator(mode="after")
    def _something_is_measured(self) -> Clock:
        if self.warm_up_days > self.days - self.tick_days:
            text = f"warm_up_days {self.warm_up_days:g} leaves nothing of days {self.days:g} to measure"
            raise ValueError(f"{text}: give at most {self.days - self.tick_days:g}, or more days")
        return self


class Quotation(Block):
    """The request for quotation that replaces a dropped supplier (bids after the deadline are rejected)."""

    deadline_hours: float = Field(24, gt=0, description="Time until bids close (hours).")
    response_hours: float = Field(36, gt=0, description="Median time in which a firm answers (hours).")
    response_sigma: float = Field(0.6, ge=0, description="Spread of the logarithm of the answer time (1).")
    digital_index: float = Field(0, ge=0, le=1, description="How far firms exchange data digitally, 0 to 1.")
    digital_effect: float = Field(
        0.5, ge=0, le=5, description="Fall of the logarithm of the answer time at digital index 1 (1)."
    )
    bidders: int = Field(8, ge=1, le=1_000_000, description="Candidates asked at most.")
    retry_days: float = Field(28, gt=0, description="Time until the next request if nobody answers in time (days).")


StrikeRule = Literal["absolute", "relative"]


class Weights(Block):
    """What the scorecard weighs; the weights are scaled to sum to 1."""

    delivery: float = Field(0.35, ge=0)
    quality: float = Field(0.30, ge=0)
    price: float = Field(0.20, ge=0)
    response: float = Field(0.15, ge=0)

    @model_validator(mode="after")
    def _not_all_zero(self) -> Weights:
        if self.delivery + self.quality + self.price + self.response <= 0:
            raise ValueError("all weights are 0: give at least one above 0")
        return self


class Governance(Block):
    """How a buyer judges its suppliers, what it binds itself to, and what it teaches them."""

    threshold: float = Field(0.5, ge=0, le=1, description="Score below which a supplier takes a strike (1).")
    strikes: int = Field(2, ge=1, le=1_000_000, description="Strikes in a row that dismiss a supplier.")
    rule: StrikeRule = Field(
        "absolute",
        description="Whether a strike is a score below the threshold, or one that is far below others of the product.",
    )
    weights: Weights = Field(default_factory=Weights)
    reference_hours: float = Field(24, gt=0, description="Time within which buyers like to have an answer (hours).")
    commitment_days: float | None = Field(
        None, ge=0, description="Commitment to a new link (days); left out: that of the link that it follows."
    )
    openness: float = Field(1, ge=0, le=100, description="Factor on how many firms without a link to it may bid (1).")
    incumbent_lock: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Part of what a supplier's score lacks to 1 by which a bid must be better; left out: by nothing.",
    )
    teaching: float = Field(1, ge=0, le=100, description="Factor on the tacit knowledge that it teaches suppliers (1).")


class Selection(Governance):
    """The quarterly scorecard and what follows: strikes, dismissal, replacement."""

    review_days: float = Field(91, gt=0, description="Time between scorecards (days).")
    minimum_cash_months: float = Field(
        0.5, ge=0, description="Finance gate: cost that a supplier's cash and credit must cover (months)."
    )
    maximum_leverage: float = Field(2, ge=0, description="Finance gate: debt over assets at most (1).")
    volume_fall: float = Field(0.25, gt=0, le=1, description="Fall of volume that releases capacity buffers (1).")
    replace: bool = Field(True, description="Dismissed suppliers are replaced through a request for quotation.")
    quotation: Quotation = Field(default_factory=Quotation)
    certification: Law = Field(default_factory=lambda: fixed(180), description="Qualification time (days).")
    allocation: float = Field(0, ge=0, description="Strength with which shares follow scores; 0 keeps the shares.")
    fill_order: Literal["shares", "higher-tier-first"] = Field(
        "shares",
        description="Whether shares divide the volume, or fill suppliers to capacity tier by tier, buffers last.",
    )
    price_breaker_probability: float = Field(0, ge=0, le=1, description="Chance of a price-breaker round per review.")
    price_breaker_share: float = Field(0.1, ge=0, le=1, description="Share that goes to the lowest bid (1).")


class Finance(Block):
    """Cash, credit and insolvency of firms."""

    settle_days: float = Field(7, gt=0, description="Time between settlements (days).")
    payment_days: float = Field(28, ge=0, description="Time from shipment to payment (days).")
    interest_per_year: float = Field(0.08, ge=0, le=2, description="Base rate on debt (1/year).")
    spread_per_year: float = Field(0.04, ge=0, le=2, description="Added rate at full leverage (1/year).")
    fixed_cost_share: float = Field(0.1, ge=0, le=1, description="Fixed share of value added, paid even when idle (1).")
    recovery: float = Field(0.3, ge=0, le=1, description="Share of stock value that a fire sale brings (1).")
    means_share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of its cash and credit that a firm invests, and of its cash that it pays out, at most (1).",
    )
    payout_per_year: float = Field(
        0.0, ge=0, le=1, description="Share of cash above what it needs that a firm pays out to its owners (1/year)."
    )
    kept_months: float = Field(
        6.0, ge=0, le=1200, description="Own cost that firms keep cash for, beside what they owe (months, assumption)."
    )
    insolvency: bool = Field(True, description="Firms whose debt passes their credit limit leave the network.")


class Location(Block):
    """Where firms make what they make: what a place costs, and when they grow, open, move and close sites (E22)."""

    review_days: float = Field(364, gt=0, description="Time between decisions (days).")
    utilisation: float = Field(0.85, gt=0, le=1, description="Share of capacity used from which a firm expands (1).")
    step: float = Field(0.2, gt=0, le=5, description="Added share of the firm's capacity for the product (1).")
    spread: float = Field(
        0.1, gt=0, le=10, description="Deviation of what a firm alone knows of a place, as a share of value added (1)."
    )
    agglomeration: float = Field(
        0.05, ge=0, le=1, description="Elasticity of labour's productivity to the sites of a cluster (1)."
    )
    coordination: float = Field(
        0.35,
        ge=0,
        le=5,
        description="Cost of a site far from its firm's home at complexity 1, as a share of value added (1).",
    )
    market_distance: float = Field(
        0.1, ge=0, le=5, description="Cost of selling in another region, as a share of value added (1)."
    )
    opens_sites: bool = Field(False, description="Whether firms of the higher tiers open, move and close sites.")
    entry_share: float = Field(
        0.15, ge=0, le=5, description="Cost of a firm's first site in a cluster, as a share of its plant (1)."
    )
    carried_experience: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of an older site's experience that a new one has where all around know all (1).",
    )
    severance_days: float = Field(91, ge=0, le=3640, description="Wages paid to those who lose their jobs (days).")


class Outsourcing(Block):
    """What firms make and what they buy: they move the share of inputs that both a sister and others deliver (E22)."""

    review_days: float = Field(182, gt=0, description="Time between decisions (days).")
    sensitivity: float = Field(5.0, ge=0, le=1000, description="How sharply shares follow the gain (1).")
    adjustment: float = Field(0.25, ge=0, le=1, description="Share of the way gone at each decision (1).")
    capital_charge: float = Field(0.05, ge=0, le=5, description="Charge on own production, as a share of cost (1).")
    hedge_value: float = Field(0.02, ge=0, le=5, description="Worth of not owning idle capacity, as a share (1).")
    coordination: float = Field(0.05, ge=0, le=5, description="Cost of buying a product of complexity 1, a share (1).")
    risk: float = Field(0.02, ge=0, le=5, description="Cost of the risk of buying, as a share (1).")
    strategic_complexity: float = Field(0.9, ge=0, le=1, description="Complexity from which firms keep to themselves.")


class Record(Block):
    """What a run keeps."""

    every_days: float = Field(7, gt=0, description="Time between rows of the time series (days).")
    orders: bool = Field(True, description="Keep every order line (memory grows with the horizon).")
    events: bool = Field(
        True, description="Keep every event, not only counts of drop-outs (memory grows with the horizon)."
    )
    entities: bool = Field(True, description="Keep series per site and firm, not only totals.")
    metrics: tuple[str, ...] = Field((), description="Metrics of plugins to measure besides those of every run.")
