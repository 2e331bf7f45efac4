"""Dismissal after strikes in a row, when every review fails independently with the same probability."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.mechanics.scorecard import expected_reviews_to_dismissal
from gpnde.results import Run
from gpnde.scenario import Scenario

from .chains import ORDER_ON_DEMAND, described, estimate

SUPPLIERS = 1_000
PERIOD = 10
REVIEWS = 400


def trade(failure: float, strikes: int) -> Scenario:
    """Return a buyer with many suppliers, each of whom has one order per review, which is late with a probability.

    A plant of the buyer's own firm is never reviewed and keeps the buyer supplied, so that all others can go.
    """
    names = [f"supplier-{number}" for number in range(SUPPLIERS)]
    late = f"discrete(values=1 5, weights={1 - failure} {failure})"
    makers = [{"name": name, "firm": name, "product": "unit", "unlimited": True} for name in ["own", *names]]
    links = [{"buyer": "buyer", "supplier": name, "lead_time": late, "promise_days": 3} for name in names]
    return described(
        {
            "clock": {"days": PERIOD * REVIEWS, "steps": ORDER_ON_DEMAND},
            "firms": [{"name": name} for name in ["buyer", "own", *names]],
            "sites": [{"name": "buyer", "firm": "buyer", "product": "unit", "ordering": once_per_review()}, *makers],
            "links": [{"buyer": "buyer", "supplier": "own", "contract": "intra-firm"}, *links],
            "markets": [
                {
                    "name": "market",
                    "product": "unit",
                    "served_by": ["buyer"],
                    "demand": {"law": SUPPLIERS, "every_days": PERIOD},
                }
            ],
            "selection": {
                "review_days": PERIOD,
                "strikes": strikes,
                "replace": False,
                "weights": {"delivery": 1, "quality": 0, "price": 0, "response": 0},
            },
        }
    )


def once_per_review() -> dict[str, Any]:
    return {"policy": "make-to-order", "review_days": PERIOD}


def reviews_to_dismissal(run: Run) -> pl.Series:
    dropped = run.events.filter((pl.col("kind") == "link_dropped") & (pl.col("cause") == "score"))
    return dropped["day"] / PERIOD


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("failure", "strikes"), [(0.3, 2), (0.2, 1), (0.5, 3)])
def test_mean_number_of_reviews_is_that_of_a_run_of_failures(failure: float, strikes: int) -> None:
    expected = (1 - failure**strikes) / ((1 - failure) * failure**strikes)
    assert expected == pytest.approx(expected_reviews_to_dismissal(failure, strikes))
    reviews = reviews_to_dismissal(simulate(trade(failure, strikes)))
    assert len(reviews) == SUPPLIERS
    assert estimate(reviews.to_numpy()).agrees(expected, within=0.04)


def test_no_supplier_is_dismissed_before_the_strikes_are_reached() -> None:
    reviews = reviews_to_dismissal(simulate(trade(0.5, 3)))
    first = (reviews == 3).mean()
    assert reviews.min() == 3
    assert first == pytest.approx(0.5**3, abs=4 * (0.125 * 0.875 / SUPPLIERS) ** 0.5)
