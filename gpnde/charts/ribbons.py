"""Ribbons between columns of bars, as wide as what flows (Schmidt, 2008): where they lie and how they look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from gpnde.charts.parts import named, tips
from gpnde.charts.theme import BACKGROUND, COLOURS, FRAME, INK, WIDTH
from gpnde.results.headline import percent

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

MOST_BARS = 8
"""Bars of a column; the smallest of more are put together."""

OTHERS = "others"
POINTS = 17
"""Points along a ribbon."""

_GAP = 0.03
_BAR = 0.03
_ROOM = 0.012
"""Height of a bar from which its name is written."""
_BRIGHT = 6
"""Colours of the palette that stand out behind names."""
"""Width of a bar, as a share of the distance between two columns."""


class Ribbons(NamedTuple):
    """Tables to draw: bars with their names, and points along ribbons."""

    bars: pl.DataFrame
    """stage, name, amount, share, x, x2, low, high: a bar per name in each column."""
    points: pl.DataFrame
    """ribbon, source, target, amount, share, x, low, high: points along each ribbon."""


def merged(flows: pl.DataFrame) -> pl.DataFrame:
    """Return *flows* (stage, source, target, amount) without empty ones, small names of a column put together.

    >>> import polars as pl
    >>> rows = {"stage": [0, 0], "source": ["a", "a"], "target": ["b", "b"], "amount": [1.0, 2.0]}
    >>> merged(pl.DataFrame(rows)).rows()
    [(0, 'a', 'b', 3.0)]
    """
    import polars as pl

    kept = flows.filter(pl.col("amount") > 0)
    for column, stage in (("source", pl.col("stage")), ("target", pl.col("stage") + 1)):
        large = _largest(flows, kept.select(stage.alias("stage"), column).unique())
        pair = pl.concat_str(stage.cast(pl.String), pl.lit(" "), pl.col(column))
        kept = kept.with_columns(pl.when(pair.is_in(large)).then(column).otherwise(pl.lit(OTHERS)).alias(column))
    keys = ["stage", "source", "target"]
    return kept.group_by(keys).agg(pl.col("amount").sum()).sort(keys)


def _largest(flows: pl.DataFrame, names: pl.DataFrame) -> list[str]:
    """Return the largest names of each column that has too many, all names of others; each with its column before."""
    import polars as pl

    sums = bar_amounts(flows).join(names.rename({names.columns[1]: "name"}), on=["stage", "name"], how="semi")
    sums = sums.sort(["stage", "amount", "name"], descending=[False, True, False])
    few = pl.len().over("stage") <= MOST_BARS
    kept = sums.filter(few | (pl.int_range(pl.len()).over("stage") < MOST_BARS - 1))
    return [f"{stage} {name}" for stage, name in kept.select("stage", "name").iter_rows()]


def bar_amounts(flows: pl.DataFrame) -> pl.DataFrame:
    """Return how long the bar of each name is: stage, name, amount, the larger of what comes in and goes out."""
    import polars as pl

    out = flows.select("stage", name="source", amount="amount")
    into = flows.select(pl.col("stage") + 1, name="target", amount="amount")
    sides = [part.group_by("stage", "name").agg(pl.col("amount").sum()) for part in (out, into)]
    return pl.concat(sides).group_by("stage", "name").agg(pl.col("amount").max())


def laid_out(flows: pl.DataFrame) -> Ribbons:
    """Return where bars and ribbons lie: columns at whole numbers of x, heights from 0 to 1, the first names on top."""
    import polars as pl

    bars = _bars(bar_amounts(flows))
    whole = float(bars.group_by("stage").agg(pl.col("amount").sum())["amount"].max() or 1.0)  # type: ignore[arg-type]
    tops = {(stage, name): high for stage, name, high in bars.select("stage", "name", "high").iter_rows()}
    scale = {stage: factor for stage, factor in bars.select("stage", "scale").iter_rows()}
    left, right = dict(tops), dict(tops)
    rows: list[tuple[Any, ...]] = []
    for number, (stage, source, target, amount) in enumerate(flows.iter_rows()):
        start, end = left[stage, source], right[stage + 1, target]
        left[stage, source] -= amount * scale[stage]
        right[stage + 1, target] -= amount * scale[stage + 1]
        about = (number, source, target, amount, amount / whole)
        rows += [(*about, *point) for point in _along(stage, (start, end), amount, (scale[stage], scale[stage + 1]))]
    schema = {"ribbon": int, "source": str, "target": str, "amount": float, "share": float}
    points = pl.DataFrame(rows, schema=schema | {"x": float, "low": float, "high": float}, orient="row")
    return Ribbons(bars.drop("scale").with_columns(share=pl.col("amount") / whole), points)


def _bars(amounts: pl.DataFrame) -> pl.DataFrame:
    """Return the bars of each column, piled up from the top with gaps between them."""
    import polars as pl

    rows = amounts.sort("stage", "name").with_columns(last=pl.col("name") == OTHERS)
    rows = rows.sort("stage", "last", "name").drop("last")
    count, total = pl.len().over("stage"), pl.col("amount").sum().over("stage")
    rows = rows.with_columns(scale=(1 - _GAP * (count - 1)) / total)
    depth = (pl.col("amount") * pl.col("scale")).cum_sum().over("stage")
    rows = rows.with_columns(low=1 - depth - _GAP * pl.int_range(pl.len()).over("stage"))
    high = pl.col("low") + pl.col("amount") * pl.col("scale")
    side = pl.col("stage").cast(pl.Float64)
    return rows.with_columns(high=high, x=side - _BAR / 2, x2=side + _BAR / 2)


def _along(
    stage: int, tops: tuple[float, float], amount: float, scales: tuple[float, float]
) -> list[tuple[float, float, float]]:
    """Return x, low and high of the points of a ribbon, level at both ends."""
    found = []
    for step in range(POINTS):
        share = step / (POINTS - 1)
        bend = share * share * (3 - 2 * share)
        top = tops[0] + bend * (tops[1] - tops[0])
        thick = amount * (scales[0] + bend * (scales[1] - scales[0]))
        found.append((stage + _BAR / 2 + share * (1 - _BAR), top - thick, top))
    return found


def drawn(ribbons: Ribbons, heads: tuple[str, ...], unit: str, form: str) -> alt.LayerChart:
    """Return the picture, with *heads* above the columns and amounts in a *unit*, written in the format *form*."""
    import altair as alt

    amount = tips(("amount", f"Amount ({unit})", form), ("share", "Share of all", ".1%"))
    end = len(heads) - 1
    across = alt.Scale(domain=[-0.02, end + 0.02], nice=False)
    layers = [_areas(ribbons.points, amount), _rects(ribbons.bars, amount)]
    texts = [_texts(rows, end) for rows in _labels(ribbons.bars, heads).partition_by("stage")]
    whole = alt.LayerChart(layer=[*layers, *texts]).encode(
        x=alt.X(scale=across), y=alt.Y(scale=alt.Scale(domain=[0, 1.07]))
    )
    return whole.properties(width=WIDTH, height=360)


def _areas(points: pl.DataFrame, amount: list[alt.Tooltip]) -> alt.Chart:
    import altair as alt

    names = points["source"].unique().sort().to_list()
    colours = [FRAME if name == OTHERS else COLOURS[place % _BRIGHT] for place, name in enumerate(names)]
    areas: alt.Chart = (
        alt.Chart(points)
        .mark_area(fillOpacity=0.45)
        .encode(
            x=alt.X("x:Q", axis=None),
            y=alt.Y("low:Q", axis=None),
            y2="high:Q",
            detail="ribbon:N",
            color=alt.Color("source:N", scale=alt.Scale(domain=names, range=colours), legend=None),
            tooltip=tips(("source", "From", ""), ("target", "To", "")) + amount,
        )
    )
    return areas


def _rects(bars: pl.DataFrame, amount: list[alt.Tooltip]) -> alt.Chart:
    import altair as alt

    rects: alt.Chart = (
        alt.Chart(bars)
        .mark_rect(color=INK, stroke=BACKGROUND, strokeWidth=0.5)
        .encode(
            x=alt.X("x:Q", axis=None),
            x2="x2:Q",
            y=alt.Y("low:Q", axis=None),
            y2="high:Q",
            tooltip=tips(("name", "Group", "")) + amount,
        )
    )
    return rects


def _labels(bars: pl.DataFrame, heads: tuple[str, ...]) -> pl.DataFrame:
    """Return what is written: stage, x, x2, y and label, of the bars that have room for it and above each column."""
    import polars as pl

    shares = pl.Series("share", [percent(share) for share in bars["share"]])
    label = pl.format("{}, {}", "name", shares)
    middle = (pl.col("low") + pl.col("high")) / 2
    beside = bars.with_columns(y=middle, label=label).filter(pl.col("high") - pl.col("low") >= _ROOM)
    stages = range(len(heads))
    top = {
        "stage": stages,
        "x": map(float, stages),
        "x2": map(float, stages),
        "y": [1.045] * len(heads),
        "label": heads,
    }
    above = pl.DataFrame({name: list(values) for name, values in top.items()})
    return pl.concat([beside.select(above.columns), above])


def _texts(rows: pl.DataFrame, end: int) -> alt.LayerChart:
    """Return texts inside the picture: right of a column, or left of the last one."""
    import altair as alt

    is_last = rows["stage"][0] == end
    side = "x:Q" if is_last else "x2:Q"
    base = alt.Chart(rows).encode(x=alt.X(side, axis=None), y=alt.Y("y:Q", axis=None), text="label:N")
    return named(base, align="right" if is_last else "left", dx=-5 if is_last else 5, limit=220)
