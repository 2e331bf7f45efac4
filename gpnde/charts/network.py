"""The chart of the network: tiers as columns, suppliers on the left, the flagship on the right."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gpnde.charts.layout import OTHER, Network, edge_rows, network_of, node_rows
from gpnde.charts.theme import MUTED, WIDTH, colour_of, nothing, styled

if TYPE_CHECKING:
    import altair as alt

    from gpnde.charts.theme import Chart
    from gpnde.results.run import Run

_TITLE = "The network by tier"
_HIGHEST = 420
_LOWEST = 110
_ROW = 56

MANY_LINKS = 150
"""Above this number lines are drawn thinner and paler."""

MOST_NAMES = 12
"""Up to this number of points in a column each is named."""


def network_by_tier(run: Run) -> Chart:
    """Return sites as points in columns by tier and links as lines; a big network is drawn in groups of sites.

    A point's size is what it shipped, its colour its region; a line's width is the quantity sent over it, and the
    lines of relations that ended are dashed.

    >>> from gpnde.results.example import example_run
    >>> network_by_tier(example_run(sites=12, days=91)).to_dict()["title"]["text"]
    'The network by tier'
    """
    import altair as alt

    network = network_of(run)
    if not network.nodes:
        return nothing(_TITLE, "The scenario has no sites.")
    layers = alt.LayerChart(layer=[_lines(network), _points(network), _labels(network)]).resolve_scale(
        color="independent"
    )
    return styled(
        layers.properties(width=WIDTH, height=_height(network)), _TITLE, _description(network), _subtitle(network)
    )


def _subtitle(network: Network) -> str:
    node = "Each point is all sites of a tier in a region" if network.grouped else "Each point is a site"
    left_out = f"; the {network.left_out:,} smallest links are left out" if network.left_out else ""
    return f"{node}, larger the more it shipped; goods flow to the right, ended links are dashed{left_out}"


def _description(network: Network) -> str:
    tiers = {node.tier for node in network.nodes}
    ended = sum(edge.ended for edge in network.edges)
    links = sum(edge.links for edge in network.edges)
    sites = sum(node.sites for node in network.nodes)
    return f"Network of {sites:,} sites in {len(tiers)} tiers with {links:,} links, of which {ended:,} ended."


def _tier_axis(network: Network) -> alt.X:
    import altair as alt

    tiers = sorted({node.tier for node in network.nodes})
    return alt.X(
        "x:Q",
        title="Tier (0 is the flagship)",
        scale=alt.Scale(domain=[-tiers[-1] - 0.3, -tiers[0] + 0.3], nice=False),
        axis=alt.Axis(values=[-tier for tier in tiers], labelExpr="abs(datum.value)", grid=False, ticks=False),
    )


def _fullest(network: Network) -> int:
    """Return how many points the fullest column has."""
    return max(Counter(node.tier for node in network.nodes).values())


def _height(network: Network) -> int:
    return min(_HIGHEST, _LOWEST + _ROW * (_fullest(network) - 1))


def _height_axis() -> alt.Y:
    import altair as alt

    return alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, 1]))


def _lines(network: Network) -> alt.Chart:
    import altair as alt

    crowded = len(network.edges) > MANY_LINKS
    chart: alt.Chart = (
        alt.Chart(edge_rows(network))
        .mark_rule(color=MUTED, strokeOpacity=0.25 if crowded else 0.45)
        .encode(
            x=_tier_axis(network),
            x2="x2:Q",
            y=_height_axis(),
            y2="y2:Q",
            strokeWidth=alt.StrokeWidth(
                "quantity:Q", legend=None, scale=alt.Scale(range=[0.4, 2] if crowded else [0.6, 4])
            ),
            strokeDash=alt.StrokeDash(
                "state:N", title="Link", scale=alt.Scale(domain=["active", "ended"], range=[[1, 0], [4, 4]])
            ),
            tooltip=[
                alt.Tooltip("supplier:N", title="From"),
                alt.Tooltip("buyer:N", title="To"),
                alt.Tooltip("quantity:Q", title="Sent (units)", format=",.0f"),
                alt.Tooltip("links:Q", title="Links"),
                alt.Tooltip("ended:Q", title="Ended"),
            ],
        )
    )
    return chart


def _points(network: Network) -> alt.Chart:
    import altair as alt

    regions = sorted({node.region for node in network.nodes}, key=lambda name: (name == OTHER, name))
    legend = alt.Legend(title="Region") if len(regions) > 1 else None
    chart: alt.Chart = (
        alt.Chart(node_rows(network))
        .mark_circle(opacity=1, stroke="white", strokeWidth=0.7)
        .encode(
            x=_tier_axis(network),
            y=_height_axis(),
            size=alt.Size("shipped:Q", legend=None, scale=alt.Scale(zero=True, range=_sizes(network))),
            color=alt.Color("region:N", legend=legend, scale=colour_of(regions), sort=regions),
            tooltip=[
                alt.Tooltip("name:N", title="Site" if not network.grouped else "Group"),
                alt.Tooltip("tier:Q", title="Tier"),
                alt.Tooltip("region:N", title="Region"),
                alt.Tooltip("sites:Q", title="Sites", format=","),
                alt.Tooltip("shipped:Q", title="Shipped (units)", format=",.0f"),
            ],
        )
    )
    return chart


def _labels(network: Network) -> alt.Chart:
    """Return names above the points, in columns that have room for them; above groups, their numbers of sites."""
    import altair as alt
    import polars as pl

    rows = node_rows(network).filter(pl.len().over("tier") <= MOST_NAMES)
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_text(dy=-(_sizes(network)[1] ** 0.5) / 2 - 6, fontSize=11, color="#333333", limit=150)
        .encode(x=_tier_axis(network), y=_height_axis(), text="label:N")
    )
    return chart


def _sizes(network: Network) -> list[float]:
    """Return the smallest and the largest area of a point, so that the fullest column has room."""
    room = _height(network) / _fullest(network)
    largest = min(700.0, max(30.0, 0.6 * room * room))
    return [min(25.0, largest / 4), largest]
