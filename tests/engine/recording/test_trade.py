"""The table of trade holds what was invoiced across borders, once, and nothing else."""

from __future__ import annotations

import polars as pl
import pytest

from gpnde.engine.simulate import open_run, restore, simulate
from gpnde.results.metric import total
from gpnde.results.run import Run

from ..economy import economy

STEADY = {"markets__0__demand__law": 100, "countries__1__currency": None}


def traded(run: Run, origin: str, destination: str) -> float:
    pair = (pl.col("origin") == origin) & (pl.col("destination") == destination)
    return total(run.table("trade").filter(pair), "value")


def test_exports_are_what_was_sent_at_its_price() -> None:
    """Parts go from the south to the north at prices that stand still, for a year and a day."""
    run = simulate(economy(clock__days=365, **STEADY))
    links = run.table("links").filter(pl.col("buyer") == "works")
    value = links.select((pl.col("shipped") * pl.col("price")).sum()).item()
    assert traded(run, "south", "north") == pytest.approx(value, rel=0.02)
    assert traded(run, "north", "south") == 0.0


def test_a_network_in_one_country_has_no_trade() -> None:
    run = simulate(economy(clusters__1__country="north", countries=[{"name": "north"}], clock__days=91))
    assert run.table("trade").is_empty()


def test_what_is_exported_is_imported() -> None:
    run = simulate(economy(clock__days=364))
    assert run.metric("country.exports.south") == run.metric("country.imports.north") > 0


def test_a_restored_run_has_the_same_rows() -> None:
    run = open_run(economy(clock__days=364))
    run.advance(200)
    snapshot = run.snapshot()
    assert restore(snapshot).finish().table("trade").equals(run.finish().table("trade"))
