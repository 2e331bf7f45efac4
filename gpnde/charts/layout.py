"""Where nodes and links of the network chart lie: columns by tier, buyers and suppliers level with each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from gpnde.charts.parts import table_of

if TYPE_CHECKING:
    import polars as pl

    from gpnde.results.run import Run

MOST_SITES = 300
"""Above this number of sites, those of one tier and region are drawn as one node."""

MOST_LINKS = 2000
MOST_BOWS = 200
BOW_POINTS = 11
"""Links inside a tier that are drawn, as arcs of so many points."""

MOST_REGIONS = 10
OTHER = "other"


class Node(NamedTuple):
    """A site or a group of sites, at the column x (its tier) and the height y (0 to 1)."""

    name: str
    tier: int
    region: str
    sites: int
    shipped: float
    y: float = 0.5


class Edge(NamedTuple):
    """What went from one node to another over the whole run."""

    supplier: str
    buyer: str
    quantity: float
    links: int
    ended: int


class Network(NamedTuple):
    """Nodes and edges to draw; ``grouped`` says that nodes are groups, ``left_out`` how many edges are not drawn."""

    nodes: list[Node]
    edges: list[Edge]
    grouped: bool
    left_out: int
    members: Mapping[str, str] = MappingProxyType({})
    """The node of each site."""


def network_of(run: Run, day: float | None = None) -> Network:
    """Return the network of a run as it is on a *day*, or at the end; grouped by tier and region above `MOST_SITES`."""
    nodes, edges = _sites(run), _edges(links_on(table_of(run, "links"), day))
    grouped = len(nodes) > MOST_SITES
    members = {node.name: _group_name(node) if grouped else node.name for node in nodes}
    if grouped:
        nodes, edges = group(nodes, edges)
    known = {node.name for node in nodes}
    inside = [edge for edge in edges if edge.supplier in known and edge.buyer in known]
    # Names decide between equal quantities, so that the same links are drawn whatever their order.
    largest = sorted(inside, key=lambda edge: (-edge.quantity, edge.supplier, edge.buyer))[:MOST_LINKS]
    return Network(place(nodes, largest), largest, grouped, len(inside) - len(largest), members)


def links_on(links: pl.DataFrame, day: float | None) -> pl.DataFrame:
    """Return the links that had begun on a *day*, with the status that they had then; all where it is left out."""
    import polars as pl

    if day is None:
        return links
    ended = pl.col("closed_day").is_not_null() & (pl.col("closed_day") <= day)
    status = pl.when(ended).then(pl.lit("ended")).otherwise(pl.lit("active"))
    return links.filter(pl.col("opened_day").fill_null(0.0) <= day).with_columns(status.alias("status"))


def _sites(run: Run) -> list[Node]:
    """Return one node per site; regions beyond the largest few count as other."""
    scenario = run.network
    tiers = {firm["name"]: int(firm.get("tier", 1)) for firm in scenario["firms"]}
    regions = {cluster["name"]: cluster.get("region") or "" for cluster in scenario.get("clusters") or ()}
    home = {site["name"]: regions.get(site.get("cluster") or "", "") for site in scenario["sites"]}
    shown, shipped = largest_regions(home.values()), _shipped(run)
    return [
        Node(
            name=site["name"],
            tier=tiers[site["firm"]],
            region=home[site["name"]] if home[site["name"]] in shown else OTHER,
            sites=1,
            shipped=shipped.get(site["name"], 0.0),
        )
        for site in scenario["sites"]
    ]


def largest_regions(regions: Iterable[str]) -> list[str]:
    """Return the regions with most sites, at most `MOST_REGIONS`, in alphabetical order; the empty name is none.

    >>> largest_regions(["Asia", "Europe", "Asia", ""])
    ['Asia', 'Europe']
    """
    counts: dict[str, int] = {}
    for region in regions:
        counts[region] = counts.get(region, 0) + 1
    ranked = sorted((name for name in counts if name), key=lambda name: (-counts[name], name))
    return sorted(ranked[:MOST_REGIONS])


def _shipped(run: Run) -> dict[str, float]:
    """Return what each site sent over links and to markets (units), as far as it was recorded."""
    import polars as pl

    sent = table_of(run, "sites").group_by("site").agg(pl.col("shipped").sum())
    if sent.is_empty():
        sent = table_of(run, "links").group_by(pl.col("supplier").alias("site")).agg(pl.col("shipped").sum())
    return dict(sent.iter_rows())


def _edges(links: pl.DataFrame) -> list[Edge]:
    """Return one edge per pair of sites, over all their links."""
    import polars as pl

    sums = links.group_by("supplier", "buyer", maintain_order=True).agg(
        pl.col("shipped").sum(), pl.len(), (pl.col("status") == "ended").sum().alias("ended")
    )
    return [Edge(*row) for row in sums.iter_rows()]


def group(nodes: list[Node], edges: list[Edge]) -> tuple[list[Node], list[Edge]]:
    """Return one node per tier and region, and the edges between these groups."""
    label = {node.name: _group_name(node) for node in nodes}
    groups: dict[str, Node] = {}
    for node in nodes:
        before = groups.get(label[node.name])
        sites, shipped = (before.sites, before.shipped) if before else (0, 0.0)
        groups[label[node.name]] = node._replace(name=label[node.name], sites=sites + 1, shipped=shipped + node.shipped)
    return sorted(groups.values(), key=lambda node: node.name), _between(edges, label)


def _group_name(node: Node) -> str:
    return f"tier {node.tier}, {node.region}"


def _between(edges: list[Edge], label: Mapping[str, str]) -> list[Edge]:
    sums: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        if edge.supplier not in label or edge.buyer not in label:
            continue
        ends = label[edge.supplier], label[edge.buyer]
        before = sums.get(ends, Edge(*ends, 0.0, 0, 0))
        sums[ends] = Edge(*ends, before.quantity + edge.quantity, before.links + edge.links, before.ended + edge.ended)
    return [sums[ends] for ends in sorted(sums)]


def place(nodes: list[Node], edges: list[Edge]) -> list[Node]:
    """Return the nodes with their heights: each column is ordered by the mean height of the buyers served.

    Columns are placed from the flagship on, so that buyers come first.
    """
    buyers: dict[str, list[str]] = {}
    for edge in edges:
        buyers.setdefault(edge.supplier, []).append(edge.buyer)
    height: dict[str, float] = {}
    placed: list[Node] = []
    for tier in sorted({node.tier for node in nodes}):
        column = [node for node in nodes if node.tier == tier]
        column.sort(key=lambda node: (_mean_height(buyers.get(node.name, ()), height), node.region, node.name))
        for rank, node in enumerate(column):
            height[node.name] = (rank + 0.5) / len(column)
        placed += [node._replace(y=height[node.name]) for node in column]
    return placed


def _mean_height(names: Iterable[str], height: Mapping[str, float]) -> float:
    known = [height[name] for name in names if name in height]
    return sum(known) / len(known) if known else 0.5


def node_rows(network: Network) -> pl.DataFrame:
    """Return one row of data per node with its label; x grows from the suppliers to the flagship."""
    import polars as pl

    rows = pl.DataFrame(network.nodes, schema=_NODE_SCHEMA, orient="row")
    sites = pl.format("{} sites", pl.col("sites"))
    return rows.with_columns(x=-pl.col("tier"), label=sites if network.grouped else pl.col("name"))


def edge_rows(network: Network) -> pl.DataFrame:
    """Return one row of data per edge, with the places of both ends."""
    import polars as pl

    ends = node_rows(network).select("name", "x", "y")
    edges = pl.DataFrame(network.edges, schema=_EDGE_SCHEMA, orient="row")
    state = pl.when(pl.col("ended") == pl.col("links")).then(pl.lit("ended")).otherwise(pl.lit("active"))
    placed = edges.join(ends, left_on="supplier", right_on="name", how="left")
    placed = placed.join(ends, left_on="buyer", right_on="name", how="left", suffix="2")
    return placed.with_columns(state.alias("state"))


def bow_rows(edges: pl.DataFrame) -> pl.DataFrame:
    """Return edges inside a column as arcs to its left: the rows of `edge_rows`, one per point, with its order.

    Of very many the largest `MOST_BOWS` are kept.
    """
    import polars as pl

    share = pl.col("order") / (BOW_POINTS - 1)
    reach = 0.06 + 0.24 * (pl.col("y2") - pl.col("y")).abs()
    points = pl.DataFrame({"order": list(range(BOW_POINTS))})
    return (
        edges.head(MOST_BOWS)
        .join(points, how="cross")
        .with_columns(
            x=pl.col("x") - 4 * reach * share * (1 - share), y=pl.col("y") + (pl.col("y2") - pl.col("y")) * share
        )
    )


_NODE_SCHEMA = {"name": str, "tier": int, "region": str, "sites": int, "shipped": float, "y": float}
_EDGE_SCHEMA = {"supplier": str, "buyer": str, "quantity": float, "links": int, "ended": int}
