"""The fan chart of a study: how far replications lie apart over time, arm by arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.parts import DAY, tips
from gpnde.charts.theme import WIDTH, colour_of, nothing, styled
from gpnde.charts.words import counted, course
from gpnde.results.chart import chart

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart

MOST_ARMS = 6
MOST_SERIES = 3
MOST_DAYS = 80
LEVELS = {"least": 0.05, "lower": 0.25, "middle": 0.5, "upper": 0.75, "most": 0.95}
"""Shares of the runs below the edges of the fan."""

_TITLE = "Runs of each arm over time"
_ACROSS = 2


def fan_rows(courses: pl.DataFrame) -> pl.DataFrame:
    """Return quantiles over the runs of each arm: series, arm, day, runs, and a column per name in `LEVELS`.

    *courses* has a row per series, arm, run and day. Of very many arms, series and days only some are kept.
    """
    import polars as pl

    firsts = {"series": MOST_SERIES, "arm": MOST_ARMS}
    kept = {name: courses[name].unique(maintain_order=True).head(most).to_list() for name, most in firsts.items()}
    shown = courses.filter(pl.col(name).is_in(names) for name, names in kept.items())
    days = shown["day"].unique().sort()
    last = len(days) - 1
    some = [days[place * last // max(min(MOST_DAYS, last + 1) - 1, 1)] for place in range(min(MOST_DAYS, last + 1))]
    edges = {name: pl.col("value").quantile(level, "linear") for name, level in LEVELS.items()}
    rows = shown.filter(pl.col("day").is_in(some)).group_by("series", "unit", "arm", "day", maintain_order=True)
    return rows.agg(runs=pl.len(), **edges)


@chart("fan", _TITLE, group="study", place=5, needs=("courses",))
def fan_of_runs(courses: pl.DataFrame) -> Chart:
    """Show how the runs of each arm spread over time.

    Small panels of arms: the median over the runs with the bands that hold half and nine tenths of them.

    >>> import polars as pl
    >>> rows = {"series": ["Fill rate"] * 2, "unit": ["1"] * 2, "arm": ["baseline"] * 2, "key": ["a", "b"]}
    >>> found = fan_of_runs(pl.DataFrame(rows | {"day": [7.0, 7.0], "value": [0.8, 0.9]}))
    >>> 'Runs of each arm over time' in str(found.to_dict()["title"])
    True
    """
    import altair as alt

    known = courses.drop_nulls("value")
    if known.is_empty():
        return nothing(_TITLE, "The study keeps no table with a course over time: name markets or knowledge in tables.")
    rows = fan_rows(known)
    panels = [_panels(part) for part in rows.partition_by("series", maintain_order=True)]
    runs = known["key"].n_unique()
    return styled(
        alt.vconcat(*panels, spacing=18),
        _TITLE,
        f"Fans over days of {counted(runs, 'run')} in {rows['arm'].n_unique()} arms, one panel each.",
        f"Line: median of the runs; bands: half and nine tenths of them; {counted(runs, 'run')} in all",
        finding(rows),
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words where the median of the first series ends in each arm, and how far runs lie apart there.

    >>> import polars as pl
    >>> edges = {"middle": [0.9, 0.8], "least": [0.9, 0.7], "most": [0.9, 0.9]}
    >>> finding(pl.DataFrame({"series": ["Fill"] * 2, "arm": ["tax"] * 2, "day": [1.0, 2.0]} | edges))
    'Fill of tax fell from 0.9 to 0.8 in the median run; nine tenths of the runs end within 0.7 to 0.9'
    """
    first = rows.filter(rows["series"] == rows["series"][0])
    arm = first.filter(first["arm"] == first["arm"][0]).sort("day")
    said = course(f"{arm['series'][0]} of {arm['arm'][0]}", arm["middle"][0], arm["middle"][-1])
    ends = f"{arm['least'][-1]:.3g} to {arm['most'][-1]:.3g}"
    return f"{said} in the median run; nine tenths of the runs end within {ends}"


def _panels(rows: pl.DataFrame) -> alt.FacetChart:
    """Return a panel per arm, all with the same axes."""
    import altair as alt

    arms, title = rows["arm"].unique(maintain_order=True).to_list(), f"{rows['series'][0]} ({rows['unit'][0]})"
    across = min(len(arms), _ACROSS)
    colour = alt.Color("arm:N", scale=colour_of(arms), legend=None)
    days = alt.X("day:Q", title=DAY, axis=alt.Axis(format=",.0f", tickCount=5), scale=alt.Scale(nice=False))
    base = alt.Chart().encode(x=days, color=colour)
    shown = tips(("arm", "Arm", ""), ("day", "Day", ",.0f"), ("runs", "Runs", ",.0f"))
    shown += tips(*((name, f"{level:.0%} of runs below", ",.4~g") for name, level in LEVELS.items()))
    scale = alt.Scale(zero=True)
    layers = [
        base.mark_area(fillOpacity=0.18).encode(y=alt.Y("least:Q", title=title, scale=scale), y2="most:Q"),
        base.mark_area(fillOpacity=0.3).encode(y=alt.Y("lower:Q", title=title, scale=scale), y2="upper:Q"),
        base.mark_line(strokeWidth=2).encode(y=alt.Y("middle:Q", title=title, scale=scale), tooltip=shown),
    ]
    panel = alt.LayerChart(layer=layers, data=rows).properties(width=(WIDTH - 60) // across - 40, height=150)
    header = alt.Header(labelAnchor="start", labelLimit=WIDTH // across, labelPadding=3)
    found: alt.FacetChart = panel.facet(facet=alt.Facet("arm:N", title=None, sort=arms, header=header), columns=across)
    return found
