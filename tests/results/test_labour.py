"""Metrics of work are read off the plants of a run."""

from __future__ import annotations

import polars as pl
import pytest

from gpnde import simulate
from gpnde.results.run import Run
from tests.engine.economy import economy


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(economy())


def test_employment_is_the_staff_at_the_end_in_all_and_by_tier(run: Run) -> None:
    last = run.plants.filter(pl.col("day") == 728)
    staff = dict(zip(last["firm"].to_list(), last["employees"].to_list(), strict=True))
    assert run.metric("labour.employment") == pytest.approx(sum(staff.values()))
    assert run.metric("labour.employment.tier.0") == pytest.approx(staff["brand"])
    assert run.metric("labour.employment.tier.1") == pytest.approx(staff["first"] + staff["second"])


def test_countries_share_all_employment(run: Run) -> None:
    north, south = (run.metric(f"labour.employment_share.{country}") for country in ("north", "south"))
    assert north + south == pytest.approx(1.0)
    assert north == pytest.approx(run.metric("labour.employment.tier.0") / run.metric("labour.employment"))


def test_dearer_plant_lowers_the_share_of_labour(run: Run) -> None:
    dear = simulate(economy(products__device__plant__cost=400_000))
    name = "labour.share_of_value_added.tier.0"
    assert 0.0 < dear.metric(name) < run.metric(name) < 1.0
