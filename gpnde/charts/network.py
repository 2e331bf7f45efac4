"""The chart of the network: tiers as columns, suppliers on the left, the flagship on the right."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from gpnde.charts.colours import colour_of_role
from gpnde.charts.layout import Network, bow_rows, edge_rows, network_of, node_rows
from gpnde.charts.parts import IN_WORDS, last_day, named, tips, widths
from gpnde.charts.state import CLOSED, OUT, STATES, WORKS, grouped, roles_in, site_states
from gpnde.charts.theme import BACKGROUND, INK, MUTED, WIDTH, nothing, styled
from gpnde.charts.words import sentence
from gpnde.results.chart import chart

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

_TITLE = "The network by tier"
_HIGHEST = 420
_LOWEST = 110
_ROW = 56

MANY_LINKS = 150
"""Above this number lines are drawn thinner and paler."""

MOST_NAMES = 12
"""Up to this number of points in a column each is named above it."""

MOST_NAMES_BESIDE = 32
"""Up to this number each is named to the right of it."""


BACKLOG_FROM = 1.0
"""Days of orders that must wait for a ring to be drawn around a point."""


@chart("network", _TITLE, group="network", place=1)
def network_by_tier(run: Run, day: float | None = None) -> Chart:
    """Show sites by tier and role, their state, and what goes between them.

    Sites as points in columns by tier and links as lines, on a *day* or at the end.

    A point's size is what it shipped, its colour the role of its firm, its shape whether it works, and a ring around
    it backlog; a line's width is the quantity sent over it, and the lines of relations that ended are dashed. A big
    network is drawn in groups of sites.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'The network by tier' in str(network_by_tier(run).to_dict()["title"])
    True
    """
    import altair as alt

    network = network_of(run, day)
    if not network.nodes:
        return nothing(_TITLE, "The scenario has no sites.")
    today = last_day(run) if day is None else day
    rows = state_rows(network, site_states(run, today))
    layers = alt.LayerChart(layer=[_lines(network), _rings(network, rows), _points(network, rows), _labels(network)])
    return styled(
        layers.resolve_scale(strokeWidth="independent").properties(width=WIDTH, height=_height(network)),
        _TITLE,
        _description(network, rows),
        _subtitle(network, today),
        finding(network, rows, today),
    )


def finding(network: Network, rows: pl.DataFrame, day: float) -> str:
    """Return in words how many sites are out of order on a *day*, and how many links have ended by then."""
    open_sites, working = int(rows["open"].sum()), int(rows["working"].sum())
    links = sum(edge.links for edge in network.edges)
    ended = sum(edge.ended for edge in network.edges)
    works = "all" if working == open_sites else f"{working:,} of"
    return sentence(
        f"{works} {open_sites:,} open sites work on day {day:,.0f}; {ended:,} of {links:,} links have ended"
    )


def state_rows(network: Network, states: pl.DataFrame) -> pl.DataFrame:
    """Return one row per node: what `node_rows` says, and the state of its sites."""
    return node_rows(network).join(grouped(states, network.members), left_on="name", right_on="group", how="left")


def _subtitle(network: Network, day: float) -> str:
    node = "all sites of a tier in a region" if network.grouped else "a site"
    left_out = f"; {network.left_out:,} small links left out" if network.left_out else ""
    return f"Day {day:,.0f}. A point is {node}, larger the more it shipped; ring: backlog; goods flow right{left_out}"


def _description(network: Network, rows: pl.DataFrame) -> str:
    tiers = {node.tier for node in network.nodes}
    ended = sum(edge.ended for edge in network.edges)
    links = sum(edge.links for edge in network.edges)
    sites = sum(node.sites for node in network.nodes)
    out = int(rows["open"].sum()) - int(rows["working"].sum())
    whole = f"Network of {sites:,} sites in {len(tiers)} tiers with {links:,} links, of which {ended:,} ended"
    return f"{whole}; {out:,} sites are out of order."


def role_colour(roles: list[str], title: str = "Role") -> alt.Color:
    """Return the colour of the role of a firm, the same in all charts."""
    import altair as alt

    colours = [colour_of_role(role) for role in roles]
    legend = alt.Legend(title=title, symbolType="circle", labelExpr=IN_WORDS)
    return alt.Color("role:N", legend=legend, scale=alt.Scale(domain=roles, range=colours), sort=roles)


def state_shape() -> alt.Shape:
    """Return the shape that tells what works from what does not."""
    import altair as alt

    shapes = {WORKS: "circle", OUT: "cross", CLOSED: "square"}
    scale = alt.Scale(domain=list(STATES), range=[shapes[state] for state in STATES])
    legend = alt.Legend(title="State", symbolFillColor=MUTED, symbolStrokeColor=MUTED)
    return alt.Shape("state:N", legend=legend, scale=scale, sort=list(STATES))


def ring_width() -> alt.StrokeWidth:
    """Return the width of a ring, which grows with the days of orders that wait."""
    import altair as alt

    scale = alt.Scale(domain=[0, 30], range=[1, 3.5], clamp=True)
    return alt.StrokeWidth("waiting:Q", legend=None, scale=scale)


def _span(network: Network) -> list[float]:
    """Return the ends of the axis of tiers, with room on the right for names that stand beside points."""
    tiers = [node.tier for node in network.nodes]
    count = max(tiers) - min(tiers) + 1
    return [-max(tiers) - 0.3, -min(tiers) + (0.25 * count if _names_beside(network) else 0.3)]


def _tier_axis(network: Network) -> alt.X:
    import altair as alt

    tiers = sorted({node.tier for node in network.nodes})
    return alt.X(
        "x:Q",
        title="Tier (0 is the flagship)",
        scale=alt.Scale(domain=_span(network), nice=False),
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


def _lines(network: Network) -> alt.LayerChart:
    """Return straight lines between columns, and arcs between points of the same column."""
    import altair as alt
    import polars as pl

    rows, crowded = edge_rows(network), len(network.edges) > MANY_LINKS
    rows = rows.with_columns(widths(rows["quantity"], *((0.4, 2) if crowded else (0.6, 4))))
    look: dict[str, Any] = {"color": MUTED, "strokeOpacity": 0.25 if crowded else 0.45}
    within = pl.col("x") == pl.col("x2")
    straight = _line(alt.Chart(rows.filter(~within)).mark_rule(**look), network)
    bent = _line(alt.Chart(bow_rows(rows.filter(within))).mark_line(**look), network)
    straight = straight.encode(x2="x2:Q", y2="y2:Q")
    bent = bent.encode(detail=["supplier:N", "buyer:N"], order=alt.Order("order:Q"))
    return alt.LayerChart(layer=[straight, bent])


def _line(chart: alt.Chart, network: Network) -> alt.Chart:
    """Return lines with their widths, dashes and tooltips."""
    import altair as alt

    dashes = alt.Scale(domain=["active", "ended"], range=[[1, 0], [4, 4]])
    return chart.encode(
        x=_tier_axis(network),
        y=_height_axis(),
        strokeWidth=alt.StrokeWidth("width:Q", legend=None, scale=None),
        strokeDash=alt.StrokeDash("state:N", title="Link", scale=dashes),
        tooltip=tips(("supplier", "From", ""), ("buyer", "To", ""), ("quantity", "Sent (units)", ",.0f"))
        + tips(("links", "Links", ",d"), ("ended", "Ended", ",d")),
    )


def _rings(network: Network, rows: pl.DataFrame) -> alt.Chart:
    import altair as alt

    chart: alt.Chart = (
        alt.Chart(rows)
        .transform_filter(f"datum.waiting >= {BACKLOG_FROM}")
        .mark_point(filled=False, stroke=INK, opacity=1)
        .encode(x=_tier_axis(network), y=_height_axis(), size=_size(network), strokeWidth=ring_width())
    )
    return chart


def _size(network: Network) -> alt.Size:
    import altair as alt

    return alt.Size("shipped:Q", legend=None, scale=alt.Scale(zero=True, range=_sizes(network)))


def _points(network: Network, rows: pl.DataFrame) -> alt.Chart:
    import altair as alt

    who = ("name", "Group", "") if network.grouped else ("name", "Site", "")
    faint = alt.condition(alt.datum.state == CLOSED, alt.value(0.3), alt.value(1.0))
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_point(filled=True, stroke=BACKGROUND, strokeWidth=0.7, opacity=1)
        .encode(
            x=_tier_axis(network),
            y=_height_axis(),
            size=_size(network),
            color=role_colour(roles_in(rows)),
            shape=state_shape(),
            fillOpacity=faint,
            tooltip=tips(who, ("firm", "Firm", ""), ("role", "Role", ""), ("tier", "Tier", ""))
            + tips(("cluster", "Cluster", ""), ("region", "Region", ""), ("sites", "Sites", ",d"))
            + tips(("state", "State", ""), ("on_hand", "Stock (units)", ",.0f"), ("backlog", "Backlog (units)", ",.0f"))
            + tips(("waiting", "Backlog (days)", ",.1f"), ("capability", "Capability (1)", ".3f"))
            + tips(("shipped", "Shipped (units)", ",.0f")),
        )
    )
    return chart


def _labels(network: Network) -> alt.LayerChart:
    """Return names above the points, or beside them in columns that are full; above groups, their numbers of sites."""
    import altair as alt
    import polars as pl

    rows = node_rows(network).filter(pl.lit(_fullest(network) <= MOST_NAMES_BESIDE))
    base = alt.Chart(rows).encode(x=_tier_axis(network), y=_height_axis(), text=alt.Text("label:N"))
    low, high = _span(network)
    # A column is as wide as the page lets it be.
    limit = alt.ExprRef(f"max(24, width / {high - low:g} - 20)")
    if _names_beside(network):
        return named(base, align="left", dx=(_sizes(network)[1] / 3.14) ** 0.5 + 4, limit=limit)
    return named(base, dy=-(_sizes(network)[1] ** 0.5) / 2 - 6, limit=limit)


def _names_beside(network: Network) -> bool:
    return MOST_NAMES < _fullest(network) <= MOST_NAMES_BESIDE


def _sizes(network: Network) -> list[float]:
    """Return the smallest and the largest area of a point, so that the fullest column has room."""
    room = _height(network) / _fullest(network)
    largest = min(700.0, max(30.0, 0.6 * room * room))
    return [min(25.0, largest / 4), largest]
