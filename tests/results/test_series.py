"""Series: totals over time and counts in equal parts of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.results.series import binned, count_dropouts, service, thinned, tier_totals

Rows = Callable[..., pl.DataFrame]


def test_service_is_summed_over_markets_per_day(rows: Rows) -> None:
    markets = rows(
        "markets",
        {"day": 14, "market": "a", "demanded": 0},
        {"day": 7, "market": "a", "demanded": 10, "filled": 5},
        {"day": 7, "market": "b", "demanded": 30, "filled": 25},
    )
    assert service(markets).rows() == [(7, 40, 30, 0.75), (14, 0, 0, None)]


def test_tiers_are_added_up_per_day(rows: Rows) -> None:
    tiers = rows("tiers", {"day": 7, "tier": 1, "backlog": 2}, {"day": 7, "tier": 0, "backlog": 3}, {"day": 0})
    assert tier_totals(tiers, "backlog").rows() == [(0, 0), (7, 5)]


def test_a_dropout_needs_both_an_end_and_a_cause(rows: Rows) -> None:
    events = rows(
        "events",
        {"kind": "link_dropped", "cause": "score"},
        {"kind": "link_dropped"},
        {"kind": "supplier_scored", "cause": "score"},
    )
    assert count_dropouts(events) == {"score": 1}


@given(st.lists(st.floats(0, 100), max_size=50), st.integers(1, 20))
def test_parts_of_time_hold_every_day_once(days: list[float], bins: int) -> None:
    counts = binned(np.array(days), 100.0, bins)
    assert counts.sum() == len(days)
    assert len(counts) == bins


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60), st.integers(1, 40))
def test_thinning_keeps_the_level_and_the_limit(values: list[float], points: int) -> None:
    thin = thinned(np.array(values), points)
    assert len(thin) == min(points, len(values))
    assert min(values) - 1e-9 <= thin.min() <= thin.max() <= max(values) + 1e-9


def test_missing_numbers_are_left_out_of_a_mean() -> None:
    assert thinned(np.array([1.0, np.nan, np.nan, np.nan]), 2) == pytest.approx([1.0, np.nan], nan_ok=True)
