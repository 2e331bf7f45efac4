"""The box plot of a study: how far apart the runs of each arm lie in a measure (Tukey, 1977)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.effects import number_format
from gpnde.charts.parts import tips
from gpnde.charts.theme import BACKGROUND, INK, WIDTH, colour_of, nothing, styled
from gpnde.charts.words import counted
from gpnde.results.chart import chart
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart

MOST_MEASURES = 12
MOST_ARMS = 20
MOST_OUTLIERS = 20
"""Runs outside the whiskers that are drawn in each box, the farthest first."""

_TITLE = "Spread of the runs of each arm"
_REACH = 1.5
"""Length of a whisker at most, in lengths of the box (Tukey, 1977)."""
_ROW = 24


def box_rows(values: pl.DataFrame) -> pl.DataFrame:
    """Return a box per measure and arm: measure, unit, arm, runs, lower, middle, upper, and the whiskers low and high.

    *values* has a row per measure, arm and run. The box holds the middle half of the runs; whiskers reach to the last
    run within one and a half of its lengths.
    """
    import polars as pl

    firsts = {"measure": MOST_MEASURES, "arm": MOST_ARMS}
    kept = {name: values[name].unique(maintain_order=True).head(most).to_list() for name, most in firsts.items()}
    shown = values.filter(pl.col(name).is_in(names) for name, names in kept.items())
    value, keys = pl.col("value"), ["measure", "unit", "arm"]
    lower, middle, upper = (value.quantile(level, "linear") for level in (0.25, 0.5, 0.75))
    inside = value.is_between(lower - _REACH * (upper - lower), upper + _REACH * (upper - lower))
    ends = {"low": value.filter(inside).min(), "high": value.filter(inside).max()}
    return shown.group_by(keys, maintain_order=True).agg(runs=pl.len(), lower=lower, middle=middle, upper=upper, **ends)


def outlier_rows(values: pl.DataFrame, boxes: pl.DataFrame) -> pl.DataFrame:
    """Return the runs that lie outside the whiskers of their box: measure, unit, arm, value."""
    import polars as pl

    keys = ["measure", "unit", "arm"]
    rows = values.join(boxes, on=keys).filter(~pl.col("value").is_between("low", "high"))
    far = (pl.col("value") - pl.col("middle")).abs()
    return (
        rows.sort(far, descending=True).group_by(keys, maintain_order=True).head(MOST_OUTLIERS).select(*keys, "value")
    )


@chart("spread", _TITLE, group="study", place=6, needs=("values",))
def spread_of_runs(values: pl.DataFrame) -> Chart:
    """Show how far apart the runs of each arm lie, measure by measure.

    Box plots: the middle half of the runs, their median, whiskers, and the runs outside these.

    >>> import polars as pl
    >>> rows = {"measure": ["y"] * 3, "unit": ["1"] * 3, "arm": ["tax"] * 3, "value": [1.0, 2.0, 3.0]}
    >>> 'Spread of the runs of each arm' in str(spread_of_runs(pl.DataFrame(rows)).to_dict()["title"])
    True
    """
    import altair as alt

    if values.is_empty():
        return nothing(_TITLE, "No run has a measure of the study.")
    boxes = box_rows(values)
    outliers = outlier_rows(values, boxes)
    panels = [_panel(part, outliers) for part in boxes.partition_by("measure", maintain_order=True)]
    more = values["measure"].n_unique() - len(panels)
    left_out = f"; {more} more measures are in the table" if more > 0 else ""
    return styled(
        alt.vconcat(*panels, spacing=16),
        _TITLE,
        f"Box plots of {counted(len(panels), 'measure')} in {counted(boxes['arm'].n_unique(), 'arm')}.",
        f"Box: middle half of the runs with their median; whiskers after Tukey; dots: other runs{left_out}",
        finding(boxes),
    )


def finding(boxes: pl.DataFrame) -> str:
    """Return in words whether the boxes of the first measure overlap, by `box_rows`.

    >>> import polars as pl
    >>> about = {"measure": ["y"] * 2, "arm": ["base", "tax"], "middle": [1.0, 3.0]}
    >>> finding(pl.DataFrame(about | {"lower": [0.9, 2.9], "upper": [1.1, 3.1], "runs": [8, 8]}))
    'y: the middle halves of base (median 1) and tax (3) lie apart'
    """
    first = boxes.filter(boxes["measure"] == boxes["measure"][0]).sort("middle")
    measure, low, high = first["measure"][0], first.row(0, named=True), first.row(-1, named=True)
    if first.height == 1:
        return f"{measure}: half of {low['runs']} runs lie between {number(low['lower'])} and {number(low['upper'])}"
    apart = "lie apart" if low["upper"] < high["lower"] else "overlap"
    pair = f"{low['arm']} (median {number(low['middle'])}) and {high['arm']} ({number(high['middle'])})"
    return f"{measure}: the middle halves of {pair} {apart}"


def _panel(boxes: pl.DataFrame, outliers: pl.DataFrame) -> alt.LayerChart:
    import altair as alt

    arms = boxes["arm"].to_list()
    title = f"{boxes['measure'][0]} ({boxes['unit'][0]})"
    own = outliers.filter(outliers["measure"] == boxes["measure"][0])
    y = alt.Y("arm:N", title=None, sort=arms, axis=alt.Axis(labelLimit=180, domain=False, ticks=False))
    axis = alt.Axis(format=number_format(boxes.select("low", "high")), tickCount=6)
    # Runs of all arms are close where noise is small: from 0 on, boxes would be lines.
    scale, colour = alt.Scale(zero=False, padding=12), alt.Color("arm:N", scale=colour_of(arms), legend=None)
    shown = tips(("arm", "Arm", ""), ("runs", "Runs", ",.0f"), ("low", "Whisker from", ",.4~g"))
    shown += tips(
        ("lower", "Lower quarter", ",.4~g"), ("middle", "Median", ",.4~g"), ("upper", "Upper quarter", ",.4~g")
    )
    base = alt.Chart(boxes).encode(y=y, tooltip=[*shown, *tips(("high", "Whisker to", ",.4~g"))])
    low = alt.X("low:Q", title=title, axis=axis, scale=scale)
    layers: list[alt.Chart] = [
        base.mark_rule(color=INK).encode(x=low, x2="high:Q"),
        base.mark_bar(height=13, stroke=INK, strokeWidth=0.6).encode(x=alt.X("lower:Q"), x2="upper:Q", color=colour),
        base.mark_tick(color=BACKGROUND, thickness=2, height=13).encode(x=alt.X("middle:Q")),
    ]
    if own.height:
        layers.append(alt.Chart(own).mark_circle(size=18, color=INK, opacity=0.7).encode(x=alt.X("value:Q"), y=y))
    return alt.LayerChart(layer=layers).properties(width=WIDTH - 200, height=_ROW * len(arms))
