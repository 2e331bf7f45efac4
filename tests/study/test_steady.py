"""Transients and batch means: series whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gpnde.engine.simulate import simulate
from gpnde.scenario import load_scenario
from gpnde.study.intervals import mean_interval
from gpnde.study.steady import (
    BATCHES,
    batch_means,
    batched,
    standard_errors,
    until_steady,
    values_until_steady,
)


def autoregressive(count: int, memory: float, seed: int) -> NDArray[np.float64]:
    """Return a steady series of mean 0 in which each value keeps a share of the one before, and noise of 1."""
    rng = np.random.default_rng(seed)
    values = np.empty(count)
    values[0] = rng.normal() / math.sqrt(1 - memory**2)
    for index in range(1, count):
        values[index] = memory * values[index - 1] + rng.normal()
    return values


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30))
def test_standard_errors_are_those_of_what_is_left(values: list[float]) -> None:
    given_values = np.array(values)
    left = [given_values[cut:] for cut in range(len(values))]
    expected = [float(((part - part.mean()) ** 2).sum()) / len(part) ** 2 for part in left]
    assert standard_errors(given_values) == pytest.approx(expected, abs=1e-6)


@given(st.integers(0, 9), st.floats(-50, 50).filter(lambda x: abs(x) > 0.01), st.floats(-50, 50))
def test_a_step_is_cut_where_it_ends(batches: int, height: float, level: float) -> None:
    series = [level + height] * (5 * batches) + [level] * (200 - 5 * batches)
    assert values_until_steady(series) == 5 * batches


@pytest.mark.parametrize("decay", [5.0, 20.0])
def test_an_exponential_transient_is_cut_until_little_of_it_is_left(decay: float) -> None:
    """The bias that is left in the mean is far below the noise, and little more than the transient is cut."""
    for seed in range(5):
        noise = np.random.default_rng(seed).normal(size=1000)
        cut = values_until_steady(noise + 20 * np.exp(-np.arange(1000) / decay))
        assert cut is not None and 1.5 * decay <= cut <= 10 * decay


def test_a_trend_is_never_steady() -> None:
    assert values_until_steady(np.arange(200.0)) is None


def test_a_constant_series_is_steady_from_the_start() -> None:
    assert values_until_steady(np.full(100, 3.7)) == 0
    assert values_until_steady([1.0] * 4) is None


def test_batches_of_independent_values_are_those_of_replications() -> None:
    values = np.random.default_rng(1).normal(size=203)
    found = batch_means(values, batches=10)
    assert found.size == 20
    assert found.interval == mean_interval(batched(values[3:], 20).tolist())


def test_the_interval_is_as_wide_as_theory_says_of_an_autoregressive_series() -> None:
    """The variance of the mean of n values tends to 1 / (n (1 - memory)²)."""
    count, memory = 20_000, 0.8
    widths = [batch_means(autoregressive(count, memory, seed)).interval for seed in range(40)]
    halves = np.array([(each.high - each.low) / 2 / 2.093 for each in widths])
    assert math.sqrt(float((halves**2).mean())) == pytest.approx(1 / (1 - memory) / math.sqrt(count), rel=0.15)
    covered = sum(each.low <= 0.0 <= each.high for each in widths)
    assert covered >= 34


def test_short_batches_still_go_together() -> None:
    values = autoregressive(200, 0.95, 3)
    assert batch_means(values, batches=100).correlation > 0.5
    assert abs(batch_means(autoregressive(50_000, 0.5, 3)).correlation) < 0.5


@pytest.mark.parametrize("batches", [1, 31])
def test_batches_that_cannot_be_are_refused(batches: int) -> None:
    with pytest.raises(ValueError, match="must be from 2"):
        batch_means([1.0] * 30, batches)


def test_a_run_that_begins_empty_becomes_steady() -> None:
    """A shop that opens without stock is short for the lead time of its supplier, and steady after it."""
    settings = {"sites.shop.stock": 0, "clock.days": 728, "record.every_days": 1, "costs": {"every_days": 7}}
    found = {each.series: each for each in until_steady(simulate(load_scenario("single-site", settings)))}
    assert set(found) == {"fill rate", "stock", "backlog", "costs"}
    backlog = found["backlog"]
    assert backlog.days is not None and 0 < backlog.days < 364
    assert backlog.after is not None and backlog.after.size == (728 - int(backlog.days)) // BATCHES


def test_nothing_is_said_of_a_run_with_few_rows() -> None:
    assert until_steady(simulate(load_scenario("single-site", {"clock.days": 70}))) == []
