"""Lead times in the levels: sites that adapt their forecast learn mean and variance from what they receive."""

from __future__ import annotations

from gpnde.mechanics.ordering import order_up_to_level, periods_to_cover, smoothed_forecast, smoothed_variance
from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.world.layout import State


@compiled_part
def observe(state: State, where: int, place: int, received: int) -> None:
    """Update the buyer's lead-time estimate of line *where* from the order at *place*, *received* at this tick.

    What an order waits for at a supplier that holds stock is left out: to order more from a supplier that is short
    would make it shorter still. What was sent at the start was ordered before it and says nothing.
    """
    line, order = state.lines[where], state.orders[place]
    if line.input < 0 or order.shipped <= 0:
        return
    weight = state.sites[line.buyer].lead_weight
    if weight > 0.0:
        ticks = float(received - order.shipped + line.delay)
        if line.supplier >= 0 and state.sites[line.supplier].makes_to_order != 0:
            ticks = float(received - order.placed)
        # The variance first: its error is the distance from the mean before this order.
        line.lead_variance = smoothed_variance(line.lead_variance, ticks - line.lead_mean, weight)
        line.lead_mean = smoothed_forecast(line.lead_mean, ticks, weight)


@inlined_part
def _level_for(state: State, number: int, lead_mean: float, lead_variance: float) -> float:
    """Return the level of site *number* for an input of this lead time (ticks)."""
    site = state.sites[number]
    periods = periods_to_cover(site.protection, lead_mean, site.work_mean - site.notice, float(site.review))
    # From ticks to review periods, which the forecast is for.
    variance = (lead_variance + site.work_variance) / (float(site.review) * float(site.review))
    return float(order_up_to_level(site.forecast, site.deviation, periods, variance, site.safety))


@inlined_part
def lead_of_input(state: State, item: int) -> tuple[float, float]:
    """Return mean and variance of the lead time (ticks) of an input, split over its suppliers by their shares.

    Lead times of suppliers are independent, so their variances add up by the squares of the shares.
    """
    material = state.inputs[item]
    weight = mean = variance = 0.0
    for position in range(material.first_line, material.last_line):
        line = state.lines[state.in_lines[position]]
        weight += line.share
        mean += line.share * (line.lead_mean + line.step_ticks)
        variance += line.share * line.share * line.lead_variance
    if weight <= 0.0:
        return 0.0, 0.0
    return mean / weight, variance / (weight * weight)


@inlined_part
def _level_for_input(state: State, number: int, item: int) -> float:
    """Return the level of site *number* for one input."""
    mean, variance = lead_of_input(state, item)
    return _level_for(state, number, mean, variance)


@compiled_part
def level_of(state: State, number: int) -> float:
    """Return the level of site *number* for the input that needs most."""
    site = state.sites[number]
    if site.first_input == site.last_input:
        return _level_for(state, number, 0.0, 0.0)
    level = _level_for_input(state, number, site.first_input)
    for item in range(site.first_input + 1, site.last_input):
        level = max(level, _level_for_input(state, number, item))
    return level
