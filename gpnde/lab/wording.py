"""Wording: the names, units and dates of the model as people read them."""

from __future__ import annotations

import re
from datetime import date, timedelta

_UNITS = {
    "": "",
    "1": "",
    "day": "days",
    "hour": "hours",
    "month": "months",
    "year": "years",
    "1/day": "per day",
    "1/month": "per month",
    "1/year": "per year",
    "money/month": "money per month",
    "units/day": "units per day",
    "name": "",
}

_CAPITALS = {"Fdi": "FDI", "Rfq": "RFQ", "Otif": "OTIF", "Oem": "OEM"}

SENTENCES = {
    "ordering.policy": "The rule by which sites decide when and how much to order.",
    "ordering.forecast.method": "How sites forecast the demand that they order for.",
    "selection.weights.delivery": "Weight of delivery on time and in full in a supplier's scorecard.",
    "selection.weights.quality": "Weight of quality in a supplier's scorecard.",
    "selection.weights.price": "Weight of the price in a supplier's scorecard.",
    "selection.weights.response": "Weight of quick answers in a supplier's scorecard.",
    "knowledge.enabled": "Whether firms learn at all.",
}
"""A sentence for each field of a scenario whose declaration has none, by path."""


def title_of(name: str) -> str:
    """Return a name of the model as it is read; one that people have written stays as it is.

    >>> title_of("site-outage"), title_of("fdi-attraction"), title_of("component_mfg"), title_of("r-Q")
    ('Site outage', 'FDI attraction', 'Component mfg', 'r-Q')
    """
    if not re.fullmatch(r"[a-z][a-z0-9]+([-_][a-z0-9]+)*", name):
        return name
    first, _, rest = re.sub("[-_]", " ", name).capitalize().partition(" ")
    return f"{_CAPITALS.get(first, first)} {rest}".rstrip()


def unit_of(unit: str) -> str:
    """Return a unit in words, nothing for a plain number.

    >>> unit_of("1/year"), unit_of("day"), unit_of("1"), unit_of("km")
    ('per year', 'days', '', 'km')
    """
    return _UNITS.get(unit, unit)


def sentence_of(path: str, doc: str) -> str:
    """Return the sentence that explains a field: that of its declaration, or else one of `SENTENCES`."""
    return doc or SENTENCES.get(path, "")


def calendar(start: date, day: float) -> str:
    """Return the date of a day of a run that begins on *start*.

    >>> calendar(date(1990, 1, 1), 91.0)
    '2 April 1990'
    """
    there = start + timedelta(days=int(day))
    return f"{there.day} {there:%B %Y}"
