"""Kinds of ownership: what a firm is to the one that owns it, or whose partner it is; to add one, add a record here.

The schema, help and documents of scenarios name what is listed. Every number is an assumption; that independent firms
have no owner is by definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal


@dataclass(frozen=True)
class OwnershipKind:
    """A kind of ownership."""

    name: str
    doc: str
    access: float = 0.0
    """How far the owner lets the firm into what it knows, 0 to 1."""
    control: float = 0.0
    """How far the owner decides whom the firm buys from and who buys from it, 0 to 1; with 1 nobody is dismissed."""
    share: float = 0.0
    """Part of the profit that the owner gets, where the scenario does not state its share of the equity."""
    notice_quarters: float = 0.0
    """How long it takes to end a link between the firm and its owner, once the supplier has its strikes."""

    @property
    def has_owner(self) -> bool:
        """Whether there is a firm that it belongs to, or whose partner it is."""
        return self.access > 0.0


OWNERSHIP_KINDS = (
    OwnershipKind("independent", "Belongs to nobody."),
    OwnershipKind("subsidiary", "Belongs to its owner wholly.", 1.0, 1.0, 1.0, 8.0),
    OwnershipKind("joint-venture", "Belongs to its owner and to others.", 0.85, 0.7, 0.5, 8.0),
    OwnershipKind("affiliate", "Its owner holds a minority of it.", 0.7, 0.4, 0.35, 4.0),
    OwnershipKind("partner", "Nobody holds equity in it; contracts alone bind it.", 0.5),
)
"""All kinds; the first is that of firms without an owner."""

INDEPENDENT = OWNERSHIP_KINDS[0].name

_BY_NAME = {each.name: each for each in OWNERSHIP_KINDS}

if TYPE_CHECKING:
    NodeType = str
else:
    NodeType = Literal[tuple(_BY_NAME)]
"""What a firm is to its owner."""


def ownership_kind(node_type: str) -> OwnershipKind:
    """Return the kind of ownership of that name.

    >>> ownership_kind("joint-venture").notice_quarters
    8.0
    """
    return _BY_NAME[node_type]


def share_held(node_type: str, equity_share: float | None) -> float:
    """Return which part of a firm its owner holds: what the scenario states, else that of the kind.

    >>> share_held("joint-venture", None), share_held("joint-venture", 0.6)
    (0.5, 0.6)
    """
    return ownership_kind(node_type).share if equity_share is None else equity_share
