"""The chart of many policies or shocks at a glance: the effect of each alone and what it costs, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from gpnde.charts.parts import tips
from gpnde.charts.theme import COLOURS, MUTED, nothing, styled
from gpnde.results.courses import Measure
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart

ROW = 24
_SHAPES = {
    "better": ("triangle-up", COLOURS[2]),
    "worse": ("triangle-down", COLOURS[3]),
    "higher": ("triangle-up", COLOURS[0]),
    "lower": ("triangle-down", COLOURS[4]),
    "too small to matter": ("square", COLOURS[5]),
    "not to be told from luck": ("circle", MUTED),
}
"""Shape and colour of what was found, by its words."""

_FOUND = ["component", "label", "said", "mean", "low", "high", "cost", "cost_low", "cost_high", "pairs"]


class Panel(NamedTuple):
    """What was found of one policy or shock; None where nothing is known."""

    component: str
    """Its name, which a click on its marks gives back."""
    label: str
    said: str
    """What was found, in the words of the legend, or why nothing was."""
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    cost: float | None = None
    cost_low: float | None = None
    cost_high: float | None = None
    pairs: int = 0
    differences: tuple[float, ...] = ()
    """What each pair of runs differs by."""


def wall_rows(panels: Sequence[Panel]) -> pl.DataFrame:
    """Return what was found in one table, a row for each panel in which something is known.

    >>> wall_rows([Panel("policy.tax", "Tax", "better", mean=0.1), Panel("policy.aid", "Aid", "")])["label"].to_list()
    ['Tax']
    """
    import polars as pl

    types = {name: pl.Float64 for name in _FOUND} | {name: pl.String for name in _FOUND[:3]} | {"pairs": pl.Int64}
    rows = [[getattr(panel, name) for name in _FOUND] for panel in panels if panel.mean is not None]
    return pl.DataFrame(rows, schema=types, orient="row")


def seed_rows(panels: Sequence[Panel]) -> pl.DataFrame:
    """Return the difference of each pair of runs: component, label, difference."""
    import polars as pl

    rows = [(panel.component, panel.label, each) for panel in panels for each in panel.differences]
    schema = {"component": pl.String, "label": pl.String, "difference": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def policy_wall(panels: Sequence[Panel], measure: Measure, what: str, cost: str) -> Chart:
    """Show the effect of each policy or shock alone, and beside it what it costs.

    Parameters
    ----------
    panels
        What was found, in the order in which it is shown.
    measure
        What the effect is on.
    what
        ``policies`` or ``shocks``, for the title.
    cost
        Title of the axis of costs, with its unit.

    >>> from gpnde.results.courses import MEASURES
    >>> one = Panel("policy.tax", "Tax", "better", 0.1, 0.05, 0.15, 1e6, 0.9e6, 1.1e6, 4, (0.1, 0.12))
    >>> policy_wall([one], MEASURES["tier_gap"], "policies", "Net cost (money)").to_dict()["title"]["text"]
    'Capability gap between tiers: of 1 policies 1 better'
    """
    import altair as alt

    rows = wall_rows(panels)
    if rows.is_empty():
        return nothing(f"All {what}", "No run is done yet.")
    order = [panel.label for panel in panels]
    title = _title(rows, measure, what)
    both = alt.hconcat(_effects(rows, seed_rows(panels), order, measure), _costs(rows, order, cost), spacing=14)
    return styled(
        both,
        title,
        f"{title}. One row for each: mean effect with its 95 % interval and a dot for each pair of runs; at the right "
        f"{cost.lower()}.",
        "Each alone, against the baseline, under the same random numbers; dots: pairs of runs. Click one to load it",
    )


def _title(rows: pl.DataFrame, measure: Measure, what: str) -> str:
    said = rows["said"].to_list()
    found = [f"{said.count(word)} {word}" for word in list(_SHAPES)[:4] if word in said]
    words = ", ".join(found) or "none has an effect that is supported"
    return f"{measure.label}: of {len(said)} {what} {words}"


def _label_axis(order: list[str], labels: bool) -> alt.Y:
    import altair as alt

    axis = alt.Axis(labels=labels, labelLimit=190, domain=False, ticks=False, minExtent=150 if labels else 0, grid=True)
    # Named in full, or a row without costs would move those below it up.
    return alt.Y("label:N", title=None, sort=order, scale=alt.Scale(domain=order), axis=axis)


def _effects(rows: pl.DataFrame, dots: pl.DataFrame, order: list[str], measure: Measure) -> alt.LayerChart:
    import altair as alt

    y, tip = _label_axis(order, labels=True), _tips(measure)
    axis = alt.Axis(format="+~g", tickCount=6)
    seeds = alt.Chart(dots).mark_point(filled=True, size=18, color=MUTED, fillOpacity=0.55)
    bars = (
        alt.Chart(rows).mark_rule(strokeWidth=2.2).encode(x="low:Q", x2="high:Q", y=y, color=_colour(rows), tooltip=tip)
    )
    points = alt.Chart(rows).mark_point(filled=True, size=90, opacity=1)
    layers = [
        *_levels(measure),
        seeds.encode(x="difference:Q", y=y),
        bars,
        points.encode(
            x=alt.X("mean:Q", title=f"Effect on {measure.label.lower()} ({measure.unit})", axis=axis),
            y=y,
            color=_colour(rows),
            shape=alt.Shape("said:N", scale=_scale(rows, 0), legend=_legend()),
            tooltip=tip,
        ),
    ]
    return alt.LayerChart(layer=layers).properties(width=330, height=ROW * len(order))


def _costs(rows: pl.DataFrame, order: list[str], title: str) -> alt.LayerChart:
    import altair as alt
    import polars as pl

    known = rows.filter(pl.col("cost").is_not_null())
    texts = known.with_columns(text=pl.Series([number(each) for each in known["cost"]], dtype=pl.String))
    y, short = _label_axis(order, labels=False), "replace(replace(format(datum.value, '~s'), 'G', ' bn'), 'M', ' M')"
    bars = alt.Chart(known).mark_bar(color=MUTED, fillOpacity=0.45, height=9)
    rules = alt.Chart(known).mark_rule(color=MUTED, strokeWidth=2).encode(x="cost_low:Q", x2="cost_high:Q", y=y)
    x = alt.X("cost:Q", title=title, axis=alt.Axis(labelExpr=short, tickCount=4))
    names = alt.Chart(texts).mark_text(align="left", dx=4, fontSize=11).encode(x=alt.value(172), y=y, text="text:N")
    tip = tips(("label", "What", ""), ("cost", title, ",.4~g"))
    return alt.LayerChart(layer=[bars.encode(x=x, y=y, tooltip=tip), rules, names]).properties(
        width=170, height=ROW * len(order)
    )


def _levels(measure: Measure) -> list[alt.Chart]:
    import altair as alt
    import polars as pl

    rows = pl.DataFrame({"level": [-measure.smallest, measure.smallest]})
    nought = alt.Chart(pl.DataFrame({"level": [0.0]})).mark_rule(color=MUTED, strokeDash=[4, 3])
    return [nought.encode(x="level:Q"), alt.Chart(rows).mark_rule(color=MUTED, strokeDash=[1, 3]).encode(x="level:Q")]


def _tips(measure: Measure) -> list[alt.Tooltip]:
    numbers = [("mean", "Mean difference"), ("low", "Interval from"), ("high", "Interval to")]
    words = [("label", "What", ""), ("said", measure.label, "")]
    return tips(*words, *((name, title, "+,.4~g") for name, title in numbers), ("pairs", "Pairs of runs", ",.0f"))


def _scale(rows: pl.DataFrame, part: int) -> alt.Scale:
    """Return the scale of shapes or colours: of the words for directions only those that the measure has."""
    import altair as alt

    said = set(rows["said"])
    unused = {"better", "worse"} if said & {"higher", "lower"} else {"higher", "lower"}
    shown = {words: look[part] for words, look in _SHAPES.items() if words not in unused}
    return alt.Scale(domain=list(shown), range=list(shown.values()))


def _legend() -> alt.Legend:
    import altair as alt

    return alt.Legend(title=None, orient="top", columns=4, symbolSize=80)


def _colour(rows: pl.DataFrame) -> alt.Color:
    import altair as alt

    return alt.Color("said:N", scale=_scale(rows, 1), legend=_legend())
