"""Sums that the compiled flow keeps, as statistics of a run, which its metrics are measured from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Floats, Records
from gpnde.world.world import World

_KEPT = {
    "tier": "tier",
    "orders_n": "reviews",
    "orders_sum": "order_sum",
    "orders_sumsq": "order_squares",
    "demand_n": "reviews",
    "demand_sum": "demand_sum",
    "demand_sumsq": "demand_squares",
    "claimed": "claimed",
    "served": "served",
}
"""The name of each statistic, and the column of the records of sites that holds it."""

_COSTS = ("holding_cost", "pipeline_cost", "stockout_cost", "shortage_cost", "order_cost")


def statistics(world: World) -> dict[str, npt.NDArray[Any]]:
    """Return what metrics need that is in no table, per site: sums per review period, instants served, and costs.

    The arrays are copies, which last longer than the world.
    """
    sites = world.state.sites
    kept = {name: sites[column].copy() for name, column in _KEPT.items()}
    spent = costs(world.scenario, sites, world.state.inputs)
    return {**kept, **{f"cost_{kind}": amounts for kind, amounts in spent.items()}}


def cost_rates(scenario: Scenario) -> Mapping[str, Floats]:
    """Return the cost rates of all sites by name (money per unit and day, per unit, or per order)."""
    return {name: np.array([getattr(site, name) for site in scenario.sites]) for name in _COSTS}


def costs(scenario: Scenario, sites: Records, inputs: Records) -> Mapping[str, Floats]:
    """Return what stocks, shortages and orders have cost each site by kind (money)."""
    rates, tick = cost_rates(scenario), scenario.clock.tick_days
    return {
        "holding": rates["holding_cost"] * sites["held"] * tick,
        "pipeline": rates["pipeline_cost"] * sites["pipeline"] * tick,
        "stockout": rates["stockout_cost"] * sites["short"] * tick,
        "shortage": rates["shortage_cost"] * sites["shortage"],
        "ordering": rates["order_cost"] * np.bincount(inputs["site"], inputs["orders"], len(sites)),
    }
