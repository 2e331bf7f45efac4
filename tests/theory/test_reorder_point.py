"""The (r,Q) rule under continuous review with customers who come at random, one by one."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.stats import chi2, poisson

from gpnde.engine import simulate
from gpnde.scenario import Scenario

from .chains import chain, customers, fill_rate, replicate

REORDER_POINT, QUANTITY = 3, 6
POSITIONS = range(REORDER_POINT + 1, REORDER_POINT + QUANTITY + 1)
LEAD_TIME = 4.0
TICK = 0.01

BETWEEN_RECORDS = 20.0
"""Days between two looks: the position forgets at the rate 1 - cos(2π/Q) = 0.5 a day, to e^-10 of what it was."""


def shop(**record: object) -> Scenario:
    """Return a shop with one customer a day who orders from outside."""
    rule = {"policy": "r-Q", "reorder_point": REORDER_POINT, "quantity": QUANTITY, "review_days": 0}
    clock = {"days": 40_000, "tick_days": TICK}
    return chain([{"ordering": rule}], [LEAD_TIME], customers(1), clock, record={"orders": False, **record})


def test_inventory_position_is_uniform_above_the_reorder_point() -> None:
    """Chi-square of 2,000 looks, refused where chance gives more only once in 10,000 times."""
    stock = pl.col("on_hand") + pl.col("inputs") + pl.col("on_order") - pl.col("backlog")
    looks = simulate(shop(every_days=BETWEEN_RECORDS)).sites.filter(pl.col("day") > 0).select(position=stock)
    seen, counts = np.unique(looks["position"].to_numpy(), return_counts=True)
    assert seen.tolist() == list(POSITIONS)
    expected = looks.height / QUANTITY
    assert float(((counts - expected) ** 2).sum() / expected) < chi2.ppf(1 - 1e-4, QUANTITY - 1)


def test_fill_rate_is_the_mean_over_the_positions() -> None:
    """A customer is served if fewer than y units were asked for in a lead time, whose position was y before it.

    Rounding moves the lead time by at most a tick, and the fill rate by as much times the probability of y - 1.
    """
    in_lead_time = poisson(LEAD_TIME)
    expected = float(np.mean([in_lead_time.cdf(position - 1) for position in POSITIONS]))
    bias = TICK * float(np.mean([in_lead_time.pmf(position - 1) for position in POSITIONS]))
    measured = replicate(shop(every_days=500, entities=False), fill_rate)
    assert measured.agrees(expected, within=0.005, bias=bias)
