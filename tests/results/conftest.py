"""Small tables and scenarios for tests of results: only what a test is about is written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.columns import TABLES, TEXT_COLUMNS
from gpnde.results.tables import empty_table, make_table
from gpnde.vocabulary import FUNCTIONS

Rows = Callable[..., pl.DataFrame]
Tables = dict[str, pl.DataFrame]
Days = dict[float, dict[str, dict[str, float]]]


@pytest.fixture
def rows() -> Rows:
    """Return a maker of tables: a name and one mapping per row; columns left out are 0 or empty."""

    def make(name: str, *given: dict[str, Any]) -> pl.DataFrame:
        blank = {column: "" if column in TEXT_COLUMNS else 0.0 for column in TABLES[name]}
        full = [blank | row for row in given]
        return make_table(name, {column: [row[column] for row in full] for column in blank})

    return make


@pytest.fixture
def no_rows() -> dict[str, pl.DataFrame]:
    """Return every table without rows."""
    return {name: empty_table(name) for name in TABLES}


@pytest.fixture
def scenario() -> dict[str, Any]:
    """Return two firms in two tiers: a supplier S that feeds a plant A, which serves a market."""
    return {
        "name": "two",
        "clock": {"days": 100.0},
        "products": {"car": {"value_added": 2.0, "complexity": 0.9}, "wheel": {"value_added": 3.0, "complexity": 0.1}},
        "regions": [{"name": "North", "country": "Norland"}],
        "clusters": [{"name": "Town", "region": "North"}, {"name": "Port", "region": "North", "country": "Isle"}],
        "firms": [{"name": "maker", "tier": 0, "role": "brand-leader"}, {"name": "helper", "tier": 1}],
        "sites": [
            {"name": "A", "firm": "maker", "product": "car", "cluster": "Town", "employment": 1.0},
            {
                "name": "S",
                "firm": "helper",
                "product": "wheel",
                "cluster": "Port",
                "value_added": 5.0,
            },
        ],
        "markets": [{"name": "World", "product": "car", "served_by": {"A": 1.0}}],
        "targets": [],
    }


@pytest.fixture
def told(rows: Rows, no_rows: Tables) -> Callable[..., Tables]:
    """Return a maker of the tables of knowledge from capabilities by day, firm and function performed.

    Functions that are not named are not performed and have capability 0; further columns of learners are given by firm.
    """

    def tell(
        days: Days,
        roles: dict[str, str] | None = None,
        tiers: dict[str, int] | None = None,
        gone: set[tuple[float, str]] | None = None,
        **columns: dict[str, Any],
    ) -> Tables:
        knowledge, learners = [], []
        for day, firms in days.items():
            for firm, able in firms.items():
                who = {"day": day, "firm": firm, "tier": (tiers or {}).get(firm, 1)}
                present = (day, firm) not in (gone or set())
                given = {column: values[firm] for column, values in columns.items() if firm in values}
                role = (roles or {}).get(firm, "supplier")
                learners.append({**who, "role": role, "present": present, **given})
                knowledge += [
                    {**who, "function": name, "capability": able.get(name, 0.0), "performed": name in able}
                    for name in FUNCTIONS
                ]
        return no_rows | {"knowledge": rows("knowledge", *knowledge), "learners": rows("learners", *learners)}

    return tell
