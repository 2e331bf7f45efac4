"""The state at the start: order-up-to levels and stocks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from gpnde.mechanics.ordering import order_up_to_level, periods_to_cover
from gpnde.scenario.ordering import Ordering
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Floats, Records, State
from gpnde.world.lead_moments import over_suppliers


def set_levels(scenario: Scenario, state: State, mean: Floats, spread: Floats) -> None:
    """Give every site whose level opens by demand its forecast, and the level that follows from its lead times.

    *mean* and *spread* are the mean and standard deviation of demand per day.
    """
    bought = state.lines[(state.lines["input"] >= 0) & (state.lines["active"] == 1)]
    leads = np.stack(over_suppliers(bought, bought["input"], len(state.inputs)), axis=1).tolist()
    for number, site in enumerate(scenario.sites):
        rule, record = site.ordering or scenario.ordering, state.sites[number]
        if rule.chosen.opens_by_demand:
            _set_forecast(rule, record, float(mean[number]), float(spread[number]), scenario.clock.tick_days)
            record.level = _level(record, leads[record.first_input : record.last_input])


def _set_forecast(rule: Ordering, site: np.record, mean: float, spread: float, tick_days: float) -> None:
    """Write forecast, deviation and the given protection; a review takes whole ticks, whatever was written."""
    review_days = float(site.review * tick_days)
    per_day = mean if rule.forecast.mean is None else rule.forecast.mean
    site.protection = -1.0 if rule.protection_days is None else rule.protection_days / review_days
    site.forecast = per_day * review_days
    site.deviation = spread * math.sqrt(review_days) if rule.forecast.sd is None else rule.forecast.sd


def _level(site: np.record, leads: Sequence[Sequence[float]]) -> float:
    """Return the level for the input that needs most; a site without inputs covers its review and its work."""
    review = float(site.review)
    forecast, deviation, safety = float(site.forecast), float(site.deviation), float(site.safety)
    levels = []
    for mean, variance in leads or [(0.0, 0.0)]:
        periods = periods_to_cover(float(site.protection), mean, float(site.work_mean - site.notice), review)
        spread = (variance + float(site.work_variance)) / (review * review)
        levels.append(order_up_to_level(forecast, deviation, periods, spread, safety))
    return max(levels)


def set_opening_stock(scenario: Scenario, sites: Records, inputs: Records, lines: Records) -> None:
    """Give every site its opening stock: as the scenario says, else what its ordering rule aims at.

    Sites that ship from nothing need none.
    """
    for number, site in enumerate(scenario.sites):
        aim = sum(float(sites[number][name]) for name in (site.ordering or scenario.ordering).chosen.opens_at)
        wanted = aim - (_held_downstream(number, sites, inputs, lines) if sites[number].echelon_rule else 0.0)
        by_default = 0.0 if site.unlimited else max(0.0, wanted)
        sites[number].on_hand = by_default if site.stock is None else site.stock


def _held_downstream(number: int, sites: Records, inputs: Records, lines: Records) -> float:
    """Return the echelon levels of the buyers of a site, by the share of their need that it supplies."""
    sold = lines[(lines["supplier"] == number) & (lines["buyer"] >= 0)]
    return float(np.sum(sold["share"] * inputs["per_unit"][sold["input"]] * sites["level"][sold["buyer"]]))
