"""Orders that overtake each other: every order is received when its own last part arrives, not the oldest one first."""

from __future__ import annotations

import math

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run

from .chains import described

DAYS = 5000
STANDARD_ERRORS = 4.0


def ordering_daily(lead_time: object, promise: int, days: int = DAYS, **more: object) -> Run:
    """Return the run of a shop that orders a unit every day from a maker who has everything."""
    rule = {"policy": "base-stock", "level": 200, "review_days": 1}
    link = {"buyer": "A", "supplier": "B", "promise_days": promise, "lead_time": lead_time}
    return simulate(
        described(
            {
                "clock": {"days": days},
                "firms": [{"name": "shop", "tier": 0}, {"name": "maker", "tier": 1}],
                "sites": [
                    {"name": "A", "firm": "shop", "product": "unit", "stock": 200, "ordering": rule},
                    {"name": "B", "firm": "maker", "product": "unit", "unlimited": True},
                ],
                "links": [link],
                "markets": [{"name": "m", "product": "unit", "served_by": ["A"], "demand": {"law": 1}}],
                "record": {"every_days": days},
                **more,
            }
        )
    )


def delivery_days(run: Run) -> pl.Series:
    """Return the days from order to receipt; an order is read and leaves a day after it was placed."""
    return (run.orders["received_day"] - run.orders["shipped_day"]).drop_nulls().drop_nans()


def test_one_late_order_in_a_hundred_leaves_the_others_on_time() -> None:
    law = {"law": "discrete", "values": [1, 30], "weights": [0.99, 0.01]}
    run = ordering_daily(law, promise=2)
    days = delivery_days(run)
    allowed = STANDARD_ERRORS * math.sqrt(0.99 * 0.01 / len(days))
    assert run.metric("flow.otif.links") == pytest.approx(0.99, abs=allowed)
    assert run.links["on_time_share"][0] == pytest.approx(0.99, abs=allowed)
    assert set(days.to_list()) == {1.0, 30.0}
    assert (days == 30.0).mean() == pytest.approx(0.01, abs=allowed)


@pytest.mark.parametrize(("long", "share"), [(2, 0.5), (9, 0.9), (40, 0.2), (40, 0.98)])
def test_orders_take_the_times_that_were_drawn_for_them(long: int, share: float) -> None:
    law = {"law": "discrete", "values": [1, long], "weights": [share, 1.0 - share]}
    run = ordering_daily(law, promise=2, days=400)
    # Orders on their way at the end are the long ones: only those of the first days count.
    early = run.orders.filter(pl.col("shipped_day") < 400 - long)
    taken = early["received_day"] - early["shipped_day"]
    assert set(taken.to_list()) == {1.0, float(long)}
    assert (taken == 1.0).mean() == pytest.approx(share, abs=STANDARD_ERRORS * math.sqrt(share * (1.0 - share) / 360))


def test_what_is_not_ordered_after_it_does_not_change_when_an_order_comes() -> None:
    """Orders of a run twice as long have the same days of receipt as those of the short one."""
    short, long = (ordering_daily("gamma(mean=12, cv=0.9)", promise=10, days=days) for days in (300, 600))
    same = short.orders.filter(pl.col("status") == "received").join(long.orders, on="placed_day")
    assert same.height > 250
    assert same["received_day"].to_list() == same["received_day_right"].to_list()


def test_supplier_is_judged_by_what_it_did_and_not_by_the_order_of_deliveries() -> None:
    """Nine orders in ten are on time; credited to the oldest order, hardly any would be."""
    law = {"law": "discrete", "values": [1, 25], "weights": [0.9, 0.1]}
    selection = {"review_days": 91, "threshold": 0.5, "strikes": 1, "weights": {"delivery": 1.0}}
    run = ordering_daily(law, promise=2, days=1820, selection=selection)
    assert run.links["score"][0] > 0.75
    assert run.links["on_time_share"][0] == pytest.approx(0.9, abs=STANDARD_ERRORS * 0.3 / math.sqrt(1800))
    assert "score" not in run.dropouts
