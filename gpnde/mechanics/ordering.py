"""Ordering rules (E4): how much to order, given the inventory position (on hand + on order - backlog).

All functions are scalar, free of state, and parts of compiled code; quantities are units, forecasts are units per
review period.
"""

from __future__ import annotations

import math

from gpnde.numerics.compiled import compiled_part


@compiled_part
def order_up_to_level(
    forecast: float, deviation: float, periods: float, variance: float, safety_factor: float
) -> float:
    """Return the level that covers demand until the next order arrives (Silver, Pyke and Thomas, 2017).

    This is D L + z sqrt(L s^2 + D^2 v): *forecast* D and *deviation* s are the mean and the standard deviation of
    demand per period, *periods* L and *variance* v the mean and the variance of the number of periods to cover.

    >>> order_up_to_level(100.0, 15.0, 4.0, 0.0, 2.0)
    460.0
    >>> order_up_to_level(100.0, 15.0, 4.0, 0.16, 2.0)
    500.0
    """
    square = deviation * deviation * periods + forecast * forecast * variance
    return forecast * periods + safety_factor * math.sqrt(square)


@compiled_part
def periods_to_cover(given: float, lead_ticks: float, work_ticks: float, review_ticks: float) -> float:
    """Return the review periods that a level covers: lead time, work and one review, or what is *given* unless below 0.

    Work may be below 0 where customers give notice; nothing less than no time is covered.

    >>> periods_to_cover(-1.0, 10.0, 4.0, 7.0), periods_to_cover(2.0, 10.0, 4.0, 7.0)
    (3.0, 2.0)
    """
    return given if given >= 0.0 else max(0.0, lead_ticks + work_ticks + review_ticks) / review_ticks


@compiled_part
def smoothed_variance(variance: float, distance: float, weight: float) -> float:
    """Return the exponentially smoothed variance after a value at a *distance* from the smoothed mean (West, 1979).

    >>> smoothed_variance(0.0, 4.0, 0.25)
    3.0
    """
    return (1.0 - weight) * (variance + weight * distance * distance)


@compiled_part
def order_to_level(level: float, position: float) -> float:
    """Return what lifts the inventory position to the level, and never less than nothing.

    >>> order_to_level(10.0, 7.0), order_to_level(10.0, 12.0)
    (3.0, 0.0)
    """
    return max(0.0, level - position)


@compiled_part
def smoothed_order(level: float, position: float, forecast: float, weight: float) -> float:
    """Return the forecast and a *weight* of the remaining gap: the proportional order-up-to rule.

    With a forecast that does not move this is q = weight D + (1 - weight) q_previous.

    >>> smoothed_order(110.0, 100.0, 8.0, 0.5)
    9.0
    """
    return max(0.0, forecast + weight * (level - forecast - position))


@compiled_part
def reorder_to_level(reorder_point: float, level: float, position: float) -> float:
    """Return the (s,S) order: up to the level once the position is at or below the reorder point.

    >>> reorder_to_level(4.0, 10.0, 4.0), reorder_to_level(4.0, 10.0, 5.0)
    (6.0, 0.0)
    """
    return level - position if position <= reorder_point else 0.0


@compiled_part
def fixed_quantity_order(reorder_point: float, quantity: float, position: float) -> float:
    """Return the (r,Q) order: as many whole quantities as lift the position above the reorder point.

    >>> fixed_quantity_order(3.0, 5.0, 3.0), fixed_quantity_order(3.0, 5.0, -3.0), fixed_quantity_order(3.0, 5.0, 4.0)
    (5.0, 10.0, 0.0)
    """
    if position > reorder_point:
        return 0.0
    # At the reorder point itself nothing is missing, and still one quantity is due.
    return quantity * (math.floor((reorder_point - position) / quantity) + 1.0)


@compiled_part
def smoothed_forecast(forecast: float, demand: float, weight: float) -> float:
    """Return the exponentially smoothed forecast.

    >>> smoothed_forecast(100.0, 120.0, 0.25)
    105.0
    """
    return forecast + weight * (demand - forecast)


@compiled_part
def smoothed_deviation(deviation: float, error: float, weight: float) -> float:
    """Return the standard deviation of forecast errors, their variance exponentially smoothed.

    >>> smoothed_deviation(0.0, 4.0, 0.25)
    2.0
    """
    return math.sqrt((1.0 - weight) * deviation * deviation + weight * error * error)
