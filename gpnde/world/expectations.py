"""What the network would do if nothing varied: mean flows, their spread and unit costs.

They set opening levels, forecasts and prices; the run itself does not use them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gpnde.mechanics.pricing import cost_plus_price
from gpnde.world.layout import Floats, Integers, Records, State

LEAST_ROUNDS = 20_000
"""Rounds granted to small networks too, so that what goes in circles and dwindles slowly settles as well."""


def passed_upstream(own: Floats, suppliers: Integers, buyers: Integers, weights: Floats) -> Floats:
    """Return the fixed point of x = own + what buyers pass on, weights being per unit of the buyer.

    >>> passed_upstream(np.array([0.0, 10.0]), np.array([0]), np.array([1]), np.array([2.0]))
    array([20., 10.])
    """
    total = own.copy()
    # Without circles this settles after as many rounds as the longest chain has links.
    for _ in range(max(LEAST_ROUNDS, len(own) + 1)):
        following = own.copy()
        np.add.at(following, suppliers, weights * total[buyers])
        # Relative alone, or flows that are small in these units would pass for settled at once.
        if np.allclose(following, total, rtol=1e-12, atol=0.0):
            return following
        total = following
    return total


def inside_lines(lines: Records) -> Records:
    """Return the active lines between two sites."""
    inside: Records = lines[(lines["supplier"] >= 0) & (lines["buyer"] >= 0) & (lines["active"] == 1)]
    return inside


def at_opening(sites: Records, inputs: Records, lines: Records) -> Records:
    """Return the lines with the shares in force at the start: sites that open later get nothing while others can."""
    lines = lines.copy()
    works = (lines["active"] == 1) & ((lines["supplier"] < 0) | (sites["down"][lines["supplier"]] == 0))
    bought = lines["input"] >= 0
    item = lines["input"][bought]
    share = lines["share"][bought]
    working = np.bincount(item, share * works[bought], len(inputs))[item]
    total = np.bincount(item, share, len(inputs))[item]
    shared = share * works[bought] * np.divide(total, working, out=np.zeros(len(total)), where=working > 0)
    lines["share"][bought] = np.where(working > 0, shared, share)
    return lines


def before_and_after_opening(
    of: Callable[[Records, Records, Records, Floats], Floats],
    sites: Records,
    inputs: Records,
    lines: Records,
    own_at_first: Floats,
    own: Floats,
) -> Floats:
    """Return an expectation from the shares at the start for sites at work, from the lasting shares for the others.

    *own_at_first* and *own* are what markets ask of each site at the start and later.
    """
    at_first = of(sites, inputs, at_opening(sites, inputs, lines), own_at_first)
    return np.where(sites["down"] == 0, at_first, of(sites, inputs, lines, own))


def mean_flows(sites: Records, inputs: Records, lines: Records, own: Floats) -> Floats:
    """Return the mean demand of each site per day, given what markets ask of it per day (units)."""
    inside = inside_lines(lines)
    per_unit = inputs["per_unit"][inside["input"]] / sites["mean_yield"][inside["buyer"]]
    return passed_upstream(own, inside["supplier"], inside["buyer"], inside["share"] * per_unit)


def flow_deviations(sites: Records, inputs: Records, lines: Records, own: Floats) -> Floats:
    """Return the standard deviation of the demand of each site per day, sources of demand taken as independent."""
    inside = inside_lines(lines)
    per_unit = inputs["per_unit"][inside["input"]] / sites["mean_yield"][inside["buyer"]]
    variance = passed_upstream(own**2, inside["supplier"], inside["buyer"], (inside["share"] * per_unit) ** 2)
    return np.sqrt(variance)


def purchases_per_day(markets: Records, tick_days: float) -> Floats:
    """Return how often each market buys (1/day)."""
    rate: Floats = np.where(markets["poisson"] == 1, markets["rate"] / tick_days, 1.0 / (markets["every"] * tick_days))
    return rate


def line_flows(state: State, mean_demand: Floats) -> Floats:
    """Return what each line is expected to carry per day (units), given the mean demand of sites; shape (lines,)."""
    lines, sites, tick = state.lines, state.sites, float(state.clock[0].tick_days)
    flows, bought, sold = np.zeros(len(lines)), lines["input"] >= 0, lines["market"] >= 0
    item, buyer = lines["input"][bought], lines["buyer"][bought]
    need = state.inputs["per_unit"][item] / sites["mean_yield"][buyer] * mean_demand[buyer]
    flows[bought] = lines["share"][bought] * need
    asked = state.markets["mean_quantity"] * purchases_per_day(state.markets, tick)
    flows[sold] = lines["share"][sold] * asked[lines["market"][sold]]
    return flows


def unit_costs(
    sites: Records,
    inputs: Records,
    lines: Records,
    value_added: Floats,
    markup: Floats,
    given_prices: Floats,
    freight: Floats,
) -> tuple[Floats, Floats]:
    """Return the unit cost of each site and the price on each line (money per unit).

    A site's cost is its value added and the cost of its inputs, bought at the supplier's cost with *markup* (one
    per line) unless a price is given (*given_prices*, one per line, NaN where there is none), and *freight*, one per
    line, on top.
    """
    used = np.flatnonzero((lines["input"] >= 0) & (lines["active"] == 1))
    item, supplier = lines["input"][used], lines["supplier"][used]
    buyer = inputs["site"][item]
    weights = lines["share"][used] * inputs["per_unit"][item] / sites["mean_yield"][buyer]
    cost = value_added.copy()
    for _ in range(max(LEAST_ROUNDS, len(sites) + 1)):
        price = np.where(
            np.isnan(given_prices[used]), cost_plus_price(cost[supplier], markup[used]), given_prices[used]
        )
        following = value_added + np.bincount(buyer, weights * (price + freight[used]), len(sites))
        if np.allclose(following, cost, rtol=1e-12, atol=0.0):
            break
        cost = following
    prices = np.where(np.isnan(given_prices), cost_plus_price(cost[lines["supplier"]], markup), given_prices)
    return cost, prices
