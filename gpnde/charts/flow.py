"""The chart of service: the share of demand that was filled when it was due, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.parts import day_axis, horizon, part_of, table_of, with_warm_up
from gpnde.charts.theme import COLOURS, WIDTH, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.evidence import Evidence
from gpnde.results.headline import percent
from gpnde.results.metrics.flow import fill_rate
from gpnde.results.warm_up import measured, measured_from

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_MARKETS = 6
ALL = "all markets"

_SERVICE = "Service over time"


def service_rows(markets: pl.DataFrame) -> pl.DataFrame:
    """Return the share of demand filled when due in each part of the time: market, day, demanded, filled, fill.

    There are at most `MOST_DAYS` parts. Markets are shown one by one up to `MOST_MARKETS`; of more, only all together.
    """
    import polars as pl

    rows = markets.select("market", "day", "demanded", "filled").with_columns(part_of(markets["day"]))
    total = rows.with_columns(pl.lit(ALL).alias("market"))
    several = 1 < rows["market"].n_unique() <= MOST_MARKETS
    shown = pl.concat([rows, total]) if several else total
    sums = shown.group_by("market", "part", maintain_order=True).agg(
        pl.col("day").max(), pl.col("demanded", "filled").sum()
    )
    fill = pl.when(pl.col("demanded") > 0).then(pl.col("filled") / pl.col("demanded"))
    return sums.with_columns(fill.alias("fill")).drop("part").sort("market", "day")


@chart("service", _SERVICE, group="flow", place=1, needs=("markets",))
def service_over_time(run: Run) -> Chart:
    """Show share of the demand of markets that was filled when due.

    Lines of the share of demand that was filled when due, per market and in all.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("beer-game", {"clock.days": 91}))
    >>> 'Service over time' in str(service_over_time(run).to_dict()["title"])
    True
    """
    import altair as alt

    markets = table_of(run, "markets")
    rows = service_rows(markets)
    if rows.is_empty():
        return nothing(_SERVICE, "No market was recorded.")
    names = [ALL, *sorted(set(rows["market"]) - {ALL})]
    chart = (
        alt.Chart(rows)
        .mark_line()
        .encode(
            x=day_axis(horizon(run)),
            y=alt.Y("fill:Q", title="Fill rate (%)", scale=_room(rows["fill"]), axis=alt.Axis(format="%")),
            color=alt.Color("market:N", title="Market", scale=_market_colours(names), sort=names),
            strokeWidth=alt.StrokeWidth("market:N", title="Market", scale=_market_widths(names), sort=names),
            tooltip=[
                alt.Tooltip("market:N", title="Market"),
                alt.Tooltip("day:Q", title="Day", format=",.0f"),
                alt.Tooltip("fill:Q", title="Filled when due", format=".1%"),
                alt.Tooltip("demanded:Q", title="Demand (units)", format=",.0f"),
            ],
        )
        .properties(width=WIDTH, height=240)
    )
    mean = fill_rate(Evidence(run.network, measured(run.tables, measured_from(run.scenario))))[""]
    return styled(
        with_warm_up(run, chart),
        _SERVICE,
        f"Lines of the share of demand filled when due over days; {mean:.1%} in all.",
        "Share of what markets asked for that was shipped when it was due",
        finding(rows.filter(rows["market"] == ALL), mean),
    )


def finding(rows: pl.DataFrame, mean: float) -> str:
    """Return in words how much of demand was filled when due in all, and in the worst part of the time; *rows* of all.

    >>> import polars as pl
    >>> finding(pl.DataFrame({"day": [7.0, 14.0], "fill": [1.0, 0.4]}), 0.7)
    'Markets got 70 % of what they asked for when it was due; the worst spell was 40 %, up to day 14'
    """
    known = rows.drop_nulls("fill").sort("fill", "day")
    if known.is_empty() or mean != mean:
        return "No market has asked for anything yet"
    day, worst = known.select("day", "fill").row(0)
    said = f"Markets got {percent(mean)} of what they asked for when it was due"
    return said if worst >= mean else f"{said}; the worst spell was {percent(worst)}, up to day {day:,.0f}"


def _market_colours(names: list[str]) -> alt.Scale:
    """Return a scale that draws all markets together in black and each one in a colour."""
    import altair as alt

    return alt.Scale(domain=names, range=[COLOURS[6], *COLOURS[: len(names) - 1]])


def _market_widths(names: list[str]) -> alt.Scale:
    import altair as alt

    return alt.Scale(type="ordinal", domain=names, range=[2.2] + [1.2] * (len(names) - 1))


def _room(fill: pl.Series) -> alt.Scale:
    """Return a scale up to 100 % that starts at a round figure below the lowest share."""
    import altair as alt

    lowest = float(fill.drop_nulls().min() or 0)  # type: ignore[arg-type]
    return alt.Scale(domain=[int(min(lowest, 0.5) * 10) / 10, 1.0])
