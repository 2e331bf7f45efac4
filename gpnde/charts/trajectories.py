"""The chart of trajectories: how suppliers moved in what they can do and in what they do, from start to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gpnde.charts.capability import LABELS, NO_KNOWLEDGE
from gpnde.charts.parts import tier_names, tips
from gpnde.charts.theme import BACKGROUND, WIDTH, colour_of, nothing, styled
from gpnde.charts.words import counted
from gpnde.results.chart import chart
from gpnde.results.history import KNOWLEDGE, RUNGS, History
from gpnde.vocabulary import FUNCTIONS

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_FIRMS = 120
"""Above this number every so-many-th supplier is drawn."""

MOST_TIMES = 16
LEARNED = 0.02
"""Rise of mean capability from which a supplier is said to have learned."""

_TITLE = "Trajectories of suppliers on the ladder"
_GOLDEN = 0.6180339887498949
_SPREAD = 0.7


def path_rows(history: History) -> pl.DataFrame:
    """Return where each supplier that is drawn was over time: firm, tier, cluster, day, order, able, level, place.

    Able is mean capability over the functions of the ladder (1); the level is the highest rung that it performs, -1
    for none, and place that with a little room between suppliers of one level.
    """
    import polars as pl

    firms = np.flatnonzero(history.suppliers & history.present.any(axis=0))
    firms = firms[:: -(-len(firms) // MOST_FIRMS)] if len(firms) else firms
    times = np.unique(np.linspace(0, len(history.days) - 1, MOST_TIMES).round().astype(np.int64))
    able = history.capability[:, :, :RUNGS].mean(axis=2)
    rows = [
        (history.firms[firm], int(history.tiers[firm]), history.clusters[firm], float(history.days[time]), order)
        + (float(able[time, firm]), int(history.levels[time, firm]), _room(number))
        for number, firm in enumerate(firms.tolist())
        for order, time in enumerate(times.tolist())
        if history.present[time, firm]
    ]
    schema = {"firm": str, "tier": int, "cluster": str, "day": float, "order": int, "able": float, "level": int}
    table = pl.DataFrame(rows, schema=schema | {"room": float}, orient="row")
    return table.with_columns(place=pl.col("level") + pl.col("room")).drop("room")


def _room(number: int) -> float:
    """Return how far the line of a supplier lies from the middle of its level."""
    return _SPREAD * ((number * _GOLDEN) % 1.0 - 0.5)


@chart("trajectories", _TITLE, group="learning", place=5.5, needs=KNOWLEDGE)
def trajectories_on_the_ladder(run: Run) -> Chart:
    """Show whether suppliers that learned also climbed the ladder.

    A line per supplier from its first record to its last: mean capability across, level of the ladder up, a dot where
    it ends.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Trajectories of suppliers on the ladder' in str(trajectories_on_the_ladder(run).to_dict()["title"])
    True
    """
    import altair as alt

    if run.history is None:
        return nothing(_TITLE, NO_KNOWLEDGE)
    rows = path_rows(run.history)
    if rows.is_empty():
        return nothing(_TITLE, "The network has no suppliers.")
    named = rows.with_columns(tier_names(rows["tier"]))
    firms = rows["firm"].n_unique()
    return styled(
        alt.LayerChart(layer=_layers(named)).properties(width=WIDTH - 170, height=330),
        _TITLE,
        f"Lines of {counted(firms, 'supplier')} from start to end: mean capability across, level of the ladder up.",
        "One line per supplier, a dot where it ends; right: knows more; up: performs a higher function",
        finding(run.history),
    )


def finding(history: History) -> str:
    """Return in words how many suppliers that stayed have learned, and how many of these have climbed."""
    stayed = history.suppliers & history.stays
    able = history.capability[:, :, :RUNGS].mean(axis=2)
    learned = stayed & (able[-1] - able[0] >= LEARNED)
    climbed = learned & (history.levels[-1] > history.levels[0])
    whole = counted(int(stayed.sum()), "supplier")
    if not stayed.any():
        return "No supplier stayed from the first day to the last"
    if not learned.any():
        return f"None of {whole} that stayed learned worth a word"
    return (
        f"{int(learned.sum()):,} of {whole} that stayed learned, and {int(climbed.sum()):,} of these climbed the ladder"
    )


def _layers(rows: pl.DataFrame) -> list[alt.Chart]:
    import altair as alt
    import polars as pl

    tiers = rows["tier"].unique().sort().to_list()
    low, high = min(rows["level"]), max(rows["level"])
    words = " : ".join(f"datum.value == {rung} ? '{rung} {LABELS[FUNCTIONS[rung]]}'" for rung in range(RUNGS))
    axis = alt.Axis(values=list(range(low, high + 1)), labelExpr=f"{words} : 'none'", labelLimit=170, grid=True)
    scale = alt.Scale(domain=[low - 0.5, high + 0.5], nice=False)
    base = alt.Chart(rows).encode(
        x=alt.X("able:Q", title="Mean capability over the functions of the ladder (1)", scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("place:Q", title="Level (highest function performed)", axis=axis, scale=scale),
        color=alt.Color("tier:N", title="Tier", scale=colour_of(tiers), sort=tiers),
        detail="firm:N",
        tooltip=tips(("firm", "Firm", ""), ("tier", "Tier", ""), ("cluster", "Cluster", ""), ("day", "Day", ",.0f"))
        + tips(("able", "Mean capability (1)", ".3f"), ("level", "Level", ".0f")),
    )
    ends = rows.filter(pl.col("order") == pl.col("order").max().over("firm"))
    return [
        base.mark_line(strokeWidth=1.2, strokeOpacity=0.6).encode(order="order:Q"),
        base.properties(data=ends).mark_circle(size=42, opacity=1, stroke=BACKGROUND, strokeWidth=0.7),
    ]
