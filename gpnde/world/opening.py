"""The state at the start: order-up-to levels and stocks."""

from __future__ import annotations

import math

import numpy as np

from gpnde.mechanics.ordering import order_up_to_level
from gpnde.scenario.rules import Ordering
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import FIXED_QUANTITY, Floats, Records

_FORECASTING = ("order-up-to", "smoothed")


def set_levels(scenario: Scenario, sites: Records, mean: Floats, spread: Floats, supply_days: Floats) -> None:
    """Give every site its forecast, the periods that its level covers, and its opening level.

    *mean* and *spread* are the mean and standard deviation of demand per day, *supply_days* the expected lead time.
    """
    for number, site in enumerate(scenario.sites):
        rule = site.ordering or scenario.ordering
        if rule.policy in _FORECASTING:
            _set_level(rule, sites[number], float(mean[number]), float(spread[number]), float(supply_days[number]))


def _set_level(rule: Ordering, site: np.record, mean: float, spread: float, supply_days: float) -> None:
    covered = supply_days + rule.review_days if rule.protection_days is None else rule.protection_days
    per_day = mean if rule.forecast.mean is None else rule.forecast.mean
    site.protection = covered / rule.review_days
    site.forecast = per_day * rule.review_days
    site.deviation = spread * math.sqrt(rule.review_days) if rule.forecast.sd is None else rule.forecast.sd
    site.level = order_up_to_level(site.forecast, site.deviation, site.protection, site.safety)


def set_opening_stock(scenario: Scenario, sites: Records, inputs: Records, lines: Records) -> None:
    """Give every site its opening stock: as the scenario says, else what its ordering rule aims at.

    Sites that ship from nothing need none.
    """
    aim = np.where(sites["rule"] == FIXED_QUANTITY, sites["reorder_point"] + sites["quantity"], sites["level"])
    for number, site in enumerate(scenario.sites):
        wanted = aim[number] - (_held_downstream(number, sites, inputs, lines) if sites[number].echelon_rule else 0.0)
        by_default = 0.0 if site.unlimited else max(0.0, wanted)
        sites[number].on_hand = by_default if site.stock is None else site.stock


def _held_downstream(number: int, sites: Records, inputs: Records, lines: Records) -> float:
    """Return the echelon levels of the buyers of a site, by the share of their need that it supplies."""
    sold = lines[(lines["supplier"] == number) & (lines["buyer"] >= 0)]
    return float(np.sum(sold["share"] * inputs["per_unit"][sold["input"]] * sites["level"][sold["buyer"]]))
