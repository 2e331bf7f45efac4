"""Small tables and scenarios for tests of results: only what a test is about is written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.columns import TABLES, TEXT_COLUMNS
from gpnde.results.tables import empty_table, make_table

Rows = Callable[..., pl.DataFrame]


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
            {"name": "A", "firm": "maker", "product": "car", "cluster": "Town", "floor_area": 30.0, "employment": 1.0},
            {
                "name": "S",
                "firm": "helper",
                "product": "wheel",
                "cluster": "Port",
                "floor_area": 10.0,
                "value_added": 5.0,
            },
        ],
        "markets": [{"name": "World", "product": "car", "served_by": {"A": 1.0}}],
        "targets": [],
    }
