"""Charts of flow: service to markets and stocks along the tiers, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.parts import day_axis, horizon, part_of, table_of, tier_names, with_warm_up
from gpnde.charts.theme import COLOURS, WIDTH, colour_of, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.evidence import Evidence
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
_STOCKS = "Stocks and backlog by tier"


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
    >>> service_over_time(run).to_dict()["title"]["text"]
    'Service over time'
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
    )


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
    return alt.Scale(domain=[int(min(lowest, 0.95) * 20) / 20, 1.0])


def stock_rows(tiers: pl.DataFrame) -> pl.DataFrame:
    """Return finished stock and backlog in each part of the time (units): tier, day, on_hand, backlog.

    There are at most `MOST_DAYS` parts, each with the mean over its days; from the tier `MOST_TIERS` on, all are one.
    """
    import polars as pl

    rows = tiers.with_columns(tier_names(tiers["tier"])).group_by("tier", "day").agg(pl.col("on_hand", "backlog").sum())
    parts = rows.with_columns(part_of(rows["day"])).group_by("tier", "part")
    means = parts.agg(pl.col("day").max(), pl.col("on_hand", "backlog").mean())
    return means.drop("part").sort("tier", "day")


@chart("stocks", _STOCKS, group="flow", place=3, needs=("tiers",))
def stocks_by_tier(run: Run) -> Chart:
    """Show finished stock and backlog, stacked by tier.

    Areas of finished stock and of backlog by tier, one above the other.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("beer-game", {"clock.days": 91}))
    >>> stocks_by_tier(run).to_dict()["title"]["text"]
    'Stocks and backlog by tier'
    """
    import altair as alt

    rows = stock_rows(table_of(run, "tiers"))
    if rows.is_empty():
        return nothing(_STOCKS, "No tier was recorded.")
    above = _areas(rows, "on_hand", "Finished stock (units)", day_axis(horizon(run), None))
    below = _areas(rows, "backlog", "Backlog (units)", day_axis(horizon(run)))
    tiers = rows["tier"].n_unique()
    return styled(
        alt.vconcat(*(with_warm_up(run, panel) for panel in (above, below)), spacing=14),
        _STOCKS,
        f"Stacked areas over days for {tiers} tiers: finished stock above, backlog below, both in units.",
        "Tier 0 is the flagship; goods flow from high tiers to low ones",
    )


def _areas(rows: pl.DataFrame, column: str, title: str, days: alt.X) -> alt.Chart:
    import altair as alt

    names = rows["tier"].unique().sort().to_list()
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_area(fillOpacity=0.85)
        .encode(
            x=days,
            y=alt.Y(f"{column}:Q", title=title, axis=alt.Axis(format="~s")),
            color=alt.Color("tier:N", title="Tier", scale=colour_of(names), sort=names),
            order=alt.Order("tier:O"),
            tooltip=[
                alt.Tooltip("tier:N", title="Tier"),
                alt.Tooltip("day:Q", title="Day", format=",.0f"),
                alt.Tooltip(f"{column}:Q", title=title, format=",.0f"),
            ],
        )
        .properties(width=WIDTH, height=150)
    )
    return chart
