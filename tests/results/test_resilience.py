"""Resilience: an outage is followed from the site to the markets and back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde.results.metrics import resilience
from gpnde.results.metrics.resilience import (
    Outage,
    evenly,
    first_short,
    markets_downstream,
    mean_recovery,
    outages,
)
from tests.results.measuring import measured

Rows = Callable[..., pl.DataFrame]
Tables = dict[str, pl.DataFrame]


@pytest.fixture
def struck(no_rows: Tables, rows: Rows) -> Tables:
    """Return records every ten days in which S is out from day 81 to 88, and A starves from day 85 on."""
    days = range(10, 101, 10)
    site_rows = [
        {"site": site, "tier": tier, "day": day, "produced": 0 if day == 90 else 10, "backlog": backlog(site, day)}
        for day in days
        for site, tier in (("A", 0), ("S", 1))
    ]
    market_rows = [{"market": "World", "day": day, "demanded": 10, "filled": 4 if day == 90 else 10} for day in days]
    return no_rows | {
        "events": rows(
            "events",
            {"day": 81, "kind": "site_failed", "cause": "outage", "site": "S"},
            {"day": 88, "kind": "site_recovered", "site": "S"},
        ),
        "links": rows("links", {"supplier": "S", "buyer": "A"}),
        "sites": rows("sites", *site_rows),
        "markets": rows("markets", *market_rows),
    }


def backlog(site: str, day: int) -> float:
    return 7.0 if site == "S" and day == 90 else 0.0


def test_an_outage_is_timed_and_its_loss_split(scenario: dict[str, Any], struck: Tables) -> None:
    found = measured(resilience, scenario, struck)
    assert found["flow.time_to_survive"] == 90 - 81
    assert found["flow.time_to_recover"] == 100 - 81
    assert found["flow.outages_survived"] == 0
    assert found["flow.lost_value_added.direct"] == pytest.approx(7 * 1.0 * 5)
    assert found["flow.lost_value_added.indirect"] == pytest.approx(10 * 5 + 10 * 2 - 35)


def test_a_network_that_stays_full_survives(scenario: dict[str, Any], struck: Tables) -> None:
    full = struck["markets"].with_columns(filled=pl.col("demanded"))
    found = measured(resilience, scenario, struck | {"markets": full})
    assert found["flow.outages_survived"] == 1
    assert "flow.time_to_survive" not in found


def test_a_run_without_outages_has_no_metrics_of_resilience(scenario: dict[str, Any], no_rows: Tables) -> None:
    assert measured(resilience, scenario, no_rows) == {}


def test_loss_is_left_out_where_no_undisturbed_rate_is_known(scenario: dict[str, Any], struck: Tables) -> None:
    late = struck["sites"].filter(pl.col("day") > 50)
    names = measured(resilience, scenario, struck | {"sites": late})
    assert "flow.lost_value_added.direct" not in names


def test_failures_are_paired_with_the_next_return_of_the_same_site(rows: Rows) -> None:
    events = rows(
        "events",
        {"day": 1, "kind": "site_failed", "site": "A"},
        {"day": 2, "kind": "site_failed", "site": "B"},
        {"day": 3, "kind": "site_failed", "site": "A"},
        {"day": 4, "kind": "site_recovered", "site": "A"},
        {"day": 5, "kind": "link_dropped", "site": "A"},
    )
    assert outages(events) == [Outage("A", 1, 4), Outage("B", 2, math.inf)]


def test_a_shortfall_counts_only_above_the_worst_of_the_quarter_before() -> None:
    days = np.arange(10.0, 301.0, 10.0)
    short = np.zeros(len(days))
    short[days == 50] = 0.3
    short[days == 120] = 0.3
    short[days == 130] = 0.4
    assert first_short(Outage("A", 100, 105), days, short) == 30
    assert first_short(Outage("A", 100, 101), days, np.where(days == 130, 0.3, short)) is None
    assert first_short(Outage("A", 10, 20), days, np.where(days > 200, 0.5, 0.0)) is None


def test_recovery_waits_for_the_return_and_for_the_backlog(rows: Rows) -> None:
    sites = rows(
        "sites",
        *[{"site": "A", "day": day, "backlog": held} for day, held in [(10, 2), (20, 1), (30, 9), (40, 3), (50, 2)]],
    )
    assert mean_recovery(sites, [Outage("A", 15, 18)]) == 5
    assert mean_recovery(sites, [Outage("A", 15, 25)]) == 35
    assert math.isnan(mean_recovery(sites, [Outage("A", 15, math.inf)]))


def test_markets_are_found_downstream_through_chains_and_circles(scenario: dict[str, Any], rows: Rows) -> None:
    scenario["markets"].append({"name": "Home", "served_by": ["B"]})
    links = rows(
        "links",
        {"supplier": "S", "buyer": "A"},
        {"supplier": "T", "buyer": "S"},
        {"supplier": "S", "buyer": "T"},
        {"supplier": "T", "buyer": "B"},
        {"supplier": "outside", "buyer": "T"},
        {"supplier": "X", "buyer": "Y"},
    )
    reach = markets_downstream(scenario, links)
    assert {site: reach.get(site) for site in "ABSTXY"} == {"A": 1, "B": 2, "S": 3, "T": 3, "X": None, "Y": None}


def test_of_many_outages_evenly_spaced_ones_are_taken() -> None:
    many = [Outage("A", day, day + 1) for day in range(101)]
    assert [outage.failed for outage in evenly(many, 3)] == [0, 50, 100]
    assert evenly(many[:2], 3) == many[:2]
