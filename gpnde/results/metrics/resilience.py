"""Metrics of resilience: how long the network survives an outage, how long it takes to recover, and what is lost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.results.evidence import Evidence
from gpnde.results.metric import metric, ratio, sums_by, value_added_of
from gpnde.results.metrics.flow import while_open

if TYPE_CHECKING:
    import polars as pl

SITE_FAILED = "site_failed"
SITE_RECOVERED = "site_recovered"

LOOK_BACK_DAYS = 91.0
"""How far back the state before an outage is looked up, and how long after it a shortfall is put down to it."""

MOST_OUTAGES = 1000
"""Outages that the times are averaged over at most; of more, evenly spaced ones are taken."""

FEWEST_UNDISTURBED = 8
"""Records without any outage that the usual rate of production needs."""


class Outage(NamedTuple):
    """A time during which a site did not work; ``recovered`` is infinite where it never came back."""

    site: str
    failed: float
    recovered: float


def _found(evidence: Evidence) -> list[Outage]:
    return outages(evidence.tables["events"])


@metric(
    "flow.time_to_survive",
    unit="day",
    formula="mean(first short - failed)",
    better="higher",
    source="Simchi-Levi, Schmidt and Wei (2014)",
)
def time_to_survive(evidence: Evidence) -> float:
    """Return the mean time from the failure of a site to the first record in which markets downstream are short.

    They are short where they go shorter than in the quarter before; over the outages after which they do, to the
    length of a record.
    """
    hit = [time for time in evidence.part(_times_to_survive) if time is not None]
    return ratio(sum(hit), len(hit))


@metric("flow.outages_survived", unit="1", formula="share", better="higher", source="definition")
def outages_survived(evidence: Evidence) -> float:
    """Return the share of the outages after which no market downstream went shorter than in the quarter before."""
    times = evidence.part(_times_to_survive)
    return ratio(times.count(None), len(times))


@metric(
    "flow.time_to_recover",
    unit="day",
    formula="mean(back - failed)",
    better="lower",
    source="Simchi-Levi, Schmidt and Wei (2014)",
)
def time_to_recover(evidence: Evidence) -> float:
    """Return the mean time from the failure of a site to the first record whose backlog is back to the level before.

    The record is one after the return of the site; over the outages after which there is one.
    """
    found = evenly(evidence.part(_found), MOST_OUTAGES)
    return mean_recovery(evidence.tables["sites"], found)


@metric(
    "flow.lost_value_added.direct",
    unit="money",
    formula="Σ days out · usual rate · value added per unit",
    better="lower",
    source="definition",
)
def lost_directly(evidence: Evidence) -> float:
    """Return the value not added at the sites that were out."""
    loss = evidence.part(_lost_value)
    return loss.direct if loss else math.nan


@metric(
    "flow.lost_value_added.indirect",
    unit="money",
    formula="Σ (usual - produced) · value added per unit - direct",
    better="lower",
    source="definition",
)
def lost_indirectly(evidence: Evidence) -> float:
    """Return the value that all sites added less than usual while any site was out, without the direct loss.

    It is taken over the records in which any site was out.
    """
    loss = evidence.part(_lost_value)
    return loss.total - loss.direct if loss else math.nan


def outages(events: pl.DataFrame) -> list[Outage]:
    """Return the outages of sites in the order of failure; a failure of a site that is out adds nothing."""
    import polars as pl

    ended: list[Outage] = []
    failed: dict[str, float] = {}
    rows = events.filter(pl.col("kind").is_in([SITE_FAILED, SITE_RECOVERED])).select("day", "kind", "site")
    for day, kind, site in rows.iter_rows():
        if kind == SITE_FAILED:
            failed.setdefault(site, day)
        elif site in failed:
            ended.append(Outage(site, failed.pop(site), day))
    lasting = [Outage(site, day, math.inf) for site, day in failed.items()]
    return sorted(ended + lasting, key=lambda outage: (outage.failed, outage.site))


def evenly(found: Sequence[Outage], most: int) -> list[Outage]:
    """Return at most *most* outages, evenly spaced in the order given."""
    if len(found) <= most:
        return list(found)
    return [found[index] for index in np.linspace(0, len(found) - 1, most).astype(int)]


def markets_downstream(scenario: Mapping[str, Any], links: pl.DataFrame) -> dict[str, int]:
    """Return, for each site that goods reach a market from, the set of these markets as bits, market by market.

    Links that ended count too: they were open for part of the run.
    """
    suppliers: dict[str, list[str]] = {}
    for supplier, buyer in links.select("supplier", "buyer").unique(maintain_order=True).iter_rows():
        suppliers.setdefault(buyer, []).append(supplier)
    reach: dict[str, int] = {}
    for bit, market in enumerate(scenario["markets"]):
        for site in market["served_by"]:
            reach[site] = reach.get(site, 0) | 1 << bit
    # A site waits once, however many markets have come to be known since: keys of a mapping keep their order.
    waiting = dict.fromkeys(reach)
    while waiting:
        buyer = next(iter(waiting))
        del waiting[buyer]
        for supplier in suppliers.get(buyer, ()):
            both = reach.get(supplier, 0) | reach[buyer]
            if both != reach.get(supplier):
                reach[supplier] = both
                waiting[supplier] = None
    return reach


def _times_to_survive(evidence: Evidence) -> list[float | None]:
    """Return the time until markets downstream are short, or None, for outages of sites that goods reach them from."""
    scenario, tables = evidence.scenario, evidence.tables
    found = evenly(evidence.part(_found), MOST_OUTAGES)
    if not found:
        return []
    reach = markets_downstream(scenario, tables["links"])
    short = _Shortfall([market["name"] for market in scenario["markets"]], tables["markets"])
    watched = [outage for outage in found if outage.site in reach]
    return [first_short(outage, short.days, short.of(reach[outage.site])) for outage in watched]


class _Shortfall:
    """The unfilled share of demand per record, of any set of markets."""

    def __init__(self, names: Sequence[str], markets: pl.DataFrame) -> None:
        """Lay the table of markets out as records by markets."""
        self.days = markets["day"].unique().sort().to_numpy()
        self._demanded, self._filled = (_by_market(names, markets, column) for column in ("demanded", "filled"))
        self._known: dict[int, NDArray[np.float64]] = {}

    def of(self, bits: int) -> NDArray[np.float64]:
        """Return the unfilled share of the markets whose bit is set; 0 where there is no demand."""
        if bits not in self._known:
            chosen = [index for index in range(self._demanded.shape[1]) if bits >> index & 1]
            demanded, filled = self._demanded[:, chosen].sum(axis=1), self._filled[:, chosen].sum(axis=1)
            self._known[bits] = np.divide(demanded - filled, demanded, out=np.zeros(len(demanded)), where=demanded > 0)
        return self._known[bits]


def _by_market(names: Sequence[str], markets: pl.DataFrame, column: str) -> NDArray[np.float64]:
    """Return a column of the table of markets as an array of records by markets."""
    days, record = np.unique(markets["day"].to_numpy(), return_inverse=True)
    number = {name: index for index, name in enumerate(names)}
    market = np.array([number[name] for name in markets["market"].to_list()], dtype=np.int64)
    wide = np.zeros((len(days), len(names)))
    np.add.at(wide, (record, market), markets[column].fill_null(0.0).to_numpy())
    return wide


def first_short(outage: Outage, days: NDArray[np.float64], short: NDArray[np.float64]) -> float | None:
    """Return the time from failure to the first record that is shorter than any in the quarter before, or None.

    A shortfall counts until a quarter after the recovery.
    """
    before = short[(days <= outage.failed) & (days > outage.failed - LOOK_BACK_DAYS)]
    usual = float(before.max()) if len(before) else 0.0
    after = (days > outage.failed) & (days <= outage.recovered + LOOK_BACK_DAYS) & (short > usual + 1e-9)
    return float(days[after][0] - outage.failed) if after.any() else None


def mean_recovery(sites: pl.DataFrame, found: Sequence[Outage]) -> float:
    """Return the mean time from a site's failure until its backlog is back (days), over those that come back."""
    import polars as pl

    names = {outage.site for outage in found}
    rows = sites.filter(pl.col("site").is_in(sorted(names))).select("site", "day", "backlog")
    series = {key[0]: (part["day"].to_numpy(), part["backlog"].to_numpy()) for key, part in rows.group_by("site")}
    times = [_recovery(outage, *series[outage.site]) for outage in found if outage.site in series]
    back = [time for time in times if time is not None]
    return ratio(sum(back), len(back))


def _recovery(outage: Outage, days: NDArray[np.float64], backlog: NDArray[np.float64]) -> float | None:
    before = backlog[days <= outage.failed]
    level = float(before[-1]) if len(before) else 0.0
    back = days[(days >= outage.recovered) & (backlog <= level)]
    return float(back[0] - outage.failed) if len(back) else None


class _Loss(NamedTuple):
    """Value that was not added (money)."""

    direct: float
    total: float


def _lost_value(evidence: Evidence) -> _Loss | None:
    """Return what outages cost; None without outages, or where too few records are without any."""
    import polars as pl

    found = evidence.part(_found)
    if not found:
        return None
    rows = _with_disturbance(while_open(evidence.scenario, evidence.tables["sites"]), found, evidence.start)
    if rows.filter(~pl.col("disturbed"))["day"].n_unique() < FEWEST_UNDISTURBED:
        return None
    added = value_added_of(evidence.scenario, evidence.tables)
    rates = _usual_rates(rows)
    days_out = _days_out(found, evidence.horizon)
    direct = sum(rates.get(site, 0.0) * added[site] * days for site, days in days_out.items())
    total = sum((rates[site] * days - made) * added[site] for site, days, made in _disturbed_output(rows).iter_rows())
    return _Loss(direct, total)


def _with_disturbance(rows: pl.DataFrame, found: Sequence[Outage], start: float) -> pl.DataFrame:
    """Return the rows of sites with the length of their record (days) and whether any site was out during it.

    The first record begins on the day *start*.
    """
    import polars as pl

    ends = rows["day"].unique().sort().to_numpy()
    starts = np.concatenate([[start], ends[:-1]])
    failed, recovered = np.array([outage[1:] for outage in found]).T
    # Some site is out where more outages began before the end of a record than were over at its start.
    out = np.searchsorted(np.sort(failed), ends) > np.searchsorted(np.sort(recovered), starts, side="right")
    records = pl.DataFrame({"day": ends, "length": ends - starts, "disturbed": out})
    return rows.select("day", "site", "produced").join(records, on="day")


def _usual_rates(rows: pl.DataFrame) -> dict[str, float]:
    """Return what each site makes per day in records without any outage (units)."""
    import polars as pl

    calm = sums_by("site", rows.filter(~pl.col("disturbed")), "produced", "length")
    rates = {site: ratio(made, days) for site, made, days in calm.select("site", "produced", "length").iter_rows()}
    return {site: rates.get(site, 0.0) for site in rows["site"].unique(maintain_order=True)}


def _disturbed_output(rows: pl.DataFrame) -> pl.DataFrame:
    """Return length (days) and output (units) of each site in the records with an outage: site, length, produced."""
    return sums_by("site", rows.filter("disturbed"), "length", "produced").drop("rows")


def _days_out(found: Sequence[Outage], horizon: float) -> dict[str, float]:
    days: dict[str, float] = {}
    for outage in found:
        days[outage.site] = days.get(outage.site, 0.0) + min(outage.recovered, horizon) - outage.failed
    return days
