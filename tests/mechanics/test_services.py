"""Services: providers follow purchases, and what they do for plants has its limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.services import approached, carried_through, cost_of_services, providers_carried

SHARES = st.floats(0, 1)


@given(st.floats(0, 1e9), st.floats(1, 1e9))
def test_providers_grow_with_purchases_and_never_do_it_all(purchases: float, half: float) -> None:
    found = providers_carried(np.array([0.0, purchases, purchases + half]), half)
    assert found[0] == 0.0
    assert found[0] <= found[1] <= found[2] <= 1.0
    assert providers_carried(half, half) == 0.5


@given(SHARES, SHARES, st.floats(0, 5), st.floats(0, 5), st.floats(0, 5))
def test_two_steps_lead_where_one_of_both_lengths_leads(
    share: float, target: float, rate: float, first: float, second: float
) -> None:
    once = approached(share, target, rate, first + second)
    assert approached(approached(share, target, rate, first), target, rate, second) == pytest.approx(once, abs=1e-12)


def test_half_of_the_way_takes_the_half_life() -> None:
    assert approached(0.0, 0.6, 0.4, np.log(2) / 0.4) == pytest.approx(0.3)


@given(SHARES, st.floats(0, 3))
def test_what_is_bought_elsewhere_costs_the_premium_more(nearby: float, premium: float) -> None:
    assert cost_of_services(nearby, premium) == pytest.approx(nearby + (1 - nearby) * (1 + premium))


@given(SHARES, SHARES, SHARES)
def test_help_keeps_no_more_experience_than_there_was(carried: float, ramp_up: float, nearby: float) -> None:
    assert carried - 1e-15 <= carried_through(carried, ramp_up, nearby) <= 1.0 + 1e-15
    assert carried_through(carried, 0.0, nearby) == carried_through(carried, ramp_up, 0.0) == carried
