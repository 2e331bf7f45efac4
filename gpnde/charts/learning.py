"""Charts of learning: transferred knowledge by outcome, and the upgrading of suppliers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gpnde.charts.capability import LABELS, NO_KNOWLEDGE, spaced
from gpnde.charts.parts import whole_axis
from gpnde.charts.theme import BACKGROUND, COLOURS, FRAME, LADDER, WIDTH, nothing, styled
from gpnde.charts.words import counted, sentence
from gpnde.results.chart import chart
from gpnde.results.headline import number, percent
from gpnde.results.history import KNOWLEDGE, RUNGS, History
from gpnde.results.metric import sums_by
from gpnde.results.metrics.diffusion import FATES
from gpnde.results.metrics.upgrading import level_counts
from gpnde.vocabulary import CHANNELS, FUNCTIONS, KNOWLEDGE_KINDS

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

INTERNALISED, WAITING, STALE = "internalised", "waiting", "gone stale"

_RECEIPTS = "Transferred knowledge by outcome"
_LADDER = "Suppliers on the ladder of functions"


def receipt_rows(learners: pl.DataFrame) -> pl.DataFrame:
    """Return what all firms received until each day, by outcome: channel, fate, day, amount.

    The three fates of a channel and kind of knowledge add up to what was transferred.
    """
    import polars as pl

    books = {f"{channel}, {kind}": f"{channel}_{kind}" for channel in CHANNELS for kind in KNOWLEDGE_KINDS}
    columns = [f"{fate}_{book}" for fate in FATES for book in books.values()]
    sums = sums_by("day", learners, *columns)
    sums = sums[spaced(sums.height)] if sums.height else sums
    parts = [_fates(sums, name, book) for name, book in books.items()]
    return pl.concat(parts).select("channel", "fate", "day", "amount")


def _fates(sums: pl.DataFrame, name: str, book: str) -> pl.DataFrame:
    """Return the three fates of what came through one channel."""
    import polars as pl

    transferred, internalised, stale = (pl.col(f"{fate}_{book}") for fate in FATES)
    rest = transferred - internalised - stale
    wide = sums.select("day", **{INTERNALISED: internalised, WAITING: rest, STALE: stale})
    return wide.unpivot(index="day", variable_name="fate", value_name="amount").with_columns(channel=pl.lit(name))


@chart("receipts", _RECEIPTS, group="learning", place=4, needs=KNOWLEDGE)
def receipts_over_time(run: Run) -> Chart:
    """Show knowledge internalised, waiting and gone stale, by channel and kind.

    Areas of what was internalised, waits and went stale over time, for each channel and kind of knowledge.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Transferred knowledge by outcome' in str(receipts_over_time(run).to_dict()["title"])
    True
    """
    if run.history is None:
        return nothing(_RECEIPTS, NO_KNOWLEDGE)
    rows = receipt_rows(run.learners)
    if not (rows["amount"] != 0).any():
        return nothing(_RECEIPTS, "Nothing was transferred.")
    values = dict(run.metrics.select("metric", "value").iter_rows())
    done = number(100 * values.get("completion.all", math.nan))
    return styled(
        _panels(rows),
        _RECEIPTS,
        f"Areas over days for four channels: knowledge internalised, waiting and gone stale; {done} % internalised.",
        "Running totals over all firms and functions, stacked up to what was transferred",
        receipts_finding(rows),
    )


def receipts_finding(rows: pl.DataFrame) -> str:
    """Return in words what became of the knowledge that was transferred; *rows* as drawn."""
    import polars as pl

    last = rows.filter(pl.col("day") == pl.col("day").max()).group_by("fate").agg(pl.col("amount").sum())
    amounts = dict(last.iter_rows())
    done, waiting, stale = (amounts.get(fate, 0.0) / sum(amounts.values()) for fate in (INTERNALISED, WAITING, STALE))
    rest = f"{percent(stale)} went stale, {percent(waiting)} waits"
    return f"Firms made {percent(done)} of what they received their own; {rest}"


def _panels(rows: pl.DataFrame) -> alt.FacetChart:
    """Return a panel per channel and kind, formal ones above."""
    import altair as alt

    fates = [INTERNALISED, WAITING, STALE]
    colours = alt.Scale(domain=fates, range=[COLOURS[0], COLOURS[1], FRAME])
    rank = " : ".join(f"datum.fate === '{fate}' ? {place}" for place, fate in enumerate(fates)) + f" : {len(fates)}"
    areas = (
        alt.Chart(rows)
        .mark_area(fillOpacity=0.9)
        .transform_calculate(rank=rank)
        .encode(
            x=alt.X("day:Q", title="Day of the run", axis=alt.Axis(format=",.0f", tickCount=5), scale=_tight()),
            y=alt.Y("amount:Q", title="Knowledge (1)", stack=True, axis=alt.Axis(format="~s", tickCount=5)),
            color=alt.Color("fate:N", title=None, scale=colours, sort=fates, legend=alt.Legend(orient="top")),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("channel:N", title="Channel"),
                alt.Tooltip("fate:N", title="Knowledge"),
                alt.Tooltip("day:Q", title="Day", format=",.0f"),
                alt.Tooltip("amount:Q", title="Amount (1)", format=",.4~g"),
            ],
        )
        .properties(width=WIDTH // 2 - 40, height=140)
    )
    names = rows["channel"].unique(maintain_order=True).to_list()
    chart: alt.FacetChart = areas.facet(facet=alt.Facet("channel:N", title=None, sort=names), columns=2)
    return chart


def _tight() -> alt.Scale:
    import altair as alt

    return alt.Scale(nice=False)


def level_rows(history: History) -> pl.DataFrame:
    """Return how many suppliers are at each level at each time: day, level, name (of its highest rung), suppliers."""
    import polars as pl

    times = spaced(len(history.days))
    counts = level_counts(history)[times]
    parts = [
        pl.DataFrame({"day": history.days[times], "suppliers": counts[:, level]}).with_columns(
            level=pl.lit(level, pl.Int64), name=pl.lit(_level_name(level))
        )
        for level in range(RUNGS)
    ]
    return pl.concat(parts).select("day", "level", "name", "suppliers")


def _level_name(level: int) -> str:
    return f"{level} {LABELS[FUNCTIONS[level]]}"


@chart("ladder", _LADDER, group="learning", place=5, needs=KNOWLEDGE)
def suppliers_by_level(run: Run) -> Chart:
    """Show number of suppliers at each level of the ladder over time.

    Areas of the number of suppliers at each level over time.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Suppliers on the ladder of functions' in str(suppliers_by_level(run).to_dict()["title"])
    True
    """
    if run.history is None:
        return nothing(_LADDER, NO_KNOWLEDGE)
    start, end = (run.history.mean_level(time, run.history.suppliers) for time in (0, -1))
    return styled(
        _steps(level_rows(run.history)),
        _LADDER,
        f"Areas over days of the number of suppliers at each of six levels; mean level {start:.2f}, then {end:.2f}.",
        "The level is the highest rung that a supplier performs",
        ladder_finding(run.history),
    )


def ladder_finding(history: History) -> str:
    """Return in words how many suppliers of those that stayed are higher or lower on the ladder than at the start."""
    stayed = history.suppliers & history.stays
    moved = (history.levels[-1] - history.levels[0])[stayed]
    if not len(moved):
        return "No supplier stayed from the first day to the last"
    up, down = int((moved > 0).sum()), int((moved < 0).sum())
    return sentence(
        f"{up:,} of {counted(len(moved), 'supplier')} that stayed climbed the ladder, {down:,} slid down it"
    )


def _steps(rows: pl.DataFrame) -> alt.Chart:
    import altair as alt

    names = [_level_name(level) for level in reversed(range(RUNGS))]
    colours = alt.Scale(domain=names, range=list(reversed(LADDER)))
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_area(interpolate="step-after", stroke=BACKGROUND, strokeWidth=0.5)
        .encode(
            x=alt.X("day:Q", title="Day of the run", axis=alt.Axis(format=",.0f", tickCount=8), scale=_tight()),
            y=alt.Y("suppliers:Q", title="Suppliers (number)", stack=True, axis=whole_axis()),
            color=alt.Color("name:O", title="Level", scale=colours, sort=names, legend=alt.Legend(labelLimit=220)),
            order=alt.Order("level:Q"),
            tooltip=[
                alt.Tooltip("name:N", title="Level"),
                alt.Tooltip("day:Q", title="Day", format=",.0f"),
                alt.Tooltip("suppliers:Q", title="Suppliers", format=",.0f"),
            ],
        )
        .properties(width=WIDTH - 60, height=240)
    )
    return chart
