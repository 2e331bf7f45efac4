"""The knowledge-intensive services that plants buy: tooling, testing, prototypes, process adaptation, training."""

from __future__ import annotations

from pydantic import Field

from gpnde.scenario.model import Block


class Services(Block):
    """How far plants find services nearby, and what that is worth to them; the numbers are assumptions.

    How much they buy is `services_share` of their cells.
    """

    half_purchases: float = Field(
        1e6, gt=0, description="Purchases in a cluster with which half of all services are provided there (money/year)."
    )
    adjustment_per_year: float = Field(
        0.4, ge=0, le=50, description="Rate at which providers nearby follow purchases (1/year)."
    )
    premium: float = Field(0.25, ge=0, le=10, description="What services from elsewhere cost more, as a share (1).")
    support: float = Field(0.15, ge=0, le=1, description="Help with learning where all services are bought nearby (1).")
    response: float = Field(
        0.2, ge=0, le=10, description="Log response time saved where all services are bought nearby (1)."
    )
    ramp_up: float = Field(
        0.2, ge=0, le=1, description="Part of the experience lost with a generation that is then kept (1)."
    )
