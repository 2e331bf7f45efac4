"""What policies pay per step."""

from __future__ import annotations

import numpy as np
import pytest
from gpnde_policies.amounts import in_step, months_of_cost, months_of_mean_cost, share_of_step

from gpnde.plugin import Policy

from .offices import opened


class Idle(Policy):
    """Does nothing."""

    name = "policy.idle"


def test_thirteen_steps_of_28_days_pay_a_year() -> None:
    office = opened(Idle())
    assert 13 * in_step(52.0, office.view) == pytest.approx(52.0)


def test_amounts_in_months_follow_the_cost_of_firms() -> None:
    view = opened(Idle()).view
    assert months_of_cost(view, 2.0) == pytest.approx(2.0 * view.firms["monthly_cost"])
    assert months_of_mean_cost(view, 2.0) == pytest.approx(2.0 * view.firms["monthly_cost"].mean())
    assert months_of_mean_cost(view, 1.0) > 0


def test_shares_of_steps_add_up_to_the_time_between_two_days() -> None:
    days = [share_of_step(np.array([30.0]), np.array([100.0]), day, 28.0)[0] * 28 for day in range(28, 200, 28)]
    assert sum(days) == pytest.approx(70.0)
