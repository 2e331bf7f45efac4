"""Rival brands: how buyers choose between them, how sellers price, and the generations of a product."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gpnde.scenario.model import Block


class Rivalry(Block):
    """Rivalry between the firms that serve a market: each is a brand, and buyers choose by a logit (McFadden, 1974)."""

    price_sensitivity: float = Field(
        gt=0, le=1e6, description="Fall of the logarithm of a brand's odds per unit of money that it costs (1/money)."
    )
    outside_share: float = Field(
        0.1, gt=0, lt=1, description="Share of buyers who buy nothing in this market at the opening prices (1)."
    )
    pricing: Literal["bertrand", "given"] = Field(
        "bertrand", description="Whether firms set the best price against those of their rivals, or prices are given."
    )


class OwnBrands(Block):
    """Brands of suppliers: firms that take on strategic marketing sell beside their customers (Ernst, section 4.3).

    What a brand earns is its price less variable cost; it is given up where that was less, over a year, than it cost.
    Customers who sell the same product, here or elsewhere, may cut their orders in return.
    """

    sites: tuple[str, ...] = Field(min_length=1, description="Sites whose firms may come to sell here.")
    cost_per_year: float = Field(0, ge=0, description="What a firm pays for its brand in this market (money/year).")
    retaliation: float = Field(
        0.06, ge=0, le=1, description="Chance per quarter that a customer who sells the same product retaliates (1)."
    )
    cut: float = Field(0.5, ge=0, le=1, description="Part of the volume of a link that retaliation takes away (1).")
    cut_days: float = Field(728, gt=0, description="Time until the volume is given back (days).")


class Generations(Block):
    """Generations of a product: a firm that sells it where brands are rivals designs and launches one after another."""

    design_days: float = Field(
        800,
        gt=0,
        le=100_000,
        description="Time to design a generation without capability in product development (days).",
    )
    design_effect: float = Field(
        1, ge=0, le=10, description="Fall of the logarithm of that time per unit of capability (1)."
    )
    innovation: float = Field(0.03, gt=0, description="Coefficient p of Bass before rescaling (1/year).")
    imitation: float = Field(0.38, gt=0, description="Coefficient q of Bass before rescaling (1/year).")
    adoption_days: float = Field(
        182, gt=0, le=100_000, description="Time from a launch until 95 % of buyers consider the generation (days)."
    )
    quality_weight: float = Field(
        2, ge=0, le=100, description="Rise of the logarithm of a brand's odds per unit of quality (1)."
    )
    obsolescence_per_year: float = Field(
        0.2, ge=0, le=100, description="Quality that a generation loses against what is on offer elsewhere (1/year)."
    )
    crowding: float = Field(
        0.5, ge=0, le=100, description="Rise of price sensitivity, a share, until all buyers consider it (1)."
    )
    clearance_share: float = Field(
        0.5, ge=0, le=1, description="Share of the seller's finished stock that a launch makes unsaleable (1)."
    )
    clearance_recovery: float = Field(
        0.5, ge=0, lt=1, description="Share of their variable cost that goods sold off at a launch bring (1)."
    )
