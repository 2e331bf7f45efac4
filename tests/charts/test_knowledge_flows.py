"""Rows behind the chart of knowledge flows."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from gpnde.charts.knowledge_flows import MOST_PARTS, channel_flows, tier_flows
from gpnde.results.run import Run

Rows = Callable[..., pl.DataFrame]


def test_running_totals_become_what_came_per_quarter(rows: Rows) -> None:
    book = "transferred_informal_tacit"
    learners = rows(
        "learners",
        {"day": 0, "firm": "a", book: 0},
        {"day": 91, "firm": "a", book: 2},
        {"day": 91, "firm": "b", book: 1},
        {"day": 273, "firm": "a", book: 6},
        {"day": 273, "firm": "b", book: 1},
    )
    found = channel_flows(learners).filter(pl.col("channel") == "informal, tacit")
    assert found.select("start", "end", "rate").rows() == [(0.0, 91.0, 3.0), (91.0, 273.0, 2.0)]


def test_channels_and_tiers_add_up_to_the_same(run: Run) -> None:
    received = [
        ((table["end"] - table["start"]) * table["rate"]).sum() / 91
        for table in (channel_flows(run.learners), tier_flows(run.learners))
    ]
    assert received[0] == pytest.approx(run.metric("transferred.all"))
    assert received[1] == pytest.approx(run.metric("transferred.all"))


def test_long_runs_have_few_parts_and_lose_nothing(big_run: Run) -> None:
    found = channel_flows(big_run.learners)
    assert found["start"].n_unique() <= MOST_PARTS
    total = ((found["end"] - found["start"]) * found["rate"]).sum() / 91
    assert total == pytest.approx(big_run.metric("transferred.all"))


def test_the_first_record_alone_is_no_flow(rows: Rows) -> None:
    assert channel_flows(rows("learners", {"day": 0, "firm": "a"})).is_empty()
