"""Customers who come at random: a Poisson process from the day on which the market opens."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gpnde.engine import simulate
from gpnde.scenario import Scenario

from .chains import STANDARD_ERRORS, chain

DAYS, OPENS, PER_DAY = 20_000, 5_000, 2.0


def market(autocorrelation: float) -> Scenario:
    """Return a market whose customers ask for 10 units with a standard deviation of 1."""
    demand = {
        "law": "normal(mean=10, sd=1)",
        "arrivals": "poisson",
        "arrivals_per_day": PER_DAY,
        "start_day": OPENS,
        "autocorrelation": autocorrelation,
    }
    record = {"every_days": DAYS, "orders": True, "entities": False}
    return chain([{"unlimited": True}], [], demand, {"days": DAYS, "tick_days": 0.001}, record=record)


@pytest.mark.parametrize("autocorrelation", [0.0, 0.5])
def test_customers_come_at_their_rate_once_the_market_is_open(autocorrelation: float) -> None:
    """Demand is a compound Poisson sum; the time from one customer to the next has as large a deviation as mean.

    The variance of the sum is 10² and the variance of the autocorrelated part in the long run, per customer.
    """
    run = simulate(market(autocorrelation))
    number = PER_DAY * (DAYS - OPENS)
    deviation = math.sqrt(number * (10**2 + 1 / (1 - autocorrelation) ** 2))
    assert run.markets["demanded"].sum() == pytest.approx(10 * number, abs=STANDARD_ERRORS * deviation)
    days = np.sort(run.sales["placed_day"].to_numpy())
    assert days[0] >= OPENS
    gaps = np.diff(days)
    assert gaps.std() / gaps.mean() == pytest.approx(1, abs=STANDARD_ERRORS / math.sqrt(len(gaps)) + 0.002)


@pytest.mark.parametrize("autocorrelation", [0.0, 0.5])
def test_what_customers_ask_for_is_correlated_as_the_scenario_says(autocorrelation: float) -> None:
    """Two customers of one tick, one pair in five hundred, place one order of twice the size and are left out."""
    sales = simulate(market(autocorrelation)).sales.sort("placed_day")["quantity"].to_numpy()
    sales = sales[sales < 15]
    correlation = float(np.corrcoef(sales[1:], sales[:-1])[0, 1])
    assert correlation == pytest.approx(autocorrelation, abs=STANDARD_ERRORS / math.sqrt(len(sales)) + 0.005)
