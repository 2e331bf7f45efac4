"""Ordering rules of single inputs, where they differ from the rule of the site."""

from __future__ import annotations

from gpnde.engine.kernel.lead_times import lead_of_input
from gpnde.mechanics.ordering import (
    fixed_quantity_order,
    order_to_level,
    order_up_to_level,
    periods_to_cover,
    reorder_to_level,
    smoothed_order,
)
from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.world.layout import FIXED_QUANTITY, ORDER_UP_TO, REORDER_TO_LEVEL, SMOOTHED, State


@inlined_part
def units_by_rule(
    rule: int,
    level: float,
    reorder_point: float,
    quantity: float,
    smoothing: float,
    forecast: float,
    position: float,
) -> float:
    """Return what is ordered at an inventory position by an ordering rule with its numbers, in units of output."""
    if rule == ORDER_UP_TO:
        return order_to_level(level, position)
    if rule == SMOOTHED:
        return smoothed_order(level, position, forecast, smoothing)
    if rule == REORDER_TO_LEVEL:
        return reorder_to_level(reorder_point, level, position)
    if rule == FIXED_QUANTITY:
        return fixed_quantity_order(reorder_point, quantity, position)
    raise ValueError("an ordering rule that the flow does not know")


@compiled_part
def is_due(state: State, item: int) -> bool:
    """Count a review of the site; return whether it is one of this input too."""
    rule = state.rules[item]
    is_now = rule.turn <= 0
    rule.turn = rule.every - 1 if is_now else rule.turn - 1
    return bool(is_now)


@compiled_part
def own_units(state: State, number: int, item: int, position: float) -> float:
    """Return what site *number* orders of an input by the rule of that input, in units of output.

    A level that follows the forecast of the site covers the lead time of this input and the time between its reviews.
    """
    rule, site = state.rules[item], state.sites[number]
    forecast = site.forecast
    if rule.forecasts != 0:
        review = float(site.review)
        mean, variance = lead_of_input(state, item)
        periods = periods_to_cover(rule.protection, mean, site.work_mean - site.notice, review)
        if rule.protection < 0.0:
            periods += rule.every - 1.0
        spread = (variance + site.work_variance) / (review * review)
        rule.level = order_up_to_level(site.forecast, site.deviation, periods, spread, rule.safety)
        # What a smoothed order expects of one period is what is expected up to the next review of the input.
        forecast *= rule.every
    return float(
        units_by_rule(rule.rule, rule.level, rule.reorder_point, rule.quantity, rule.smoothing, forecast, position)
    )
