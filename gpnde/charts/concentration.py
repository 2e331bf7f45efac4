"""The chart of concentration and complexity: whether goods that are hard to make are made in fewer places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gpnde.charts.labels import Spot, centre, place_labels
from gpnde.charts.parts import last_day, named, tips
from gpnde.charts.theme import COLOURS, WIDTH, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.headline import number
from gpnde.results.metrics.space import (
    complexity_correlation,
    complexity_of,
    hhi,
    places,
    products_over_clusters,
)

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_PRODUCTS = 400
_TITLE = "Concentration and complexity of products"
_HEIGHT = 300
_WEAK = 0.3
"""A rank correlation below which two things are said to have little to do with each other (Cohen, 1988)."""
_SPAN = 1.04
"""Length of both axes, which reach from 0 to a little over 1."""


def product_rows(run: Run, day: float) -> pl.DataFrame:
    """Return one row per product that is made at two open sites or more: product, complexity, hhi, sites, clusters.

    The index of concentration is taken over the clusters that the sites lie in, each site counting once; largest is
    the cluster with most of them. Of very many products those with most sites are kept.
    """
    import polars as pl

    everywhere = places(run.network, day, run.tables)
    rows = [
        (
            name,
            complexity_of(run.scenario, name),
            hhi(at.values()),
            int(sum(at.values())),
            len(at),
            max(at, key=at.__getitem__),
        )
        for name, at in products_over_clusters(everywhere).items()
    ]
    schema = {"product": str, "complexity": float, "hhi": float, "sites": int, "clusters": int, "largest": str}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.sort(["sites", "product"], descending=[True, False]).head(MOST_PRODUCTS)


@chart("concentration", _TITLE, group="network", place=5)
def concentration_and_complexity(run: Run, day: float | None = None) -> Chart:
    """Show whether products that are hard to make are made in fewer places.

    A point per product: its complexity and how concentrated its sites are over clusters, on a *day*.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Concentration and complexity of products' in str(concentration_and_complexity(run).to_dict()["title"])
    True
    """
    import altair as alt

    today = last_day(run) if day is None else day
    rows = product_rows(run, today)
    if rows.is_empty():
        return nothing(_TITLE, "No product is made at two open sites that lie in clusters.")
    correlation = complexity_correlation(run.network, places(run.network, today, run.tables))
    said = f"rank correlation {number(correlation)}" if correlation == correlation else "too few products to correlate"
    layers = alt.LayerChart(layer=[_points(rows), _names(_labelled(rows))])
    return styled(
        layers.properties(width=WIDTH, height=_HEIGHT),
        _TITLE,
        f"Points of {rows.height} products: complexity across, concentration of their sites up; {said}.",
        f"Products made at two sites or more on day {today:,.0f}; 1 is all in one cluster",
        finding(correlation),
    )


def finding(correlation: float) -> str:
    """Return in words what the rank correlation of complexity and concentration (Spearman's) says.

    >>> finding(0.6)
    'Products that are hard to make are made in fewer places (rank correlation 0.6)'
    >>> finding(0.1)
    'How hard a product is to make says little about where it is made (rank correlation 0.1)'
    """
    if correlation != correlation:
        return "Too few products to say whether hard ones are made in fewer places"
    said = f"(rank correlation {number(correlation)})"
    if abs(correlation) < _WEAK:
        return f"How hard a product is to make says little about where it is made {said}"
    return f"Products that are hard to make are made in {'fewer' if correlation > 0 else 'more'} places {said}"


def _axes() -> tuple[alt.X, alt.Y]:
    import altair as alt

    look: dict[str, Any] = {"scale": alt.Scale(domain=[0, _SPAN], nice=False), "axis": alt.Axis(tickCount=6)}
    across = alt.X("complexity:Q", title="Complexity of the product (1)", **look)
    return across, alt.Y("hhi:Q", title="Concentration over clusters, HHI (1)", **look)


def _radius(sites: int, most: int) -> float:
    """Return the radius of a point (px), its area growing with the number of sites."""
    return float(4 + 10 * (sites / most) ** 0.5)


def _points(rows: pl.DataFrame) -> alt.Chart:
    import altair as alt
    import polars as pl

    most = int(rows["sites"].max())  # type: ignore[arg-type]
    # Vega takes an area for the size of a circle: π/4 of its squared diameter.
    areas = pl.Series("area", [(2 * _radius(sites, most)) ** 2 * 0.785 for sites in rows["sites"]])
    across, up = _axes()
    chart: alt.Chart = (
        alt.Chart(rows.with_columns(areas))
        .mark_circle(color=COLOURS[0], fillOpacity=0.7)
        .encode(
            x=across,
            y=up,
            size=alt.Size("area:Q", scale=None, legend=None),
            tooltip=tips(("product", "Product", ""), ("complexity", "Complexity (1)", ".2f"), ("hhi", "HHI (1)", ".3f"))
            + tips(("sites", "Sites", ",d"), ("clusters", "Clusters", ",d"), ("largest", "Largest cluster", "")),
        )
    )
    return chart


def _labelled(rows: pl.DataFrame) -> pl.DataFrame:
    """Return names with the places that they are given, in the units of the axes."""
    import polars as pl

    most = int(rows["sites"].max())  # type: ignore[arg-type]
    spots = [
        Spot(x / _SPAN * WIDTH, (1 - y / _SPAN) * _HEIGHT, _radius(sites, most))
        for x, y, sites in rows.select("complexity", "hhi", "sites").iter_rows()
    ]
    boxes = place_labels(spots, rows["product"].to_list(), WIDTH, _HEIGHT)
    found = [(name, *centre(box)) for name, box in zip(rows["product"], boxes, strict=True) if box]
    names = [(name, x / WIDTH * _SPAN, (1 - y / _HEIGHT) * _SPAN) for name, x, y in found]
    return pl.DataFrame(names, schema={"product": str, "complexity": float, "hhi": float}, orient="row")


def _names(rows: pl.DataFrame) -> alt.LayerChart:
    import altair as alt

    across, up = _axes()
    return named(alt.Chart(rows).encode(x=across, y=up, text=alt.Text("product:N")))
