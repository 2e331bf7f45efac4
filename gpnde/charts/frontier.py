"""The frontier of an optimisation: what the trials come to in two measures, and which of them are best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.effects import number_format
from gpnde.charts.parts import rule_at, tips
from gpnde.charts.theme import COLOURS, INK, MUTED, WIDTH, nothing, styled
from gpnde.charts.words import counted, sentence
from gpnde.results.chart import chart
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart

MOST_TRIALS = 1000
"""Trials that are drawn, finalists first, then the latest."""

BEST, FINALIST, TRIED, DROPPED = "best", "finalist", "tried", "dropped"

_TITLE = "Frontier of trials"
_COLOURS = {BEST: COLOURS[3], FINALIST: COLOURS[0], TRIED: COLOURS[5], DROPPED: MUTED}


def drawn_rows(trials: pl.DataFrame) -> pl.DataFrame:
    """Return the trials that are drawn, the best last, so that it lies on top."""
    import polars as pl

    place = pl.col("says").replace_strict({name: i for i, name in enumerate(_COLOURS)}, return_dtype=pl.Int64)
    kept = trials.sort(place, -pl.col("trial")).head(MOST_TRIALS)
    return kept.sort(-place, "trial")


@chart("frontier", _TITLE, group="study", place=8, needs=("trials",))
def frontier(trials: pl.DataFrame) -> Chart:
    """Show what the trials of an optimisation come to, and which are best.

    Points with their intervals: two objectives, or a constraint and the objective, or the objective over the trials.

    >>> import polars as pl
    >>> row = {"trial": 0, "says": "best", "verdict": "met", "x": 0.98, "x_low": 0.97, "x_high": 0.99, "y": 7.0}
    >>> row |= {"y_low": 6.0, "y_high": 8.0, "x_metric": "fill", "y_metric": "cost", "x_limit": 0.97}
    >>> row |= {"limit": "fill at least 0.97", "goal": "minimise", "objectives": 1}
    >>> 'Frontier of trials' in str(frontier(pl.DataFrame([row])).to_dict()["title"])
    True
    """
    if trials.is_empty():
        return nothing(_TITLE, "No trial has results.")
    rows = drawn_rows(trials)
    first = rows.row(0, named=True)
    limit = f"; dashed: {first['limit']}" if first["limit"] else ""
    return styled(
        _panel(rows, first["x_metric"], first["y_metric"], first["x_limit"]),
        _TITLE,
        f"Points of {counted(rows.height, 'trial')}: {first['y_metric']} against {first['x_metric']}.",
        f"Means with 95 % intervals, of the best and the finalists over fresh seeds{limit}",
        finding(rows),
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words which trial is best, and whether it keeps the limit, by `drawn_rows`.

    >>> import polars as pl
    >>> row = {"trial": 7, "says": "best", "verdict": "met", "y": 7.0, "y_low": 6.0, "y_high": 8.0, "y_metric": "cost"}
    >>> finding(pl.DataFrame([row | {"limit": "fill at least 0.97", "goal": "minimise", "objectives": 1}]))
    'Lowest cost: trial 7, 7 [6, 8]; fill at least 0.97: met'
    """
    best = rows.filter(rows["says"] == BEST)
    if best.is_empty():
        return "No trial keeps the constraints"
    row = best.row(0, named=True)
    if row["objectives"] > 1:
        return sentence(f"{counted(len(rows.filter(rows['says'].is_in([BEST, FINALIST]))), 'trial')} are not dominated")
    word = "lowest" if row["goal"] == "minimise" else "highest"
    ends = f"{number(row['y'])} [{number(row['y_low'])}, {number(row['y_high'])}]"
    limit = f"; {row['limit']}: {row['verdict']}" if row["limit"] else ""
    return sentence(f"{word} {row['y_metric']}: trial {row['trial']}, {ends}{limit}")


def _panel(rows: pl.DataFrame, across: str, up: str, limit: float | None) -> alt.LayerChart:
    import altair as alt

    far = alt.Scale(zero=False, padding=14)
    x = alt.X("x:Q", title=across, scale=far, axis=_axis(rows.select("x_low", "x_high")))
    y = alt.Y("y:Q", title=up, scale=far, axis=_axis(rows.select("y_low", "y_high")))
    colours = alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))
    shown = tips(("trial", "Trial", ",.0f"), ("says", "Trial is", ""), ("verdict", "Constraints", ""))
    shown += tips(("x", across, ",.4~g"), ("y", up, ",.4~g"), ("y_low", "From", ",.4~g"), ("y_high", "To", ",.4~g"))
    colour = alt.Color("says:N", title="Trial", scale=colours)
    base = alt.Chart(rows).encode(color=colour, tooltip=shown)
    # Finalists of one objective lie close together, where their numbers would cover each other.
    named = [BEST] if rows["objectives"][0] == 1 else [BEST, FINALIST]
    chosen = alt.Chart(rows.filter(rows["says"].is_in(named)))
    layers = [
        base.mark_rule(opacity=0.5).encode(x=x, y=alt.Y("y_low:Q"), y2="y_high:Q"),
        base.mark_rule(opacity=0.5).encode(x=alt.X("x_low:Q"), x2="x_high:Q", y=y),
        base.mark_circle(size=55, opacity=0.9).encode(x=x, y=y),
        chosen.mark_text(align="left", dx=7, dy=-6, fontSize=11, color=INK).encode(x=x, y=y, text="trial:N"),
    ]
    if limit is not None:
        layers.append(rule_at(limit, "x"))
    return alt.LayerChart(layer=layers).properties(width=WIDTH - 100, height=320)


def _axis(ends: pl.DataFrame) -> alt.Axis:
    import altair as alt

    short = number_format(ends)
    return alt.Axis(format=",.6~g" if short == "~g" else short, tickCount=7)
