"""Rows behind the chart of flow by tier."""

from __future__ import annotations

import json
from collections.abc import Callable

import polars as pl
import pytest

from gpnde.charts.parts import MOST_TIERS
from gpnde.charts.tiers import MOST_PARTS, finding, flow_of, in_days, part_sites, tier_rows
from gpnde.results.run import Run

Rows = Callable[..., pl.DataFrame]


def test_orders_are_per_day_and_fill_is_shipped_over_ordered(rows: Rows) -> None:
    tiers = rows(
        "tiers",
        {"day": 7, "tier": 1, "demanded": 70, "shipped": 35, "backlog": 35, "on_hand": 1},
        {"day": 10, "tier": 1, "demanded": 30, "shipped": 60, "backlog": 5, "on_hand": 2},
        {"day": 14, "tier": 1, "demanded": 0, "shipped": 5, "backlog": 0, "on_hand": 3},
    )
    assert tier_rows(tiers).rows() == [
        ("1", 7.0, 10.0, 35.0, 1.0, 0.5),
        ("1", 10.0, 10.0, 5.0, 2.0, 2.0),
        ("1", 14.0, 0.0, 0.0, 3.0, None),
    ]


def test_the_last_day_is_a_day_like_others(rows: Rows) -> None:
    tiers = rows("tiers", {"day": 7, "demanded": 7}, {"day": 14, "demanded": 7})
    assert tier_rows(tiers).select("day", "ordered").rows() == [(7, 1.0), (14, 1.0)]


def test_many_days_keep_their_orders_and_the_mean_of_their_stock(rows: Rows) -> None:
    days = range(1, 2 * MOST_PARTS + 1)
    tiers = rows("tiers", *[{"day": day, "demanded": 5, "shipped": 4, "on_hand": day} for day in days])
    found = tier_rows(tiers)
    assert found.height == MOST_PARTS
    assert found["ordered"].to_list() == pytest.approx([5.0] * MOST_PARTS)
    assert found["fill"].to_list() == pytest.approx([0.8] * MOST_PARTS)
    assert found["on_hand"].head(2).to_list() == [1.5, 3.5]


def test_deep_tiers_are_added_up(rows: Rows) -> None:
    tiers = rows("tiers", *[{"day": 7, "tier": tier, "demanded": 7} for tier in range(MOST_TIERS + 2)])
    assert tier_rows(tiers)["ordered"].to_list() == [1.0] * (MOST_TIERS - 1) + [3.0]


def test_part_of_the_network_is_its_sites_alone(run: Run) -> None:
    firm = run.sites["firm"][0]
    own = run.sites.filter(pl.col("firm") == firm)
    assert part_sites(run, "firm", firm).equals(own)
    assert own["day"].n_unique() <= MOST_PARTS
    assert tier_rows(part_sites(run, "firm", firm))["backlog"].sum() == pytest.approx(own["backlog"].sum())


def test_part_that_was_not_recorded_says_so(bare_run: Run) -> None:
    said = json.dumps(flow_of(bare_run, "cluster", "nowhere").to_dict())
    assert "Cluster nowhere" in said and "No site of it was recorded." in said


def test_tiers_that_count_in_different_units_are_compared_in_days(rows: Rows) -> None:
    given = [
        {"day": day, "tier": tier, "demanded": 70 * size, "backlog": 20 * size, "on_hand": 30 * size}
        for day in (7, 14)
        for tier, size in ((0, 1), (1, 1000))
    ]
    found = in_days(tier_rows(rows("tiers", *given))).select("orders_to_mean", "days_waiting", "days_of_stock")
    assert found.unique().rows() == [(1.0, 2.0, 3.0)]


def test_a_tier_that_nothing_was_asked_of_has_no_days(rows: Rows) -> None:
    found = in_days(tier_rows(rows("tiers", {"day": 7, "on_hand": 3})))
    assert found.select("orders_to_mean", "days_waiting", "days_of_stock").rows() == [(None, None, None)]
    assert finding(found) == "Nothing has been ordered yet"
