"""Rows behind the chart of lead times."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.charts.lead_times import LATE, MOST_BINS, ON_TIME, bins, delay_rows, deliveries, lead_time_rows, lead_times
from gpnde.results.run import Run
from tests.charts.said import heading_of

Rows = Callable[..., pl.DataFrame]

days = st.lists(st.floats(-50, 400), min_size=1, max_size=60)


def test_only_orders_between_sites_that_came_count(rows: Rows) -> None:
    orders = rows(
        "orders",
        {"supplier": "a", "placed_day": 3, "promised_day": 10, "received_day": 12},
        {"supplier": "a", "placed_day": 3, "promised_day": 10, "received_day": None},
        {"supplier": "outside", "placed_day": 3, "promised_day": 10, "received_day": 12},
    )
    assert deliveries(orders).rows() == [(7.0, 9.0, 2.0)]


@given(days)
def test_parts_follow_each_other_and_hold_everything(values: list[float]) -> None:
    found = bins(np.array(values))
    assert sum(share for _, _, share in found) == pytest.approx(1)
    assert all(one[1] == pytest.approx(other[0]) for one, other in zip(found, found[1:], strict=False))
    assert len(found) <= MOST_BINS + 2
    assert found[0][0] < min(values)


def test_weights_count_instead_of_values() -> None:
    assert bins(np.array([1.0, 2.0]), np.array([1.0, 3.0])) == [(0.0, 1.0, 0.25), (1.0, 2.0, 0.75)]


def test_what_comes_on_the_promised_day_is_on_time() -> None:
    rows = delay_rows(pl.DataFrame({"delay": [-1.0, 0.0, 0.0, 1.0]}))
    shares = rows.group_by("kind").agg(pl.col("share").sum())
    assert dict(shares.iter_rows()) == {ON_TIME: 0.75, LATE: 0.25}


def test_promised_and_actual_share_their_parts() -> None:
    came = pl.DataFrame({"promised": [10.0] * 9 + [11.0], "actual": [1.0, *range(2, 160, 20), 400.0]})
    rows = lead_time_rows(came.with_columns(delay=pl.col("actual") - pl.col("promised")))
    widths = set((rows["end"] - rows["start"]).to_list())
    assert len(widths) == 1 and widths != {1.0}


def test_without_order_lines_links_are_shown(run: Run) -> None:
    spec = lead_times(dataclasses.replace(run, tables=run.tables | {"orders": run.orders.clear()})).to_dict()
    assert "Order lines are not recorded" in heading_of(spec)
    shares = [row["share"] for rows in spec["datasets"].values() for row in rows]
    assert sum(shares) == pytest.approx(1)


def test_the_share_of_late_orders_is_said(full_run: Run) -> None:
    orders = full_run.orders
    late = (orders["received_day"] > orders["promised_day"]).sum() / orders.height
    assert f"{late:.1%} came late" in lead_times(full_run).to_dict()["description"]
