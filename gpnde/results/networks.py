"""Networks: the firms that deliver to a leader, directly or through others, over the links that hold on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gpnde.vocabulary import FLAGSHIPS

if TYPE_CHECKING:
    import polars as pl

Suppliers = Mapping[str, Sequence[str]]
"""Whom each firm buys from, both by name."""


def leaders_of(scenario: Mapping[str, Any]) -> list[str]:
    """Return the firms that lead a network by their role, in the order of the scenario."""
    return [firm["name"] for firm in scenario["firms"] if firm.get("role") in FLAGSHIPS]


def suppliers_on(links: pl.DataFrame, owner: Mapping[str, str], day: float) -> Suppliers:
    """Return from which other firms each firm buys on a day, over the table of links and the firm of each site.

    A link holds from the day on which it opened to the day before it closed.
    """
    import polars as pl

    holds = (pl.col("opened_day") <= day) & (pl.col("closed_day").is_null() | (pl.col("closed_day") > day))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for supplier, buyer in links.filter(holds).select("supplier", "buyer").iter_rows():
        seller, customer = owner.get(supplier), owner[buyer]
        if seller is not None and seller != customer and seller not in found[customer]:
            found[customer].append(seller)
    return found


def network_of(leader: str, suppliers: Suppliers) -> list[str]:
    """Return the firms that deliver to a *leader*, directly or through others, nearest first, without itself.

    >>> network_of("brand", {"brand": ["lead"], "lead": ["parts", "brand"], "rival": ["other"]})
    ['lead', 'parts']
    """
    members = [leader]
    for firm in members:
        members += [each for each in suppliers.get(firm, ()) if each not in members]
    return members[1:]
