"""What contracts between firms are worth to both sides, as far as a scenario wants it otherwise than the package."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gpnde.scenario.model import Block
from gpnde.vocabulary import Function


class ContractTerms(Block):
    """Terms of a contract between firms; what is left out is as the package has it."""

    task_share: float | None = Field(
        None,
        ge=0,
        le=1,
        description="What the tasks that the supplier takes over cost the buyer, as a share of the price (1).",
    )
    buyer_gain: float | None = Field(
        None,
        ge=-1,
        le=1,
        description="What the buyer gains otherwise by handing them over, as a share of the price (1).",
    )
    practice: dict[Function, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict,
        description="How much making under it teaches functions that the supplier does not perform itself (1).",
    )
    teaching: dict[Function, Annotated[float, Field(ge=0, le=100)]] = Field(
        default_factory=dict, description="Factor on what the buyer teaches, by function (1)."
    )
    bargaining_weight: float | None = Field(
        None, ge=0, le=1, description="Share of the gain that the supplier gets, whatever its role (1)."
    )
    switching: float | None = Field(
        None, ge=0, le=5, description="Cost of switching to a supplier that is not approved, as a share of price (1)."
    )
    tender_share: float | None = Field(
        None, ge=0, le=1, description="Chance that a link whose supplier is dear is put out to tender at a review (1)."
    )
    notice_quarters: float | None = Field(
        None, ge=0, le=400, description="Time to end a link once the supplier has its strikes (quarters)."
    )
    payment_days_more: float | None = Field(
        None, ge=0, le=364, description="How much later than finance.payment_days the buyer pays (days)."
    )
    inputs_chosen_by: Literal["buyer", "supplier"] | None = Field(
        None, description="Whose governance holds for those who deliver to the supplier."
    )
    package_margin: float | None = Field(
        None, ge=0, le=5, description="Margin that the supplier asks for on all that it delivers, bought parts too (1)."
    )
    consigned_share: float | None = Field(
        None, ge=0, le=1, description="Part of its materials that the buyer pays for and owns (1)."
    )
