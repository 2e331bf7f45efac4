"""The frames of a run: what each link carries and how each site and firm stands, period by period.

They are what an animation of the network steps through. Goods are the quantities of the table of links, spread over
time by the recorded orders; knowledge is the formal receipts of the table of learners, spread over the links of the
receiver. Both add up to their tables.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gpnde.results.evidence import horizon_of
from gpnde.results.metric import is_open
from gpnde.results.names import positions
from gpnde.results.tables import empty_table
from gpnde.vocabulary import KNOWLEDGE_KINDS

if TYPE_CHECKING:
    import polars as pl

    from gpnde.results.run import Run

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
States = NDArray[np.int8]

MOST_PERIODS = 260
"""Longer runs have longer periods: five years of weeks, ten of fortnights."""

NOT_OPEN, OUT, WORKS = range(3)
"""States of a site in a period: not open, out of order on one of its days at least, at work throughout."""

NO_LEVEL = -1
_ENDS_AN_OUTAGE = ("site_recovered", "site_closed")
_TRACE = 1e-9


@dataclass(frozen=True, eq=False)
class Frames:
    """A run in periods that follow each other; sites, firms and links in the order of their lists.

    The first period begins on day 0. Links from outside the network are left out.
    """

    start: datetime.date
    """Calendar date of day 0."""
    ends: Floats
    """Day on which each period ends; shape (periods,)."""
    sites: list[str]
    firms: list[str]
    owner: Integers
    """Number of the firm of each site; shape (sites,)."""
    suppliers: Integers
    """Number of the supplying site of each link; shape (links,)."""
    buyers: Integers
    """Number of the buying site of each link; shape (links,)."""
    links: Integers
    """Number of each link in the table of links; shape (links,)."""
    opened: Floats
    """Day on which each link began; shape (links,)."""
    closed: Floats
    """Day on which each link ended, infinite while it goes on; shape (links,)."""
    goods: Floats
    """Units sent over each link in each period; shape (periods, links)."""
    to_supplier: Floats
    """Knowledge (1) that the supplier of a link received in each period from its buyer; shape (periods, links)."""
    to_buyer: Floats
    """Knowledge (1) that the buyer of a link received from its supplier; shape (periods, links)."""
    unplaced: Floats
    """Knowledge (1) that came by formal channels to firms that had no link; shape (periods,)."""
    states: States
    """`NOT_OPEN`, `OUT` or `WORKS`; shape (periods, sites)."""
    levels: States
    """Highest rung of the ladder that each firm performs, from 0, or -1; shape (periods, firms)."""
    outages: Floats
    """Number of the site, first day and last day of each outage; shape (outages, 3)."""

    @property
    def starts(self) -> Floats:
        """Day on which each period begins; shape (periods,)."""
        return np.concatenate([[0.0], self.ends[:-1]])

    def date(self, day: float) -> datetime.date:
        """Return the calendar date of a day of the run."""
        return self.start + datetime.timedelta(days=int(day))


def frames_of(run: Run) -> Frames:
    """Return the frames of a run, finished or not.

    Each link's goods add up to what the table of links says that it shipped, and the knowledge of all links and
    `Frames.unplaced` to what firms received by formal channels.

    >>> import gpnde, numpy as np
    >>> run = gpnde.simulate("serial-chain")
    >>> frames = frames_of(run)
    >>> shipped = dict(run.links.select("link", "shipped").iter_rows())
    >>> bool(np.allclose(frames.goods.sum(axis=0), [shipped[link] for link in frames.links.tolist()]))
    True
    """
    network, ends = run.network, _ends(run)
    sites = [site["name"] for site in network["sites"]]
    firms = [firm["name"] for firm in network["firms"]]
    place = {name: number for number, name in enumerate(firms)}
    owner = np.array([place[site["firm"]] for site in network["sites"]], dtype=np.int64)
    links = _links(run, sites)
    goods = _goods(run, links, ends, sites)
    to_supplier, to_buyer, unplaced = _knowledge(run, links, ends, owner, firms, goods)
    outages = outages_of(run, sites, float(ends[-1]))
    return Frames(
        start=_date(run.scenario["clock"].get("start")),
        ends=ends,
        sites=sites,
        firms=firms,
        owner=owner,
        **links,
        goods=goods,
        to_supplier=to_supplier,
        to_buyer=to_buyer,
        unplaced=unplaced,
        states=_states(run, ends, sites, owner, firms, outages),
        levels=_levels(run, ends, firms),
        outages=outages,
    )


def _date(given: Any) -> datetime.date:
    """Return the date of day 0, which plain data may hold as text."""
    if isinstance(given, datetime.date):
        return given
    return datetime.date.fromisoformat(str(given)[:10]) if given else datetime.date(2000, 1, 1)


def _table(run: Run, name: str) -> pl.DataFrame:
    return run.tables[name] if name in run.tables else empty_table(name)


def _ends(run: Run) -> Floats:
    """Return the ends of periods: the days of record, or parts of the whole run where nothing was recorded."""
    days = np.unique(np.concatenate([_table(run, name)["day"].to_numpy() for name in ("sites", "tiers", "markets")]))
    days = days[days > 0]
    if not len(days):
        # Without day 0, at which no period ends.
        return np.linspace(0.0, horizon_of(run.scenario), 53)[1:]
    step = -(-len(days) // MOST_PERIODS)
    # Counted from the end, so that the last day of record ends a period.
    return np.asarray(days[::-1][::step][::-1], dtype=np.float64)


def _links(run: Run, sites: Sequence[str]) -> dict[str, Any]:
    """Return number, ends and days of the links between sites of the network."""
    table = _table(run, "links")
    suppliers, buyers = (positions(table[side], sites, strict=False) for side in ("supplier", "buyer"))
    inside = (suppliers >= 0) & (buyers >= 0)
    return {
        "links": table["link"].to_numpy()[inside].astype(np.int64),
        "suppliers": suppliers[inside],
        "buyers": buyers[inside],
        "opened": table["opened_day"].fill_null(0.0).to_numpy()[inside],
        "closed": table["closed_day"].fill_null(np.inf).fill_nan(np.inf).to_numpy()[inside],
    }


def _goods(run: Run, links: Mapping[str, Any], ends: Floats, sites: Sequence[str]) -> Floats:
    """Return what each link carried in each period (units): the total of the table of links, spread over time."""
    totals = dict(_table(run, "links").select("link", "shipped").iter_rows())
    shipped = np.array([totals[number] for number in links["links"].tolist()], dtype=np.float64)
    goods = np.zeros((len(ends), len(shipped)))
    for profile in _profiles(run, links, ends, sites):
        sums = profile.sum(axis=0)
        fresh = (goods.sum(axis=0) == 0) & (sums > 0)
        goods[:, fresh] = profile[:, fresh] / sums[fresh] * shipped[fresh]
    return goods


def _profiles(run: Run, links: Mapping[str, Any], ends: Floats, sites: Sequence[str]) -> Iterator[Floats]:
    """Yield what tells when a link carried its goods, the most exact first; shape (periods, links).

    Its own orders by the day on which they left; else what its supplier sent to all; else the time that it was there.
    """
    open_ = _open(links, ends)
    yield _by_orders(_table(run, "orders"), links["links"], ends)
    yield _by_sites(_table(run, "sites"), sites, ends)[:, links["suppliers"]] * open_
    yield open_.astype(np.float64)
    yield np.ones(open_.shape)


def _open(links: Mapping[str, Any], ends: Floats) -> NDArray[np.bool_]:
    starts = np.concatenate([[-1.0], ends[:-1]])
    return np.asarray((links["opened"] <= ends[:, None]) & (links["closed"] > starts[:, None]))


def _by_orders(orders: pl.DataFrame, links: Integers, ends: Floats) -> Floats:
    """Return the quantity of the orders of each link that left in each period (units)."""
    import polars as pl

    left = orders.filter(pl.col("shipped_day").is_not_null() & pl.col("link").is_in(links.tolist()))
    order = np.argsort(links)
    column = order[np.searchsorted(links[order], left["link"].to_numpy())] if left.height else np.zeros(0, np.int64)
    found = np.zeros((len(ends), len(links)))
    np.add.at(found, (period_of(left["shipped_day"].to_numpy(), ends), column), left["quantity"].to_numpy())
    return found


def _by_sites(table: pl.DataFrame, sites: Sequence[str], ends: Floats) -> Floats:
    """Return what each site sent in each period (units); shape (periods, sites)."""
    found = np.zeros((len(ends), len(sites)))
    column = positions(table["site"], sites, strict=False)
    known = column >= 0
    sent = table["shipped"].fill_null(0.0).to_numpy()
    np.add.at(found, (period_of(table["day"].to_numpy(), ends)[known], column[known]), sent[known])
    return found


def period_of(days: Floats, ends: Floats) -> Integers:
    """Return the number of the period that each day lies in; later days count to the last period.

    >>> period_of(np.array([0.0, 7.0, 8.0, 99.0]), np.array([7.0, 14.0])).tolist()
    [0, 0, 1, 1]
    """
    return np.asarray(np.minimum(np.searchsorted(ends, days, side="left"), len(ends) - 1), dtype=np.int64)


def _knowledge(
    run: Run, links: Mapping[str, Any], ends: Floats, owner: Integers, firms: Sequence[str], goods: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return what suppliers received over each link, what buyers did, and what no link brought; by period.

    The tables say what a firm received, not from whom. It is shared among its links with buyers by what it delivered
    over them; a firm without buyers in the network shares it among its links with suppliers.
    """
    receipts = _receipts(_table(run, "learners"), ends, firms)
    suppliers, buyers = owner[links["suppliers"]], owner[links["buyers"]]
    # A trace of goods, so that a link that is there and idle counts where all are idle.
    weight = np.where(_open(links, ends) & (suppliers != buyers), goods + _TRACE, 0.0)
    to_supplier, rest = _shared(receipts, weight, suppliers)
    to_buyer, unplaced = _shared(rest, weight, buyers)
    return to_supplier, to_buyer, unplaced.sum(axis=1)


def _shared(receipts: Floats, weight: Floats, firm: Integers) -> tuple[Floats, Floats]:
    """Return receipts by link, shared by weight among the links of a firm, and those of firms without a link."""
    sums = np.zeros_like(receipts)
    # Turned, since rows are what is added up; the turned sums are a view, so that it is *sums* that grows.
    np.add.at(sums.T, firm, weight.T)
    share = np.divide(weight, sums[:, firm], out=np.zeros_like(weight), where=sums[:, firm] > 0)
    return share * receipts[:, firm], np.where(sums > 0, 0.0, receipts)


def _receipts(learners: pl.DataFrame, ends: Floats, firms: Sequence[str]) -> Floats:
    """Return what each firm received by formal channels in each period (1), evenly between two records."""
    found = np.zeros((len(ends), len(firms)))
    if learners.is_empty():
        return found
    books = np.sum([learners[f"transferred_formal_{kind}"].to_numpy() for kind in KNOWLEDGE_KINDS], axis=0)
    firm, days = positions(learners["firm"], firms, strict=False), learners["day"].to_numpy()
    for number in np.unique(firm[firm >= 0]).tolist():
        own = firm == number
        totals = np.interp(np.concatenate([[0.0], ends]), days[own], books[own])
        found[:, number] = np.diff(totals)
    return found


def outages_of(run: Run, sites: Sequence[str], last: float) -> Floats:
    """Return number of the site, first and last day of each outage of some *sites*; shape (outages, 3).

    The table of events tells of them; one that goes on ends on the *last* day.
    """
    begun: dict[int, float] = {}
    found: list[tuple[float, float, float]] = []
    place = {name: number for number, name in enumerate(sites)}
    for day, kind, name in _table(run, "events").select("day", "kind", "site").iter_rows():
        site = place.get(name, -1)
        if kind == "site_failed" and site >= 0:
            begun.setdefault(site, day)
        elif kind in _ENDS_AN_OUTAGE and site in begun:
            found.append((site, begun.pop(site), day))
    found += [(site, day, last) for site, day in begun.items()]
    return np.array(sorted(found, key=lambda one: (one[1], one[0])), dtype=np.float64).reshape(-1, 3)


def _states(
    run: Run, ends: Floats, sites: Sequence[str], owner: Integers, firms: Sequence[str], outages: Floats
) -> States:
    """Return the state of each site in each period: by events, and by the days of record where a site was down."""
    states = np.full((len(ends), len(sites)), WORKS, dtype=np.int8)
    states[_down(_table(run, "sites"), ends, sites)] = OUT
    for site, first, last in outages.tolist():
        period = period_of(np.array([first, max(last - 1e-6, first)]), ends)
        states[period[0] : period[1] + 1, int(site)] = OUT
    # Last, since a site that is not open is not out of order either.
    there = np.array([[is_open(site, day) for site in run.network["sites"]] for day in ends.tolist()], dtype=np.bool_)
    states[~(there & _active(_table(run, "firms"), ends, firms)[:, owner])] = NOT_OPEN
    return states


def _down(table: pl.DataFrame, ends: Floats, sites: Sequence[str]) -> NDArray[np.bool_]:
    down = table.filter(table["up"] == 0)
    found = np.zeros((len(ends), len(sites)), dtype=np.bool_)
    column, days = positions(down["site"], sites, strict=False), down["day"].to_numpy()
    known = (column >= 0) & (days > 0)
    found[period_of(days, ends)[known], column[known]] = True
    return found


def _active(table: pl.DataFrame, ends: Floats, firms: Sequence[str]) -> NDArray[np.bool_]:
    """Return whether each firm is in the network at the end of each period, by its last record until then."""
    found = np.ones((len(ends), len(firms)), dtype=np.bool_)
    column, days = positions(table["firm"], firms, strict=False), table["day"].to_numpy()
    active = table["active"].to_numpy() != 0
    for number in np.unique(column[column >= 0]).tolist():
        own = column == number
        last = np.maximum(np.searchsorted(days[own], ends, side="right") - 1, 0)
        found[:, number] = active[own][last]
    return found


def _levels(run: Run, ends: Floats, firms: Sequence[str]) -> States:
    """Return the level of each firm by the last record of knowledge until the end of a period."""
    levels = np.full((len(ends), len(firms)), NO_LEVEL, dtype=np.int8)
    history = run.history
    if history is None:
        return levels
    time = np.maximum(np.searchsorted(history.days, ends, side="right") - 1, 0)
    place = {name: number for number, name in enumerate(firms)}
    for number, name in enumerate(history.firms):
        if name in place:
            there = history.present[time, number]
            levels[:, place[name]] = np.where(there, history.levels[time, number], NO_LEVEL)
    return levels
