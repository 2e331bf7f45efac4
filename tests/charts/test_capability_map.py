"""Rows behind the heat map of capability."""

from __future__ import annotations

import numpy as np
import pytest

from gpnde.charts.capability_map import MOST_FIRMS, capability_by_firm, firm_rows, shown_firms
from gpnde.charts.state import time_of
from gpnde.results.history import History
from gpnde.results.run import Run
from gpnde.vocabulary import FUNCTIONS
from tests.charts.said import heading_of


def history_in(run: Run) -> History:
    assert run.history is not None
    return run.history


def test_firms_stand_by_tier_and_capability(run: Run) -> None:
    history = history_in(run)
    order = shown_firms(history, -1)
    keys = [(int(history.tiers[firm]), -float(history.capability[-1, firm].mean())) for firm in order]
    assert len(order) == len(history.firms) and keys == sorted(keys)


def test_of_many_firms_some_of_each_tier_are_shown_the_best_among_them(big_run: Run) -> None:
    history = history_in(big_run)
    shown = shown_firms(history, -1)
    assert 0.7 * MOST_FIRMS < len(shown) < 1.2 * MOST_FIRMS
    for tier in np.unique(history.tiers):
        members = np.flatnonzero(history.tiers == tier)
        assert members[history.capability[-1, members].mean(axis=1).argmax()] in shown


def test_every_firm_has_a_cell_per_function_with_its_capability(run: Run) -> None:
    history = history_in(run)
    rows = firm_rows(history, 0)
    assert rows.height == len(FUNCTIONS) * len(history.firms)
    first = rows.row(0, named=True)
    place = history.firms.index(first["firm"])
    assert first["capability"] == history.capability[0, place, 0]


@pytest.mark.parametrize("day, time", [(None, 8), (0, 0), (90.9, 0), (91, 1), (5000, 8)])
def test_a_day_shows_the_last_record_before_it(run: Run, day: float | None, time: int) -> None:
    assert time_of(history_in(run), day) == time
    days = history_in(run).days
    assert f"· Day {days[time]:,.0f};" in heading_of(capability_by_firm(run, day).to_dict())
