"""The chart of flow by tier: orders, backlog, stock and what was shipped of what was ordered, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gpnde.charts.parts import day_axis, horizon, part_of, rule_at, table_of, tier_names, tips
from gpnde.charts.theme import WIDTH, colour_of, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

PartKind = Literal["site", "firm", "tier", "cluster"]
"""What sites can be told apart by."""

MOST_PARTS = 150
"""Parts of the time; as each tier has a row in each, `MOST_TIERS` times as many rows are drawn at most."""

_TITLE = "Orders, backlog, stock and fill by tier"

_PANELS = {
    "orders_to_mean": ("Orders/mean (%)", "%"),
    "days_waiting": ("Backlog (days)", "~r"),
    "days_of_stock": ("Stock (days)", "~r"),
    "fill": ("Shipped/ordered (%)", "%"),
}
_PER_MEAN = {"orders_to_mean": "ordered", "days_waiting": "backlog", "days_of_stock": "on_hand"}
"""What is divided by the mean orders of a tier, so that tiers that count in different units can be compared."""

_NO_QUEUE = 0.05
"""Days of orders below which nothing waits worth a word."""


def tier_rows(tiers: pl.DataFrame) -> pl.DataFrame:
    """Return what each tier saw in each part of the time: tier, day, ordered (units/day), backlog, on_hand, fill.

    Stock and backlog are means over the part; fill is what was shipped over what was ordered from the tier in it, and
    passes 1 where a backlog is worked off. There are at most `MOST_PARTS` parts and `MOST_TIERS` tiers.
    """
    import polars as pl

    sums = tiers.with_columns(tier_names(tiers["tier"])).group_by("tier", "day")
    totals = sums.agg(pl.col("demanded", "shipped", "backlog", "on_hand").sum()).sort("tier", "day")
    spans = pl.col("day").diff().over("tier").fill_null(pl.col("day"))
    parts = totals.with_columns(span=spans).with_columns(part_of(totals["day"], MOST_PARTS)).group_by("tier", "part")
    rows = parts.agg(
        pl.col("day").max(), pl.col("demanded", "shipped", "span").sum(), pl.col("backlog", "on_hand").mean()
    )
    ordered = pl.when(pl.col("span") > 0).then(pl.col("demanded") / pl.col("span"))
    fill = pl.when(pl.col("demanded") > 0).then(pl.col("shipped") / pl.col("demanded"))
    rows = rows.with_columns(ordered=ordered, fill=fill)
    return rows.select("tier", "day", "ordered", "backlog", "on_hand", "fill").sort("tier", "day")


def in_days(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `tier_rows` with orders over their mean, and backlog and stock in days of mean orders.

    A tier that was asked for nothing has none of the three.
    """
    import polars as pl

    mean = pl.col("ordered").mean().over("tier")
    return rows.with_columns(
        pl.when(mean > 0).then(pl.col(figure) / mean).alias(name) for name, figure in _PER_MEAN.items()
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words in which tier orders wait longest, and which tier holds most stock, in days of its orders.

    >>> import polars as pl
    >>> finding(pl.DataFrame({"tier": ["0", "1"], "days_waiting": [0.2, 4.0], "days_of_stock": [20.0, 9.0]}))
    'Orders wait longest in tier 1, 4 days on average; stock is largest in tier 0, 20 days of orders'
    """
    import polars as pl

    means = rows.group_by("tier").agg(pl.col("days_waiting", "days_of_stock").mean()).drop_nulls()
    if means.is_empty():
        return "Nothing has been ordered yet"
    (slow, days), (full, stock) = (
        means.sort(name, "tier", descending=[True, False]).select("tier", name).row(0)
        for name in ("days_waiting", "days_of_stock")
    )
    if days < _NO_QUEUE:
        return f"Next to nothing waits in any tier; stock is largest in tier {full}, {number(stock)} days of orders"
    waits = f"Orders wait longest in tier {slow}, {number(days)} days on average"
    return f"{waits}; stock is largest in tier {full}, {number(stock)} days of orders"


@chart("tiers", _TITLE, group="flow", place=2, needs=("tiers",))
def flow_by_tier(run: Run) -> Chart:
    """Show what was asked of each tier, what waits, what lies in stock and what was shipped.

    Lines of orders, backlog, finished stock and fill over days, one for each tier, in four panels.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("beer-game", {"clock.days": 91}))
    >>> 'Orders, backlog, stock and fill by tier' in str(flow_by_tier(run).to_dict()["title"])
    True
    """
    rows = tier_rows(table_of(run, "tiers"))
    if rows.is_empty():
        return nothing(_TITLE, "No tier was recorded.")
    return _panels(in_days(rows), horizon(run), _TITLE)


def flow_of(run: Run, kind: PartKind, name: str | int) -> Chart:
    """Return the same lines for a part of the network alone: the sites of a firm, tier or cluster, or one site.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("beer-game", {"clock.days": 91}))
    >>> 'Site retailer: orders, backlog, stock and fill' in str(flow_of(run, "site", "retailer").to_dict()["title"])
    True
    """
    title = f"{kind.capitalize()} {name}: orders, backlog, stock and fill"
    rows = tier_rows(part_sites(run, kind, name))
    return (
        nothing(title, "No site of it was recorded.")
        if rows.is_empty()
        else _panels(in_days(rows), horizon(run), title)
    )


def part_sites(run: Run, kind: PartKind, name: str | int) -> pl.DataFrame:
    """Return the recorded rows of the sites that belong to a part of the network."""
    import polars as pl

    return table_of(run, "sites").filter(pl.col(kind).cast(pl.String) == str(name))


def _panels(rows: pl.DataFrame, end: float, title: str) -> Chart:
    import altair as alt

    last = list(_PANELS)[-1]
    panels = [_panel(rows, name, end, name == last) for name in _PANELS]
    tiers = rows["tier"].n_unique()
    return styled(
        alt.vconcat(*panels, spacing=12),
        title,
        f"Lines over days for {tiers} {'tier' if tiers == 1 else 'tiers'} in four panels: orders received, backlog, "
        "finished stock, and the share of what was ordered that was shipped.",
        "Per tier; backlog and stock in days of its mean orders; shipped passes 100 % where a backlog is worked off",
        finding(rows) if title == _TITLE else "",
    )


def _in_units(column: str) -> list[tuple[str, str, str]]:
    """Return what the tooltip says besides: the figure in units of the tier."""
    titles = {"ordered": "Orders (units/day)", "backlog": "Backlog (units)", "on_hand": "Stock (units)"}
    name = _PER_MEAN.get(column)
    return [(name, titles[name], ",.4~g")] if name else []


def _panel(rows: pl.DataFrame, column: str, end: float, is_last: bool) -> alt.Chart | alt.LayerChart:
    import altair as alt

    title, form = _PANELS[column]
    names = rows["tier"].unique().sort().to_list()
    spot = ".1%" if form == "%" else ",.4~g"
    axis = alt.Axis(format=form, tickCount=4, minExtent=44)
    lines = (
        alt.Chart(rows)
        .mark_line(strokeWidth=1.8, clip=True)
        .encode(
            x=day_axis(end) if is_last else day_axis(end, None),
            y=alt.Y(f"{column}:Q", title=title, axis=axis, scale=alt.Scale(zero=True, nice=True)),
            color=alt.Color("tier:N", title="Tier", scale=colour_of(names), sort=names),
            tooltip=tips(("tier", "Tier", ""), ("day", "Day", ",.0f"), (column, title, spot), *_in_units(column)),
        )
    )
    layers = alt.LayerChart(layer=[rule_at(1.0), lines]) if form == "%" else lines
    return layers.properties(width=WIDTH, height=100)
