"""A list of suppliers becomes a flagship with suppliers' sites by country, and unusable rows are counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario.importers.base import read_rows
from gpnde.scenario.importers.supplier_list import COMPONENT, FLAGSHIP, import_supplier_list

LIST = """\
year,supplier_name,country,n_sites
2011,Old Metal,Malta,9
2012,Board Works,Taiwan,2
2012,Board Works,China,3
2012,Glass House,Japan,1
2012,Board Works,China,1
2012,Screw Co,China,
2012,Nut Co,China,0
2012,Bolt Co,China,-1
2012,Pin Co,China,1.5
2012,,China,1
soon,Late Co,China,1
"""


@pytest.fixture
def suppliers(tmp_path: Path) -> Path:
    path = tmp_path / "suppliers.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_latest_year_is_taken(suppliers: Path) -> None:
    scenario = import_supplier_list([suppliers]).scenario
    assert scenario.name == "suppliers-2012"
    assert [firm.name for firm in scenario.firms] == [FLAGSHIP, "Board Works", "Glass House"]


def test_year_can_be_chosen(suppliers: Path) -> None:
    scenario = import_supplier_list([suppliers], year=2011).scenario
    assert Counter(site.firm for site in scenario.sites) == {FLAGSHIP: 1, "Old Metal": 9}


def test_suppliers_have_their_sites_in_their_countries(suppliers: Path) -> None:
    scenario = import_supplier_list([suppliers]).scenario
    plants = Counter((site.firm, site.cluster) for site in scenario.sites if site.product == COMPONENT)
    assert plants == {("Board Works", "Taiwan"): 2, ("Board Works", "China"): 4, ("Glass House", "Japan"): 1}


def test_flagship_buys_equal_shares_where_most_sites_are(suppliers: Path) -> None:
    scenario = import_supplier_list([suppliers]).scenario
    assert scenario.sites[0].cluster == "China"
    assert {(link.buyer, link.share) for link in scenario.links} == {(FLAGSHIP, None)}
    assert len(scenario.links) == len(scenario.sites) - 1
    assert Counter(link.lead_time.mean for link in scenario.links) == {3: 4, 30: 3}


def test_rows_that_cannot_be_used_are_counted_by_reason(suppliers: Path) -> None:
    assert import_supplier_list([suppliers]).notes == (
        "supplier-list: 1 of 11 rows dropped: site count missing",
        "supplier-list: 2 of 11 rows dropped: site count not from 1 to 100,000",
        "supplier-list: 1 of 11 rows dropped: site count not a whole number",
        "supplier-list: 1 of 11 rows dropped: supplier or country missing",
        "supplier-list: 1 of 11 rows dropped: year missing or not a whole number",
        "supplier-list: year 2012; the flagship is placed in China",
    )


def test_year_that_is_not_listed_is_refused(suppliers: Path) -> None:
    with pytest.raises(ScenarioError, match="year 1999: must be one of 2011, 2012"):
        import_supplier_list([suppliers], year=1999)


def test_list_without_usable_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("year,supplier_name,country,n_sites\n2012,A,B,0\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no row can be used"):
        import_supplier_list([path])


def test_missing_column_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("year,supplier,country,n_sites\n2012,A,B,1\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no column 'supplier_name': .*; did you mean 'supplier'"):
        import_supplier_list([path])


def test_exactly_one_file_is_taken(suppliers: Path) -> None:
    with pytest.raises(ScenarioError, match="supplier-list: 2 files: give one CSV with supplier_name, country"):
        import_supplier_list([suppliers, suppliers])


def test_rows_are_counted_where_there_is_no_count(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Supplier Name;COUNTRY;City\nA;China;x\nA;China;y\nB;Japan;z\n", encoding="utf-8")
    scenario, notes = import_supplier_list([path])
    plants = Counter((site.firm, site.cluster) for site in scenario.sites if site.product == COMPONENT)
    assert plants == {("A", "China"): 2, ("B", "Japan"): 1}
    assert scenario.name == "list"
    assert notes == (
        "supplier-list: no column n_sites: every row counts as one site",
        "supplier-list: the flagship is placed in China",
    )


def test_year_of_a_list_without_years_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("supplier_name,country\nA,China\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="year 2012: the list has no column year: leave it out"):
        import_supplier_list([path], year=2012)


def test_years_without_counts_still_choose_the_latest(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Year,supplier_name,country\n2011,A,China\n2012,B,Japan\n2012,B,Japan\n", encoding="utf-8")
    scenario = import_supplier_list([path]).scenario
    assert Counter(site.firm for site in scenario.sites) == {FLAGSHIP: 1, "B": 2}


@pytest.mark.parametrize("year", [2012, 2015, 2018])
def test_real_list_keeps_its_counts_by_country(shared_data: Path, year: int) -> None:
    folder = shared_data / "apple_suppliers"
    scenario = import_supplier_list([folder / "supplier_sites.csv"], year=year).scenario
    published = [row for row in read_rows(folder / "by_country.csv", ("year",)) if row["year"] == str(year)]
    plants = [site for site in scenario.sites if site.firm != FLAGSHIP]
    assert Counter(site.cluster for site in plants) == {row["country"]: int(row["n_sites"]) for row in published}
    owners = {row["country"]: int(row["n_suppliers"]) for row in published}
    pairs = {(site.cluster, site.firm) for site in plants}
    assert Counter(country for country, _ in pairs) == owners
