"""Phrases for what happens to a firm: one per kind of event and side of it, said in plain words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from gpnde.results.headline import number, percent
from gpnde.vocabulary import BUFFER_ROLE, CONTRACT_END, FINANCE, OUTAGE, POLICY, SCORE, TENDER

Side = Literal["supplies", "buys", "inside"]
"""How an event concerns a firm: it names the firm or its supplying site, its buying site, or both."""

ENGINE = "engine"
_MANY = {1: "once", 2: "twice"}


class Bar(NamedTuple):
    """What a buyer asks of its suppliers."""

    threshold: float
    """Score below which a supplier takes a strike."""
    strikes: int
    """Strikes in a row that dismiss it."""


class Fact(NamedTuple):
    """An event as a firm sees it."""

    cause: str
    own: str
    """The firm's own site, as it is called in a sentence; empty where the event has none."""
    other: str
    """The other firm, or site of its own, as it is called in a sentence; empty where the event has none."""
    component: str
    value: float
    bar: Bar | None = None
    """What the buyer asks, where that is known."""


class Phrase(NamedTuple):
    """What happened, and after the date why or how much."""

    what: str
    why: str = ""


Said = Callable[[Fact], Phrase]


def times(count: int) -> str:
    """Return how often something happened, in words.

    >>> times(2), times(3)
    ('twice', '3 times')
    """
    return _MANY.get(count, f"{count} times")


def days(count: float) -> str:
    """Return a length of time in words.

    >>> days(1.0), days(9.5)
    ('1 day', '9.5 days')
    """
    return f"{number(count)} day{'' if count == 1 else 's'}"


def _known(value: float) -> bool:
    return not math.isnan(value)


def _whom(fact: Fact) -> str:
    return fact.other or "a firm outside the network"


def _score_below(fact: Fact) -> str:
    """Return by what score a supplier fell, with the bar only where the score is below it."""
    if not _known(fact.value):
        return ""
    score = f"score {fact.value:.2f}"
    if fact.bar is None or fact.value >= fact.bar.threshold:
        return score
    return f"{score} below {fact.bar.threshold:.2f} {times(fact.bar.strikes)}"


FUNCTION_WORDS: Mapping[str, str] = {
    "sales_distribution": "sales and distribution",
    "assembly_test": "assembly and test",
    "component_mfg": "component making",
    "engineering": "engineering",
    "product_dev": "product development",
    "system_integration": "system integration",
    "sc_coordination": "supply-chain coordination",
    "strategic_marketing": "strategic marketing",
}
"""Functions inside a sentence."""

_CAUSES: Mapping[str, str] = {
    FINANCE: "its finances did not pass the check",
    BUFFER_ROLE: "it was a buffer of capacity, and volume fell",
    TENDER: "another bid was better",
    CONTRACT_END: "the contract ended",
    OUTAGE: "after an outage",
    POLICY: "by a policy",
}


def _why_dropped(fact: Fact) -> str:
    if fact.cause == SCORE:
        return _score_below(fact)
    why = _CAUSES.get(fact.cause, fact.cause.replace("-", " "))
    return f"{why} (score {fact.value:.2f})" if why and _known(fact.value) else why


def _dropped(fact: Fact) -> Phrase:
    verb = {SCORE: "Struck off", FINANCE: "Dropped", BUFFER_ROLE: "Released", TENDER: "Replaced"}.get(fact.cause)
    if not fact.other:
        return Phrase("Stopped selling to a market", _why_dropped(fact))
    return Phrase(f"{verb or 'Dismissed'} by {fact.other}", _why_dropped(fact))


def _drops(fact: Fact) -> Phrase:
    return Phrase(f"Dismissed its supplier {_whom(fact)}", _why_dropped(fact))


def _ended(fact: Fact) -> Phrase:
    what = f"Stopped delivering to {fact.other}" if fact.other else "Stopped selling to a market"
    return Phrase(what, _end_of_other(fact))


def _ends(fact: Fact) -> Phrase:
    return Phrase(f"Stopped buying from {_whom(fact)}", _end_of_other(fact))


def _end_of_other(fact: Fact) -> str:
    causes = {FINANCE: "insolvency", CONTRACT_END: "a site closed as planned"}
    return causes.get(fact.cause, fact.cause.replace("-", " "))


def _failed_firm(fact: Fact) -> Phrase:
    if fact.cause == FINANCE and _known(fact.value):
        return Phrase("Left the network", f"insolvent, with a balance of {number(fact.value)}")
    return Phrase("Left the network", _CAUSES.get(fact.cause, fact.cause.replace("-", " ")) + _by(fact))


def _by(fact: Fact) -> str:
    """Return who brought something about, where it was no part of the engine."""
    name = fact.component.rpartition(".")[2].replace("-", " ")
    return "" if fact.component in ("", ENGINE) else f" ({name})"


def _with_share(what: str) -> Said:
    return lambda fact: Phrase(
        what.format(_whom(fact)),
        f"with a share of {percent(fact.value)}" if _known(fact.value) else "",
    )


def _after_hours(what: str) -> Said:
    return lambda fact: Phrase(
        what.format(_whom(fact)),
        f"answered after {number(fact.value)} hours" if _known(fact.value) else "",
    )


def _of_site(what: str) -> Said:
    return lambda fact: Phrase(f"{fact.own or 'A site'} {what}")


def _out(fact: Fact) -> Phrase:
    for_ = f" for {days(fact.value)}" if _known(fact.value) else ""
    return Phrase(f"{fact.own or 'A site'} went out of order{for_}")


def _struck(fact: Fact) -> Phrase:
    which = f"strike {fact.value:.0f}" if _known(fact.value) else ""
    return Phrase(f"{fact.own or 'A site'} was struck while it stood still already", which)


def _per_day(what: str) -> Said:
    return lambda fact: Phrase(
        f"{fact.own or 'A site'} {what}", f"{number(fact.value)} units a day" if _known(fact.value) else ""
    )


def _closed(fact: Fact) -> Phrase:
    return Phrase(f"{fact.own or 'A site'} closed", "to end losses" if fact.cause == FINANCE else "")


def _interrupted(way: str) -> Said:
    def said(fact: Fact) -> Phrase:
        for_ = f" for {days(fact.value)}" if _known(fact.value) else ""
        return Phrase(f"Deliveries {way} {fact.other or 'a market'} were interrupted{for_}")

    return said


def _asked(fact: Fact) -> Phrase:
    return Phrase("Asked for quotations", f"for {percent(fact.value)} of an input" if _known(fact.value) else "")


def _kept(what: str) -> Said:
    return lambda fact: Phrase(what.format(_whom(fact)), "no bid was better by enough")


def _reviewed(fact: Fact) -> Phrase:
    bought = f"buys {percent(fact.value)} of an input from others" if _known(fact.value) else ""
    return Phrase("Reviewed what it makes and buys", bought)


def _cut(what: str) -> Said:
    return lambda fact: Phrase(
        what.format(_whom(fact)), f"by {100 * fact.value:.0f} points of the volume" if _known(fact.value) else ""
    )


SUPPLIES: Mapping[str, Said] = {
    "link_opened": _with_share("Began to deliver to {}"),
    "link_dropped": _dropped,
    "link_ended": _ended,
    "sale_ended": lambda fact: Phrase("Stopped selling to a market", fact.cause.replace("-", " ")),
    "brand_opened": lambda fact: Phrase("Began to sell under its own brand"),
    "brand_ended": lambda fact: Phrase("Gave up its own brand", fact.cause.replace("-", " ")),
    "link_failed": _interrupted("to"),
    "link_struck": lambda fact: Phrase(f"Deliveries to {fact.other or 'a market'} were struck again"),
    "link_recovered": lambda fact: Phrase(f"Deliveries to {fact.other or 'a market'} went on"),
    "bid_placed": _after_hours("Bid for orders of {}"),
    "bid_rejected": _after_hours("Bid too late for orders of {}"),
    "bid_awarded": _after_hours("Won the bid for orders of {}"),
    "supplier_kept": _kept("Kept by {}"),
    "price_breaker_awarded": _with_share("Cheapest supplier of {}"),
    "orders_cut": _cut("{} cut its orders in answer to the firm's own brand"),
    "orders_restored": _cut("{} restored its orders"),
    "outsourcing_reviewed": _reviewed,
    "site_failed": _out,
    "site_struck": _struck,
    "site_recovered": _of_site("went back to work"),
    "site_opened": _of_site("opened"),
    "site_closed": _closed,
    "site_planned": _per_day("was planned"),
    "site_expanded": _per_day("was expanded"),
    "firm_entered": lambda fact: Phrase(f"Entered the network{_by(fact)}"),
    "firm_failed": _failed_firm,
}
"""What is said of the firm that an event names, or that supplies."""

BUYS: Mapping[str, Said] = {
    "link_opened": _with_share("Began to buy from {}"),
    "link_dropped": _drops,
    "link_ended": _ends,
    "link_failed": _interrupted("from"),
    "link_struck": lambda fact: Phrase(f"Deliveries from {fact.other or 'outside'} were struck again"),
    "link_recovered": lambda fact: Phrase(f"Deliveries from {fact.other or 'outside'} went on"),
    "quotation_requested": _asked,
    "bid_placed": _after_hours("Received a bid of {}"),
    "bid_rejected": _after_hours("Received a bid of {} too late"),
    "bid_awarded": _after_hours("Chose the bid of {}"),
    "supplier_kept": _kept("Kept its supplier {}"),
    "price_breaker_awarded": _with_share("Gave volume to its cheapest supplier {}"),
    "orders_cut": _cut("Cut its orders from {}, which sells under its own brand"),
    "orders_restored": _cut("Restored its orders from {}"),
    "outsourcing_reviewed": _reviewed,
}
"""What is said of the firm that buys."""


INSIDE: Mapping[str, Said] = {
    "link_opened": lambda fact: Phrase(f"{fact.own} began to deliver to its sister {fact.other}"),
    "link_dropped": lambda fact: Phrase(
        f"{fact.own} stopped delivering to its sister {fact.other}", _end_of_other(fact)
    ),
    "link_ended": lambda fact: Phrase(f"{fact.own} stopped delivering to its sister {fact.other}", _end_of_other(fact)),
}
"""What is said where both sites are of the firm; of all other kinds, what is said of the supplier."""

_BY_SIDE: Mapping[Side, Mapping[str, Said]] = {"supplies": SUPPLIES, "buys": BUYS, "inside": {**SUPPLIES, **INSIDE}}


def phrase_of(kind: str, fact: Fact, side: Side) -> Phrase:
    """Return what is said of an event; of a kind that is not known, its own words.

    >>> fact = Fact("score", "plant", "acer", "engine", 0.71, Bar(0.8, 2))
    >>> phrase_of("link_dropped", fact, "supplies")
    Phrase(what='Struck off by acer', why='score 0.71 below 0.80 twice')
    >>> phrase_of("strike_called", fact._replace(cause="", component="union.strikes"), "supplies").what
    'Strike called (strikes)'
    """
    said = _BY_SIDE[side].get(kind)
    if said is not None:
        return said(fact)
    return Phrase(f"{kind.replace('_', ' ').capitalize()}{_by(fact)}", fact.cause.replace("-", " "))
