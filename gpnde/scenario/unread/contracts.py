"""Inputs about what contracts mean that may be unread."""

from __future__ import annotations

from typing import Any

from gpnde.contracts import CONTRACT_TYPES, CONTRACTS, OWN_BRAND
from gpnde.scenario.unread.entry import BY_WHICH_BUYERS_TEACH, NOT_TAUGHT, Entry, learns_not_from, without
from gpnde.scenario.unread.facts import Facts

_EARNED = frozenset(each.name for each in CONTRACT_TYPES if each.earned_by is not None)


def _stands_nowhere(facts: Facts, name: str, row: Any) -> bool:
    """Return whether no link has a contract, and none can come to have it."""
    held = {link.contract for link in facts.scenario.links}
    if facts.scenario.learns and any(market.own_brands is not None for market in facts.scenario.markets):
        held.add(CONTRACTS[OWN_BRAND])
    can_earn = facts.scenario.learns and name in _EARNED and not held.isdisjoint(_EARNED)
    return name not in held and not can_earn


def _agrees_on_nothing(facts: Facts, name: str, row: Any) -> bool:
    return not facts.bargains


_FIXED = "prices follow cost", "set pricing: bargaining"

OF_CONTRACTS = (
    Entry("contracts.*.*", _stands_nowhere, "no link has the contract", "give it to one"),
    Entry(
        "contracts.*.practice",
        learns_not_from("diffusion.learning-by-doing"),
        "nobody learns by doing",
        "name the component diffusion.learning-by-doing",
    ),
    Entry(
        "contracts.*.task_share|buyer_gain",
        lambda facts, name, row: not facts.buyers_award,
        "buyers do not weigh what they hand over",
        "set knowledge.upgrading.awarded_by: buyers",
    ),
    Entry("contracts.*.teaching", learns_not_from(*BY_WHICH_BUYERS_TEACH), *NOT_TAUGHT),
    Entry("contracts.*.bargaining_weight|switching|tender_share|package_margin", _agrees_on_nothing, *_FIXED),
    Entry("contracts.*.tender_share", without("selection"), "nobody looks for suppliers", "give a block selection"),
    Entry("contracts.*.notice_quarters", without("selection"), "no supplier is dismissed", "give a block selection"),
    Entry(
        "contracts.*.inputs_chosen_by",
        lambda facts, name, row: not facts.cited_profiles,
        "all choose suppliers alike",
        "cite a profile in firms",
    ),
    Entry(
        "contracts.*.payment_days_more|consigned_share",
        without("finance"),
        "firms have no cash",
        "give a block finance",
    ),
)
