"""Inputs about the selection of suppliers, and of the profiles by which firms differ in it, that may be unread."""

from __future__ import annotations

from typing import Any

from gpnde.scenario.profiles import governance
from gpnde.scenario.unread.entry import (
    BY_WHICH_BUYERS_TEACH,
    NOT_TAUGHT,
    Condition,
    Entry,
    learns_not_from,
    without,
)
from gpnde.scenario.unread.facts import Facts
from gpnde.vocabulary import OUTSIDE


def _looks_for_suppliers(facts: Facts) -> bool:
    """Return whether buyers look for suppliers in place of those that they dismiss, or by tenders."""
    rules = facts.scenario.selection
    return rules is not None and (rules.replace or facts.bargains and facts.scenario.pricing.tender_share > 0)


def _nobody(role: str) -> Condition:
    return lambda facts, name, row: role not in facts.roles


def _keeps_to_its_suppliers(facts: Facts, name: str, row: Any) -> bool:
    return not _looks_for_suppliers(facts)


def _minds_no_answers(facts: Facts, name: str, row: Any) -> bool:
    """Return whether response has no weight under a profile."""
    rules = facts.scenario.selection
    return rules is not None and governance(rules, facts.scenario.profiles, name).weights.response == 0


_TEACHES = learns_not_from(*BY_WHICH_BUYERS_TEACH)
_NOT_REPLACED = "dismissed suppliers are not replaced", "set selection.replace: true"

OF_SELECTION = (
    Entry(
        "selection.price_breaker_share",
        lambda facts, name, rules: rules.price_breaker_probability == 0,
        "price_breaker_probability is 0",
        "give one above 0",
    ),
    Entry(
        "selection.price_breaker_share",
        _nobody("price-breaker"),
        "no firm has the role price-breaker",
        "give one that role",
    ),
    Entry(
        "selection.volume_fall",
        _nobody("capacity-buffer"),
        "no firm has the role capacity-buffer",
        "give one that role",
    ),
    Entry(
        "selection.minimum_cash_months|maximum_leverage",
        without("finance"),
        "firms have no cash and no debt",
        "give a block finance",
    ),
    Entry(
        "selection.quotation.digital_effect",
        lambda facts, name, rules: rules.digital_index == 0,
        "digital_index is 0",
        "give one above 0",
    ),
    Entry("selection.quotation.bidders|retry_days", _keeps_to_its_suppliers, *_NOT_REPLACED),
    Entry("selection.certification", _keeps_to_its_suppliers, *_NOT_REPLACED),
    Entry("selection.commitment_days|openness|incumbent_lock", _keeps_to_its_suppliers, *_NOT_REPLACED),
    Entry("selection.teaching", _TEACHES, *NOT_TAUGHT),
    Entry(
        "selection.reference_hours",
        lambda facts, name, rules: rules.weights.response == 0,
        "weights.response is 0",
        "give one above 0",
    ),
    Entry(
        "firms.*.response_hours",
        without("selection"),
        "nobody asks for quotations",
        "give a block selection",
    ),
    Entry(
        "links.*.commitment_days",
        lambda facts, name, row: facts.scenario.selection is None and not facts.looks_ahead and not facts.bargains,
        "no supplier is dismissed, no price is agreed upon, and no firm looks ahead to invest",
        "give a block selection",
    ),
    Entry(
        "links.*.priority",
        lambda facts, name, row: row.supplier == OUTSIDE or facts.sites[row.supplier].rationing != "priority",
        "the supplier does not ration by priority",
        "give that site rationing: priority",
    ),
)

OF_PROFILES = (
    Entry("firms.*.profile", without("selection"), "nobody is scored", "give a block selection"),
    Entry(
        "firms.*.profile",
        lambda facts, name, row: name not in facts.buyers,
        "the firm buys from no other firm",
        "leave it out",
    ),
    Entry("profiles.*.*", without("selection"), "nobody is scored", "give a block selection"),
    Entry(
        "profiles.*.*",
        lambda facts, name, row: name not in facts.cited_profiles,
        "no firm that buys from others cites the profile",
        "name it as the profile of one",
    ),
    Entry("profiles.*.commitment_days|openness|incumbent_lock", _keeps_to_its_suppliers, *_NOT_REPLACED),
    Entry("profiles.*.teaching", _TEACHES, *NOT_TAUGHT),
    Entry(
        "profiles.*.reference_hours",
        _minds_no_answers,
        "response has no weight under the profile",
        "give it one above 0",
    ),
)
