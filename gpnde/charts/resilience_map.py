"""The map of a resilience report: where what is taken out lies, larger the more is lost without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gpnde.charts.labels import Spot, place_with_leaders
from gpnde.charts.map import KEEPS_ITS_SHAPE, axes, land, leaders, names_of_places
from gpnde.charts.map_layout import ARC_SCHEMA, MOST_CLUSTERS, MOST_FLOWS, Flow, View, arc_rows, view_of
from gpnde.charts.parts import tips, widths
from gpnde.charts.theme import BACKGROUND, COLOURS, MUTED, WIDTH, nothing, styled
from gpnde.charts.words import counted
from gpnde.results.chart import chart
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart

_TITLE = "Map of losses by outage"
_SMALLEST, _LARGEST = 2.5, 16.0
"""Radius of a point (px)."""
_HARMLESS, _COSTLY = MUTED, COLOURS[3]


@chart("resilience-map", _TITLE, group="study", place=8.2, needs=("places",))
def map_of_losses(places: pl.DataFrame) -> Chart:
    """Show where outages lose or delay revenue, on a map.

    Points at clusters, larger the more revenue is lost or late without them, and arcs for links that are out.

    >>> import polars as pl
    >>> row = {"cluster": "Penang", "worst": "cluster Penang", "revenue": 5.0, "longitude": 100.3, "latitude": 5.4}
    >>> map_of_losses(pl.DataFrame([row | {"to": ""}])).to_dict()["title"]["text"]
    'Most is at stake in Penang: 5 of revenue lost or late'
    """
    import altair as alt
    import polars as pl

    points = places.filter(pl.col("to") == "").sort("revenue", "cluster", descending=[True, False]).head(MOST_CLUSTERS)
    if points.is_empty():
        return nothing(_TITLE, "Nothing that was taken out lies in a cluster with a latitude and a longitude.")
    view = view_of(list(zip(points["longitude"], points["latitude"], strict=True)))
    spots = _spots(points, view)
    arcs = _arcs(places.filter(pl.col("to") != ""), points, view)
    labels = place_with_leaders(spots, points["cluster"].to_list(), WIDTH, view.height)
    layers = [land(view), _ways(arcs, view), leaders(labels, view), _points(points, spots, view)]
    chart = alt.LayerChart(layer=[*layers, names_of_places(labels, view)])
    chart = chart.resolve_scale(size="independent", strokeWidth="independent")
    links = len({row["flow"] for row in arcs})
    ways = f"; arcs: the {counted(links, 'link')} that cost most" if links else ""
    return styled(
        chart.properties(width=WIDTH, height=view.height, usermeta=KEEPS_ITS_SHAPE),
        _TITLE,
        f"Map of {counted(points.height, 'cluster')} and {counted(links, 'link')} by what is lost without them.",
        f"Larger: more revenue lost or late in the worst outage there; grey: none{ways}",
        finding(points),
    )


def finding(points: pl.DataFrame) -> str:
    """Return in words where most is lost; *points* are clusters, the worst first."""
    name, revenue = points.select("cluster", "revenue").row(0)
    if revenue <= 0:
        return f"No outage in {counted(points.height, 'cluster')} loses or delays revenue"
    return f"Most is at stake in {name}: {number(revenue)} of revenue lost or late"


def _spots(points: pl.DataFrame, view: View) -> list[Spot]:
    most = max(float(points["revenue"][0]), 1e-300)
    radii = [_SMALLEST + (_LARGEST - _SMALLEST) * (max(loss, 0.0) / most) ** 0.5 for loss in points["revenue"]]
    at = (view.at(*place) for place in points.select("longitude", "latitude").iter_rows())
    return [Spot(*point, radius) for point, radius in zip(at, radii, strict=True)]


def _points(points: pl.DataFrame, spots: list[Spot], view: View) -> alt.Chart:
    import altair as alt
    import polars as pl

    longitudes, latitudes = zip(*(view.place(spot.x, spot.y) for spot in spots), strict=True)
    areas = [3.14 * spot.radius**2 for spot in spots]
    rows = points.with_columns(pl.Series("x", longitudes), pl.Series("y", latitudes), pl.Series("area", areas))
    across, up = axes(view, "x", "y")
    colour = alt.condition("datum.revenue > 0", alt.value(_COSTLY), alt.value(_HARMLESS))
    shown = tips(
        ("cluster", "Cluster", ""), ("worst", "Worst outage", ""), ("revenue", "Lost or late (money)", ",.4~g")
    )
    base = alt.Chart(rows).mark_circle(stroke=BACKGROUND, strokeWidth=0.8, opacity=0.85, clip=True)
    size = alt.Size("area:Q", scale=None, legend=None)
    chart: alt.Chart = base.encode(x=across, y=up, size=size, color=colour, tooltip=shown)
    return chart


def _arcs(links: pl.DataFrame, points: pl.DataFrame, view: View) -> list[dict[str, Any]]:
    """Return the ways of the links between clusters that are drawn without which most is lost."""
    rows = points.select("cluster", "longitude", "latitude").iter_rows()
    homes = {name: (east, north) for name, east, north in rows}
    worst = links.filter(links["revenue"] > 0).sort("revenue", "cluster", "to", descending=[True, False, False])
    ends = worst.select("cluster", "to", "revenue").iter_rows()
    known = [Flow(one, other, loss, 1) for one, other, loss in ends if {one, other} <= homes.keys() and one != other]
    return arc_rows(known[:MOST_FLOWS], homes, view)


def _ways(arcs: list[dict[str, Any]], view: View) -> alt.Chart:
    import altair as alt
    import polars as pl

    rows = pl.DataFrame(arcs, schema=ARC_SCHEMA)
    rows = rows.with_columns(widths(rows["quantity"], 0.5, 5.0))
    across, up = axes(view, "longitude", "latitude")
    shown = tips(("source", "From", ""), ("target", "To", ""), ("quantity", "Lost or late (money)", ",.4~g"))
    lines = alt.Chart(rows).mark_line(color=_COSTLY, strokeOpacity=0.5, clip=True)
    width = alt.StrokeWidth("width:Q", legend=None, scale=None)
    chart: alt.Chart = lines.encode(x=across, y=up, detail="piece:N", order="order:Q", strokeWidth=width, tooltip=shown)
    return chart
