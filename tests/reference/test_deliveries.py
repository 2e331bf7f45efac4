"""Public data drive runs: deliveries, sales, suppliers, an input-output table and a list of earthquakes.

The data are the deliveries of a supply chain for health commodities (USAID), daily units of consumer goods (Wasi et
al., 2024), supplier lists that Apple published, the test table of pymrio, and significant earthquakes (NOAA).
"""

from __future__ import annotations

import csv
import datetime
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario import Scenario, load_scenario
from gpnde.scenario.importers.mrio import import_mrio
from gpnde.scenario.importers.supplier_list import FLAGSHIP, import_supplier_list
from gpnde.scenario.schema import ComponentUse
from gpnde.scenario.yaml_text import write_yaml
from gpnde.vocabulary import YEAR_DAYS
from gpnde.world.build import build_world

BALANCE = 1e-9
WEEK = 7
WEEKS = 5000
OUTAGE_DAYS = 14
STANDARD_ERRORS = 4.0
MANY = 100
"""Deliveries that make a history long enough to speak of its nine tenths."""
ONE_AT_A_TIME = 600
"""Days after which every order has arrived."""
ORDERS = 1600


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def written(folder: Path, scenario: Mapping[str, Any]) -> Scenario:
    path = folder / "scenario.yaml"
    path.write_text(write_yaml(scenario), encoding="utf-8")
    return load_scenario(path)


def shortened(scenario: Scenario, days: float) -> Scenario:
    return scenario.model_copy(update={"clock": scenario.clock.model_copy(update={"days": days})})


def assert_balanced(run: Run) -> None:
    assert run.conservation["goods"] <= BALANCE
    assert run.conservation["cash"] <= BALANCE


@pytest.fixture(scope="module")
def vendors(shared_data: Path) -> dict[str, dict[str, str]]:
    """Return the statistics of the vendors whose lead times are known."""
    stats = rows_of(shared_data / "scms" / "vendor_stats.csv")
    return {row["vendor"]: row for row in stats if row["mean_lead"]}


@pytest.fixture(scope="module")
def clinic(shared_data: Path, vendors: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run clinics that order one pack a week, each from a vendor of its own with that vendor's lead times."""
    network = clinics(list(vendors), str(shared_data / "scms" / "deliveries.csv"))
    return simulate(written(tmp_path_factory.mktemp("scms"), network))


def clinics(vendors: list[str], deliveries: str, every_days: int = WEEK, periods: int = WEEKS) -> dict[str, Any]:
    by_vendor = {vendor: f"clinic of {vendor}" for vendor in vendors}
    lead_time = {"law": "empirical", "file": deliveries, "column": "lead_days"}
    one_a_period = {"law": 1, "every_days": every_days}
    return {
        "name": "clinics",
        "clock": {"days": every_days * periods},
        "products": {"pack": {}},
        "firms": {"agency": {}},
        "sites": {name: {"firm": "agency", "product": "pack"} for name in by_vendor.values()},
        "links": [
            {"buyer": buyer, "product": "pack", "lead_time": {**lead_time, "where": {"vendor": vendor}}}
            for vendor, buyer in by_vendor.items()
        ],
        "markets": {
            f"patients of {vendor}": {"product": "pack", "served_by": [buyer], "demand": one_a_period}
            for vendor, buyer in by_vendor.items()
        },
        "ordering": {"policy": "base-stock", "level": 100, "review_days": every_days},
        "record": {"every_days": YEAR_DAYS},
    }


@pytest.fixture(scope="module")
def negative(shared_data: Path) -> Mapping[str, list[float]]:
    """Return by vendor the lead times of orders that the source says were delivered before they were placed."""
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows_of(shared_data / "scms" / "deliveries.csv"):
        if row["lead_days"].startswith("-"):
            found[row["vendor"]].append(float(row["lead_days"]))
    return found


def test_vendors_deliver_in_the_mean_time_of_their_past_deliveries(
    clinic: Run, vendors: Mapping[str, Mapping[str, str]], negative: Mapping[str, list[float]]
) -> None:
    days = dict(clinic.links.select("buyer", "mean_delivery_days").iter_rows())
    assert len(days) == len(vendors)
    for vendor, stats in vendors.items():
        known, left_out = int(stats["with_po"]), negative.get(vendor, [])
        mean = (float(stats["mean_lead"]) * known - sum(left_out)) / (known - len(left_out))
        spread = float(stats["sd_lead"])
        # Orders on their way at the end are the long ones; they are missing from the mean.
        unfinished = (mean**2 + spread**2) / (WEEK * WEEKS)
        allowed = STANDARD_ERRORS * spread / math.sqrt(WEEKS) + unfinished
        assert days[f"clinic of {vendor}"] == pytest.approx(mean, abs=allowed), vendor


def test_deliveries_without_a_lead_time_are_counted_in_the_results(
    clinic: Run, vendors: Mapping[str, Mapping[str, str]], negative: Mapping[str, list[float]]
) -> None:
    origins = [link["lead_time"]["origin"] for link in clinic.scenario["links"]]
    used = {origin["where"]["vendor"]: (origin["rows_used"], origin["rows_dropped"]) for origin in origins}
    assert any(vendor in negative for vendor in vendors)
    for vendor, stats in vendors.items():
        known, lines = int(stats["with_po"]) - len(negative.get(vendor, [])), int(stats["lines"])
        assert used[vendor] == (known, lines - known)


@pytest.fixture(scope="module")
def past_days(shared_data: Path) -> Mapping[str, list[float]]:
    """Return the lead times of the past deliveries of each vendor that has many (days)."""
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows_of(shared_data / "scms" / "deliveries.csv"):
        if row["lead_days"] and float(row["lead_days"]) >= 0.0:
            found[row["vendor"]].append(float(row["lead_days"]))
    return {vendor: sorted(days) for vendor, days in found.items() if len(days) >= MANY}


@pytest.mark.parametrize("every_days", [1, ONE_AT_A_TIME], ids=["an order every day", "one order at a time"])
def test_orders_take_as_long_as_past_deliveries_however_many_are_open(
    every_days: int, past_days: Mapping[str, list[float]], shared_data: Path, tmp_path: Path
) -> None:
    """The same share of orders takes at most the median, and at most nine tenths, of past deliveries, or comes late."""
    network = clinics(list(past_days), str(shared_data / "scms" / "deliveries.csv"), every_days, ORDERS)
    run = simulate(written(tmp_path, network))
    early = run.orders.filter(pl.col("placed_day") <= every_days * ORDERS - ONE_AT_A_TIME)
    for vendor, past in past_days.items():
        orders = early.filter(pl.col("buyer") == f"clinic of {vendor}")
        taken = orders["received_day"] - orders["placed_day"]
        assert taken.len() > 0.2 * ORDERS
        assert taken.is_finite().all(), vendor
        promised = float((orders["promised_day"] - orders["placed_day"])[0])
        for days in (past[len(past) // 2], past[len(past) * 9 // 10], promised):
            share = sum(one <= days for one in past) / len(past)
            allowed = STANDARD_ERRORS * math.sqrt(share * (1.0 - share) / taken.len())
            assert (taken <= days).mean() == pytest.approx(share, abs=allowed), (vendor, days)


@pytest.fixture(scope="module")
def sales(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run one plant and one market per product; the market buys what was ordered day by day."""
    path = shared_data / "supplygraph" / "sales_order_units.csv"
    names = [row["Node"] for row in rows_of(shared_data / "supplygraph" / "products.csv")]
    network = plants(names, str(path), len(rows_of(path)))
    return simulate(written(tmp_path_factory.mktemp("supplygraph"), network))


def plants(products: list[str], past_sales: str, days: int) -> dict[str, Any]:
    by_product = {name: f"plant of {name}" for name in products}
    series = {"law": "series", "file": past_sales}
    return {
        "name": "consumer-goods",
        "clock": {"days": days, "start": datetime.date(2023, 1, 1)},
        "products": {name: {} for name in products},
        "firms": {"maker": {}},
        "sites": {plant: {"firm": "maker", "product": name} for name, plant in by_product.items()},
        "links": [{"buyer": plant, "product": name, "lead_time": 2} for name, plant in by_product.items()],
        "markets": {
            f"buyers of {name}": {
                "product": name,
                "served_by": [plant],
                "demand": {"law": {**series, "column": name}},
            }
            for name, plant in by_product.items()
        },
        "ordering": {"policy": "order-up-to", "review_days": 1},
    }


def test_markets_ask_for_the_totals_of_the_past(sales: Run, shared_data: Path) -> None:
    asked = sales.markets.group_by("product").agg(pl.col("demanded").sum())
    totals = {row["product"]: float(row["sales_order"]) for row in rows_of(shared_data / "supplygraph" / "totals.csv")}
    # The published totals are rounded to the third place.
    assert dict(asked.iter_rows()) == pytest.approx(totals, abs=1e-3)


def test_what_was_asked_for_is_delivered_or_waits(sales: Run) -> None:
    end = sales.markets.filter(pl.col("day") == sales.counts["days"])
    sums = sales.markets.group_by("product").agg(pl.col("demanded").sum(), pl.col("shipped").sum())
    both = sums.join(end.select("product", "backlog"), on="product")
    gap = both.select(gap=(pl.col("demanded") - pl.col("shipped") - pl.col("backlog")).abs())
    assert gap["gap"].max() == pytest.approx(0.0, abs=1e-6)
    assert sales.metric("flow.fill_rate") > 0.5
    assert_balanced(sales)


def test_published_suppliers_deliver_from_their_countries(shared_data: Path) -> None:
    folder = shared_data / "apple_suppliers"
    scenario = import_supplier_list([folder / "supplier_sites.csv"], year=2015).scenario
    run = simulate(shortened(scenario, 84))
    sites = run.sites.filter(pl.col("day") == 0.0, pl.col("firm") != FLAGSHIP)
    rows = [row for row in rows_of(folder / "by_country.csv") if row["year"] == "2015"]
    published = {row["country"]: int(row["n_sites"]) for row in rows}
    assert Counter(sites["cluster"].to_list()) == published
    assert run.links.filter(pl.col("buyer") == FLAGSHIP).height == sum(published.values())
    assert run.metric("flow.fill_rate") > 0.9
    assert_balanced(run)


@pytest.fixture(scope="module")
def economy(shared_data: Path) -> Scenario:
    folder = shared_data / "mrio_pymrio_test"
    return import_mrio([folder / name for name in ("Z.csv", "Y.csv", "x.csv")]).scenario


@pytest.fixture(scope="module")
def net_output(shared_data: Path) -> list[float]:
    """Return the yearly output of each sector that sells any, less what it buys from itself."""
    folder = shared_data / "mrio_pymrio_test"
    flows = [row[2:] for row in cells_of(folder / "Z.csv")[3:]]
    output = [float(row[2]) for row in cells_of(folder / "x.csv")[1:]]
    net = [made - float(row[number]) for number, (made, row) in enumerate(zip(output, flows, strict=True))]
    return [made for made in net if made > 0.0]


def cells_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def test_sectors_are_expected_to_make_the_output_of_their_table(economy: Scenario, net_output: list[float]) -> None:
    world = build_world(economy)
    # Flows of a millionth of the output of both sides are dropped.
    assert (world.plants["mean_demand"] * YEAR_DAYS).tolist() == pytest.approx(net_output, rel=1e-4)


def test_sectors_are_asked_for_the_output_of_their_table_in_a_year(economy: Scenario, net_output: list[float]) -> None:
    days = 3 * YEAR_DAYS
    run = simulate(shortened(economy, days))
    year = run.sites.filter(pl.col("day") > days - YEAR_DAYS, pl.col("day") <= days)
    asked = year.group_by("site", maintain_order=True).agg(pl.col("demanded").sum())
    output = dict(zip((site.name for site in economy.sites), net_output, strict=True))
    assert dict(asked.iter_rows()) == pytest.approx(output, rel=1e-4)
    assert_balanced(run)


@pytest.fixture(scope="module")
def earthquakes(shared_data: Path) -> Path:
    return shared_data / "noaa_earthquakes" / "significant_earthquakes.csv"


@pytest.fixture(scope="module")
def shaken(earthquakes: Path) -> Run:
    """Run the hard-disk network with outages after real earthquakes and no others; no firm or site comes or goes."""
    given = {"use": "disruption.dated-outages", "file": str(earthquakes), "duration_days": OUTAGE_DAYS}
    rules = dict.fromkeys(("finance", "selection", "location"))
    update = {"components": (ComponentUse.model_validate(given),), **rules}
    scenario = load_scenario("hdd-southeast-asia")
    return simulate(scenario.model_copy(update=update))


@pytest.fixture(scope="module")
def hits(earthquakes: Path) -> dict[str, list[float]]:
    """Return by country the days of the run on which the earth shook there, the horizon included."""
    clock = load_scenario("hdd-southeast-asia").clock
    days: dict[str, set[float]] = defaultdict(set)
    for row in rows_of(earthquakes):
        if row["month"] and row["day"]:
            date = datetime.date(*(int(float(row[name])) for name in ("year", "month", "day")))
            day = (date - clock.start).days
            if 0 <= day <= clock.days:
                days[row["country"]].add(day)
    return {country: sorted(found) for country, found in days.items()}


def first_of_each_outage(days: list[float]) -> list[float]:
    """Return the days that begin an outage; the others fall into one and prolong it.

    A site recovers before it fails again on the same day.
    """
    return [day for day, before in zip(days, [-math.inf, *days], strict=False) if day - before >= OUTAGE_DAYS]


def test_sites_fail_on_the_days_of_real_earthquakes_in_their_country(
    shaken: Run, hits: Mapping[str, list[float]]
) -> None:
    scenario = load_scenario("hdd-southeast-asia")
    country = {cluster.name: (cluster.country or "").upper() for cluster in scenario.clusters}
    expected = {
        (day, site.name)
        for site in scenario.sites
        for day in first_of_each_outage(hits.get(country[site.cluster or ""], []))
        if site.opens_day <= day < (site.closes_day or math.inf)
    }
    failed = shaken.events.filter(pl.col("kind") == "site_failed")
    assert set(failed.select("day", "site").iter_rows()) == expected
    assert len(expected) == failed.height > 100
    assert failed["component"].str.starts_with("disruption.dated-outages: ").all()
    assert shaken.dropouts["outage"] == failed.height
    assert_balanced(shaken)


def test_site_ships_nothing_while_an_earthquake_keeps_it_out(shaken: Run) -> None:
    failed = shaken.events.filter(pl.col("kind") == "site_failed").select("site", begin="day")
    during = shaken.sites.join(failed, on="site").filter(
        pl.col("day") - WEEK >= pl.col("begin"), pl.col("day") <= pl.col("begin") + OUTAGE_DAYS
    )
    assert during.height > 0
    inside = during.filter(pl.col("day") < pl.col("begin") + OUTAGE_DAYS)
    assert inside["up"].to_list() == [0] * inside.height
    assert during["shipped"].to_list() == [0.0] * during.height
