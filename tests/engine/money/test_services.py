"""Plants buy services nearby as far as there are providers, who follow what is bought."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from gpnde.engine.simulate import open_run, restore, simulate
from gpnde.errors import ScenarioError
from gpnde.results.metric import total
from gpnde.results.run import Run
from gpnde.scenario import Scenario

from ..economy import economy

RULES = {"half_purchases": 2e5, "adjustment_per_year": 1.0}


def serviced(rules: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """Return the economy of a brand and two makers abroad, whose plants buy services."""
    return economy(cells={}, services=RULES | (rules or {}), clock__days=364, **changes)


def last(run: Run, cluster: str) -> dict[str, Any]:
    """Return the last row of a cluster."""
    return run.table("services").filter(pl.col("cluster") == cluster).tail(1).to_dicts()[0]


def clusters(run: Run) -> list[str]:
    """Return the clusters in which something was bought."""
    table = run.table("services")
    return [name for name in table["cluster"].unique(maintain_order=True) if last(run, name)["nearby"] > 0]


def test_what_is_bought_is_the_share_of_cost_that_the_cell_states() -> None:
    """All else in unit cost stands still, so that purchases are share, cost and output of the plants."""
    run = simulate(serviced({"premium": 0.0, "adjustment_per_year": 0.0}))
    table = run.table("services")
    bought = total(table, "bought_nearby") + total(table, "bought_elsewhere")
    plants = run.table("plants").filter(pl.col("day") == 364).select("site", "unit_cost", "bought_in")
    made = run.table("sites").group_by("site").agg(pl.col("produced").sum())
    shares = plants.join(made, on="site").with_columns(spent=pl.col("bought_in") * pl.col("produced"))
    # Changing over is the other part of what is bought in: half a percent of cost beside three for services.
    assert bought == pytest.approx(total(shares, "spent") * 0.03 / 0.035, rel=0.05)


def test_providers_come_where_more_is_bought() -> None:
    few, many = (simulate(serviced(markets__0__demand__law=demand)) for demand in (50, 120))
    assert clusters(few) == clusters(many) != []
    for name in clusters(many):
        assert last(many, name)["nearby"] > last(few, name)["nearby"]
    assert many.metric("services.nearby") > few.metric("services.nearby")


def test_a_place_that_is_abandoned_loses_its_providers() -> None:
    run = simulate(serviced(sites__1__closes_day=91, sites__2__closes_day=91))
    town = run.table("plants").filter(pl.col("site") == run.scenario["sites"][1]["name"])["cluster"][0]
    course = run.table("services").filter(pl.col("cluster") == town)["nearby"].to_list()
    assert course[-1] < 0.6 * course[0]


def test_plants_whose_cost_is_given_buy_none() -> None:
    of_parts = {"plant": None, "labour_days": None, "value_added": 3.0}
    given: dict[str, Any] = {f"products__part__{name}": value for name, value in of_parts.items()}
    assert clusters(simulate(serviced(**given))) == ["harbour"]


def test_services_from_elsewhere_make_units_dearer_by_their_premium() -> None:
    rules = {"half_purchases": 1e12, "support": 0, "response": 0, "ramp_up": 0}
    usual, dear = (
        simulate(serviced({**rules, "premium": premium})).table("plants").filter(pl.col("day") == 0)
        for premium in (0.0, 1.0)
    )
    shares = (dear["unit_cost"] - usual["unit_cost"]) / (usual["unit_cost"] - usual["bought_in"])
    # Materials become dearer, too, by the services of those who make them.
    assert shares.min() == pytest.approx(0.03, rel=0.02)


def test_books_balance_and_a_restored_run_ends_in_the_same_bytes() -> None:
    run = open_run(serviced())
    run.advance(200)
    snapshot = run.snapshot()
    whole = run.finish()
    assert max(whole.conservation.values()) < 1e-9
    assert restore(snapshot).finish().fingerprint == whole.fingerprint


NO_PLACES: dict[str, Any] = {"clusters": [], **{f"sites__{number}__cluster": None for number in range(3)}}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "services: given, but no plant buys any: give cells, or leave it out"),
        ({"cells": {}, **NO_PLACES}, "services: given, but there are no clusters for providers: add clusters"),
    ],
)
def test_services_that_no_plant_can_buy_are_refused_in_one_line(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        economy(services={}, **changes)
