"""The story of a firm: one plain sentence per event of it in the tables of a run, with its date and its table."""

from __future__ import annotations

import datetime
import html
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from gpnde.errors import ResultsError, nearest
from gpnde.results.headline import number
from gpnde.results.metric import firms_of
from gpnde.results.story_phrases import FUNCTION_WORDS, Bar, Fact, Phrase, Side, phrase_of
from gpnde.results.tables import empty_table
from gpnde.scenario.profiles import Profile, governance
from gpnde.scenario.rules import Governance

if TYPE_CHECKING:
    import polars as pl

    from gpnde.results.run import Run

Table = Literal["events", "upgrades"]

WEIGHTS: Mapping[str, int] = {
    "firm_failed": 5, "firm_entered": 5, "upgrade": 4, "downgrade": 4, "link_dropped": 4, "brand_opened": 4,
    "brand_ended": 4, "link_opened": 3, "link_ended": 3, "site_opened": 3, "site_closed": 3, "orders_cut": 3,
    "site_failed": 2, "link_failed": 2, "bid_awarded": 2, "site_recovered": 0, "link_recovered": 0, "bid_rejected": 0,
    "bid_placed": 0, "quotation_requested": 0,
}  # fmt: skip
"""How much a kind of event matters in a story that has no room for all; 1 where a kind is not named."""

_GOOD = frozenset({"firm_entered", "upgrade", "link_opened", "brand_opened", "site_opened", "bid_awarded"})
_BAD = frozenset({"firm_failed", "downgrade", "link_dropped", "link_ended", "site_failed", "site_closed", "orders_cut"})


class Sentence(NamedTuple):
    """What happened to a firm on a day."""

    day: float
    """Day of the run."""
    date: datetime.date
    """The same day in the calendar of the scenario."""
    text: str
    kind: str
    """Kind of the event, as its table says."""
    table: Table
    """Table that tells of it."""
    row: int
    """Number of its row there, from 0."""
    side: Side
    """How the firm is concerned."""

    @property
    def weight(self) -> int:
        """How much it matters in a story that has no room for all; what it does to its suppliers matters less."""
        weight = WEIGHTS.get(self.kind, 1)
        return weight if self.side == "supplies" else max(weight - 2, 0)

    @property
    def tone(self) -> Literal["good", "bad", "neutral"]:
        """Whether it is good or bad for the firm; what it does to others is neither."""
        if self.side != "supplies":
            return "neutral"
        return "good" if self.kind in _GOOD else "bad" if self.kind in _BAD else "neutral"


def story_of(run: Run, firm: str) -> list[Sentence]:
    """Return the story of a firm in the order of time: a sentence for each row of events and upgrades about it.

    A row is about the firm that it names, and about the firm whose site buys. Where nothing happened there is no
    sentence.

    Raises
    ------
    ResultsError
        No firm has that name.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("small-open-economy", {"clock.days": 182}))
    >>> told = story_of(run, "plastic-maker-local-3")
    >>> len(told) == len(events_about(run, "plastic-maker-local-3"))
    True
    """
    names = firms_of(run.network)
    if firm not in names:
        raise ResultsError(where="firm", given=repr(firm), expected=f"no such firm{nearest(firm, names)}")
    teller = _Teller(run, firm)
    told = [*teller.events(), *teller.upgrades()]
    return sorted(told, key=lambda one: (one.day, one.table, one.row))


def events_about(run: Run, firm: str) -> pl.DataFrame:
    """Return the rows of events that are about a firm, with their numbers in the column row."""
    import polars as pl

    sites = [site["name"] for site in run.network["sites"] if site["firm"] == firm]
    about = (pl.col("firm").cast(pl.String) == firm) | pl.col("buyer").cast(pl.String).is_in(sites)
    return _table(run, "events").with_row_index("row").filter(about)


def start_of(run: Run) -> datetime.date:
    """Return the calendar date of day 0."""
    given = run.scenario["clock"].get("start")
    if isinstance(given, datetime.date):
        return given
    return datetime.date.fromisoformat(str(given)[:10]) if given else datetime.date(2000, 1, 1)


def date_words(date: datetime.date) -> str:
    """Return a date in words.

    >>> date_words(datetime.date(1993, 3, 14))
    '14 March 1993'
    """
    return f"{date.day} {date:%B %Y}"


def _table(run: Run, name: str) -> pl.DataFrame:
    return run.tables[name] if name in run.tables else empty_table(name)


class _Teller:
    """Writes the sentences of one firm."""

    def __init__(self, run: Run, firm: str) -> None:
        self._run, self._firm, self._start = run, firm, start_of(run)
        self._owner = {site["name"]: site["firm"] for site in run.network["sites"]}
        owners = list(self._owner.values())
        self._alone = {name for name in set(owners) if owners.count(name) == 1}
        self._bars = _Bars(run)

    def events(self) -> Iterator[Sentence]:
        """Yield a sentence for each event of the firm."""
        for event in events_about(self._run, self._firm).iter_rows(named=True):
            side = self._side(event)
            phrase = phrase_of(event["kind"], self._fact(event, side), side)
            yield self._sentence(event["day"], phrase, event["kind"], "events", event["row"], side)

    def upgrades(self) -> Iterator[Sentence]:
        """Yield a sentence for each function that the firm took on or lost."""
        table = _table(self._run, "upgrades").with_row_index("row")
        for row in table.filter(table["firm"].cast(str) == self._firm).iter_rows(named=True):
            yield self._sentence(row["day"], _upgrade(row), row["kind"], "upgrades", row["row"], "supplies")

    def _side(self, event: Mapping[str, Any]) -> Side:
        if event["firm"] != self._firm:
            return "buys"
        return "inside" if self._owner.get(event["buyer"]) == self._firm else "supplies"

    def _fact(self, event: Mapping[str, Any], side: Side) -> Fact:
        own, other = (event["buyer"], event["site"]) if side == "buys" else (event["site"], event["buyer"])
        value = math.nan if event["value"] is None else float(event["value"])
        buyer = self._owner.get(event["buyer"], "")
        bar = self._bars.of(self._owner.get(event["site"], ""), buyer)
        return Fact(event["cause"], self._own(own), self._other(other), event["component"], value, bar)

    def _own(self, site: str) -> str:
        return "Its site" if self._owner.get(site) in self._alone else site

    def _other(self, site: str) -> str:
        owner = self._owner.get(site, "")
        return owner if owner in self._alone else site

    def _sentence(self, day: float, phrase: Phrase, kind: str, table: Table, row: int, side: Side) -> Sentence:
        date = self._start + datetime.timedelta(days=int(day))
        why = f": {phrase.why}" if phrase.why else ""
        return Sentence(day, date, f"{phrase.what} on {date_words(date)}{why}.", kind, table, int(row), side)


_REASONS = {"award": "awarded by a buyer", "capability": "capable enough", "brand-failed": "its brand did not pay"}


def _upgrade(row: Mapping[str, Any]) -> Phrase:
    function, able = FUNCTION_WORDS.get(row["function"], row["function"]), f"capability {row['capability']:.2f}"
    reason = _REASONS.get(row["reason"], row["reason"].replace("-", " "))
    if row["kind"] == "upgrade":
        return Phrase(f"Took on {function}", f"{reason}, {able}; contract {row['contract']} from then on")
    return Phrase(f"Lost {function}", f"{'no longer ' if row['reason'] == 'capability' else ''}{reason}, {able}")


class _Bars:
    """What buyers ask of their suppliers, where the scenario alone tells it."""

    def __init__(self, run: Run) -> None:
        scenario = run.scenario
        self._firms = firms_of(scenario)
        given = scenario.get("selection") or {}
        self._rules = Governance.model_validate({k: v for k, v in given.items() if k in Governance.model_fields})
        self._own = {name: Profile.model_validate(one) for name, one in (scenario.get("profiles") or {}).items()}
        # Where profiles differ, a customer of the buyer may choose instead of it, which tables do not tell.
        self._differ = len({firm.get("profile") for firm in self._firms.values()}) > 1

    def of(self, supplier: str, buyer: str) -> Bar | None:
        """Return the bar of a buyer; None where it depends on others, as inside a group, or on who chooses."""
        if buyer not in self._firms or self._differ or self._is_owned(supplier) or self._is_owned(buyer):
            return None
        rules = governance(self._rules, self._own, self._firms[buyer].get("profile"))
        return Bar(rules.threshold, rules.strikes) if rules.rule == "absolute" else None

    def _is_owned(self, firm: str) -> bool:
        return bool(self._firms.get(firm, {}).get("owner"))


def common_bar(run: Run) -> Bar | None:
    """Return what all buyers ask of suppliers outside their groups; None where they differ or compare suppliers."""
    bars = _Bars(run)
    found = {bars.of("", firm["name"]) for firm in run.scenario["firms"] if not firm.get("owner")}
    return found.pop() if len(found) == 1 else None


class Story:
    """The story of a firm as text or, in a notebook, as a table."""

    def __init__(self, firm: str, sentences: list[Sentence]) -> None:
        self.firm, self.sentences = firm, sentences

    def __str__(self) -> str:
        """Return a line per sentence."""
        return "\n".join([f"{self.firm}: {self.summary}", *(one.text for one in self.sentences)])

    @property
    def summary(self) -> str:
        """How many things happened."""
        count = len(self.sentences)
        return "nothing out of the ordinary happened" if not count else f"{count:,} event{'s' if count > 1 else ''}"

    def _repr_html_(self) -> str:
        heads = "".join(f"<th scope='col' style='text-align:left'>{one}</th>" for one in ("Day", "What", "Table"))
        rows = "".join(
            f"<tr><td>{number(one.day)}</td><td style='text-align:left'>{html.escape(one.text)}</td>"
            f"<td>{one.table}</td></tr>"
            for one in self.sentences
        )
        caption = f"<caption style='text-align:left'><b>{html.escape(self.firm)}</b>: {self.summary}</caption>"
        return f"<table class='gpnde-statement'>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def told(run: Run, firm: str) -> Story:
    """Return the story of a firm, to be read.

    >>> import gpnde
    >>> print(told(gpnde.simulate("serial-chain"), "retailer"))
    retailer: nothing out of the ordinary happened
    """
    return Story(firm, story_of(run, firm))
