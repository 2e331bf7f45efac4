"""Sums that the compiled flow keeps, as statistics and metrics of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from gpnde.results.metric import Metric
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Floats, Records
from gpnde.world.world import World

_COSTS = ("holding_cost", "pipeline_cost", "stockout_cost", "shortage_cost", "order_cost")


def review_sums(world: World) -> Mapping[str, npt.NDArray[Any]]:
    """Return per site the sums of orders and demand per review period, which the bullwhip ratio needs."""
    sites = world.state.sites
    return {
        "tier": sites["tier"],
        "orders_n": sites["reviews"],
        "orders_sum": sites["order_sum"],
        "orders_sumsq": sites["order_squares"],
        "demand_n": sites["reviews"],
        "demand_sum": sites["demand_sum"],
        "demand_sumsq": sites["demand_squares"],
    }


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


def flow_metrics(world: World) -> list[Metric]:
    """Return full service (the share of instants with claims at which a site met all of them) and inventory costs."""
    sites = world.state.sites
    claimed = float(sites["claimed"].sum())
    service = float(sites["served"].sum()) / claimed if claimed else float("nan")
    metrics = [Metric("flow.full_service", service, "1")]
    by_kind = costs(world.scenario, sites, world.state.inputs)
    if any(amount.any() for amount in by_kind.values()):
        metrics += [Metric(f"cost.{kind}", float(amount.sum()), "money") for kind, amount in by_kind.items()]
        total = sum(float(amount.sum()) for amount in by_kind.values())
        metrics += [
            Metric("cost.total", total, "money"),
            Metric("cost.per_day", total / world.scenario.clock.days, "money/day"),
        ]
    return metrics
