"""Exchange rates: moments of the process, steps of any length, and a mean that stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.exchange import log_variance, next_deviation, rate_of

_YEARS, _RATES = st.floats(0.01, 10.0), st.floats(0.0, 5.0)


@given(_YEARS, _YEARS, st.floats(0.0, 1.0), _RATES)
def test_variance_of_two_steps_is_that_of_one(first: float, second: float, volatility: float, reversion: float) -> None:
    kept = np.exp(-2.0 * reversion * second)
    apart = kept * log_variance(first, volatility, reversion) + log_variance(second, volatility, reversion)
    assert float(apart) == pytest.approx(float(log_variance(first + second, volatility, reversion)), abs=1e-12)


@given(st.floats(-2.0, 2.0), _YEARS, _YEARS, _RATES)
def test_without_noise_a_deviation_dies_out_exponentially(
    deviation: float, first: float, second: float, reversion: float
) -> None:
    apart = next_deviation(next_deviation(deviation, first, 0.0, reversion, 0.0), second, 0.0, reversion, 0.0)
    assert float(apart) == pytest.approx(deviation * np.exp(-reversion * (first + second)))


def test_variance_levels_off_at_its_stationary_value() -> None:
    assert float(log_variance(1e3, 0.2, 0.5)) == pytest.approx(0.2**2 / (2 * 0.5))


def test_the_mean_of_the_rate_is_one_at_every_time() -> None:
    noise = np.random.default_rng(1).normal(size=200_000)
    for years in (0.1, 1.0, 10.0):
        deviation = next_deviation(0.0, years, 0.3, 0.5, noise)
        variance = log_variance(years, 0.3, 0.5)
        rates = rate_of(deviation, variance)
        assert rates.min() > 0.0
        assert float(np.var(deviation)) == pytest.approx(float(variance), rel=0.02)
        assert rates.mean() == pytest.approx(1.0, abs=4.0 * rates.std() / np.sqrt(len(noise)))
