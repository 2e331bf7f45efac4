"""What charts share: tables that may be missing, parts of time, names of tiers, axes and tooltips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gpnde.charts.theme import BACKGROUND, INK, MUTED
from gpnde.results.evidence import horizon_of
from gpnde.results.tables import empty_table
from gpnde.results.warm_up import measured_from

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.run import Run

MOST_TIERS = 8
MOST_DAYS = 300
DAY = "Day of the run"

_BARE = "replace(datum.label, regexp('^(policy|disruption|diffusion)[.]'), '')"
IN_WORDS = f"upper(slice({_BARE}, 0, 1)) + replace(slice({_BARE}, 1), regexp('[-_]', 'g'), ' ')"
"""Writes the names of the model in a legend as they are read, such as Lead supplier for lead-supplier."""


def table_of(run: Run, name: str) -> pl.DataFrame:
    """Return a table of a run, without rows where a run that is not finished has none."""
    return run.tables[name] if name in run.tables else empty_table(name)


def horizon(run: Run) -> float:
    """Return the day on which the run ends, or will end (day)."""
    return horizon_of(run.scenario)


def last_day(run: Run) -> float:
    """Return the last day that a row of the run tells of (day), 0 where there is none."""
    days = [table_of(run, name)["day"].max() for name in ("tiers", "markets", "learners")]
    return max((float(day) for day in days if day is not None), default=0.0)  # type: ignore[arg-type]


def at_day(table: pl.DataFrame, day: float) -> pl.DataFrame:
    """Return the rows of the last recorded day that is not after *day*, of the first one where all are.

    >>> import polars as pl
    >>> at_day(pl.DataFrame({"day": [7.0, 14.0], "on_hand": [3.0, 4.0]}), 10.0)["on_hand"].to_list()
    [3.0]
    """
    import polars as pl

    days = table["day"].filter(table["day"] <= day)
    return table.filter(pl.col("day") == pl.lit(days.max() if len(days) else table["day"].min(), pl.Float64))


def part_of(days: pl.Series, most: int = MOST_DAYS) -> pl.Expr:
    """Return the number of the part of time that each row's day lies in; there are at most *most* parts."""
    import polars as pl

    distinct = days.unique().sort()
    step = -(-max(len(distinct), 1) // most)
    return ((pl.col("day").rank("dense").cast(pl.Int64) - 1) // step).alias("part")


def tier_names(tiers: pl.Series) -> pl.Expr:
    """Return the name of each row's tier; from the tier `MOST_TIERS` on, all are one."""
    import polars as pl

    last = pl.col("tier") >= MOST_TIERS - 1
    deep = tiers.filter(tiers >= MOST_TIERS - 1).n_unique() > 1
    name = pl.when(last & pl.lit(deep)).then(pl.lit(f"{MOST_TIERS - 1} and up")).otherwise(pl.col("tier").cast(str))
    return name.alias("tier")


def day_axis(end: float, title: str | None = DAY) -> alt.X:
    """Return the axis of days from the start to the *end* of the run, so that it stands still while a run goes on."""
    import altair as alt

    axis = alt.Axis(format=",.0f", tickMinStep=1, tickCount=8, title=title)
    return alt.X("day:Q", title=title or DAY, axis=axis, scale=alt.Scale(domain=[0, end], nice=False))


def part_axis(end: float, title: str | None = DAY) -> alt.X:
    """Return the axis of bars that reach from a field start to a field end, in days up to the *end* of the run."""
    import altair as alt

    axis = alt.Axis(format=",.0f", tickCount=8, title=title)
    return alt.X("start:Q", bin="binned", title=title or DAY, axis=axis, scale=alt.Scale(domain=[0, end], nice=False))


def from_nothing() -> alt.Scale:
    """Return a scale for counts that reaches from 0 to 1 where there is nothing to count."""
    import altair as alt

    return alt.Scale(domain=alt.DomainUnionWith(unionWith=[0, 1]))


def whole_axis(**look: Any) -> alt.Axis:
    """Return an axis of numbers of things: only whole ones are named."""
    import altair as alt

    return alt.Axis(labelExpr="datum.value % 1 ? '' : format(datum.value, ',.0f')", tickCount=4, minExtent=44, **look)


def money_axis(**look: Any) -> alt.Axis:
    """Return an axis of amounts in short, such as 1.5 bn."""
    import altair as alt

    short = "replace(replace(format(datum.value, '~s'), 'G', ' bn'), 'M', ' M')"
    return alt.Axis(labelExpr=short, tickCount=4, minExtent=44, **look)


def tips(*given: tuple[str, str, str]) -> list[alt.Tooltip]:
    """Return tooltips for fields, each with a title and a format that may be empty; all but numbers have none."""
    import altair as alt

    return [
        alt.Tooltip(f"{field}:Q", title=title, format=form) if form else alt.Tooltip(f"{field}:N", title=title)
        for field, title, form in given
    ]


def widths(quantities: pl.Series, thinnest: float, widest: float) -> pl.Series:
    """Return the width of the line of each quantity (px), the largest one having the widest.

    >>> import polars as pl
    >>> widths(pl.Series([0.0, 5.0, 10.0]), 1.0, 3.0).to_list()
    [1.0, 2.0, 3.0]
    """
    import polars as pl

    # Quantities that are all 0 must not divide by 0.
    most = max([*quantities, 1e-300])
    return pl.Series("width", [thinnest + (widest - thinnest) * quantity / most for quantity in quantities], pl.Float64)


def rule_at(value: float, channel: str = "y") -> alt.Chart:
    """Return a thin dashed line across the chart at a *value* of the axis *channel*."""
    import altair as alt
    import polars as pl

    rows = pl.DataFrame({"level": [value]})
    place = alt.Y("level:Q") if channel == "y" else alt.X("level:Q")
    chart: alt.Chart = alt.Chart(rows).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(place)
    return chart


def with_warm_up(run: Run, chart: alt.Chart) -> alt.Chart | alt.LayerChart:
    """Return a chart over days with a band over the warm-up, which metrics leave out; as it is without one."""
    import altair as alt
    import polars as pl

    start = measured_from(run.scenario)
    if start == 0:
        return chart
    rows = pl.DataFrame({"from": [0.0], "to": [start], "what": ["Warm-up, left out of metrics"]})
    band = alt.Chart(rows).mark_rect(color=MUTED, opacity=0.15)
    shown = tips(("what", "Days", ""), ("to", "To day", ",.0f"))
    return alt.LayerChart(layer=[band.encode(x="from:Q", x2="to:Q", tooltip=shown), chart])


def named(chart: alt.Chart, **look: Any) -> alt.LayerChart:
    """Return the names of points, with an edge in the colour of the page so that they can be read over lines."""
    import altair as alt

    edge = chart.mark_text(fontSize=11, fill=BACKGROUND, stroke=BACKGROUND, strokeWidth=3, strokeJoin="round", **look)
    return alt.LayerChart(layer=[edge, chart.mark_text(fontSize=11, color=INK, **look)])


def listed(names: Sequence[str], most: int = 6) -> str:
    """Return names in one phrase, the first few by name.

    >>> listed(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
