"""Runs for tests of charts: a made-up one, and one in which nothing was recorded."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest

from gpnde.results.columns import TABLES, TEXT_COLUMNS
from gpnde.results.example import example_run
from gpnde.results.run import Run
from gpnde.results.tables import empty_table, make_table


@pytest.fixture(scope="session")
def run() -> Run:
    """Return a made-up run."""
    return example_run()


@pytest.fixture(scope="session")
def big_run() -> Run:
    """Return a made-up run that is too big to be drawn site by site and day by day."""
    return example_run(sites=400, days=3640)


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
