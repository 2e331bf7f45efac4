"""The network of knowledge: what firms know and have received, and the relations over which it could come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gpnde.charts.capability import NO_KNOWLEDGE
from gpnde.charts.layout import links_on
from gpnde.charts.network import role_colour
from gpnde.charts.parts import table_of, tips
from gpnde.charts.state import roles_in, time_of
from gpnde.charts.theme import BACKGROUND, MUTED, WIDTH, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.history import KNOWLEDGE, History
from gpnde.vocabulary import CHANNELS, KNOWLEDGE_KINDS

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_FIRMS = 400
"""Above this number the firms with most relations are drawn."""

MOST_RELATIONS = 1500
FEW = 5
"""Below so many firms nothing is said of how what they know goes with how they are connected."""

_TITLE = "Network of knowledge"
_GOLDEN = 0.6180339887498949
_WEAK = 0.3


def relations(run: Run, day: float) -> pl.DataFrame:
    """Return the relations between firms that are in force on a *day*: supplier, buyer (firms), links, shipped."""
    import polars as pl

    owners = {site["name"]: site["firm"] for site in run.network["sites"]}
    links = links_on(table_of(run, "links"), day).filter(pl.col("status") == "active")
    ends = [pl.col(end).replace_strict(owners, default="", return_dtype=pl.String) for end in ("supplier", "buyer")]
    rows = links.select(*ends, "shipped").filter((pl.col("supplier") != "") & (pl.col("supplier") != pl.col("buyer")))
    pairs = rows.group_by("supplier", "buyer").agg(links=pl.len(), shipped=pl.col("shipped").sum())
    return pairs.sort(["shipped", "supplier", "buyer"], descending=[True, False, False])


def firm_rows(run: Run, history: History, time: int, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the firms that are there at a time: firm, tier, role, cluster, able, received, relations, x.

    Able is mean capability over all functions (1), received what came through all channels since day 0 (1), and x
    minus the tier, with room between firms of one tier.
    """
    import polars as pl

    there = np.flatnonzero(history.present[time])
    able = history.capability[time].mean(axis=1)
    columns = {
        "firm": [history.firms[firm] for firm in there],
        "tier": [int(history.tiers[firm]) for firm in there],
        "role": [history.roles[firm] for firm in there],
        "cluster": [history.clusters[firm] for firm in there],
        "able": able[there].tolist(),
        "x": [-float(history.tiers[firm]) + 0.7 * ((place * _GOLDEN) % 1.0 - 0.5) for place, firm in enumerate(there)],
    }
    ends = pl.concat([pairs.select(firm="supplier"), pairs.select(firm="buyer")]).group_by("firm").len("relations")
    rows = (
        pl.DataFrame(columns)
        .join(ends, "firm", how="left")
        .join(_received(run, history.days[time]), "firm", how="left")
    )
    filled = rows.with_columns(pl.col("relations").fill_null(0).cast(pl.Int64), pl.col("received").fill_null(0.0))
    return filled.sort(["relations", "firm"], descending=[True, False]).head(MOST_FIRMS)


def _received(run: Run, day: float) -> pl.DataFrame:
    import polars as pl

    books = [f"transferred_{channel}_{kind}" for channel in CHANNELS for kind in KNOWLEDGE_KINDS]
    rows = table_of(run, "learners").filter(pl.col("day") == day)
    return rows.select("firm", received=pl.sum_horizontal(books))


def line_rows(pairs: pl.DataFrame, firms: pl.DataFrame) -> pl.DataFrame:
    """Return the relations between firms that are drawn, with the places of both: x, able, x2, able2."""
    own = firms.select("firm", "x", "able")
    other = own.rename({"firm": "buyer", "x": "x2", "able": "able2"})
    return pairs.join(own.rename({"firm": "supplier"}), "supplier").join(other, "buyer").head(MOST_RELATIONS)


@chart("knowledge-network", _TITLE, group="learning", place=9, needs=KNOWLEDGE)
def knowledge_network(run: Run, day: float | None = None) -> Chart:
    """Show what firms know and have received, and the relations over which it could come.

    A point per firm by tier and mean capability, larger the more it received, on a *day* or at the end; lines are
    relations in force. Who taught whom is not recorded.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Network of knowledge' in str(knowledge_network(run).to_dict()["title"])
    True
    """
    import altair as alt

    history = run.history
    if history is None:
        return nothing(_TITLE, NO_KNOWLEDGE)
    time = time_of(history, day)
    today = float(history.days[time])
    pairs = relations(run, today)
    rows = firm_rows(run, history, time, pairs)
    if rows.is_empty():
        return nothing(_TITLE, "No firm is in the network on that day.")
    lines = line_rows(pairs, rows)
    return styled(
        alt.LayerChart(layer=[_lines(lines), _points(rows)]).properties(width=WIDTH - 60, height=360),
        _TITLE,
        f"Network of {rows.height} firms with {lines.height} relations, by tier across and mean capability up.",
        f"Day {today:,.0f}; larger: received more; lines: relations in force, as who taught whom is not recorded",
        finding(rows),
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words whether firms with more relations know more, by rank correlation (Spearman's), by `firm_rows`."""
    import polars as pl

    best, able = rows.sort("able", "firm", descending=[True, False]).select("firm", "able").row(0)
    found = rows.select(pl.corr("relations", "able", method="spearman")).item() if rows.height >= FEW else None
    if found is None or found != found:
        return f"{best} knows most, {able:.2f} of the frontier on average"
    said = f"(rank correlation {found:.2f})"
    if abs(found) < _WEAK:
        return f"How many relations a firm has says little about what it knows {said}"
    return f"Firms with more relations know {'more' if found > 0 else 'less'} {said}"


def _axes() -> tuple[alt.X, alt.Y]:
    import altair as alt

    ticks = alt.Axis(labelExpr="abs(datum.value)", tickMinStep=1, grid=False, ticks=False)
    across = alt.X(
        "x:Q", title="Tier (0 is the flagship)", axis=ticks, scale=alt.Scale(nice=False, zero=False, padding=12)
    )
    return across, alt.Y("able:Q", title="Mean capability over all functions (1)", scale=alt.Scale(domain=[0, 1]))


def _lines(rows: pl.DataFrame) -> alt.Chart:
    import altair as alt

    across, up = _axes()
    lines: alt.Chart = (
        alt.Chart(rows)
        .mark_rule(color=MUTED, strokeWidth=0.8, strokeOpacity=0.22)
        .encode(
            x=across,
            x2="x2:Q",
            y=up,
            y2="able2:Q",
            tooltip=tips(("supplier", "Supplier", ""), ("buyer", "Buyer", ""), ("links", "Links", ",.0f")),
        )
    )
    return lines


def _points(rows: pl.DataFrame) -> alt.Chart:
    import altair as alt

    across, up = _axes()
    sizes = alt.Scale(zero=True, range=[15, 500])
    points: alt.Chart = (
        alt.Chart(rows)
        .mark_circle(opacity=1, fillOpacity=0.85, stroke=BACKGROUND, strokeWidth=0.8)
        .encode(
            x=across,
            y=up,
            size=alt.Size(
                "received:Q",
                title="Received since day 0 (1)",
                scale=sizes,
                legend=alt.Legend(tickCount=3, symbolFillColor=MUTED),
            ),
            color=role_colour(roles_in(rows)),
            tooltip=tips(("firm", "Firm", ""), ("tier", "Tier", ""), ("role", "Role", ""), ("cluster", "Cluster", ""))
            + tips(("able", "Mean capability (1)", ".3f"), ("received", "Received since day 0 (1)", ",.3~g"))
            + tips(("relations", "Relations", ",.0f")),
        )
    )
    return points
