"""Import a bill of materials: each row says how many units of a child go into one unit of a parent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from gpnde.errors import ScenarioError
from gpnde.scenario.importers.base import Imported, checked, existing, in_one_line, instead, number, read_rows
from gpnde.scenario.law import Law
from gpnde.scenario.markets import Demand, Market
from gpnde.scenario.network import Firm, Link, Product, Site
from gpnde.scenario.schema import Provenance, Scenario

COLUMNS = ("parent", "child", "quantity")
_DEMAND = "normal(mean=100, cv=0.15)"
_LEAD_TIME = "gamma(mean=7, cv=0.3)"

Parts = dict[str, dict[str, float]]
"""Units of each child by parent, in the order of the rows."""


@in_one_line("bom")
def import_bom(files: Sequence[Path]) -> Imported:
    """Return the network that makes what a CSV with parent, child and quantity lists: each item is made at one site.

    Rows that repeat a parent and child are added up. Each item is a product with a firm and a site of its own, each row
    a link, and each item that goes into no other is sold to a market.

    Raises
    ------
    ScenarioError
        The file or a column is missing, or a row cannot be used.
    """
    paths = existing("bom", files)
    if len(paths) != 1:
        told = instead(files) if not paths else ""
        raise ScenarioError(
            where="bom", given=f"{told}{len(paths)} files", expected=f"give one CSV with {', '.join(COLUMNS)}"
        )
    parts = _read(paths[0])
    sold = _sold(parts, paths[0])
    scenario = Scenario(
        name=paths[0].stem,
        title=f"Bill of materials of {len(parts)} items, {len(sold)} of them sold",
        products={name: Product(made_of=made_of) for name, made_of in parts.items()},
        firms=tuple(Firm(name=name, tier=tier) for name, tier in _tiers(parts, sold).items()),
        sites=tuple(Site(name=name, firm=name, product=name) for name in parts),
        links=tuple(_link(parent, child) for parent, made_of in parts.items() for child in made_of),
        markets=tuple(_market(name) for name in sold),
        provenance=_provenance(paths[0].name),
    )
    note = f"bom: {len(sold)} items that go into no other are sold, 100 a day each; each link takes 7 days"
    return checked(scenario, (note,))


def _read(path: Path) -> Parts:
    parts: Parts = {}
    for position, row in enumerate(read_rows(path, COLUMNS), start=1):
        parent, child = row["parent"], row["child"]
        where = f"{path}: row {position}"
        if not parent or not child:
            raise ScenarioError(
                where=where, given=f"{('child' if parent else 'parent')} is blank", expected="name both"
            )
        quantity = number(row, "quantity", where)
        if quantity <= 0:
            raise ScenarioError(where=where, expected=f"quantity: {row['quantity']!r}: must be above 0")
        made_of = parts.setdefault(parent, {})
        made_of[child] = made_of.get(child, 0.0) + quantity
    if not parts:
        raise ScenarioError(where=str(path), expected="no rows: give one row for each child of a parent")
    children = dict.fromkeys(child for made_of in parts.values() for child in made_of)
    return parts | {child: {} for child in children if child not in parts}


def _sold(parts: Parts, path: Path) -> list[str]:
    used = {child for made_of in parts.values() for child in made_of}
    sold = [name for name in parts if name not in used]
    if not sold:
        raise ScenarioError(
            where=str(path), expected="every item goes into another: give a row whose parent is the finished product"
        )
    return sold


def _tiers(parts: Parts, sold: Sequence[str]) -> Mapping[str, int]:
    """Return the tier of each item: the length of the shortest way from what is sold to it."""
    tiers = dict.fromkeys(sold, 0)
    reached = list(sold)
    # The list grows while it is gone through, which meets the nearest items first.
    for name in reached:
        fresh = [child for child in parts[name] if child not in tiers]
        tiers |= dict.fromkeys(fresh, tiers[name] + 1)
        reached += fresh
    return {name: tiers.get(name, 0) for name in parts}


def _link(parent: str, child: str) -> Link:
    return Link(buyer=parent, supplier=child, lead_time=Law.model_validate(_LEAD_TIME))


def _market(name: str) -> Market:
    demand = Demand(law=Law.model_validate(_DEMAND), every_days=1)
    return Market(name=f"market of {name}", product=name, served_by=(name,), demand=demand)


def _provenance(source: str) -> tuple[Provenance, ...]:
    assumed = ("links.*.*", "markets.*.*", "firms.*.tier")
    return (
        Provenance(path="products.*.made_of.*", mark="literature", source=source),
        *(Provenance(path=path, mark="assumption", source="importer of bills of materials") for path in assumed),
    )
