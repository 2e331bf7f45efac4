"""Import a network from CSV tables alone: firms, sites and links, with what they leave out filled in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gpnde.errors import ScenarioError
from gpnde.scenario.importers.base import Imported, checked, column_name, named_files, read_rows, skipped
from gpnde.scenario.importers.grids import read_grid
from gpnde.scenario.problems import Locations, Rows, refusal, shown
from gpnde.scenario.reading import parse_json
from gpnde.scenario.schema import Scenario
from gpnde.scenario.tables import rows_of
from gpnde.vocabulary import OUTSIDE

NEEDED = ("firms", "sites", "links")
OPTIONAL = ("products", "clusters", "markets")

MEAN_DEMAND = 100.0
"""Units per day that a made-up market buys of a site without a capacity."""

LOAD = 1 / 1.3
"""Share of its capacity that a made-up market asks of a site."""

Tables = dict[str, Any]
Row = Mapping[str, Any]


def import_tables(files: Sequence[Path]) -> Imported:
    """Return the network in ``firms.csv``, ``sites.csv`` and ``links.csv``, whose columns are the schema's fields.

    ``products.csv``, ``clusters.csv`` and ``markets.csv`` may be added. Without them the products are those of the
    sites, made of one unit of each product that a link delivers; the clusters are those that the sites name; and each
    site that no link names as a supplier gets a market.

    Raises
    ------
    ScenarioError
        A table cannot be read, or the network contradicts itself; the text names file and line.
    """
    paths = named_files("tables", files, NEEDED, OPTIONAL)
    tables, rows = _read(paths)
    notes = [*skipped("tables", files, (*NEEDED, *OPTIONAL)), *(f"tables: {line}" for line in _fill_in(tables))]
    tables["name"] = paths["sites"].resolve().parent.name or "tables"
    tables["provenance"] = list(_provenance(paths))
    places = Locations(tables, rows)
    try:
        scenario = Scenario.model_validate(tables)
    except ValidationError as error:
        raise refusal(error, places) from None
    return checked(scenario, notes, places)


def _read(paths: Mapping[str, Path]) -> tuple[Tables, dict[str | int, Rows]]:
    """Return the tables, and for each the file and lines that its rows come from."""
    tables: Tables = {}
    files: dict[str | int, Rows] = {}
    for name, path in paths.items():
        if name == "products":
            tables[name] = _read_products(path)
        else:
            head, *lines = read_grid(path)
            header = [column_name(cell) for cell in head.cells]
            tables[name], files[name] = rows_of(name, path.name, header, lines)
    return tables, files


def _read_products(path: Path) -> dict[str, Row]:
    """Return the fields of each product by name; made_of stands as JSON."""
    products: dict[str, Row] = {}
    for cells in read_rows(path, ("name",)):
        fields: dict[str, Any] = {column: cell for column, cell in cells.items() if cell}
        name = fields.pop("name", "")
        if not name or name in products:
            raise ScenarioError(
                where=path.name, expected=f"name {name!r}: give every product one row with a name of its own"
            )
        if "made_of" in fields:
            fields["made_of"] = _made_of(fields["made_of"], f"{path.name}: {name}")
        products[name] = fields
    return products


def _made_of(cell: str, where: str) -> Any:
    return parse_json(cell, lambda _: f'{where}, made_of: {shown(cell)}: must be JSON, such as {{"part": 2}}')


def _fill_in(tables: Tables) -> Iterator[str]:
    """Add the tables that were not given, and yield a note on each."""
    sites, links = tables["sites"], tables["links"]
    if "products" not in tables:
        tables["products"] = _products(sites, links)
        yield f"products.csv not given: {len(tables['products'])} products, made of 1 unit of each that a link delivers"
    if "clusters" not in tables:
        tables["clusters"] = [{"name": name} for name in _values(sites, "cluster")]
        yield f"clusters.csv not given: {len(tables['clusters'])} clusters that sites name"
    if "markets" not in tables:
        tables["markets"] = _markets(sites, links)
        yield f"markets.csv not given: {len(tables['markets'])} sites without buyers got a market each"
    tables["regions"] = [{"name": name} for name in _values((*tables["clusters"], *tables["markets"]), "region")]


def _values(rows: Iterable[Row], column: str) -> list[str]:
    """Return the different texts of a column in the order in which they first occur."""
    return list(dict.fromkeys(row[column] for row in rows if column in row))


def _products(sites: Sequence[Row], links: Sequence[Row]) -> dict[str, Row]:
    """Return every product that is made or delivered, with a bill of materials that follows the links."""
    made_at = {site["name"]: site["product"] for site in sites if "name" in site and "product" in site}
    made_of: dict[str, dict[str, int]] = {product: {} for product in made_at.values()}
    for link in links:
        product = link.get("product", made_at.get(link.get("supplier", OUTSIDE)))
        buyer = made_at.get(link.get("buyer", ""))
        # A site may pass on what it gets, and no product is made of itself.
        if product is not None and buyer not in (None, product):
            made_of[buyer][product] = 1
            made_of.setdefault(product, {})
    return {product: {"made_of": inputs} for product, inputs in made_of.items()}


def _markets(sites: Sequence[Row], links: Sequence[Row]) -> list[Row]:
    """Return one market for each site that supplies no other."""
    suppliers = set(_values(links, "supplier"))
    last = [site for site in sites if "name" in site and "product" in site and site["name"] not in suppliers]
    if sites and not last:
        raise ScenarioError(
            where="tables", expected="every site supplies another: give markets.csv to say where goods are sold"
        )
    return [
        {
            "name": f"market of {site['name']}",
            "product": site["product"],
            "served_by": [site["name"]],
            "demand": {"law": f"normal(mean={_mean_demand(site)!r}, cv=0.15)", "every_days": 1},
        }
        for site in last
    ]


def _mean_demand(site: Row) -> float:
    """Return units per day that leave a site some spare capacity."""
    try:
        capacity = float(site.get("capacity_per_day", ""))
    except ValueError:
        return MEAN_DEMAND
    return capacity * LOAD if 0 < capacity < math.inf else MEAN_DEMAND


def _provenance(paths: Mapping[str, Path]) -> Iterator[Row]:
    for table in (*NEEDED, *OPTIONAL):
        if table in paths:
            yield {"path": f"{table}.*.*", "mark": "literature", "source": paths[table].name}
        else:
            yield {"path": f"{table}.*.*", "mark": "assumption", "source": "importer of tables"}
