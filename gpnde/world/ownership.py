"""Who belongs to whom: one record per firm, and what holds of the links inside a group of firms."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gpnde.ownership import ownership_kind, share_held
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import QUARTER_DAYS
from gpnde.world.layout import Floats, Integers, Records

OWNERSHIP = np.dtype(
    [
        ("owner", "i8"),  # firm, -1 for none
        ("access", "f8"),
        ("control", "f8"),
        ("share", "f8"),  # of the equity that the owner holds
        ("notice_days", "f8"),
    ]
)
"""A firm as what it is to its owner."""


class Bonds(NamedTuple):
    """What holds of links because both firms belong together; shape (links,), 0 where they do not."""

    control: Floats
    """How far their owner decides, 0 to 1."""
    notice_days: Floats
    """How long it takes to end the link, once the supplier has its strikes."""


def ownership_records(scenario: Scenario) -> Records:
    """Return what each firm of a scenario is to its owner; shape (firms,)."""
    number = {firm.name: position for position, firm in enumerate(scenario.firms)}
    records = np.zeros(len(scenario.firms), dtype=OWNERSHIP)
    for record, firm in zip(records, scenario.firms, strict=True):
        kind = ownership_kind(firm.node_type)
        record["owner"] = number.get(firm.owner or "", -1)
        record["access"], record["control"] = kind.access, kind.control
        record["share"] = share_held(firm.node_type, firm.equity_share) if firm.owner is not None else 0.0
        record["notice_days"] = kind.notice_quarters * QUARTER_DAYS
    return records


def bonds_of(ownership: Records, buyer: Integers, supplier: Integers) -> Bonds:
    """Return the bonds of links between firms: between a firm and its owner, or between firms of one owner.

    What holds is what the owned firm is to its owner; between two of them it is what is less.
    """
    of_supplier, of_buyer = ownership.take(supplier), ownership.take(buyer)
    sells_to_owner, buys_from_owner = of_supplier["owner"] == buyer, of_buyer["owner"] == supplier
    sisters = (of_supplier["owner"] == of_buyer["owner"]) & (of_buyer["owner"] >= 0)

    def bond(name: str) -> Floats:
        lesser = np.where(sisters, np.minimum(of_supplier[name], of_buyer[name]), 0.0)
        return np.where(sells_to_owner, of_supplier[name], np.where(buys_from_owner, of_buyer[name], lesser))

    return Bonds(bond("control"), bond("notice_days"))
