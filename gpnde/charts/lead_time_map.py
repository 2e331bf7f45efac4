"""The heat map of lead times: how long goods take from each supplier to each buyer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.groups import groups_of_sites
from gpnde.charts.parts import table_of, tips
from gpnde.charts.theme import BACKGROUND, INK, LOW_TO_HIGH, WIDTH, nothing, styled
from gpnde.charts.words import counted
from gpnde.results.chart import chart
from gpnde.results.headline import number
from gpnde.vocabulary import OUTSIDE

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_SIDES = 28
"""Above this number of buyers or suppliers, sites of a cluster are one, and of many clusters those with most orders."""

MOST_FIGURES = 150
"""Up to this number of cells the days are written in them."""

_TITLE = "Lead times from supplier to buyer"
_STEP = 22


def pair_rows(links: pl.DataFrame) -> pl.DataFrame:
    """Return the mean lead time of each pair: supplier, buyer, days, on_time (share of orders), orders.

    Means are weighted by orders; links from outside, and those over which no order has come whole, do not count.
    """
    import polars as pl

    known = links.filter(
        (pl.col("supplier") != OUTSIDE) & pl.col("mean_delivery_days").is_not_null() & (pl.col("orders") > 0)
    )
    orders = pl.col("orders").sum()
    days = (pl.col("mean_delivery_days") * pl.col("orders")).sum() / orders
    on_time = (pl.col("on_time_share") * pl.col("orders")).sum() / orders
    pairs = known.group_by("supplier", "buyer").agg(days=days, on_time=on_time, orders=orders)
    return pairs.sort("supplier", "buyer")


def shown_rows(run: Run) -> tuple[pl.DataFrame, str]:
    """Return the pairs that are drawn, and what they are pairs of: sites, or clusters where there are many sites."""
    import polars as pl

    links = table_of(run, "links")
    pairs = pair_rows(links)
    if max(pairs["supplier"].n_unique(), pairs["buyer"].n_unique()) <= MOST_SIDES:
        return pairs, "site"
    groups = groups_of_sites(run, "cluster")
    merged = pair_rows(links.with_columns(_grouped(side, groups) for side in ("supplier", "buyer")))
    for side in ("supplier", "buyer"):
        most = merged.group_by(side).agg(pl.col("orders").sum()).sort(["orders", side], descending=[True, False])
        merged = merged.filter(pl.col(side).is_in(most[side].head(MOST_SIDES).to_list()))
    return merged, "cluster"


def _grouped(side: str, groups: dict[str, str]) -> pl.Expr:
    import polars as pl

    return pl.col(side).replace(groups).alias(side)


@chart("lead-time-map", _TITLE, group="flow", place=5.5, needs=("links",))
def lead_time_map(run: Run) -> Chart:
    """Show how long goods take from each supplier to each buyer.

    A cell per pair of sites, or of clusters in networks of many sites, in the colour of its mean lead time.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("beer-game", {"clock.days": 91}))
    >>> 'Lead times from supplier to buyer' in str(lead_time_map(run).to_dict()["title"])
    True
    """
    rows, kind = shown_rows(run)
    if rows.is_empty():
        return nothing(_TITLE, "No order between sites has come whole yet.")
    return styled(
        _cells(rows, kind),
        _TITLE,
        f"Map of the mean lead times of {rows.height} pairs of {kind}s, suppliers down and buyers across.",
        f"Mean time from order to receipt (days), by {kind}, weighted by orders",
        finding(rows),
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words which pair waits longest, and against what; *rows* as `pair_rows` gives them.

    >>> import polars as pl
    >>> pairs = {"supplier": ["A", "B"], "buyer": ["B", "C"], "days": [5.0, 40.0], "orders": [30, 10]}
    >>> finding(pl.DataFrame(pairs))
    'Goods from B to C take longest, 40 days; the mean of 2 pairs is 13.8'
    """
    supplier, buyer, days = rows.sort("days", descending=True).select("supplier", "buyer", "days").row(0)
    if rows.height == 1:
        return f"Goods from {supplier} to {buyer} take {number(days)} days"
    mean = float((rows["days"] * rows["orders"]).sum()) / float(rows["orders"].sum())
    longest = f"Goods from {supplier} to {buyer} take longest, {number(days)} days"
    return f"{longest}; the mean of {counted(rows.height, 'pair')} is {number(mean)}"


def _cells(rows: pl.DataFrame, kind: str) -> alt.LayerChart:
    import altair as alt

    suppliers, buyers = (rows[side].n_unique() for side in ("supplier", "buyer"))
    room = (WIDTH - 150) // max(buyers, 4)
    below = alt.Axis(labelAngle=-40, labelLimit=170, ticks=False, domain=False, orient="bottom")
    beside = alt.Axis(labelLimit=200, ticks=False, domain=False)
    longest = float(rows["days"].max() or 1.0)  # type: ignore[arg-type]
    base = alt.Chart(rows).encode(
        x=alt.X("buyer:N", title=f"Buying {kind}", axis=below),
        y=alt.Y("supplier:N", title=f"Supplying {kind}", axis=beside),
        tooltip=tips(("supplier", "From", ""), ("buyer", "To", ""), ("days", "Lead time (days)", ".3~g"))
        + tips(("on_time", "By the promised day", ".1%"), ("orders", "Orders", ",.0f")),
    )
    scale = alt.Scale(domain=[0, longest], range=list(LOW_TO_HIGH))
    cells = base.mark_rect(stroke=BACKGROUND).encode(color=alt.Color("days:Q", title="Lead time (days)", scale=scale))
    if rows.height > MOST_FIGURES:
        return alt.LayerChart(layer=[cells]).properties(width=room * buyers, height=_STEP * suppliers)
    ink = alt.condition(f"datum.days > {0.6 * longest}", alt.value(BACKGROUND), alt.value(INK))
    figures = base.mark_text(fontSize=11).encode(text=alt.Text("days:Q", format=".0f"), color=ink)
    return alt.LayerChart(layer=[cells, figures]).properties(width=room * buyers, height=_STEP * suppliers)
