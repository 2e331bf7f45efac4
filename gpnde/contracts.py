"""Contracts between buyers and suppliers: one record each; to add one, add a record here.

The schema, help and documents of scenarios name what is listed. A supplier's links take the contract that its functions
earn, if any does: the one of highest rank of which it performs every function. Rows of functions stand in the order of
`gpnde.vocabulary.FUNCTIONS`; their numbers are assumptions, as are all terms. A scenario states its own under
``contracts``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from gpnde.vocabulary import FUNCTIONS, Function

Row = tuple[float, float, float, float, float, float, float, float]
"""A number for each function."""

_NOTHING: Row = (0.0,) * 8


@dataclass(frozen=True)
class ContractType:
    """A kind of contract."""

    name: str
    doc: str
    source: str = ""
    earned_by: tuple[Function, ...] | None = None
    """Functions with which a supplier earns the contract; None where it does not follow from functions."""
    rank: int = 0
    """Which of several contracts that a supplier earns is the one: that of highest rank."""
    supplier_designs: bool = False
    """Whether the supplier designs what it delivers."""
    among: Literal["firms", "plants of one firm", "seller and market"] = "firms"
    task_share: float = 0.0
    """What the tasks that the supplier takes over cost the buyer, as a share of the price."""
    buyer_gain: float = 0.0
    """What the buyer gains otherwise by handing them over, as a share of the price."""
    practice: Row = _NOTHING
    """How much making under the contract teaches functions that the supplier does not perform; 1 for one that it does.
    """
    teaching: Row = _NOTHING
    """Factor on what the buyer teaches in each function."""
    bargaining_weight: float | None = None
    """Share of the gain that the supplier gets; None: by its role, as in the block pricing."""
    switching: float | None = None
    """Cost of switching to a supplier that is not approved, as a share of price; None: as in the block pricing."""
    tender_share: float | None = None
    """Chance that a link whose supplier is dear is put out to tender at a review; None: as in the block pricing."""
    notice_quarters: float = 0.0
    """How long it takes to end the link, once the supplier has its strikes."""
    payment_days_more: float = 0.0
    """How much later than `finance.payment_days` the buyer pays (days)."""
    inputs_chosen_by: Literal["buyer", "supplier"] = "supplier"
    """Whose governance holds for those who deliver to the supplier."""
    package_margin: float = 0.0
    """Margin that the supplier asks for on all that it delivers, what it buys included."""
    consigned_share: float = 0.0
    """Part of its materials that the buyer pays for and owns while the supplier works on them."""


CONTRACT_TYPES = (
    ContractType(
        "OEM",
        "Makes to the blueprints of the buyer, from parts that are mostly the buyer's.",
        "Ernst, section 4.3",
        (),
        0,
        practice=(0.0, 1.0, 0.4, 0.15, 0.05, 0.0, 0.1, 0.0),
        teaching=(1.0, 1.0, 1.0, 0.4, 0.1, 0.0, 0.3, 1.0),
        inputs_chosen_by="buyer",
        consigned_share=0.85,
    ),
    ContractType(
        "ODM",
        "Designs what the buyer sells under its brand, and buys most of the parts.",
        "Ernst, section 4.3",
        ("product_dev",),
        1,
        supplier_designs=True,
        task_share=0.04,
        buyer_gain=0.012,
        practice=(0.1, 1.0, 0.6, 0.8, 0.7, 0.1, 0.4, 0.05),
        teaching=(1.0, 0.5, 0.5, 0.8, 0.7, 0.2, 0.4, 1.0),
        bargaining_weight=0.45,
        switching=0.2,
        notice_quarters=1.0,
        payment_days_more=14.0,
        consigned_share=0.15,
    ),
    ContractType(
        "OBM",
        "Sells under a brand of its own.",
        "Ernst, section 4.3",
        ("strategic_marketing",),
        3,
        supplier_designs=True,
        practice=(1.0, 1.0, 0.7, 0.9, 1.0, 0.4, 0.8, 1.0),
        bargaining_weight=0.5,
        payment_days_more=42.0,
    ),
    ContractType(
        "turnkey",
        "Takes over the whole production, with its supply chain.",
        "Ernst, section 4.2",
        ("product_dev", "sc_coordination"),
        2,
        supplier_designs=True,
        task_share=0.07,
        buyer_gain=0.018,
        practice=(0.3, 1.0, 0.7, 0.9, 0.9, 0.2, 1.0, 0.1),
        teaching=(1.0, 0.4, 0.4, 0.6, 0.6, 0.3, 1.0, 1.0),
        bargaining_weight=0.5,
        switching=0.3,
        notice_quarters=3.0,
        payment_days_more=14.0,
    ),
    ContractType(
        "arms-length",
        "Sells standard goods on the market; the buyer neither teaches nor binds itself.",
        bargaining_weight=0.15,
        switching=0.01,
        tender_share=1.0,
    ),
    ContractType(
        "intra-firm",
        "Delivers between plants of one firm, at cost.",
        among="plants of one firm",
        teaching=(1.0, 1.0, 1.0, 0.5, 0.2, 0.05, 0.3, 1.0),
    ),
    ContractType("sale", "Sells to a market.", among="seller and market"),
)
"""All contracts; a record of the flow names one by its place here."""

CONTRACTS = tuple(each.name for each in CONTRACT_TYPES)
"""Names of contracts by number."""

INTRA_FIRM, SALE, OWN_BRAND = (CONTRACTS.index(name) for name in ("intra-firm", "sale", "OBM"))

DESIGNED_BY_SUPPLIER: NDArray[np.bool_] = np.array([each.supplier_designs for each in CONTRACT_TYPES])
"""Whether the supplier designs what it delivers, by number of the contract."""

ARMS_LENGTH = CONTRACTS.index("arms-length")
"""The contract of a firm that follows a plant of the buyer's own."""

if TYPE_CHECKING:
    Contract = str
    ContractAmongFirms = str
else:
    Contract = Literal[tuple(each.name for each in CONTRACT_TYPES if each.among != "seller and market")]
    ContractAmongFirms = Literal[tuple(each.name for each in CONTRACT_TYPES if each.among == "firms")]
"""A contract that a link may have, and one that has terms."""

EARNED: NDArray[np.int64] = np.array(
    sorted(
        (number for number, each in enumerate(CONTRACT_TYPES) if each.earned_by is not None),
        key=lambda number: CONTRACT_TYPES[number].rank,
    )
)
"""The contracts that follow from functions, by number, in rising rank."""


def functions_to_earn() -> NDArray[np.bool_]:
    """Return which functions each of the contracts `EARNED` asks for; shape (contracts, functions).

    >>> functions_to_earn().sum(axis=1).tolist()
    [0, 1, 2, 1]
    """
    return np.array([[name in (CONTRACT_TYPES[number].earned_by or ()) for name in FUNCTIONS] for number in EARNED])
