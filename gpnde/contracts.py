"""Contracts between buyers and suppliers: one record each; to add one, add a record here.

The schema, help and documents of scenarios name what is listed. A supplier's links take the contract that its functions
earn, if any does: the one of highest rank of which it performs every function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from gpnde.vocabulary import FUNCTIONS, Function


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


CONTRACT_TYPES = (
    ContractType("OEM", "Makes to the blueprints of the buyer.", "Ernst, section 4.3", (), 0),
    ContractType(
        "ODM",
        "Designs what the buyer sells under its brand.",
        "Ernst, section 4.3",
        ("product_dev",),
        1,
        supplier_designs=True,
    ),
    ContractType(
        "OBM",
        "Sells under a brand of its own.",
        "Ernst, section 4.3",
        ("strategic_marketing",),
        3,
        supplier_designs=True,
    ),
    ContractType(
        "turnkey",
        "Takes over the whole production, with its supply chain.",
        "Ernst, section 4.2",
        ("product_dev", "sc_coordination"),
        2,
        supplier_designs=True,
    ),
    ContractType("arms-length", "Sells on the market, without commitment to a buyer."),
    ContractType("intra-firm", "Delivers between plants of one firm, at cost.", among="plants of one firm"),
    ContractType("sale", "Sells to a market.", among="seller and market"),
)
"""All contracts; a record of the flow names one by its place here."""

CONTRACTS = tuple(each.name for each in CONTRACT_TYPES)
"""Names of contracts by number."""

INTRA_FIRM, SALE = CONTRACTS.index("intra-firm"), CONTRACTS.index("sale")

DESIGNED_BY_SUPPLIER: NDArray[np.bool_] = np.array([each.supplier_designs for each in CONTRACT_TYPES])
"""Whether the supplier designs what it delivers, by number of the contract."""

ARMS_LENGTH = CONTRACTS.index("arms-length")
"""The contract of a firm that follows a plant of the buyer's own."""

if TYPE_CHECKING:
    Contract = str
else:
    Contract = Literal[tuple(each.name for each in CONTRACT_TYPES if each.among != "seller and market")]
"""A contract that a link may have."""

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
