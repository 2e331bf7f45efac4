"""Import a published list of suppliers: one flagship assembles what the suppliers' sites deliver in equal shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gpnde.errors import ScenarioError
from gpnde.scenario.generate import lead_time_between
from gpnde.scenario.importers.base import Imported, checked, existing, in_one_line, instead, read_rows
from gpnde.scenario.law import Law
from gpnde.scenario.markets import Demand, Market
from gpnde.scenario.network import Cluster, Firm, Link, Product, Site
from gpnde.scenario.schema import Provenance, Scenario

FLAGSHIP = "flagship"
PRODUCT = "final product"
COMPONENT = "component"
COLUMNS = ("supplier_name", "country")
"""The columns that a list must have; year and n_sites may be added."""

_DEMAND = "normal(mean=1000, cv=0.15)"
_MOST_SITES = 100_000


class _Entry(NamedTuple):
    """How many sites a supplier has in a country in a year, or whenever the list was made."""

    year: int | None
    supplier: str
    country: str
    sites: int


@in_one_line("supplier-list")
def import_supplier_list(files: Sequence[Path], *, year: int | None = None) -> Imported:
    """Return the network in a CSV with supplier_name and country, and with n_sites and year where it has them.

    Without n_sites every row is one site; of several years one *year* or the latest is taken.
    Every supplier is a firm with its sites, every country a cluster. The list does not say what is delivered: all sites
    make one component, in equal shares, and the flagship assembles in the country with the most sites.

    Raises
    ------
    ScenarioError
        The file or a column is missing, or no row can be used.
    """
    paths = existing("supplier-list", files)
    if len(paths) != 1:
        told = instead(files) if not paths else ""
        raise ScenarioError(
            where="supplier-list", given=f"{told}{len(paths)} files", expected=f"give one CSV with {', '.join(COLUMNS)}"
        )
    entries, notes = _read(paths[0])
    chosen = _choose_year(entries, year, paths[0])
    sites = _count_sites(entry for entry in entries if entry.year == chosen)
    name = paths[0].stem if chosen is None else f"{paths[0].stem}-{chosen}"
    scenario = _scenario(name, sites, paths[0].name)
    when = "" if chosen is None else f"year {chosen}; "
    home = scenario.sites[0].cluster
    return checked(scenario, (*notes, f"supplier-list: {when}the flagship is placed in {home}"))


def _read(path: Path) -> tuple[list[_Entry], list[str]]:
    """Return the rows that can be used, and one note per reason why others cannot."""
    rows = read_rows(path, COLUMNS)
    reasons = [_fault(row) for row in rows]
    entries = [_entry(row) for row, fault in zip(rows, reasons, strict=True) if not fault]
    dropped = Counter(fault for fault in reasons if fault)
    notes = [f"supplier-list: {n} of {len(rows)} rows dropped: {fault}" for fault, n in dropped.items()]
    if rows and "n_sites" not in rows[0]:
        notes.append("supplier-list: no column n_sites: every row counts as one site")
    return entries, notes


def _fault(row: Mapping[str, str]) -> str:
    """Return why a row cannot be used, or an empty text."""
    if not row["supplier_name"] or not row["country"]:
        return "supplier or country missing"
    if not _is_whole(row.get("year", "0")):
        return "year missing or not a whole number"
    return _fault_of_count(row.get("n_sites", "1"))


def _fault_of_count(count: str) -> str:
    if not count:
        return "site count missing"
    if not _is_whole(count):
        return "site count not a whole number"
    return "" if 0 < float(count) <= _MOST_SITES else f"site count not from 1 to {_MOST_SITES:,}"


def _is_whole(cell: str) -> bool:
    try:
        return float(cell).is_integer()
    except ValueError:
        return False


def _entry(row: Mapping[str, str]) -> _Entry:
    year = int(float(row["year"])) if "year" in row else None
    return _Entry(year, row["supplier_name"], row["country"], int(float(row.get("n_sites", "1"))))


def _choose_year(entries: Sequence[_Entry], year: int | None, path: Path) -> int | None:
    if not entries:
        raise ScenarioError(
            where=str(path), expected=f"no row can be used: give {', '.join(COLUMNS)} with site counts of 1 or more"
        )
    years = sorted({entry.year for entry in entries if entry.year is not None})
    if not years and year is not None:
        raise ScenarioError(where=str(path), expected=f"year {year}: the list has no column year: leave it out")
    if not years:
        return None
    if year is not None and year not in years:
        raise ScenarioError(where=str(path), expected=f"year {year}: must be one of {', '.join(map(str, years))}")
    return years[-1] if year is None else year


def _count_sites(entries: Iterable[_Entry]) -> dict[tuple[str, str], int]:
    """Return the sites by supplier and country, repeated rows added up."""
    counts: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        counts[entry.supplier, entry.country] += entry.sites
    return dict(counts)


def _scenario(name: str, counts: Mapping[tuple[str, str], int], source: str) -> Scenario:
    clusters = {country: Cluster(name=country, country=country) for _, country in counts}
    home = clusters[_country_with_most_sites(counts)]
    suppliers = list(dict.fromkeys(supplier for supplier, _ in counts))
    plants = [_site(supplier, country, n) for (supplier, country), sites in counts.items() for n in range(sites)]
    return Scenario(
        name=name,
        title=f"One flagship and {len(suppliers)} suppliers with {len(plants)} sites in {len(clusters)} countries",
        products={PRODUCT: Product(made_of={COMPONENT: 1}), COMPONENT: Product()},
        clusters=tuple(clusters.values()),
        firms=(Firm(name=FLAGSHIP, role="brand-leader", tier=0), *(Firm(name=supplier) for supplier in suppliers)),
        sites=(_assembly(home), *plants),
        links=tuple(_link(site, home, clusters[site.cluster or ""]) for site in plants),
        markets=(_market(),),
        provenance=_provenance(source),
    )


def _country_with_most_sites(counts: Mapping[tuple[str, str], int]) -> str:
    by_country: Counter[str] = Counter()
    for (_, country), sites in counts.items():
        by_country[country] += sites
    return by_country.most_common(1)[0][0]


def _assembly(home: Cluster) -> Site:
    return Site(name=FLAGSHIP, firm=FLAGSHIP, product=PRODUCT, cluster=home.name, function="assembly_test")


def _site(supplier: str, country: str, number: int) -> Site:
    return Site(name=f"{supplier}, {country} {number + 1}", firm=supplier, product=COMPONENT, cluster=country)


def _link(site: Site, home: Cluster, cluster: Cluster) -> Link:
    return Link(buyer=FLAGSHIP, supplier=site.name, contract="OEM", lead_time=lead_time_between(home, cluster))


def _market() -> Market:
    demand = Demand(law=Law.model_validate(_DEMAND), every_days=1)
    return Market(name="world", product=PRODUCT, served_by=(FLAGSHIP,), demand=demand)


def _provenance(source: str) -> tuple[Provenance, ...]:
    assumed = ("products.*.*", "links.*.*", "markets.*.*", f"sites.{FLAGSHIP}.cluster")
    return (
        Provenance(path="sites.*.cluster", mark="literature", source=source),
        *(Provenance(path=path, mark="assumption", source="importer of supplier lists") for path in assumed),
    )
