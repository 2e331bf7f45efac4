"""Runs for tests of charts: a made-up one, and one in which nothing was recorded."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde.results.columns import TABLES, TEXT_COLUMNS
from gpnde.results.run import Run
from gpnde.results.tables import empty_table, make_table
from tests.example import example_run


@pytest.fixture(scope="session")
def run() -> Run:
    """Return a made-up run."""
    return example_run()


@pytest.fixture(scope="session")
def big_run() -> Run:
    """Return a made-up run that is too big to be drawn site by site and day by day."""
    return example_run(sites=400, days=3640)


@pytest.fixture(scope="session")
def full_run(run: Run) -> Run:
    """Return the made-up run with clusters that have a place, orders that were received, exits, scores and a policy."""
    rng = np.random.default_rng(3)
    places = {"Bangkok": (13.8, 100.5), "Singapore": (1.4, 103.8), "Wuxi": (31.6, 120.3), "Londonderry": (55.0, -7.3)}
    clusters = [
        one | dict(zip(("latitude", "longitude"), places.get(one["name"], (None, None)), strict=True))
        for one in run.scenario["clusters"]
    ]
    added = {"orders": _orders(run, rng), "events": _with_exits(run), "policies": _policies(run)}
    added |= {"generations": _generations(run), "accounts": _accounts(run)}
    added |= {"expectations": _expectations(run), "plants": _plants(run), "costs": _costs(run)}
    scores = pl.Series("score", rng.uniform(0.6, 0.95, run.learners.height))
    tables = run.tables | added | {"learners": run.learners.with_columns(scores)}
    return dataclasses.replace(run, tables=tables, scenario=run.scenario | {"clusters": clusters})


def _orders(run: Run, rng: np.random.Generator) -> pl.DataFrame:
    links = run.links.filter(pl.col("supplier") != "outside")
    count = 3 * links.height
    placed = rng.integers(0, 400, count).astype(float)
    return make_table(
        "orders",
        {
            "order": np.arange(count),
            "link": np.tile(links["link"].to_numpy(), 3),
            "supplier": links["supplier"].to_list() * 3,
            "buyer": links["buyer"].to_list() * 3,
            "quantity": np.full(count, 10.0),
            "placed_day": placed,
            "promised_day": placed + 15,
            "shipped_day": placed + 3,
            "received_day": placed + rng.integers(4, 40, count),
            "status": ["received"] * count,
        },
    )


def _with_exits(run: Run) -> pl.DataFrame:
    row = {"day": 500.0, "kind": "firm_failed", "cause": "finance", "firm": "firm-9", "site": "", "buyer": ""}
    scored = row | {"day": 455.0, "kind": "link_dropped", "cause": "score", "site": "site-12", "value": 0.4}
    more = [row | {"component": "engine", "value": None}, scored | {"component": "engine"}]
    return pl.concat([run.events, pl.DataFrame(more, schema=run.events.schema)]).sort("day", maintain_order=True)


def _generations(run: Run) -> pl.DataFrame:
    days = np.tile(np.arange(0.0, run.scenario["clock"]["days"], 28.0), 2)
    firm = np.repeat([0, 1], len(days) // 2)
    number = 1 + (days + 100 * firm) // 300
    columns = {"day": days, "generation": number, "launched_day": 300 * (number - 1) - 100 * firm, "sold": days + 1}
    text = {"market": ["Asia"] * len(days), "product": ["drive"] * len(days), "firm": [f"firm-{one}" for one in firm]}
    figures = {"quality": 0.8 + 0 * days, "availability": days / 1000, "cost": 60 + 0 * days, "share": 0.3 + 0.4 * firm}
    return make_table("generations", {**columns, **text, **figures, "price": 90 - days / 100})


def _accounts(run: Run) -> pl.DataFrame:
    balance = {"cash": 90.0, "payable": -40.0, "stocks": 20.0, "equity": 70.0}
    income = {"sales": 100.0, "purchases": -60.0, "labour": -30.0, "stocks": 5.0, "profit": 15.0}
    days = np.arange(0.0, run.scenario["clock"]["days"] + 1, 91.0).tolist()
    rows = [
        {"day": day, "firm": firm, "statement": statement, "item": item, "amount": share * amount}
        for share, firm in ((1.0, "firm-1"), (2.0, "flagship"))
        for day in days
        for statement, items in (("balance", balance), ("income", income if day else {}))
        for item, amount in items.items()
    ]
    return make_table("accounts", {name: [row.get(name, 0) for row in rows] for name in TABLES["accounts"]})


def _costs(run: Run) -> pl.DataFrame:
    site = run.scenario["sites"][0]
    rows = [
        {"day": day, "site": name, "firm": site["firm"], "kind": kind, "amount": amount}
        for day in np.arange(91.0, run.scenario["clock"]["days"] + 1, 91.0).tolist()
        for name, kind, amount in ((site["name"], "holding", 30.0), ("", "production", 50.0))
    ]
    blank = {name: "" if name in TEXT_COLUMNS else 0.0 for name in TABLES["costs"]}
    return make_table("costs", {name: [{**blank, **row}[name] for row in rows] for name in blank})


def _plants(run: Run) -> pl.DataFrame:
    places = [("works", "Wuxi", "China"), ("shop", "Bangkok", "Thailand"), ("annex", "Bangkok", "Thailand")]
    days = np.arange(0.0, run.scenario["clock"]["days"] + 1, 91.0).tolist()
    rows = [
        {
            "day": day,
            "site": site,
            "cluster": cluster,
            "country": country,
            "employees": 50,
            "plant_value": 9e5,
        }
        for day in days
        for site, cluster, country in places
    ]
    blank = {name: "" if name in TEXT_COLUMNS else 0.0 for name in TABLES["plants"]}
    return make_table("plants", {name: [{**blank, **row}[name] for row in rows] for name in blank})


def _expectations(run: Run) -> pl.DataFrame:
    days = np.arange(0.0, run.scenario["clock"]["days"], 91.0)
    firms = [firm["name"] for firm in run.scenario["firms"]]
    day, firm = np.repeat(days, len(firms)), firms * len(days)
    tier = [firm["tier"] for firm in run.scenario["firms"]] * len(days)
    rises = {"expected_gain": 0.01 + day / 1e5, "gain": np.where(day > 0, 0.005 + day / 1e5, np.nan)}
    earned = {"expected_income": 100.0 + day, "income": 120.0 + day}
    rest = {name: 0 * day for name in ("capability_worth", "hurdle", "effort")}
    return make_table("expectations", {"day": day, "firm": firm, "tier": tier, **rises, **earned, **rest})


def _policies(run: Run) -> pl.DataFrame:
    days = np.arange(0.0, run.scenario["clock"]["days"], 91.0)
    still = np.full(len(days), 5)
    columns: dict[str, Any] = {"day": days, "policy": ["training"] * len(days), "is_on": still > 0, "meant": 2 * still}
    money = {"cost": 10 * days, "revenue": 0 * days, "leakage": 0 * days}
    return make_table("policies", columns | {"reached": still, "beneficiaries": still} | money)


@pytest.fixture(scope="session")
def bare_run(run: Run) -> Run:
    """Return a run in which nothing was recorded and nothing is aimed at."""
    tables = {name: empty_table(name) for name in TABLES}
    return dataclasses.replace(run, tables=tables, dropouts={}, scenario=run.scenario | {"targets": []})


@pytest.fixture
def rows() -> Callable[..., pl.DataFrame]:
    """Return a maker of tables: a name and one mapping per row; columns left out are 0 or empty."""

    def make(name: str, *given: dict[str, Any]) -> pl.DataFrame:
        blank = {column: "" if column in TEXT_COLUMNS else 0.0 for column in TABLES[name]}
        full = [blank | row for row in given]
        return make_table(name, {column: [row[column] for row in full] for column in blank})

    return make


def _parts(spec: Any) -> Iterator[Any]:
    """Yield every mapping inside a chart."""
    if isinstance(spec, dict):
        yield spec
    for inner in spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list) else ():
        yield from _parts(inner)


@pytest.fixture(scope="session")
def parts() -> Callable[[Any], list[dict[str, Any]]]:
    """Return a function that lists every mapping inside the description of a chart."""
    return lambda spec: list(_parts(spec))
