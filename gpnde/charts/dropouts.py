"""The chart of outages of sites, and of dismissals and exits: number by quarter and cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gpnde.charts.parts import IN_WORDS, from_nothing, horizon, part_axis, table_of, whole_axis
from gpnde.charts.theme import BACKGROUND, WIDTH, colour_of, nothing, styled
from gpnde.charts.words import counted, first_of
from gpnde.results.chart import chart
from gpnde.results.headline import percent
from gpnde.results.series import dropout_events
from gpnde.vocabulary import OUTAGE, QUARTER_DAYS

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_PARTS = 60

_ROUNDING = 1e-9
_OUTAGE_OF_SITE = "site_failed"

_TITLE = "Outages, dismissals and exits"


def dropout_rows(events: pl.DataFrame, end: float) -> pl.DataFrame:
    """Return outages and drop-outs by cause in each part of the time: cause, start and end (day), count."""
    return quarters(dropout_events(events), end, "cause")


def quarters(events: pl.DataFrame, last: float, *keys: str) -> pl.DataFrame:
    """Return how many events there are in each part of the time for each value of *keys*: keys, start, end, count.

    A part is a quarter of 91 days, or longer where the run has more than `MOST_PARTS` of them. It holds its last day
    and not its first, since a scorecard belongs to the quarter that it closes.
    """
    import polars as pl

    length = max(QUARTER_DAYS, QUARTER_DAYS * -(-last // (QUARTER_DAYS * MOST_PARTS)))
    # Rounding must not move a last day to the next quarter, nor day 0 to one before the first.
    part = pl.max_horizontal((pl.col("day") / length - _ROUNDING).ceil() - 1, pl.lit(0.0))
    counts = events.group_by(*keys, (part * length).alias("start")).agg(count=pl.len())
    end = pl.min_horizontal(pl.col("start") + length, pl.lit(last))
    return counts.with_columns(end.alias("end")).sort(*keys, "start")


@chart("dropouts", _TITLE, group="network", place=3, needs=("events",))
def dropouts_by_cause(run: Run) -> Chart:
    """Show dismissals by buyers and exits of firms by quarter and cause, and outages in a separate panel.

    A dismissal ends a link and an exit a firm, whatever the cause; after an outage the site works again.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Outages, dismissals and exits' in str(dropouts_by_cause(run).to_dict()["title"])
    True
    """
    import altair as alt
    import polars as pl

    end = horizon(run)
    events = table_of(run, "events")
    is_outage = pl.col("kind") == _OUTAGE_OF_SITE
    ended, outages = (dropout_rows(events.filter(which), end) for which in (~is_outage, is_outage))
    if ended.is_empty() and outages.is_empty():
        return nothing(_TITLE, "No outages, no dismissals and no exits.")
    names = sorted({*ended["cause"], *outages["cause"]}, key=lambda cause: (cause == OUTAGE, cause))
    panels = [
        _bars(part, title, names, end)
        for part, title in ((ended, "Dismissals and exits (number)"), (outages, "Outages (number)"))
        if part.height
    ]
    totals = ended.group_by("cause").agg(pl.col("count").sum()).sort("cause")
    by_cause = ", ".join(f"{cause.replace('-', ' ')} {count:,}" for cause, count in totals.iter_rows())
    count = int(outages["count"].sum())
    said = f"{ended['count'].sum():,} dismissals and exits ({by_cause or 'none'}); {count:,} outages"
    return styled(
        alt.vconcat(*panels, spacing=14),
        _TITLE,
        f"Bars over days by cause: {said}.",
        f"Number per quarter, or longer in long runs; {by_cause or 'no dismissals and exits'}",
        finding({**dict(totals.iter_rows()), OUTAGE: count}),
    )


def _legend() -> alt.Legend:
    import altair as alt

    return alt.Legend(title="Cause", labelExpr=IN_WORDS)


def finding(counts: Mapping[str, int]) -> str:
    """Return in words how many relations and firms ended, most of them why, and how many outages there were.

    >>> finding({"score": 3, "finance": 1, "outage": 20})
    'Relations and firms dropped out 4 times, mostly by score (75 %); 20 outages'
    """
    ended = {cause: float(count) for cause, count in counts.items() if cause != OUTAGE}
    outages = counted(counts.get(OUTAGE, 0), "outage")
    if not ended:
        return f"No relation or firm dropped out; {outages}"
    cause, share = first_of(ended)
    cause = cause.replace("-", " ")
    why = f"all by {cause}" if share == 1 else f"mostly by {cause} ({percent(share)})"
    return f"Relations and firms dropped out {counted(sum(ended.values()), 'time')}, {why}; {outages}"


def _bars(rows: pl.DataFrame, title: str, names: list[str], last: float) -> alt.Chart:
    import altair as alt

    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(stroke=BACKGROUND, strokeWidth=0.5)
        .encode(
            x=part_axis(last),
            x2="end:Q",
            y=alt.Y("count:Q", title=title, axis=whole_axis(), scale=from_nothing(), stack=True),
            color=alt.Color("cause:N", legend=_legend(), scale=colour_of(names), sort=names),
            tooltip=[
                alt.Tooltip("cause:N", title="Cause"),
                alt.Tooltip("start:Q", title="From day", format=",.0f"),
                alt.Tooltip("end:Q", title="To day", format=",.0f"),
                alt.Tooltip("count:Q", title="Number", format=",.0f"),
            ],
        )
        .properties(width=WIDTH, height=140)
    )
    return chart
