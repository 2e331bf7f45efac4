"""What a unit of stock costs a day."""

from __future__ import annotations

import numpy as np

from gpnde.mechanics.costs import rate_per_day


def test_a_rate_that_is_given_goes_before_one_by_worth() -> None:
    found = rate_per_day(np.array([0.0, 2.0]), np.array([364.0, 364.0]), 0.25)
    assert found.tolist() == [0.25, 2.0]


def test_worth_costs_nothing_without_a_share() -> None:
    assert float(rate_per_day(0.0, 100.0, 0.0)) == 0.0
