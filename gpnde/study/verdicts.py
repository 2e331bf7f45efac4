"""Verdicts on effects in words, by a rule that is stated, and the sentence that tells an effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from gpnde.results.courses import Measure
from gpnde.results.headline import number
from gpnde.results.metric import Better
from gpnde.study.intervals import Interval
from gpnde.study.pairs import Pair, effect, mean_reach, net_cost
from gpnde.vocabulary import YEAR_DAYS

Verdict = Literal[
    "supported",
    "too small to matter",
    "not to be told from luck",
    "no difference in any pair",
    "one pair tells nothing",
]

RULE = (
    "Supported: the 95 % interval of the paired difference leaves out 0, and the mean is at least the smallest "
    "difference that matters. Too small to matter: it leaves out 0, and the mean is below that. Not to be told from "
    "luck: it holds 0."
)
"""The rule by which `verdict` chooses its words."""

_DECIMALS, _MOST_DECIMALS = 3, 6


def verdict(found: Interval, smallest: float) -> Verdict:
    """Return what an interval says of an effect, given the smallest difference that matters.

    >>> verdict(Interval(0.024, 0.015, 0.033), 0.01), verdict(Interval(0.006, 0.002, 0.01), 0.01)
    ('supported', 'too small to matter')
    >>> verdict(Interval(0.024, -0.001, 0.049), 0.01)
    'not to be told from luck'
    """
    if math.isnan(found.low):
        return "one pair tells nothing"
    if found == (0.0, 0.0, 0.0):
        return "no difference in any pair"
    if found.low <= 0 <= found.high:
        return "not to be told from luck"
    return "supported" if abs(found.mean) >= smallest else "too small to matter"


def change_word(found: Interval, better: Better) -> Literal["better", "worse", "higher", "lower", ""]:
    """Return in one word where an effect goes, by the better direction of its measure; nothing where it may be 0.

    >>> change_word(Interval(-0.2, -0.3, -0.1), "lower"), change_word(Interval(-0.2, -0.3, 0.1), "lower")
    ('better', '')
    """
    if math.isnan(found.low) or found.low <= 0 <= found.high:
        return ""
    direction: Literal["higher", "lower"] = "higher" if found.mean > 0 else "lower"
    if better == "neither":
        return direction
    return "better" if direction == better else "worse"


def sentence(pairs: Sequence[Pair], measure: Measure, days: float) -> str:
    """Return in one sentence what pairs of runs of so many *days* say of the effect on a measure."""
    found = effect(pairs, measure.metric)
    if found is None:
        return f"{measure.label}: no run defines it."
    parts = [f"{measure.label} {ends(found)} after {span(days)}", *_money(pairs), *_firms(pairs)]
    count = f"{len(pairs)} pairs" if len(pairs) > 1 else "1 pair"
    return f"{'; '.join(parts)}: {verdict(found, measure.smallest)} ({count})."


def ends(found: Interval, decimals: int = _DECIMALS) -> str:
    """Return a difference with its sign and, in brackets, its interval.

    >>> ends(Interval(0.024, 0.015, 0.033)), ends(Interval(0.5, math.nan, math.nan))
    ('+0.024 [+0.015, +0.033]', '+0.500')
    >>> ends(Interval(0.004, 0.0003, 0.0077))
    '+0.0040 [+0.0003, +0.0077]'
    """
    if math.isnan(found.low):
        return f"{found.mean:+.{decimals}f}"
    while decimals < _MOST_DECIMALS and any(end and not round(end, decimals) for end in (found.low, found.high)):
        # An end that is not 0 must not be read as 0, which would be another verdict.
        decimals += 1
    return found.text(decimals, signed=True)


def span(days: float) -> str:
    """Return a time in years where it is half a year or more, else in days.

    >>> span(1820.0), span(364.0), span(546.0), span(91.0)
    ('5 years', '1 year', '1.5 years', '91 days')
    """
    years = round(days / YEAR_DAYS, 1)
    if years < 0.5:
        return f"{days:,.0f} days"
    return "1 year" if years == 1 else f"{years:g} years"


def _money(pairs: Sequence[Pair]) -> list[str]:
    cost = net_cost(pairs)
    if cost is None:
        return []
    word = "net cost" if cost.mean >= 0 else "net revenue"
    return [f"{word} {number(abs(cost.mean))}"]


def _firms(pairs: Sequence[Pair]) -> list[str]:
    reach = mean_reach(pairs)
    return [] if reach is None else [f"{reach.reached:.0f} of {reach.meant:.0f} target firms reached"]
