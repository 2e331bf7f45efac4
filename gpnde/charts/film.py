"""The film of a run: its frames with a place for everything in three layouts, as words and columns of numbers.

A page gets it once and steps through it alone, so that neither play nor scrubbing waits for a kernel.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.charts.capability import LABELS
from gpnde.charts.layout import MOST_LINKS, Network, network_of
from gpnde.charts.map_layout import View, land_rows, view_of
from gpnde.charts.theme import BACKGROUND, COLOURS, DARK, FRAME, GRID, INK, LADDER, LAND, MUTED, WIDTH
from gpnde.results.frames import NOT_OPEN, OUT, WORKS, Frames, frames_of
from gpnde.results.metric import firms_of
from gpnde.vocabulary import LADDER as RUNGS
from gpnde.vocabulary import ROLES

if TYPE_CHECKING:
    from gpnde.results.run import Run

Column = NDArray[np.float32]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LAYOUTS = ("tier", "map", "ladder")
"""How the network can be arranged: columns by tier, the map, rungs of the ladder."""

_ROWS_OF_A_COLUMN = 40
"""Above this number of points in a column they stand in several rows beside each other."""
_TURN = math.pi * (3 - math.sqrt(5))
"""Angle between two points of a sunflower, which fills a disc evenly."""
_SPREAD = 0.009
"""Distance between sites of one cluster, as a share of the width of the map."""


class Film(NamedTuple):
    """What a page needs to play a run."""

    words: dict[str, Any]
    """Texts and small numbers: title, start, nodes, edges, layouts, colours."""
    columns: dict[str, Column]
    """Numbers by name, in rows one after the other; shapes are given by `film_of`."""


class _Parts(NamedTuple):
    """The nodes and edges of a film, and where the sites and links of the frames belong."""

    names: list[str]
    node: Integers
    """Number of the node of each site; shape (sites,)."""
    kept: Integers
    """Links that are drawn; shape (kept,)."""
    edge: Integers
    """Number of the edge of each of them; shape (kept,)."""
    pairs: Integers
    """Numbers of the supplying and the buying node of each edge; shape (edges, 2)."""


def film_of(run: Run) -> Film:
    """Return the film of a run; of a big network nodes are groups of sites, and small links are left out.

    Columns, each in rows of numbers: ``ends`` (periods); ``goods``, ``taught`` and ``reported`` (periods × edges:
    units, knowledge to the supplier, to the buyer); ``states`` and ``levels`` (periods × nodes); ``outages``
    (node, first, last day); ``opened`` and ``closed`` (edges, day); ``pairs`` (edges × 2); ``tier`` and ``map``
    (nodes × 2, shares of width and height); ``land`` and ``rings`` (points × 2, points of each ring).

    >>> import gpnde
    >>> film = film_of(gpnde.simulate("serial-chain"))
    >>> film.words["layouts"], len(film.columns["goods"]) == len(film.columns["ends"]) * len(film.words["edges"])
    (['tier'], True)
    """
    frames, network = frames_of(run), network_of(run)
    parts = _parts(frames, network)
    view = _view(run)
    columns = _courses(frames, parts) | _tier_places(network, parts) | _map_places(run, frames, parts, view)
    return Film(_words(run, frames, network, parts, view, columns), {k: _packed(v) for k, v in columns.items()})


def _packed(values: Floats) -> Column:
    return np.ascontiguousarray(values, dtype=np.float32).ravel()


def _parts(frames: Frames, network: Network) -> _Parts:
    """Return nodes and edges: sites and links, or groups and what goes between them."""
    names = sorted(set(network.members.values()), key=[one.name for one in network.nodes].index)
    number = {name: place for place, name in enumerate(names)}
    node = np.array([number[network.members[site]] for site in frames.sites], dtype=np.int64)
    ends = np.stack([node[frames.suppliers], node[frames.buyers]], axis=1)
    if not network.grouped:
        kept = _largest(frames.goods.sum(axis=0))
        return _Parts(names, node, kept, np.arange(len(kept)), ends[kept])
    pairs, edge = np.unique(ends, axis=0, return_inverse=True) if len(ends) else (ends, np.zeros(0, np.int64))
    return _Parts(names, node, np.arange(len(ends)), edge.reshape(-1), pairs)


def _largest(shipped: Floats) -> Integers:
    """Return the numbers of the links that are drawn, at most `MOST_LINKS`, those that carried most."""
    return np.sort(np.argsort(-shipped, kind="stable")[:MOST_LINKS])


def _courses(frames: Frames, parts: _Parts) -> dict[str, Floats]:
    """Return what changes over time."""
    opened, closed = np.full(len(parts.pairs), np.inf), np.full(len(parts.pairs), -np.inf)
    np.minimum.at(opened, parts.edge, frames.opened[parts.kept])
    np.maximum.at(closed, parts.edge, frames.closed[parts.kept])
    outages = frames.outages.copy()
    outages[:, 0] = parts.node[outages[:, 0].astype(np.int64)]
    return {
        "ends": frames.ends,
        "goods": _summed(frames.goods, parts),
        "taught": _summed(frames.to_supplier, parts),
        "reported": _summed(frames.to_buyer, parts),
        "states": _grouped_states(frames, parts),
        "levels": _grouped_levels(frames, parts),
        "outages": outages,
        "opened": opened,
        "closed": closed,
        "pairs": parts.pairs.astype(np.float64),
    }


def _summed(by_link: Floats, parts: _Parts) -> Floats:
    """Return what the links of each edge come to together; shape (periods, edges)."""
    found = np.zeros((len(by_link), len(parts.pairs)))
    np.add.at(found.T, parts.edge, by_link[:, parts.kept].T)
    return found


def _grouped_states(frames: Frames, parts: _Parts) -> Floats:
    """Return the best state among the sites of each node, as the chart of the network does."""
    found = np.full((len(frames.ends), len(parts.names)), float(NOT_OPEN))
    np.maximum.at(found.T, parts.node, frames.states.T.astype(np.float64))
    return found


def _grouped_levels(frames: Frames, parts: _Parts) -> Floats:
    """Return the mean level of the firms of each node; -1 where none performs a function of the ladder."""
    level = frames.levels[:, frames.owner].astype(np.float64)
    sums, counts = (np.zeros((len(level), len(parts.names))) for _ in range(2))
    np.add.at(sums.T, parts.node, np.where(level >= 0, level, 0.0).T)
    np.add.at(counts.T, parts.node, (level >= 0).T.astype(np.float64))
    return np.asarray(np.divide(sums, counts, out=np.full(sums.shape, -1.0), where=counts > 0))


def _tier_places(network: Network, parts: _Parts) -> dict[str, Floats]:
    """Return where nodes stand in columns by tier, suppliers on the left; shares of width and height."""
    place = {node.name: node for node in network.nodes}
    tiers = sorted({node.tier for node in network.nodes}, reverse=True)
    width = 1 / max(len(tiers), 1)
    counts = {tier: sum(node.tier == tier for node in network.nodes) for tier in tiers}
    found = np.zeros((len(parts.names), 2))
    for number, name in enumerate(parts.names):
        node = place[name]
        rank = round(node.y * counts[node.tier] - 0.5)
        aside = _aside(rank, counts[node.tier]) * 0.6 * width
        found[number] = (tiers.index(node.tier) + 0.5) * width + aside, node.y
    return {"tier": found}


def _aside(rank: int, count: int) -> float:
    """Return how far from the middle of its column a point stands, as a share of the column.

    >>> _aside(3, 20), _aside(0, 80), _aside(1, 80)
    (0.0, -0.25, 0.25)
    """
    rows = -(-count // _ROWS_OF_A_COLUMN)
    return (rank % rows - (rows - 1) / 2) / rows


def _view(run: Run) -> View | None:
    """Return the part of the world that has sites, None where no cluster has a place."""
    places = _clusters(run)
    used = {site.get("cluster") for site in run.network["sites"]}
    points = [place for name, place in places.items() if name in used]
    return view_of(points) if points else None


def _clusters(run: Run) -> dict[str, tuple[float, float]]:
    """Return longitude and latitude of the clusters that have them."""
    return {
        one["name"]: (float(one["longitude"]), float(one["latitude"]))
        for one in run.scenario.get("clusters") or ()
        if one.get("longitude") is not None and one.get("latitude") is not None
    }


def _map_places(run: Run, frames: Frames, parts: _Parts, view: View | None) -> dict[str, Floats]:
    """Return where nodes lie on the map, sites of a cluster side by side around it, and the land."""
    if view is None:
        return {}
    home = [site.get("cluster") or "" for site in run.network["sites"]]
    clusters = _clusters(run)
    seen: dict[str, int] = {}
    found = np.full((len(parts.names), 2), np.nan)
    for site, node in enumerate(parts.node.tolist()):
        if home[site] in clusters and np.isnan(found[node, 0]):
            rank = seen[home[site]] = seen.get(home[site], -1) + 1
            found[node] = _around(_share(clusters[home[site]], view), rank, view)
    rings = [part.select("longitude", "latitude").rows() for part in land_rows(view).partition_by("ring")]
    points = [_share(point, view) for ring in rings for point in ring]
    return {
        "map": found,
        "land": np.array(points).reshape(-1, 2),
        "rings": np.array([len(ring) for ring in rings], dtype=np.float64),
    }


def _share(place: tuple[float, float], view: View) -> tuple[float, float]:
    x, y = view.at(*place)
    return x / WIDTH, y / view.height


def _around(centre: tuple[float, float], rank: int, view: View) -> tuple[float, float]:
    """Return the place of the site of that *rank* around the middle of its cluster."""
    reach, angle = _SPREAD * math.sqrt(rank), rank * _TURN
    return centre[0] + reach * math.cos(angle), centre[1] + reach * math.sin(angle) * WIDTH / view.height


def _words(
    run: Run, frames: Frames, network: Network, parts: _Parts, view: View | None, columns: Mapping[str, Floats]
) -> dict[str, Any]:
    nodes = _nodes(run, frames, network, parts)
    drawn = len(parts.kept)
    return {
        "title": str(run.scenario.get("title") or run.name),
        "name": run.name,
        "start": frames.start.isoformat(),
        "nodes": nodes,
        "edges": _edge_names(run, frames, parts),
        "grouped": network.grouped,
        "left_out": len(frames.links) - drawn,
        "layouts": [one for one in LAYOUTS if _is_there(one, view, columns)],
        "heights": {"tier": 0.62, "ladder": 0.62, "map": view.height / WIDTH if view else 0.62},
        "tiers": sorted({node["tier"] for node in nodes}, reverse=True),
        "rungs": [LABELS[name] for name in RUNGS],
        "states": {"not_open": NOT_OPEN, "out": OUT, "works": WORKS},
        "roles": [{"role": role, "colour": _role_colour(role)} for role in _roles_of(nodes)],
        "colours": {
            "ground": BACKGROUND, "ink": INK, "muted": MUTED, "frame": FRAME, "grid": GRID, "land": LAND,
            "knowledge": LADDER[0], "broken": COLOURS[3], "grown": COLOURS[2], "rungs": list(LADDER),
        },
        "dark": DARK,
    }  # fmt: skip


def _is_there(layout: str, view: View | None, columns: Mapping[str, Floats]) -> bool:
    if layout == "map":
        return view is not None
    return layout == "tier" or bool((columns["levels"] >= 0).any())


def _nodes(run: Run, frames: Frames, network: Network, parts: _Parts) -> list[dict[str, Any]]:
    """Return name, label, firm, tier, role and size (0 to 1, by what was shipped) of each node."""
    firms, place = firms_of(run.network), {node.name: node for node in network.nodes}
    first = {node: site for site, node in reversed(list(enumerate(parts.node.tolist())))}
    several = np.bincount(frames.owner, minlength=len(frames.firms)) > 1
    most = max((node.shipped for node in network.nodes), default=0.0) or 1.0
    rows = []
    for number, name in enumerate(parts.names):
        owner = int(frames.owner[first[number]])
        firm, node = frames.firms[owner], place[name]
        alone = not network.grouped and not several[owner]
        rows.append(
            {
                "name": name,
                "label": firm if alone else name,
                "firm": "" if network.grouped else firm,
                "sites": node.sites,
                "tier": node.tier,
                "role": str(firms[firm].get("role") or "supplier"),
                "size": (node.shipped / most) ** 0.5,
            }
        )
    return rows


def _edge_names(run: Run, frames: Frames, parts: _Parts) -> list[str]:
    """Return what goes over each edge."""
    products = dict(run.tables["links"].select("link", "product").iter_rows()) if "links" in run.tables else {}
    found: list[set[str]] = [set() for _ in parts.pairs]
    for link, edge in zip(frames.links[parts.kept].tolist(), parts.edge.tolist(), strict=True):
        found[edge].add(products[link])
    return [", ".join(sorted(names)) for names in found]


def _roles_of(nodes: Sequence[Mapping[str, Any]]) -> list[str]:
    found = {node["role"] for node in nodes}
    return [role for role in ROLES if role in found] + sorted(found - set(ROLES))


def _role_colour(role: str) -> str:
    return COLOURS[ROLES.index(role)] if role in ROLES else COLOURS[-1]
