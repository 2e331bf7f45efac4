"""The timeline of a firm: outages around it, and the orders that it placed at that time, bar by bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.parts import DAY, horizon, table_of, tips
from gpnde.charts.theme import COLOURS, MUTED, WIDTH, nothing, styled
from gpnde.charts.words import counted
from gpnde.results.chart import chart
from gpnde.results.headline import number
from gpnde.vocabulary import QUARTER_DAYS

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_ORDERS = 60
"""Orders that are drawn, evenly over the window where there are more."""

MOST_SITES = 14
ON_TIME, LATE, OPEN = "by the promised day", "late", "not yet received"
OWN, SUPPLIER, BUYER = "its own", "of a supplier", "of a buyer"

_TITLE = "Orders and outages of a firm"
_ROW = 16
_THIN = 5
_STATES = {ON_TIME: COLOURS[2], LATE: COLOURS[3], OPEN: MUTED}
_SIDES = {OWN: COLOURS[0], SUPPLIER: COLOURS[1], BUYER: COLOURS[4]}


def outage_rows(events: pl.DataFrame, end: float) -> pl.DataFrame:
    """Return the outages of sites: site, firm, start and end (day); one that is not over ends with the run."""
    import polars as pl

    kinds = events.filter(pl.col("kind").is_in(["site_failed", "site_recovered"])).sort("site", "day")
    later = pl.col("day").shift(-1).over("site").fill_null(end)
    spans = kinds.with_columns(end=later).filter(pl.col("kind") == "site_failed")
    return spans.select("site", "firm", "end", start="day").filter(pl.col("end") > pl.col("start"))


def order_rows(orders: pl.DataFrame, own: list[str], window: tuple[float, float], today: float) -> pl.DataFrame:
    """Return the orders of the sites *own* that were under way in a *window* of days: order, supplier, buyer, and more.

    Columns besides: start, end and promised (day), quantity (units) and state. An order that has not come ends *today*.
    """
    import polars as pl

    end = pl.col("received_day").fill_null(today)
    late = pl.when(pl.col("received_day") > pl.col("promised_day")).then(pl.lit(LATE)).otherwise(pl.lit(ON_TIME))
    state = pl.when(pl.col("received_day").is_null()).then(pl.lit(OPEN)).otherwise(late)
    mine = orders.filter(pl.col("buyer").is_in(own) & pl.col("status").is_in(["open", "received"]))
    inside = mine.filter((pl.col("placed_day") >= window[0]) & (pl.col("placed_day") < window[1]))
    rows = inside.select(
        "order", "supplier", "buyer", "quantity", start="placed_day", end=end, promised="promised_day", state=state
    )
    ordered = rows.sort("start", "order")
    return ordered[:: -(-ordered.height // MOST_ORDERS)] if ordered.height else ordered


def busiest(run: Run) -> str:
    """Return the firm whose sites were out for most days, of equals the first; without outages that of most orders."""
    import polars as pl

    outages = outage_rows(table_of(run, "events"), horizon(run))
    if outages.height:
        days = outages.group_by("firm").agg(days=(pl.col("end") - pl.col("start")).sum())
        return str(days.sort("days", "firm", descending=[True, False])["firm"][0])
    owners = {site["name"]: site["firm"] for site in run.network["sites"]}
    buyers = table_of(run, "orders")["buyer"].value_counts(sort=True)
    return str(next((owners[name] for name in buyers["buyer"] if name in owners), run.scenario["firms"][0]["name"]))


def window_of(outages: pl.DataFrame, firm: str, day: float | None, end: float) -> tuple[float, float]:
    """Return the quarter that is shown: that around a *day*, or around the longest outage of the firm.

    >>> import polars as pl
    >>> none = pl.DataFrame(schema={"site": str, "firm": str, "end": float, "start": float})
    >>> window_of(none, "maker", 100.0, 728.0), window_of(none, "maker", None, 60.0)
    ((54.5, 145.5), (0.0, 60.0))
    """
    import polars as pl

    own = outages.filter(pl.col("firm") == firm).sort(pl.col("start") - pl.col("end"))
    middle = day if day is not None else float(own["start"][0]) + QUARTER_DAYS / 4 if own.height else end / 2
    start = max(0.0, min(middle - QUARTER_DAYS / 2, end - QUARTER_DAYS))
    return start, min(start + QUARTER_DAYS, end)


def partner_sites(run: Run, firm: str) -> dict[str, str]:
    """Return the sites of a firm and those that supply it or buy from it: what each is to the firm."""
    own = {site["name"] for site in run.network["sites"] if site["firm"] == firm}
    links = list(table_of(run, "links").select("supplier", "buyer").iter_rows())
    buyers = {buyer: BUYER for supplier, buyer in links if supplier in own}
    suppliers = {supplier: SUPPLIER for supplier, buyer in links if buyer in own}
    return buyers | suppliers | dict.fromkeys(sorted(own), OWN)


@chart("timeline", _TITLE, group="network", place=7, needs=("links",))
def orders_and_outages(run: Run, firm: str | None = None, day: float | None = None) -> Chart:
    """Show the orders that a firm placed in a quarter, and the outages around it.

    Bars of outages of its sites and those of its suppliers and buyers, and of its orders from day of order to receipt:
    those of the firm that was out longest and the quarter of that, where no *firm* and no *day* is named.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 182}))
    >>> 'Orders and outages of a firm' in str(orders_and_outages(run).to_dict()["title"])
    True
    """
    import altair as alt
    import polars as pl

    if table_of(run, "links").is_empty():
        return nothing(_TITLE, "The network has no links.")
    end, shown = horizon(run), firm or busiest(run)
    outages, sites = outage_rows(table_of(run, "events"), end), partner_sites(run, shown)
    window = window_of(outages, shown, day, end)
    own = [name for name, side in sites.items() if side == OWN]
    orders = order_rows(table_of(run, "orders"), own, window, end)
    near = outages.filter(
        pl.col("site").is_in(list(sites)) & (pl.col("end") > window[0]) & (pl.col("start") < window[1])
    ).with_columns(side=pl.col("site").replace_strict(sites, return_dtype=pl.String))
    if orders.is_empty() and near.is_empty():
        return nothing(_TITLE, f"{shown} placed no orders and had no outages around it in that quarter.")
    panels: list[alt.Chart | alt.LayerChart] = [_outages(near, window)] if near.height else []
    panels += [_orders(orders, window)] if orders.height else []
    about = f"{shown}, days {window[0]:,.0f} to {window[1]:,.0f}" + (
        f", around day {day:,.0f}" if day is not None else ""
    )
    return styled(
        alt.vconcat(*panels, spacing=14).resolve_scale(color="independent"),
        _TITLE,
        f"Bars over days: {counted(near.height, 'outage')} of sites around {shown}, and its "
        f"{counted(orders.height, 'order')} from placing to receipt.",
        f"{about}; a bar of an order reaches from the day on which it was placed to its receipt",
        finding(orders, near, shown),
    )


def finding(orders: pl.DataFrame, outages: pl.DataFrame, firm: str) -> str:
    """Return in words how many of the orders that are drawn came late, and how long sites around a firm were out."""
    import polars as pl

    late = orders.filter(pl.col("state") == LATE)
    days = {side: float((part["end"] - part["start"]).sum()) for (side,), part in outages.group_by("side")}
    out = f"{firm} was out for {number(days[OWN])} site-days" if OWN in days else f"{firm} had no outage"
    others = f", its suppliers for {number(days[SUPPLIER])}" if SUPPLIER in days else ""
    if orders.is_empty():
        return f"{out}{others}"
    return f"{late.height} of {counted(orders.height, 'order')} came late; {out}{others}"


def _days(window: tuple[float, float], field: str, is_last: bool) -> alt.X:
    import altair as alt

    axis = alt.Axis(format=",.0f", tickCount=10, tickMinStep=1, title=DAY if is_last else None)
    return alt.X(f"{field}:Q", title=DAY, axis=axis, scale=alt.Scale(domain=list(window), nice=False))


def _outages(rows: pl.DataFrame, window: tuple[float, float]) -> alt.Chart:
    import altair as alt
    import polars as pl

    longest = rows.group_by("site", "side").agg(days=(pl.col("end") - pl.col("start")).sum())
    rank = pl.col("side").replace_strict({side: place for place, side in enumerate(_SIDES)}, return_dtype=pl.Int64)
    order = longest.sort(rank, pl.col("days") * -1, "site")["site"].head(MOST_SITES).to_list()
    shown = rows.filter(pl.col("site").is_in(order))
    sides = [side for side in _SIDES if side in shown["side"]]
    colours = alt.Scale(domain=sides, range=[_SIDES[side] for side in sides])
    bars: alt.Chart = (
        alt.Chart(shown)
        .mark_bar(height=_ROW - 5, clip=True)
        .encode(
            x=_days(window, "start", False),
            x2="end:Q",
            y=alt.Y("site:N", title=None, sort=order, axis=alt.Axis(labelLimit=180, ticks=False, domain=False)),
            color=alt.Color("side:N", title="Outage of a site", scale=colours, sort=sides),
            tooltip=tips(("site", "Site", ""), ("firm", "Firm", ""), ("start", "From day", ",.1f"))
            + tips(("end", "To day", ",.1f")),
        )
        .properties(width=WIDTH - 200, height=_ROW * len(order))
    )
    return bars


def _orders(rows: pl.DataFrame, window: tuple[float, float]) -> alt.LayerChart:
    import altair as alt
    import polars as pl

    numbered = rows.with_columns(row=pl.int_range(pl.len()).cast(pl.String).str.zfill(4))
    states = [state for state in _STATES if state in rows["state"]]
    colours = alt.Scale(domain=states, range=[_STATES[state] for state in states])
    base = alt.Chart(numbered).encode(
        y=alt.Y("row:N", title="Orders, one a row", axis=alt.Axis(labels=False, ticks=False, domain=False)),
        tooltip=tips(("supplier", "From", ""), ("buyer", "To", ""), ("quantity", "Quantity (units)", ",.0f"))
        + tips(("start", "Placed on day", ",.0f"), ("promised", "Promised for day", ",.0f"), ("end", "To day", ",.0f")),
    )
    bars = base.mark_bar(height=_THIN, clip=True).encode(
        x=_days(window, "start", True),
        x2="end:Q",
        color=alt.Color("state:N", title="Order received", scale=colours, sort=states),
    )
    ticks = base.mark_tick(thickness=1.5, height=_THIN + 4, clip=True, color=MUTED).encode(
        x=_days(window, "promised", True)
    )
    return alt.LayerChart(layer=[bars, ticks]).properties(width=WIDTH - 200, height=(_THIN + 2) * numbered.height)
