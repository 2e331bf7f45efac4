"""Availability of sites that fail and are repaired: mean time up over mean time up and down, whatever the laws."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.scenario import Scenario

from .chains import Estimate, described, estimate

SITES = 100
DAYS = 10_000

LAWS = {
    "exponential": {},
    "wear and long repairs": {"up_law": "weibull", "up_shape": 2.0, "down_law": "lognormal", "down_cv": 1.5},
    "early failures and fixed repairs": {"up_law": "weibull", "up_shape": 0.7, "down_law": "fixed"},
}


def failing(**outage: Any) -> Scenario:
    """Return sites that are asked for one unit a day and sell it unless they are out of work."""
    names = [f"site-{number}" for number in range(SITES)]
    market = {"product": "unit", "demand": {"law": 1}, "backorders": False}
    return described(
        {
            "clock": {"days": DAYS},
            "firms": [{"name": "firm"}],
            "sites": [{"name": name, "firm": "firm", "product": "unit", "unlimited": True} for name in names],
            "markets": [{"name": f"market of {name}", "served_by": [name], **market} for name in names],
            "components": [{"use": "disruption.site-outage", **outage}],
        }
    )


def share_sold(scenario: Scenario) -> Estimate:
    """Return the share of days on which a site sold, each of the sites being an independent sample."""
    sold = simulate(scenario).markets.filter(pl.col("day") > 0)
    return estimate(sold["filled"].to_numpy() / sold["demanded"].to_numpy())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("laws", LAWS.values(), ids=LAWS.keys())
@pytest.mark.parametrize(("up", "down"), [(40.0, 10.0), (120.0, 6.0)])
def test_sites_work_for_the_mean_time_up_over_the_mean_cycle(up: float, down: float, laws: dict[str, Any]) -> None:
    """All sites begin at work, which moves their time at work by less than one mean time down for these laws."""
    measured = share_sold(failing(mean_up_days=up, mean_down_days=down, **laws))
    assert measured.agrees(up / (up + down), within=0.003, bias=down / DAYS)


@pytest.mark.thorough
def test_outages_that_are_shorter_than_a_tick_count_by_their_length() -> None:
    measured = share_sold(failing(mean_up_days=3.0, mean_down_days=0.7))
    assert measured.agrees(3.0 / 3.7, within=0.003, bias=0.7 / DAYS)
