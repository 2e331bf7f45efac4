"""Rows behind the charts of capability: each tier as it is, few enough, and absent firms are not counted."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gpnde.charts.capability import FLAGSHIP, HIGHER, LABELS, LOWER, MOST_TIERS, capability_rows, gap_rows
from gpnde.charts.theme import MOST_ROWS
from gpnde.results.history import History
from gpnde.vocabulary import FUNCTIONS


def told(able: list[list[float]], roles: list[str], tiers: list[int] | None = None) -> History:
    """Return firms that perform engineering alone with a capability per time and firm."""
    times, firms = len(able), len(roles)
    capability = np.zeros((times, firms, len(FUNCTIONS)))
    performed = np.zeros(capability.shape, dtype=np.bool_)
    engineering = FUNCTIONS.index("engineering")
    capability[:, :, engineering], performed[:, :, engineering] = able, True
    return History(
        days=91.0 * np.arange(times, dtype=np.float64),
        firms=[f"firm-{number}" for number in range(firms)],
        tiers=np.array(tiers or [1] * firms),
        roles=roles,
        clusters=[""] * firms,
        present=np.ones((times, firms), dtype=np.bool_),
        capability=capability,
        performed=performed,
    )


def test_every_cell_is_the_mean_of_a_tier_at_the_start_and_at_the_end() -> None:
    rows = capability_rows(told([[0.2, 0.4], [0.5, 0.5], [0.6, 0.8]], ["supplier"] * 2))
    assert rows.height == 2 * len(FUNCTIONS)
    chosen = rows.filter(rows["function"] == LABELS["engineering"])
    assert chosen.rows() == [
        ("Day 0", "1", "Engineering", pytest.approx(0.3), 2, 2),
        ("Day 182", "1", "Engineering", pytest.approx(0.7), 2, 2),
    ]


def test_firm_that_has_left_is_in_no_cell() -> None:
    history = told([[0.2, 0.4]], ["supplier"] * 2, tiers=[1, 2])
    gone = dataclasses.replace(history, present=np.array([[True, False]]))
    assert set(capability_rows(gone)["tier"]) == {"1"}


def test_very_many_tiers_are_put_together() -> None:
    history = told([[0.5] * 20], ["supplier"] * 20, tiers=list(range(20)))
    rows = capability_rows(history)
    assert rows["tier"].n_unique() == MOST_TIERS
    assert rows.filter(rows["tier"] == "7 and up")["firms"].unique().to_list() == [13]


def test_flagships_and_both_tiers_have_a_line_each() -> None:
    rows = gap_rows(told([[1.0, 0.5, 0.2], [1.0, 0.6, 0.2]], ["brand-leader", "lead-supplier", "supplier"]))
    assert rows.rows() == [
        *((day, FLAGSHIP, 1.0) for day in (0, 91)),
        *((0, HIGHER, 0.5), (91, HIGHER, 0.6)),
        *((day, LOWER, 0.2) for day in (0, 91)),
    ]


def test_a_group_without_firms_has_no_line() -> None:
    assert set(gap_rows(told([[0.5]], ["lead-supplier"]))["group"]) == {HIGHER}


def test_a_record_every_day_of_a_decade_is_thinned_to_its_first_and_last() -> None:
    rows = gap_rows(told([[0.1, 0.2, 0.3]] * 3640, ["brand-leader", "lead-supplier", "supplier"]))
    assert rows.height <= MOST_ROWS
    assert rows["day"].min() == 0
    assert rows["day"].max() == 91 * 3639
