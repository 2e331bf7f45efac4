"""Import a multi-regional input-output table: every sector of a region becomes a firm with one site.

An input-output table is full of circles: steel needs power, power needs steel. Goods take days on their way, so that
what a sector uses was made before, and the network can run in circles. All sectors together then make what Leontief
(1936) says: the output whose use and final demand add up to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.scenario.generate import lead_time_between
from gpnde.scenario.importers.base import Imported, checked, in_one_line, share_text
from gpnde.scenario.importers.mrio_tables import Economy, Key, Matrix, name_of, read_economy
from gpnde.scenario.law import fixed
from gpnde.scenario.markets import Demand, Market
from gpnde.scenario.network import Cluster, Firm, Link, Product, Region, Site
from gpnde.scenario.ordering import Forecast, Ordering
from gpnde.scenario.schema import Provenance, Scenario
from gpnde.vocabulary import OUTSIDE, YEAR_DAYS

SMALLEST_SHARE = 1e-6
IMPORTS = "imports"
"""The product that stands for all goods from beyond the table."""

_FAR = 30.0
"""Transport time of goods from beyond the table (days), that of the furthest regions."""


class _Network(NamedTuple):
    """What is built: input *coefficients* by supplier and buyer, *imports* per unit, *output* and sales per year."""

    keys: list[Key]
    active: NDArray[np.bool_]
    coefficients: Matrix
    imports: Matrix
    output: Matrix
    final: Matrix


@in_one_line("mrio")
def import_mrio(files: Sequence[Path], *, smallest_share: float = SMALLEST_SHARE) -> Imported:
    """Return the economy in ``Z``, ``Y`` and ``x`` as pymrio saves them, or in one table with everything in it.

    A unit is what costs one unit of money, and a year has 364 days. What a sector buys from itself is netted out of its
    output. Flows below *smallest_share* of both the seller's and the buyer's output are dropped. Every sector foresees
    the output of the table and orders each day what it used, so that no swing of orders hides the flows.

    Parameters
    ----------
    files
        A folder, its files, or one table whose columns are sectors, final demand, capital, exports and output, and
        whose rows are sectors, imports and value added.
    smallest_share
        Share of output (1).

    Raises
    ------
    ScenarioError
        A file, a region and sector, or a number is missing or wrong.
    """
    economy, notes = read_economy(files)
    economy, more_notes = _clean(economy)
    network, last_notes = _connect(economy, smallest_share)
    clusters = [Cluster(name=region, region=region) for region in dict.fromkeys(region for region, _ in economy.keys)]
    scenario = Scenario(
        name="mrio",
        title=f"Input-output network of {len(clusters)} regions and {int(network.active.sum())} sites",
        products=_products(network),
        regions=tuple(Region(name=cluster.name) for cluster in clusters),
        clusters=tuple(clusters),
        firms=tuple(Firm(name=name_of(network.keys[n])) for n in _active(network)),
        sites=tuple(_site(network, n) for n in _active(network)),
        links=_links(network),
        markets=_markets(network),
        provenance=_provenance(", ".join(dict.fromkeys(Path(path).name for path in files))),
    )
    return checked(scenario, (*notes, *more_notes, *last_notes))


def _clean(economy: Economy) -> tuple[Economy, list[str]]:
    """Return the economy without negative values and without what sectors buy from themselves."""
    keys, flow, final, output, imports = economy
    own = np.diagonal(flow).copy()
    # As the table states it, negative flows included; a sector without output must not divide by 0.
    gap = np.abs(flow.sum(axis=1) + final - output) / np.maximum(np.abs(output), 1e-300)
    notes = [f"mrio: {share_text(own.sum(), output.sum())} of output, bought by sectors from themselves, is netted out"]
    if gap.max() > SMALLEST_SHARE:
        notes.append(f"mrio: output differs from sales by up to {gap.max():.2g} of itself: sales are followed")
    negative = int((flow < 0).sum()), int((final < 0).sum())
    if any(negative):
        notes.append(f"mrio: {negative[0]} flows and the final demand of {negative[1]} sectors are below 0: taken as 0")
    flow = np.maximum(flow, 0)
    np.fill_diagonal(flow, 0)
    return Economy(keys, flow, np.maximum(final, 0), output - own, imports), notes


def _connect(economy: Economy, smallest_share: float) -> tuple[_Network, list[str]]:
    """Return the network of all flows that count."""
    keys, flow, final, output, imports = economy
    active = output > 0
    bought = np.where(active[None, :], flow, 0)
    small = (bought > 0) & (bought < smallest_share * output[None, :]) & (bought < smallest_share * output[:, None])
    kept = np.where(small, 0, bought)
    made = np.where(active, output, 1)
    network = _Network(keys, active, kept / made[None, :], imports * active / made, output, final * active)
    counts = f"{int(small.sum())} of {int((flow > 0).sum())} flows"
    notes = [f"mrio: {counts}, {share_text(flow[small].sum(), flow.sum())} of their value, dropped: negligible"]
    if not active.all():
        notes.append(f"mrio: {int((~active).sum())} sectors without net output left out")
    return network, notes


def _active(network: _Network) -> list[int]:
    numbers: list[int] = np.flatnonzero(network.active).tolist()
    return numbers


def _inputs(network: _Network, buyer: int) -> list[int]:
    inputs: list[int] = np.flatnonzero(network.coefficients[:, buyer]).tolist()
    return inputs


def _products(network: _Network) -> dict[str, Product]:
    """Return a product per site and one per good that comes from outside, at a price of one unit of money each."""
    made = {name_of(network.keys[n]): _product(network, n) for n in _active(network)}
    used = (network.coefficients > 0).any(axis=1) & ~network.active
    outside = [name_of(network.keys[n]) for n in np.flatnonzero(used).tolist()]
    outside += [IMPORTS] if network.imports.any() else []
    return made | {name: Product(value_added=0, margin=0, outside_cost=1) for name in outside}


def _product(network: _Network, buyer: int) -> Product:
    made_of = {name_of(network.keys[n]): float(network.coefficients[n, buyer]) for n in _inputs(network, buyer)}
    if network.imports[buyer] > 0:
        made_of[IMPORTS] = float(network.imports[buyer])
    return Product(made_of=made_of, value_added=max(0.0, 1 - sum(made_of.values())), margin=0, outside_cost=1)


def _site(network: _Network, number: int) -> Site:
    """Return the site of a sector, which passes on what it is asked for and holds what the table says that it makes."""
    name = name_of(network.keys[number])
    per_day = float(network.output[number]) / YEAR_DAYS
    ordering = Ordering(review_days=1, forecast=Forecast(method="fixed", mean=per_day, sd=0))
    return Site(name=name, firm=name, product=name, cluster=network.keys[number][0], price=1, ordering=ordering)


def _links(network: _Network) -> tuple[Link, ...]:
    pairs = [(n, buyer) for buyer in _active(network) for n in _inputs(network, buyer)]
    imported = [buyer for buyer in _active(network) if network.imports[buyer] > 0]
    return (*(_link(network, supplier, buyer) for supplier, buyer in pairs), *(_import(network, n) for n in imported))


def _link(network: _Network, supplier: int, buyer: int) -> Link:
    from_region, to_region = network.keys[supplier][0], network.keys[buyer][0]
    return Link(
        buyer=name_of(network.keys[buyer]),
        supplier=name_of(network.keys[supplier]) if network.active[supplier] else OUTSIDE,
        product=name_of(network.keys[supplier]),
        lead_time=fixed(_days_between(from_region, to_region)),
    )


def _import(network: _Network, buyer: int) -> Link:
    return Link(buyer=name_of(network.keys[buyer]), product=IMPORTS, lead_time=fixed(_FAR))


def _days_between(here: str, there: str) -> float:
    """Return the mean transport time between two regions (days); yearly tables tell nothing of its spread."""
    law = lead_time_between(Cluster(name=here, region=here), Cluster(name=there, region=there))
    return law.mean or 0.0


def _markets(network: _Network) -> tuple[Market, ...]:
    return tuple(
        Market(
            name=f"final demand for {name_of(key)}",
            product=name_of(key),
            served_by=(name_of(key),),
            demand=Demand(law=fixed(per_year / YEAR_DAYS), every_days=1),
        )
        for key, per_year in zip(network.keys, network.final.tolist(), strict=True)
        if per_year > 0
    )


def _provenance(source: str) -> tuple[Provenance, ...]:
    return (
        Provenance(path="products.*.made_of.*", mark="literature", source=source),
        Provenance(path="products.*.value_added", mark="derived", source=f"1 less the inputs in {source}"),
        Provenance(path="markets.*.demand", mark="literature", source=source),
        Provenance(path="sites.*.ordering", mark="derived", source=f"the output in {source}"),
        Provenance(path="links.*.lead_time", mark="assumption", source="distance class of the two regions"),
    )
