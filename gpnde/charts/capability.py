"""Charts of capability: what each tier can do at the start and at the end, and how far lower tiers are behind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gpnde.charts.theme import BACKGROUND, COLOURS, INK, LOW_TO_HIGH, MUTED, WIDTH, nothing, styled
from gpnde.charts.words import course
from gpnde.results.chart import chart
from gpnde.results.headline import number
from gpnde.results.history import KNOWLEDGE, History, Integers
from gpnde.results.metrics.divide import mean_course, tier_gaps
from gpnde.vocabulary import FUNCTIONS

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_TIERS = 8
MOST_TIMES = 300
_UNSEEN = 0.005
"""A change of capability that two decimals do not show."""

LABELS = dict(
    zip(
        FUNCTIONS,
        (
            "Sales and distribution", "Assembly and test", "Component making", "Engineering", "Product development",
            "System integration", "Supply-chain coordination", "Strategic marketing",
        ),
        strict=True,
    )
)  # fmt: skip
"""Functions in words."""

FLAGSHIP, HIGHER, LOWER = "flagships", "higher-tier suppliers", "lower-tier suppliers"

NO_KNOWLEDGE = "The run was made without knowledge."

_MAP = "Capability by tier and function"
_GAP = "Gap between tiers over time"


def capability_rows(history: History) -> pl.DataFrame:
    """Return the mean capability of the firms of each tier, whatever they perform: when, tier, function, capability.

    The columns firms and performing count the firms that are there and those of them that perform the function. From
    the tier `MOST_TIERS` on, all are one.
    """
    import polars as pl

    last = min(int(history.tiers.max()), MOST_TIERS - 1)
    shown = np.minimum(history.tiers, last)
    rows = [
        row
        for time, when in ((0, "Day 0"), (-1, f"Day {history.days[-1]:,.0f}"))
        for tier in np.unique(shown).tolist()
        for row in _cells(history, time, when, tier, shown)
    ]
    names = ("when", "tier", "function", "capability", "firms", "performing")
    table = pl.DataFrame(rows, schema=names, orient="row")
    deep = last < int(history.tiers.max())
    name = pl.when((pl.col("tier") == last) & deep).then(pl.lit(f"{last} and up")).otherwise(pl.col("tier").cast(str))
    return table.with_columns(tier=name)


def _cells(history: History, time: int, when: str, tier: int, shown: Integers) -> list[tuple[object, ...]]:
    there = history.present[time] & (shown == tier)
    count = int(there.sum())
    if not count:
        return []
    means = history.capability[time][there].mean(axis=0).tolist()
    doing = history.performed[time][there].sum(axis=0).tolist()
    return [
        (when, tier, LABELS[name], mean, count, performing)
        for name, mean, performing in zip(FUNCTIONS, means, doing, strict=True)
    ]


@chart("capability", _MAP, group="learning", place=1, needs=KNOWLEDGE)
def capability_by_tier(run: Run) -> Chart:
    """Show mean capability of each tier in each function, on day 0 and at the end.

    A map of mean capability over tiers and functions, at the start and at the end.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Capability by tier and function' in str(capability_by_tier(run).to_dict()["title"])
    True
    """
    import altair as alt

    if run.history is None:
        return nothing(_MAP, NO_KNOWLEDGE)
    rows = capability_rows(run.history)
    panels = [_map(part, first=index == 0) for index, part in enumerate(rows.partition_by("when"))]
    return styled(
        alt.hconcat(*panels, spacing=24),
        _MAP,
        "Two maps, on day 0 and at the end: mean capability of the firms of each tier in each of eight functions.",
        "Mean over the firms of a tier, whatever they perform; the frontier is 1",
        map_finding(rows),
    )


def map_finding(rows: pl.DataFrame) -> str:
    """Return in words which tier learned most from the first day to the last, and which least; *rows* as drawn."""
    import polars as pl

    means = rows.group_by("when", "tier", maintain_order=True).agg(pl.col("capability").mean())
    first, last = (dict(part.select("tier", "capability").iter_rows()) for part in means.partition_by("when")[:2])
    rises = {tier: last[tier] - first[tier] for tier in last if tier in first}
    if not rises:
        return ""
    most, least = max(rises, key=rises.__getitem__), min(rises, key=rises.__getitem__)
    if abs(rises[most]) < _UNSEEN and abs(rises[least]) < _UNSEEN:
        return "Mean capability of no tier has moved"
    said = course(f"mean capability of tier {most}", first[most], last[most], _two)
    return said if most == least else f"{said}, that of tier {least} went from {first[least]:.2f} to {last[least]:.2f}"


def _map(rows: pl.DataFrame, first: bool) -> alt.LayerChart:
    """Return the map of one day; only the *first* names the functions and the colours."""
    import altair as alt

    order = [LABELS[name] for name in reversed(FUNCTIONS)]
    axis = alt.Axis(labels=first, ticks=False, domain=False, labelLimit=220)
    base = alt.Chart(rows).encode(
        x=alt.X("tier:N", title="Tier", axis=alt.Axis(labelAngle=0, ticks=False, domain=False)),
        y=alt.Y("function:N", title=None, sort=order, axis=axis),
        tooltip=[
            alt.Tooltip("tier:N", title="Tier"),
            alt.Tooltip("function:N", title="Function"),
            alt.Tooltip("capability:Q", title="Mean capability (1)", format=".3f"),
            alt.Tooltip("performing:Q", title="Firms that perform it", format=",.0f"),
            alt.Tooltip("firms:Q", title="Firms", format=",.0f"),
        ],
    )
    scale = alt.Scale(domain=[0, 1], range=list(LOW_TO_HIGH))
    colour = alt.Color("capability:Q", title="Mean capability (1)", scale=scale, legend=alt.Legend())
    ink = alt.condition(alt.datum.capability > 0.65, alt.value(BACKGROUND), alt.value(INK))
    cells = base.mark_rect(stroke=BACKGROUND).encode(color=colour)
    figures = base.mark_text(fontSize=12).encode(text=alt.Text("capability:Q", format=".2f"), color=ink)
    title = alt.TitleParams(rows["when"][0], anchor="middle", fontSize=12, fontWeight="normal")
    return alt.LayerChart(layer=[cells, figures]).properties(width=WIDTH // 2 - 130, height=240, title=title)


def spaced(count: int) -> Integers:
    """Return at most `MOST_TIMES` numbers of records, the first and the last among them, evenly spaced.

    >>> spaced(3).tolist(), len(spaced(10_000)), int(spaced(10_000)[-1])
    ([0, 1, 2], 300, 9999)
    """
    return np.unique(np.linspace(0, count - 1, min(count, MOST_TIMES)).round().astype(np.int64))


def gap_rows(history: History) -> pl.DataFrame:
    """Return the mean capability of flagships and of suppliers by tier over time: day, group, capability.

    Only firms count that are there at the first and the last time. A group without any has no row.
    """
    import polars as pl

    times = spaced(len(history.days))
    groups = {FLAGSHIP: ~history.suppliers, HIGHER: history.higher, LOWER: history.lower}
    parts = [
        pl.DataFrame({"day": history.days[times], "group": [name] * len(times), "capability": course[times]})
        for name, course in ((name, mean_course(history, chosen)) for name, chosen in groups.items())
    ]
    return pl.concat(parts).filter(pl.col("capability").is_finite())


@chart("gap", _GAP, group="learning", place=6, needs=KNOWLEDGE)
def gap_over_time(run: Run) -> Chart:
    """Show mean capability of flagships, higher-tier and lower-tier suppliers.

    Lines of the mean capability of flagships, higher-tier and lower-tier suppliers, the gap shaded.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Gap between tiers over time' in str(gap_over_time(run).to_dict()["title"])
    True
    """
    import altair as alt

    if run.history is None:
        return nothing(_GAP, NO_KNOWLEDGE)
    rows, gaps = gap_rows(run.history), tier_gaps(run.history)
    start, end = number(float(gaps[0])), number(float(gaps[-1]))
    layers = alt.LayerChart(layer=[_band(rows), _lines(rows)]).properties(width=WIDTH, height=240)
    return styled(
        layers,
        _GAP,
        f"Lines of mean capability over days by tier; the higher tier is ahead by {start} on day 0, {end} at the end.",
        "Mean capability of the firms that are there all the time; the shaded gap lies between suppliers of both kinds",
        gap_finding(float(gaps[0]), float(gaps[-1])),
    )


def gap_finding(first: float, last: float) -> str:
    """Return in words whether lower-tier suppliers catch up or fall behind, by the gap to the higher tier (1).

    >>> gap_finding(0.2, 0.1), gap_finding(-0.1, 0.05)
    ('Lower-tier suppliers catch up: the gap fell from 0.20 to 0.10', 'The gap grew from -0.10 to 0.05')
    """
    if not (math.isfinite(first) and math.isfinite(last)):
        return "There is no gap to measure: suppliers of one of the two tiers are missing"
    said = course("the gap", first, last, _two)
    if min(first, last) < 0 or "hardly" in said or "stayed" in said:
        return said
    return f"Lower-tier suppliers {'fall behind' if last > first else 'catch up'}: {said[0].lower()}{said[1:]}"


def _two(value: float) -> str:
    return f"{value:.2f}"


def _band(rows: pl.DataFrame) -> alt.Chart:
    """Return the area between higher-tier and lower-tier suppliers."""
    import altair as alt
    import polars as pl

    higher = rows.filter(pl.col("group") == HIGHER).select("day", top="capability")
    lower = rows.filter(pl.col("group") == LOWER).select("day", bottom="capability")
    both = higher.join(lower, on="day")
    chart: alt.Chart = alt.Chart(both).mark_area(color=MUTED, opacity=0.15).encode(x="day:Q", y="top:Q", y2="bottom:Q")
    return chart


def _lines(rows: pl.DataFrame) -> alt.Chart:
    import altair as alt

    names = [FLAGSHIP, HIGHER, LOWER]
    colours = alt.Scale(domain=names, range=[COLOURS[6], COLOURS[0], COLOURS[3]])
    days = alt.Axis(format=",.0f", tickCount=8)
    dashes = alt.Scale(domain=names, range=[[1, 0], [1, 0], [6, 3]])
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("day:Q", title="Day of the run", axis=days, scale=alt.Scale(nice=False)),
            y=alt.Y("capability:Q", title="Mean capability in functions of day 0 (1)", scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("group:N", title=None, scale=colours, sort=names),
            strokeDash=alt.StrokeDash("group:N", title=None, scale=dashes, sort=names),
            tooltip=[
                alt.Tooltip("group:N", title="Firms"),
                alt.Tooltip("day:Q", title="Day", format=",.0f"),
                alt.Tooltip("capability:Q", title="Mean capability (1)", format=".3f"),
            ],
        )
    )
    return chart
