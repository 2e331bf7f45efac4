"""Import a multi-regional input-output table: every sector of a region becomes a firm with one site.

An input-output table is full of circles (steel needs power, power needs steel), while a network that makes things to
order needs a bill of materials without circles. The sectors are therefore put in an order in which as much value as
possible flows forward. Forward flows become bills of materials and links. What flows backward is bought from outside,
and the same value is sold to a market of its own, so that every sector still produces its output.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.errors import ScenarioError
from gpnde.scenario.generate import lead_time_between
from gpnde.scenario.importers.base import Imported, checked, in_one_line, named_files, number, share_text
from gpnde.scenario.law import fixed
from gpnde.scenario.markets import Demand, Market
from gpnde.scenario.network import OUTSIDE, Cluster, Firm, Link, Product, Region, Site
from gpnde.scenario.schema import Provenance, Scenario
from gpnde.scenario.tables import open_csv

DAYS_PER_YEAR = 364
SMALLEST_SHARE = 1e-6
FEEDBACK = " (feedback)"
"""What is added to the name of a product where it flows against the order of sectors."""

Matrix = NDArray[np.float64]
Key = tuple[str, str]
_MOST_PASSES = 50


class _Economy(NamedTuple):
    """A table in values per year: *flow* from row to column, *final* demand and gross *output* per sector."""

    keys: list[Key]
    flow: Matrix
    final: Matrix
    output: Matrix


class _Network(NamedTuple):
    """What is built: input *coefficients* by supplier and buyer, those that run *forward*, and sales per year."""

    keys: list[Key]
    active: NDArray[np.bool_]
    coefficients: Matrix
    forward: NDArray[np.bool_]
    feedback_sales: Matrix
    final: Matrix


@in_one_line("mrio")
def import_mrio(files: Sequence[Path], *, smallest_share: float = SMALLEST_SHARE) -> Imported:
    """Return the economy in ``Z.csv`` (flows), ``Y.csv`` (final demand) and ``x.csv`` (gross output).

    A unit is what costs one unit of money, and a year has 364 days. What a sector buys from itself is netted out of its
    output. Flows below *smallest_share* of both the seller's and the buyer's output are dropped.

    Raises
    ------
    ScenarioError
        A file, a region and sector, or a number is missing or wrong.
    """
    paths = named_files("mrio", files, ("Z", "Y", "x"))
    economy, notes = _clean(_read(paths["Z"], paths["Y"], paths["x"]))
    network, more_notes = _connect(economy, smallest_share)
    clusters = [Cluster(name=region, region=region) for region in dict.fromkeys(region for region, _ in economy.keys)]
    scenario = Scenario(
        name="mrio",
        title=f"Input-output network of {len(clusters)} regions and {int(network.active.sum())} sites",
        products=_products(network),
        regions=tuple(Region(name=cluster.name) for cluster in clusters),
        clusters=tuple(clusters),
        firms=tuple(Firm(name=_name(key)) for key in _active_keys(network)),
        sites=tuple(_site(key) for key in _active_keys(network)),
        links=_links(network),
        markets=_markets(network),
        provenance=_provenance(paths["Z"].name, paths["Y"].name),
    )
    return checked(scenario, (*notes, *more_notes))


def _name(key: Key) -> str:
    return "/".join(key)


def _read(flows: Path, final: Path, output: Path) -> _Economy:
    keys, columns, flow = _read_matrix(flows, 2)
    if set(columns) != set(keys) or len(columns) != len(keys):
        raise ScenarioError(f"{flows}: {len(keys)} rows and {len(columns)} columns: give the same sectors as both")
    by_row = [columns.index(key) for key in keys]
    return _Economy(keys, flow[:, by_row], _aligned(final, 2, keys).sum(axis=1), _aligned(output, 1, keys)[:, 0])


def _aligned(path: Path, header_lines: int, keys: list[Key]) -> Matrix:
    """Return the numbers of a table with its rows in the order of *keys*."""
    found, _, values = _read_matrix(path, header_lines)
    place = {key: row for row, key in enumerate(found)}
    for key in keys:
        if key not in place:
            raise ScenarioError(f"{path}: no row for {_name(key)!r}: give the same regions and sectors as in Z")
    return values[[place[key] for key in keys]]


def _read_matrix(path: Path, header_lines: int) -> tuple[list[Key], list[Key], Matrix]:
    """Return row keys, column keys and numbers; the two leading columns name region and sector."""
    first, others = open_csv(path.name, path.name, path.parent, names_columns=False)
    lines = [first, *(cells for _, cells in others)]
    header, rows = lines[:header_lines], [line for line in lines[header_lines:] if any(line[2:])]
    if not rows:
        raise ScenarioError(f"{path}: no numbers: give region, sector and one column or more of numbers")
    columns = list(zip(header[0][2:], header[-1][2:], strict=True))
    keys = [(row[0], row[1]) for row in rows]
    if len(set(keys)) < len(keys):
        twice = next(key for place, key in enumerate(keys) if key in keys[:place])
        raise ScenarioError(f"{path}: {_name(twice)!r} is given twice: give every region and sector one row")
    return keys, columns, np.array([_numbers(row, columns, path) for row in rows])


def _numbers(row: list[str], columns: list[Key], path: Path) -> list[float]:
    where = f"{path}: row {row[0]}/{row[1]}"
    return [number({_name(key): cell}, _name(key), where) for key, cell in zip(columns, row[2:], strict=True)]


def _clean(economy: _Economy) -> tuple[_Economy, list[str]]:
    """Return the economy without negative values and without what sectors buy from themselves."""
    keys, flow, final, output = economy
    own = np.diagonal(flow).copy()
    gap = np.abs(flow.sum(axis=1) + final - output) / np.maximum(np.abs(output), 1e-300)
    notes = [f"mrio: {share_text(own.sum(), output.sum())} of output, bought by sectors from themselves, is netted out"]
    if gap.max() > SMALLEST_SHARE:
        notes.append(f"mrio: output differs from sales by up to {gap.max():.2g} of itself: sales are followed")
    negative = int((flow < 0).sum()), int((final < 0).sum())
    if any(negative):
        notes.append(f"mrio: {negative[0]} flows and the final demand of {negative[1]} sectors are below 0: taken as 0")
    flow = np.maximum(flow, 0)
    np.fill_diagonal(flow, 0)
    return _Economy(keys, flow, np.maximum(final, 0), output - own), notes


def _connect(economy: _Economy, smallest_share: float) -> tuple[_Network, list[str]]:
    """Return the network of all flows that count, cut where they run backward."""
    keys, flow, final, output = economy
    active = output > 0
    bought = np.where(active[None, :], flow, 0)
    small = (bought > 0) & (bought < smallest_share * output[None, :]) & (bought < smallest_share * output[:, None])
    kept = np.where(small, 0, bought)
    place = _places(kept, active)
    forward = place[:, None] < place[None, :]
    backward = np.where(forward, 0, kept)
    coefficients = kept / np.where(active, output, 1)[None, :]
    network = _Network(keys, active, coefficients, forward, backward.sum(axis=1) * active, final * active)
    return network, _count(flow, small, backward, active)


def _count(flow: Matrix, small: NDArray[np.bool_], backward: Matrix, active: NDArray[np.bool_]) -> list[str]:
    total = flow.sum()
    dropped, cut = share_text(flow[small].sum(), total), share_text(backward.sum(), total)
    notes = [
        f"mrio: {int(small.sum())} of {int((flow > 0).sum())} flows, {dropped} of their value, dropped: negligible",
        f"mrio: {int((backward > 0).sum())} flows, {cut} of their value, run backward: bought from and sold to outside",
    ]
    if not active.all():
        notes.append(f"mrio: {int((~active).sum())} sectors without net output left out")
    return notes


def _places(flow: Matrix, active: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the place of each sector in the order; sectors left out come last, so that they only flow backward."""
    numbers = np.flatnonzero(active)
    order = triangulate(flow[np.ix_(numbers, numbers)])
    place = np.full(len(active), len(active))
    place[numbers[order]] = np.arange(len(order))
    return place


def triangulate(flow: Matrix) -> list[int]:
    """Return an order of sectors in which much of the value flows from earlier to later ones.

    It starts from the sectors that sell most compared with what they buy, then moves one sector at a time to its best
    place until none can be improved. The result is a local optimum.

    >>> triangulate(np.array([[0.0, 1.0], [5.0, 0.0]]))
    [1, 0]
    """
    sold, bought = flow.sum(axis=1), flow.sum(axis=0)
    balance = (sold - bought) / np.maximum(sold + bought, 1e-300)
    order: list[int] = np.argsort(-balance, kind="stable").tolist()
    for _ in range(_MOST_PASSES):
        before = list(order)
        for sector in before:
            _move_to_best_place(sector, order, flow)
        if order == before:
            break
    return order


def _move_to_best_place(sector: int, order: list[int], flow: Matrix) -> None:
    """Move a sector within *order* to where most of its value flows forward; it stays unless it gains."""
    here = order.index(sector)
    others = order[:here] + order[here + 1 :]
    gain = np.concatenate(([0.0], np.cumsum(flow[others, sector] - flow[sector, others])))
    best = int(gain.argmax())
    if gain[best] > gain[here] + 1e-12 * np.abs(gain).max():
        order.remove(sector)
        order.insert(best, sector)


def _active_keys(network: _Network) -> list[Key]:
    return [key for key, active in zip(network.keys, network.active.tolist(), strict=True) if active]


def _input_name(network: _Network, supplier: int, buyer: int) -> str:
    return _name(network.keys[supplier]) + ("" if network.forward[supplier, buyer] else FEEDBACK)


def _inputs(network: _Network, buyer: int) -> list[int]:
    inputs: list[int] = np.flatnonzero(network.coefficients[:, buyer]).tolist()
    return inputs


def _products(network: _Network) -> dict[str, Product]:
    """Return a product per site and one per sector that flows backward, at a price of one unit of money each."""
    made = {_name(network.keys[n]): _product(network, n) for n in np.flatnonzero(network.active).tolist()}
    backward = (network.coefficients > 0) & ~network.forward
    imported = [_name(network.keys[n]) + FEEDBACK for n in np.flatnonzero(backward.any(axis=1)).tolist()]
    return made | {name: Product(value_added=0, margin=0, outside_cost=1) for name in imported}


def _product(network: _Network, buyer: int) -> Product:
    made_of = {_input_name(network, n, buyer): float(network.coefficients[n, buyer]) for n in _inputs(network, buyer)}
    return Product(made_of=made_of, value_added=max(0.0, 1 - sum(made_of.values())), margin=0, outside_cost=1)


def _site(key: Key) -> Site:
    return Site(name=_name(key), firm=_name(key), product=_name(key), cluster=key[0], price=1)


def _links(network: _Network) -> tuple[Link, ...]:
    pairs = [(n, buyer) for buyer in np.flatnonzero(network.active).tolist() for n in _inputs(network, buyer)]
    return tuple(_link(network, supplier, buyer) for supplier, buyer in pairs)


def _link(network: _Network, supplier: int, buyer: int) -> Link:
    inside = bool(network.forward[supplier, buyer])
    from_region, to_region = network.keys[supplier][0], network.keys[buyer][0]
    return Link(
        buyer=_name(network.keys[buyer]),
        supplier=_name(network.keys[supplier]) if inside else OUTSIDE,
        product=_input_name(network, supplier, buyer),
        lead_time=fixed(_days_between(from_region, to_region)),
    )


def _days_between(here: str, there: str) -> float:
    """Return the mean transport time between two regions (days); yearly tables tell nothing of its spread."""
    law = lead_time_between(Cluster(name=here, region=here), Cluster(name=there, region=there))
    return law.mean or 0.0


def _markets(network: _Network) -> tuple[Market, ...]:
    sales = (("final demand for {}", network.final), ("feedback demand for {}", network.feedback_sales))
    return tuple(
        Market(
            name=title.format(_name(key)),
            product=_name(key),
            served_by=(_name(key),),
            demand=Demand(law=fixed(per_year / DAYS_PER_YEAR), every_days=1),
        )
        for title, values in sales
        for key, per_year in zip(network.keys, values.tolist(), strict=True)
        if per_year > 0
    )


def _provenance(flows: str, final: str) -> tuple[Provenance, ...]:
    return (
        Provenance(path="products.*.made_of.*", mark="literature", source=flows),
        Provenance(path="products.*.value_added", mark="derived", source=f"1 less the inputs in {flows}"),
        Provenance(path="markets.*.demand", mark="literature", source=final),
        Provenance(path="links.*.lead_time", mark="assumption", source="distance class of the two regions"),
    )
