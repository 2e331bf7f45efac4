"""Shocks that come without memory."""

from __future__ import annotations

import numpy as np
import pytest
from gpnde_disruptions.arrivals import arrival_days


def test_rate_and_independence_are_those_of_a_poisson_process() -> None:
    counts = [len(arrival_days(np.random.default_rng(seed), 10.0, 200.0)) for seed in range(2000)]
    assert np.mean(counts) == pytest.approx(20.0, abs=4 * (20 / 2000) ** 0.5)
    assert np.var(counts) == pytest.approx(20.0, rel=0.15)


def test_first_shocks_do_not_depend_on_the_horizon() -> None:
    short, long = (arrival_days(np.random.default_rng(1), 30.0, horizon) for horizon in (300.0, 3000.0))
    assert 0 < len(short) < len(long)
    assert long[: len(short)].tolist() == short.tolist()


def test_days_rise_and_stay_before_the_horizon() -> None:
    days = arrival_days(np.random.default_rng(2), 5.0, 1000.0)
    assert (np.diff(days) > 0).all()
    assert 0 < days[0] < days[-1] < 1000.0


def test_rare_shocks_may_not_come_at_all() -> None:
    assert len(arrival_days(np.random.default_rng(1), 1e9, 1.0)) == 0
