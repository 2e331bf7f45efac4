"""The chart of costs: what is spent on what over time, and below it by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.parts import horizon, money_axis, part_axis, part_of, table_of, tips, with_warm_up
from gpnde.charts.theme import BACKGROUND, COLOURS, FRAME, INK, MUTED, WIDTH, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.headline import number
from gpnde.results.warm_up import measured, measured_from
from gpnde.vocabulary import COST_KINDS

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_PARTS = 60
MOST_SITES = 15

_TITLE = "Costs by kind, over time and by site"

_BLUE, _ORANGE, _GREEN, _RED, _PINK, _SKY, _BLACK, _YELLOW = COLOURS

_KIND_COLOURS = {
    "holding": _BLUE,
    "pipeline": _SKY,
    "stockout": _RED,
    "shortage": _PINK,
    "ordering": _YELLOW,
    "freight": _ORANGE,
    "duty": _BLACK,
    "production": _GREEN,
    "disposal": MUTED,
    "capital": FRAME,
    "setup": INK,
}


def period_rows(costs: pl.DataFrame) -> pl.DataFrame:
    """Return costs per day by kind in each part of the time: kind, place, start and end (day), amount, per_day.

    There are at most `MOST_PARTS` parts, of one period each where there are no more.
    """
    import polars as pl

    parts = costs.select("day", "kind", "amount").with_columns(part_of(costs["day"], MOST_PARTS))
    ends = parts.group_by("part").agg(end=pl.col("day").max()).sort("part")
    spans = ends.with_columns(start=pl.col("end").shift(1, fill_value=0.0))
    sums = parts.group_by("part", "kind").agg(pl.col("amount").sum()).join(spans, on="part")
    rows = sums.with_columns(_place(), per_day=pl.col("amount") / (pl.col("end") - pl.col("start")))
    return rows.drop("part").sort("start", "place")


def site_rows(costs: pl.DataFrame) -> pl.DataFrame:
    """Return costs by kind of each site, those that cost most first: who, site, kind, place, amount, rank.

    What a firm bears as a whole stands under its name and for no site. From the place `MOST_SITES` on, all are one.
    """
    import polars as pl

    who = pl.when(pl.col("site") == "").then(pl.col("firm")).otherwise(pl.col("site")).alias("who")
    rows = costs.select(who, "kind", "amount")
    totals = rows.group_by("who").agg(pl.col("amount").sum()).sort("amount", "who", descending=[True, False])
    shown = totals["who"][:MOST_SITES].to_list()
    if len(totals) > MOST_SITES:
        rest = f"{len(totals) - MOST_SITES} others"
        rows = rows.with_columns(who=pl.when(pl.col("who").is_in(shown)).then("who").otherwise(pl.lit(rest)))
        shown.append(rest)
    sums = rows.group_by("who", "kind").agg(pl.col("amount").sum()).with_columns(_place())
    is_site = pl.col("who").is_in(costs["site"].unique().to_list())
    sums = sums.with_columns(site=pl.when(is_site).then("who").otherwise(pl.lit("")))
    rank = pl.col("who").replace_strict(shown, range(len(shown)), return_dtype=pl.Int64)
    return sums.with_columns(rank=rank).sort("rank", "place")


def _place() -> pl.Expr:
    import polars as pl

    return pl.col("kind").replace_strict(COST_KINDS, range(len(COST_KINDS)), return_dtype=pl.Int64).alias("place")


@chart("costs", _TITLE, group="finance", place=1, needs=("costs",))
def costs_by_kind(run: Run) -> Chart:
    """Show costs by kind, over time and by site.

    Stacked bars of costs per day in each period, and below them of what each site has cost after the warm-up.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("beer-game", {"costs": {}}))
    >>> costs_by_kind(run).to_dict()["title"]["text"]
    'Costs by kind, over time and by site'
    """
    import altair as alt
    import polars as pl

    costs = table_of(run, "costs")
    if costs.is_empty():
        return nothing(_TITLE, "The scenario has no block on costs, or nothing has cost anything.")
    after = measured({"costs": costs}, measured_from(run.scenario))["costs"].filter(pl.col("amount") != 0)
    if after.is_empty():
        return nothing(_TITLE, "Nothing has cost anything after the warm-up.")
    periods, sites = period_rows(costs), site_rows(after)
    totals = after.group_by("kind").agg(pl.col("amount").sum()).sort("amount", "kind", descending=[True, False])
    said = ", ".join(f"{kind} {number(amount)}" for kind, amount in totals.iter_rows())
    panels = [with_warm_up(run, _over_time(periods, horizon(run))), _by_site(sites)]
    return styled(
        alt.vconcat(*panels, spacing=14),
        _TITLE,
        f"Stacked bars of costs per day over days, and by site, in money by kind: {said}.",
        f"{said} (money)",
    )


def _colour(rows: pl.DataFrame) -> alt.Color:
    import altair as alt

    names = [kind for kind in COST_KINDS if kind in rows["kind"]]
    scale = alt.Scale(domain=names, range=[_KIND_COLOURS[kind] for kind in names])
    return alt.Color("kind:N", title="Cost", scale=scale, sort=names)


def _over_time(rows: pl.DataFrame, end: float) -> alt.Chart:
    import altair as alt

    shown = tips(("kind", "Kind", ""), ("start", "From day", ",.0f"), ("end", "To day", ",.0f"))
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(stroke=BACKGROUND, strokeWidth=0.5)
        .encode(
            x=part_axis(end),
            x2="end:Q",
            y=alt.Y("per_day:Q", title="Costs per day (money)", axis=money_axis(), stack=True),
            color=_colour(rows),
            order="place:Q",
            tooltip=shown + tips(("per_day", "Per day (money)", ",.4~g"), ("amount", "In all (money)", ",.4~g")),
        )
        .properties(width=WIDTH, height=200)
    )
    return chart


def _by_site(rows: pl.DataFrame) -> alt.Chart:
    import altair as alt

    names = rows["who"].unique(maintain_order=True).to_list()
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(stroke=BACKGROUND, strokeWidth=0.5)
        .encode(
            x=alt.X("amount:Q", title="Costs in all (money)", axis=alt.Axis(format="~s", tickCount=6), stack=True),
            y=alt.Y("who:N", title=None, sort=names),
            color=_colour(rows),
            order="place:Q",
            tooltip=tips(("who", "Site", ""), ("kind", "Kind", ""), ("amount", "In all (money)", ",.4~g")),
        )
        .properties(width=WIDTH, height=alt.Step(16))
    )
    return chart
