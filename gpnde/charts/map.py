"""The map of clusters: what lies where, what goes between them, and what is out of order on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gpnde.charts.great_circle import POINTS
from gpnde.charts.labels import Label, Spot, place_with_leaders
from gpnde.charts.layout import links_on
from gpnde.charts.map_layout import (
    ARC_SCHEMA,
    MOST_CLUSTERS,
    View,
    arc_rows,
    flows_between,
    land_rows,
    view_of,
)
from gpnde.charts.network import BACKLOG_FROM, ring_width, role_colour, state_shape
from gpnde.charts.parts import last_day, listed, named, table_of, tips, widths
from gpnde.charts.state import grouped, roles_in, site_states
from gpnde.charts.theme import BACKGROUND, FRAME, GRID, INK, LAND, MUTED, WIDTH, nothing, styled
from gpnde.results.chart import chart

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

_TITLE = "Map of clusters"
_NORMAL = "((datum.value + 540) % 360 - 180)"
_DEGREES = f"abs({_NORMAL}) + '° ' + ({_NORMAL} < 0 ? '{{}}' : {_NORMAL} > 0 ? '{{}}' : '')"
"""Beyond 180 degrees longitudes are counted from the other side."""
_LOOK: dict[str, Any] = {
    "gridColor": GRID, "gridWidth": 0.6, "domain": False, "ticks": False, "tickCount": 6, "labelColor": MUTED,
}  # fmt: skip
KEEPS_ITS_SHAPE = {"gpnde": {"keepsItsShape": True}}
"""Tells a page that gives the chart another width to change its height as well."""
_SMALLEST, _LARGEST = 3.5, 10.0
"""Radius of a point (px)."""
_FEW_FLOWS = 30
"""Up to this number of flows arcs are wide."""
_ARROW_FROM = 0.04
"""Share of the largest flow from which on an arc has an arrow."""


def cluster_rows(run: Run, states: pl.DataFrame) -> pl.DataFrame:
    """Return one row per cluster that has a site and a place in the world, those with most sites first.

    Columns: cluster, region, longitude, latitude, sites, shipped and the numbers of `gpnde.charts.state.grouped`.
    """
    import polars as pl

    inside = states.filter(pl.col("cluster") != "")
    homes = dict(inside.select("site", "cluster").iter_rows())
    sums = inside.group_by("cluster").agg(pl.len().alias("sites"), pl.col("shipped").sum())
    # A row stands for its cluster, also where that has one site.
    found = grouped(states, homes).drop("cluster", "site", "firm").rename({"group": "cluster"})
    places = [
        (one["name"], one.get("region") or "", one.get("longitude"), one.get("latitude"))
        for one in run.scenario.get("clusters") or ()
    ]
    schema = {"cluster": str, "region": str, "longitude": float, "latitude": float}
    table = pl.DataFrame(places, schema=schema, orient="row").drop_nulls().join(sums, "cluster").join(found, "cluster")
    return table.sort(["sites", "cluster"], descending=[True, False]).head(MOST_CLUSTERS)


@chart("map", _TITLE, group="network", place=2)
def map_of_clusters(run: Run, day: float | None = None) -> Chart:
    """Show clusters where they lie, their state, and what goes between them.

    Clusters as points on a map with the flows between them as arcs, on a *day* or at the end.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> map_of_clusters(run).to_dict()["title"]["text"]
    'Map of clusters'
    """
    import altair as alt

    today = last_day(run) if day is None else day
    states = site_states(run, today)
    rows = cluster_rows(run, states)
    if rows.is_empty():
        return nothing(_TITLE, "No cluster with sites has a latitude and a longitude.")
    view = view_of(list(zip(rows["longitude"], rows["latitude"], strict=True)))
    spots = _spots(rows, view)
    placed = rows.with_columns(_placed(spots, view))
    arcs = _arcs(run, today, states, rows, view)
    labels = place_with_leaders(spots, rows["cluster"].to_list(), WIDTH, view.height)
    layers = [land(view), *_flows(arcs, view), leaders(labels, view), _rings(placed, view), _points(placed, view)]
    chart = alt.LayerChart(layer=[*layers, names_of_places(labels, view)])
    chart = chart.resolve_scale(size="independent", strokeWidth="independent")
    chart = chart.properties(width=WIDTH, height=view.height, usermeta=KEEPS_ITS_SHAPE)
    return styled(chart, _TITLE, _said(placed, arcs), _told(today, arcs))


def _arcs(run: Run, day: float, states: pl.DataFrame, rows: pl.DataFrame, view: View) -> list[dict[str, Any]]:
    """Return the ways of what went between the clusters that are drawn over links that had begun by a day."""
    places = {name: (east, north) for name, east, north in rows.select("cluster", "longitude", "latitude").iter_rows()}
    homes = {site: home for site, home in states.select("site", "cluster").iter_rows() if home in places}
    return arc_rows(flows_between(links_on(table_of(run, "links"), day), homes), places, view)


def _said(rows: pl.DataFrame, arcs: list[dict[str, Any]]) -> str:
    flows = len({row["flow"] for row in arcs})
    out = rows.filter(rows["working"] < rows["open"])["cluster"].to_list()
    trouble = f"sites are out of order in {listed(out)}" if out else "all open sites work"
    sites = rows["sites"].sum()
    return f"Map of {rows.height} clusters with {sites:,} sites and {flows} flows between them; {trouble}."


def _told(day: float, arcs: list[dict[str, Any]]) -> str:
    flows = len({row["flow"] for row in arcs})
    points = "Larger points have more sites; colour: role of most of them; ring: backlog"
    return f"Day {day:,.0f}. {points}; the {flows} largest flows between clusters"


def _spots(rows: pl.DataFrame, view: View) -> list[Spot]:
    most = int(rows["sites"].max())  # type: ignore[arg-type]
    radii = [_SMALLEST + (_LARGEST - _SMALLEST) * (sites / most) ** 0.5 for sites in rows["sites"]]
    points = (view.at(*place) for place in rows.select("longitude", "latitude").iter_rows())
    return [Spot(*point, radius) for point, radius in zip(points, radii, strict=True)]


def _placed(spots: list[Spot], view: View) -> list[pl.Series]:
    import polars as pl

    longitudes, latitudes = zip(*(view.place(spot.x, spot.y) for spot in spots), strict=True)
    areas = [3.14 * spot.radius**2 for spot in spots]
    return [pl.Series("x", longitudes), pl.Series("y", latitudes), pl.Series("area", areas)]


def axes(view: View, x: str, y: str) -> tuple[alt.X, alt.Y]:
    """Return the axes of a map, degrees of longitude in the field *x* and of latitude in *y*."""
    import altair as alt

    across, up = (alt.Axis(labelExpr=_DEGREES.format(*ends), title=None, **_LOOK) for ends in ("WE", "SN"))
    return (
        alt.X(f"{x}:Q", axis=across, scale=alt.Scale(domain=[view.west, view.east], nice=False, zero=False)),
        alt.Y(f"{y}:Q", axis=up, scale=alt.Scale(domain=[view.south, view.north], nice=False, zero=False)),
    )


def land(view: View) -> alt.Chart:
    """Return the land in a part of the world."""
    import altair as alt

    across, up = axes(view, "longitude", "latitude")
    chart: alt.Chart = (
        alt.Chart(land_rows(view))
        .mark_line(filled=True, clip=True, fill=LAND, stroke=FRAME, strokeWidth=0.5, interpolate="linear-closed")
        .encode(x=across, y=up, detail="ring:N", order="order:Q")
    )
    return chart


def _flows(arcs: list[dict[str, Any]], view: View) -> list[alt.Chart]:
    """Return arcs between clusters, wider the more was sent, each with an arrow in its middle."""
    import altair as alt
    import polars as pl

    least = _ARROW_FROM * max((row["quantity"] for row in arcs), default=0.0)
    rows = pl.DataFrame(arcs, schema=ARC_SCHEMA).with_columns(
        arrow=(pl.col("order") == POINTS // 2) & (pl.col("quantity") >= least)
    )
    rows = rows.with_columns(widths(rows["quantity"], 0.5, 5 if rows["flow"].n_unique() <= _FEW_FLOWS else 2.5))
    across, up = axes(view, "longitude", "latitude")
    shown = tips(("source", "From", ""), ("target", "To", ""), ("quantity", "Sent (units)", ",.0f"))
    base = alt.Chart(rows).encode(x=across, y=up, tooltip=shown + tips(("links", "Links", ",d")))
    width = alt.StrokeWidth("width:Q", legend=None, scale=None)
    lines = base.mark_line(color=MUTED, strokeOpacity=0.5, clip=True)
    arrows = base.mark_point(shape="triangle", filled=True, size=45, color=MUTED, fillOpacity=0.9, clip=True)
    largest = arrows.transform_filter("datum.arrow")
    return [
        lines.encode(detail="piece:N", order="order:Q", strokeWidth=width),
        largest.encode(angle=alt.Angle("direction:Q", scale=None)),
    ]


def _rings(rows: pl.DataFrame, view: View) -> alt.Chart:
    import altair as alt

    across, up = axes(view, "x", "y")
    chart: alt.Chart = (
        alt.Chart(rows)
        .transform_filter(f"datum.waiting >= {BACKLOG_FROM}")
        .mark_point(filled=False, stroke=INK, opacity=1, clip=True)
        .encode(x=across, y=up, size=alt.Size("area:Q", scale=None, legend=None), strokeWidth=ring_width())
    )
    return chart


def _points(rows: pl.DataFrame, view: View) -> alt.Chart:
    import altair as alt

    across, up = axes(view, "x", "y")
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_point(filled=True, stroke=BACKGROUND, strokeWidth=0.8, opacity=1, clip=True)
        .encode(
            x=across,
            y=up,
            size=alt.Size("area:Q", scale=None, legend=None),
            color=role_colour(roles_in(rows), "Role of most sites"),
            shape=state_shape(),
            tooltip=tips(("cluster", "Cluster", ""), ("region", "Region", ""), ("role", "Role of most sites", ""))
            + tips(("sites", "Sites", ",d"), ("open", "Open", ",d"), ("working", "At work", ",d"))
            + tips(("on_hand", "Stock (units)", ",.0f"), ("backlog", "Backlog (units)", ",.0f"))
            + tips(("shipped", "Shipped (units)", ",.0f"), ("capability", "Mean capability (1)", ".3f")),
        )
    )
    return chart


def leaders(labels: list[Label], view: View) -> alt.Chart:
    """Return lines from clusters to those names that found room only further away."""
    import altair as alt
    import polars as pl

    ends = [(*view.place(*one.spot[:2]), *view.place(*one.near)) for one in labels if one.is_away]
    table = pl.DataFrame(ends, schema={"x": float, "y": float, "x2": float, "y2": float}, orient="row")
    across, up = axes(view, "x", "y")
    chart: alt.Chart = alt.Chart(table).mark_rule(color=MUTED, strokeWidth=0.8, clip=True)
    return chart.encode(x=across, y=up, x2="x2:Q", y2="y2:Q")


def names_of_places(labels: list[Label], view: View) -> alt.LayerChart:
    """Return the names of clusters where there is room for them."""
    import altair as alt
    import polars as pl

    names = [(one.text, *view.place(*one.middle)) for one in labels]
    table = pl.DataFrame(names, schema={"cluster": str, "x": float, "y": float}, orient="row")
    across, up = axes(view, "x", "y")
    return named(alt.Chart(table).encode(x=across, y=up, text=alt.Text("cluster:N")))
