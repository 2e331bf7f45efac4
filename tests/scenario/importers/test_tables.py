"""Plain tables become a scenario, and what they leave out is filled in and noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario.importers.base import Imported
from gpnde.scenario.importers.tables import import_tables

TABLES = {
    "firms": "name,role,tier\nacme,brand-leader,0\nboltco,supplier,1\n",
    "sites": "name,firm,product,cluster,capacity_per_day,processing\n"
    "acme-1,acme,machine,north,130,2\nboltco-1,boltco,bolt,south,,\nboltco-2,boltco,bolt,south,,\n",
    "links": 'buyer,supplier,share,lead_time\nacme-1,boltco-1,0.7,"gamma(mean=10, cv=0.3)"\nacme-1,boltco-2,0.3,4\n',
}
MORE = {
    "products": 'name,made_of,value_added\nmachine,"{""bolt"": 12}",50\nbolt,,0.5\n',
    "clusters": "name,region,wage_per_day\nnorth,Europe,90\nsouth,Asia,10\n",
    "markets": "name,product,region,served_by,demand\n"
    'world,machine,Europe,"[""acme-1""]","{""law"": 5, ""every_days"": 7}"\n',
}


def import_texts(folder: Path, texts: dict[str, str]) -> Imported:
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return import_tables([folder / f"{name}.csv" for name in texts])


def test_columns_are_fields_of_the_schema(tmp_path: Path) -> None:
    scenario = import_texts(tmp_path, TABLES).scenario
    assert [(firm.name, firm.role, firm.tier) for firm in scenario.firms] == [
        ("acme", "brand-leader", 0),
        ("boltco", "supplier", 1),
    ]
    assert [
        (site.capacity_per_day and site.capacity_per_day.lowest(), site.processing.lowest()) for site in scenario.sites
    ] == [
        (130, 2),
        (None, 0),
        (None, 0),
    ]
    assert [(link.share, link.lead_time.text()) for link in scenario.links] == [
        (0.7, "gamma(mean=10, cv=0.3)"),
        (0.3, "4"),
    ]


def test_missing_tables_are_filled_in_and_noted(tmp_path: Path) -> None:
    scenario, notes = import_texts(tmp_path, TABLES)
    assert {name: dict(product.made_of) for name, product in scenario.products.items()} == {
        "machine": {"bolt": 1},
        "bolt": {},
    }
    assert [cluster.name for cluster in scenario.clusters] == ["north", "south"]
    assert notes == (
        "tables: products.csv not given: 2 products, made of 1 unit of each that a link delivers",
        "tables: clusters.csv not given: 2 clusters that sites name",
        "tables: markets.csv not given: 1 sites without buyers got a market each",
    )


def test_market_that_is_filled_in_leaves_spare_capacity(tmp_path: Path) -> None:
    (market,) = import_texts(tmp_path, TABLES).scenario.markets
    assert (market.product, market.served_by) == ("machine", ("acme-1",))
    assert market.demand.law.mean == pytest.approx(100)


def test_site_without_capacity_sells_a_hundred_a_day(tmp_path: Path) -> None:
    (market,) = import_texts(tmp_path, {**TABLES, "sites": TABLES["sites"].replace("130", "")}).scenario.markets
    assert market.demand.law.mean == 100


def test_tables_that_are_given_are_taken(tmp_path: Path) -> None:
    scenario, notes = import_texts(tmp_path, TABLES | MORE)
    assert notes == ()
    assert scenario.products["machine"].made_of == {"bolt": 12}
    assert [region.name for region in scenario.regions] == ["Europe", "Asia"]
    assert (scenario.markets[0].name, scenario.markets[0].demand.every_days) == ("world", 7)


def test_goods_that_are_passed_on_are_not_made_of_themselves(tmp_path: Path) -> None:
    sites = "name,firm,product\nshop,acme,bolt\nplant,boltco,bolt\n"
    links = "buyer,supplier,product\nshop,plant,\nplant,outside,wire\n"
    scenario = import_texts(tmp_path, TABLES | {"sites": sites, "links": links}).scenario
    assert {name: dict(product.made_of) for name, product in scenario.products.items()} == {
        "bolt": {"wire": 1},
        "wire": {},
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"links": "buyer,supplier\nacme-1,boltco-3\n"}, "links.csv line 2, supplier: 'boltco-3': no such site"),
        (
            {"links": "buyer,suplier\nacme-1,boltco-1\n"},
            "links.csv: unknown column 'suplier'; did you mean 'supplier'?",
        ),
        (
            {"sites": TABLES["sites"].replace("130", "-1")},
            "sites.csv line 2, capacity_per_day: -1: must be at least 0",
        ),
        (
            {"sites": TABLES["sites"].replace("130", "NaN")},
            "sites.csv line 2, capacity_per_day.value: nan: must be a finite",
        ),
        ({"firms": "name\nacme\n"}, "sites.csv line 3, firm: 'boltco': no such firm"),
        ({"links": TABLES["links"].replace("0.3,4", "0.4,4")}, "sum to 1.1: must sum to 1"),
        ({"links": "buyer,supplier\nacme-1,boltco-1\nboltco-1,acme-1\n"}, "a product cannot be made of itself"),
        ({"products": "name,made_of\nmachine,bolt\n"}, "products.csv: machine, made_of: 'bolt': must be JSON"),
        ({"products": "name,made_of\nbolt,\nbolt,\n"}, "products.csv: name 'bolt': give every product one row"),
        ({"products": "name,margin\nmachine,-1\n"}, "products.machine.margin: '-1': must be at least 0"),
    ],
)
def test_wrong_tables_are_refused_in_one_line(tmp_path: Path, changes: dict[str, str], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        import_texts(tmp_path, TABLES | changes)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_circle_of_suppliers_needs_markets(tmp_path: Path) -> None:
    links = "buyer,supplier\nacme-1,boltco-1\nboltco-1,acme-1\nacme-1,boltco-2\n"
    with pytest.raises(ScenarioError, match=r"every site supplies another: give markets\.csv"):
        import_texts(tmp_path, TABLES | {"links": links})
