"""The chart of targets: each figure that the scenario names beside what the run gave."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gpnde.charts.theme import COLOURS, GRID, INK, MUTED, WIDTH, nothing, styled
from gpnde.charts.words import counted
from gpnde.results.chart import chart
from gpnde.results.headline import number, percent

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run
    from gpnde.results.targets import Comparison

MOST_TARGETS = 40
NEAR = 0.1
"""Share of a target within which a result counts as near."""
TARGET = "target"
RESULT = "result"

_TITLE = "Targets and results"
_ROW_HEIGHT = 22


def target_rows(comparisons: Sequence[Comparison]) -> pl.DataFrame:
    """Return each target and each result that was measured: label, kind, value, ratio (to the target), mark, text.

    The ratio makes figures of different units comparable; where a target is 0 there is none, and it is left out.
    """
    import polars as pl

    known = [one for one in comparisons if one.target and not math.isnan(one.target)]
    rows = [row for one in known[:MOST_TARGETS] for row in _rows(one)]
    schema = {"label": pl.String, "kind": pl.String, "value": pl.Float64, "ratio": pl.Float64, "mark": pl.String}
    return pl.DataFrame(rows, schema={**schema, "text": pl.String})


def _rows(one: Comparison) -> list[dict[str, Any]]:
    label = one.measure if one.day is None else f"{one.measure} @ day {one.day:g}"
    result = number(one.result) if math.isfinite(one.result) else "not measured"
    text = f"{number(one.target)} ({one.mark}) → {result}"
    common = {"label": label, "mark": one.mark, "text": text}
    rows = [common | {"kind": TARGET, "value": one.target, "ratio": 1.0}]
    if math.isfinite(one.result):
        rows.append(common | {"kind": RESULT, "value": one.result, "ratio": one.result / one.target})
    return rows


@chart("targets", _TITLE, group="network", place=6, needs=("metrics",))
def targets_and_results(run: Run) -> Chart:
    """Show each figure that the scenario aims at beside what the run gave.

    One row per target: where the result lies, with the target at 1, and both figures in words.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Targets and results' in str(targets_and_results(run).to_dict()["title"])
    True
    """
    import altair as alt

    rows = target_rows(run.targets())
    if rows.is_empty():
        return nothing(_TITLE, "The scenario names no targets.")
    labels = rows["label"].unique(maintain_order=True).to_list()
    height = _ROW_HEIGHT * len(labels)
    layers = alt.LayerChart(layer=[_band(), _rules(rows, labels), _points(rows, labels), _figures(rows, labels)])
    return styled(
        layers.properties(width=WIDTH - 260, height=height),
        _TITLE,
        f"One row for each of {len(labels)} targets: the result divided by the target, and both figures.",
        "Figures on the right: target (where it comes from) → result; the shaded band is a tenth around the target",
        finding(rows),
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words how many results lie within a tenth of their targets, and which is farthest off.

    >>> import polars as pl
    >>> rows = {"label": ["a", "a", "b"], "kind": ["target", "result", "result"], "ratio": [1.0, 1.05, 2.0]}
    >>> finding(pl.DataFrame(rows))
    '1 of 2 results lie within 10 % of their targets; b is farthest off, at 2 times its target'
    """
    import polars as pl

    results = rows.filter(pl.col("kind") == RESULT).with_columns(off=(pl.col("ratio") - 1).abs())
    if results.is_empty():
        return "None of the figures that the scenario aims at was measured"
    near, (label, ratio) = int((results["off"] <= NEAR).sum()), results.sort("off").select("label", "ratio").row(-1)
    said = f"{near} of {counted(results.height, 'result')} lie within {percent(NEAR)} of their targets"
    return said if near == results.height else f"{said}; {label} is farthest off, at {number(ratio)} times its target"


def _row_axis(labels: list[str]) -> alt.Y:
    import altair as alt

    return alt.Y("label:N", title=None, sort=labels, axis=alt.Axis(labelLimit=320, domain=False, ticks=False))


def _band() -> alt.Chart:
    """Return the band of results that are near."""
    import altair as alt
    import polars as pl

    ends = alt.Chart(pl.DataFrame({"low": [1 - NEAR], "high": [1 + NEAR]}))
    band: alt.Chart = ends.mark_rect(color=GRID).encode(x=alt.X("low:Q"), x2="high:Q")
    return band


def _rules(rows: pl.DataFrame, labels: list[str]) -> alt.Chart:
    import altair as alt
    import polars as pl

    span = rows.group_by("label", maintain_order=True).agg(low=pl.col("ratio").min(), high=pl.col("ratio").max())
    chart: alt.Chart = (
        alt.Chart(span)
        .mark_rule(color=MUTED, strokeWidth=1.5)
        .encode(x=alt.X("low:Q"), x2="high:Q", y=_row_axis(labels))
    )
    return chart


def _reach(rows: pl.DataFrame) -> alt.Scale:
    """Return a scale that covers half of the target on both sides of it, and all results."""
    import altair as alt

    ends = [0.5, 1.5, *rows["ratio"]]
    return alt.Scale(domain=[min(ends), max(ends)], zero=False, nice=True)


def _points(rows: pl.DataFrame, labels: list[str]) -> alt.Chart:
    import altair as alt

    kinds = [TARGET, RESULT]
    legend = alt.Legend(title=None, orient="top")
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_point(size=90, filled=True, opacity=1)
        .encode(
            x=alt.X(
                "ratio:Q",
                title="Value over target (1)",
                scale=_reach(rows),
            ),
            y=_row_axis(labels),
            color=alt.Color("kind:N", legend=legend, scale=alt.Scale(domain=kinds, range=[COLOURS[3], COLOURS[0]])),
            shape=alt.Shape("kind:N", legend=legend, scale=alt.Scale(domain=kinds, range=["diamond", "circle"])),
            tooltip=[
                alt.Tooltip("label:N", title="Measure"),
                alt.Tooltip("kind:N", title="Figure"),
                alt.Tooltip("value:Q", title="Value", format=",.4~g"),
                alt.Tooltip("mark:N", title="Target is"),
            ],
        )
    )
    return chart


def _figures(rows: pl.DataFrame, labels: list[str]) -> alt.Chart:
    import altair as alt

    texts = rows.unique("label", maintain_order=True)
    chart: alt.Chart = (
        alt.Chart(texts)
        .mark_text(align="left", color=INK, fontSize=12)
        .encode(x=alt.value(WIDTH - 250), y=_row_axis(labels), text="text:N")
    )
    return chart
