"""Flow: service, stocks and bullwhip follow their formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.results.metrics import flow
from gpnde.results.metrics.flow import bullwhip_ratios
from tests.results.measuring import measured

Rows = Callable[..., pl.DataFrame]
Tables = dict[str, pl.DataFrame]


def values(scenario: dict[str, Any], tables: Tables, statistics: dict[str, Any] | None = None) -> dict[str, float]:
    return measured(flow, scenario, tables, statistics=statistics or {})


def test_fill_rate_is_what_was_filled_over_what_was_asked_for(
    scenario: dict[str, Any], no_rows: Tables, rows: Rows
) -> None:
    markets = rows(
        "markets",
        {"market": "Big", "day": 7, "demanded": 30, "filled": 20, "lost": 5},
        {"market": "Big", "day": 14, "demanded": 30, "filled": 30},
        {"market": "Far East", "day": 7, "demanded": 40, "filled": 10, "lost": 5},
    )
    found = values(scenario, no_rows | {"markets": markets})
    assert found["flow.fill_rate"] == pytest.approx(0.6)
    assert found["flow.fill_rate.big"] == pytest.approx(50 / 60)
    assert found["flow.fill_rate.far-east"] == pytest.approx(0.25)
    assert found["flow.lost_sales"] == pytest.approx(0.1)


def test_nothing_is_reported_of_a_run_without_rows(scenario: dict[str, Any], no_rows: Tables) -> None:
    assert values(scenario, no_rows) == {}


def test_sales_count_as_on_time_only_when_whole_by_the_promised_day(
    scenario: dict[str, Any], no_rows: Tables, rows: Rows
) -> None:
    sales = rows(
        "sales",
        {"promised_day": 5, "received_day": 5},
        {"promised_day": 5, "received_day": 6},
        {"promised_day": 5, "received_day": None},
        {"promised_day": 101, "received_day": None},
    )
    assert values(scenario, no_rows | {"sales": sales})["flow.otif.sales"] == pytest.approx(1 / 3)


def test_on_time_share_of_links_is_weighted_by_order_lines(
    scenario: dict[str, Any], no_rows: Tables, rows: Rows
) -> None:
    links = rows(
        "links",
        {"orders": 30, "on_time_share": 1.0},
        {"orders": 10, "on_time_share": 0.2},
        {"orders": 60, "on_time_share": None},
    )
    assert values(scenario, no_rows | {"links": links})["flow.otif.links"] == pytest.approx(32 / 40)


def test_service_share_counts_records_without_backlog(scenario: dict[str, Any], no_rows: Tables, rows: Rows) -> None:
    sites = rows(
        "sites",
        {"site": "A", "backlog": 0},
        {"site": "A", "backlog": 1e-12, "demanded": 100},
        {"site": "S", "backlog": 1},
        {"site": "S", "backlog": 0},
    )
    assert values(scenario, no_rows | {"sites": sites})["flow.service_share"] == 0.75


def test_records_of_a_site_that_is_not_open_do_not_count(scenario: dict[str, Any], no_rows: Tables, rows: Rows) -> None:
    scenario["sites"][0] |= {"opens_day": 10, "closes_day": 20}
    sites = rows(
        "sites",
        {"site": "A", "day": 9},
        {"site": "A", "day": 15, "backlog": 1},
        {"site": "A", "day": 21},
        {"site": "S", "day": 9},
    )
    assert values(scenario, no_rows | {"sites": sites})["flow.service_share"] == 0.5


def test_pipeline_and_cover_are_means_by_tier_and_in_all(scenario: dict[str, Any], no_rows: Tables, rows: Rows) -> None:
    tiers = rows(
        "tiers",
        {"tier": 0, "day": 50, "on_hand": 10, "demanded": 100, "in_transit": 4},
        {"tier": 0, "day": 100, "on_hand": 30, "demanded": 300, "in_transit": 8},
        {"tier": 1, "day": 50, "on_hand": 0, "demanded": 0, "in_transit": 1},
        {"tier": 1, "day": 100, "on_hand": 20, "demanded": 100, "in_transit": 1},
    )
    found = values(scenario, no_rows | {"tiers": tiers})
    assert (found["flow.pipeline.tier.0"], found["flow.pipeline.tier.1"], found["flow.pipeline"]) == (6, 1, 7)
    assert found["flow.cover.tier.0"] == pytest.approx(20 / 4)
    assert found["flow.cover.tier.1"] == pytest.approx(10 / 1)
    assert found["flow.cover"] == pytest.approx(30 / 5)


def sums(kind: str, series: list[list[float]]) -> dict[str, Any]:
    return {
        f"{kind}_n": np.array([len(one) for one in series]),
        f"{kind}_sum": np.array([sum(one) for one in series]),
        f"{kind}_sumsq": np.array([sum(value**2 for value in one) for one in series]),
    }


@given(
    st.lists(st.floats(0, 1000), min_size=2, max_size=20).filter(lambda demand: np.ptp(demand) > 1),
    st.floats(0.1, 3),
    st.floats(0, 100),
)
def test_bullwhip_of_orders_that_stretch_demand_is_the_square_of_the_stretch(
    demand: list[float], stretch: float, shift: float
) -> None:
    orders = [shift + stretch * value for value in demand]
    ratio = bullwhip_ratios(sums("orders", [orders]) | sums("demand", [demand]))[0]
    assert ratio == pytest.approx(stretch**2, rel=1e-4)


def test_bullwhip_is_undefined_where_demand_does_not_vary_or_was_seen_once() -> None:
    demand = sums("demand", [[0.1, 0.1, 0.1], [3.0]])
    ratios = bullwhip_ratios(sums("orders", [[1.0, 2.0, 3.0], [3.0]]) | demand)
    assert all(math.isnan(ratio) for ratio in ratios)


def test_bullwhip_is_the_mean_over_the_sites_of_a_tier(scenario: dict[str, Any], no_rows: Tables) -> None:
    statistics = sums("orders", [[0, 2], [0, 4], [0, 1]]) | sums("demand", [[0, 2], [0, 2], [1, 1]])
    found = values(scenario, no_rows, statistics | {"tier": np.array([0, 1, 1])})
    assert found == {"flow.bullwhip": 2.5, "flow.bullwhip.tier.0": 1.0, "flow.bullwhip.tier.1": 4.0}


def test_full_service_is_the_share_of_instants_served_in_full(scenario: dict[str, Any], no_rows: Tables) -> None:
    statistics = {"claimed": np.array([3, 1]), "served": np.array([2, 1])}
    assert values(scenario, no_rows, statistics) == {"flow.full_service": 0.75}


def test_full_service_is_told_as_undefined_where_nothing_was_asked(scenario: dict[str, Any], no_rows: Tables) -> None:
    found = values(scenario, no_rows, {"claimed": np.array([0]), "served": np.array([0])})
    assert math.isnan(found["flow.full_service"])
