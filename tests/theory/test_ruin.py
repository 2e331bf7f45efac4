"""The gambler's ruin: cash that moves up or down by one unit is lost with probability (q/p)^u, u units from ruin."""

from __future__ import annotations

import numpy as np
import pytest

from gpnde.engine import simulate
from gpnde.mechanics.finance import is_insolvent, ruin_probability, settle
from gpnde.scenario import Scenario

from .chains import STANDARD_ERRORS, described

FIRMS = 1_000
PERIODS = 700
"""By then a firm that is not ruined owns so much that its chance of ruin is below 1e-12."""


def sampling_error(probability: float, count: int) -> float:
    return float(np.sqrt(probability * (1 - probability) / count))


@pytest.mark.parametrize(("up", "units"), [(0.6, 1), (0.6, 3), (0.55, 5)])
def test_random_walk_of_cash_ends_in_insolvency_as_often_as_the_gambler(up: float, units: int) -> None:
    """Half a unit above zero keeps rounding away from the limit, at which a firm is still solvent."""
    walks, steps = 20_000, 3_000
    rng = np.random.default_rng(22)
    cash, solvent = np.full(walks, units - 0.5), np.ones(walks, dtype=bool)
    for _ in range(steps):
        is_gain = rng.random(walks) < up
        cash = settle(cash, np.where(is_gain, 1.0, 0.0), np.where(is_gain, 0.0, 1.0))
        solvent &= ~is_insolvent(cash, 0.0)
    expected = ((1 - up) / up) ** units
    assert expected == pytest.approx(ruin_probability(up, units))
    assert 1 - solvent.mean() == pytest.approx(expected, abs=STANDARD_ERRORS * sampling_error(expected, walks))


def sellers(up: float, units: int) -> Scenario:
    """Return firms that pay 1 for each period and earn 2 in it, or nothing.

    What a period earns is paid in the next one; before that, the first period has cost 1.
    """
    names = [f"firm-{number}" for number in range(FIRMS)]
    demand = {"law": f"discrete(values=0 2, weights={1 - up} {up})"}
    fixed_cost = 1 / (2 * up)
    site = {"product": "unit", "unlimited": True, "price": 1, "value_added": fixed_cost}
    return described(
        {
            "clock": {"days": PERIODS},
            "firms": [{"name": name, "cash": units + 0.5, "credit_months": 0} for name in names],
            "sites": [{"name": f"site of {name}", "firm": name, **site} for name in names],
            "markets": [
                {"name": f"market of {name}", "product": "unit", "served_by": [f"site of {name}"], "demand": demand}
                for name in names
            ],
            "finance": {
                "settle_days": 1,
                "payment_days": 1,
                "interest_per_year": 0,
                "spread_per_year": 0,
                "fixed_cost_share": 1,
            },
        }
    )


@pytest.mark.parametrize(("up", "units"), [(0.625, 2), (0.6, 3)])
def test_firms_with_random_sales_fail_as_often_as_the_gambler(up: float, units: int) -> None:
    expected = ((1 - up) / up) ** units
    run = simulate(sellers(up, units))
    failed = run.dropouts["finance"] / FIRMS
    assert failed == pytest.approx(expected, abs=STANDARD_ERRORS * sampling_error(expected, FIRMS))
    assert run.conservation["cash"] <= 1e-9
