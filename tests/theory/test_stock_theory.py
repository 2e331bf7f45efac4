"""Costs of stock: economic order quantities, (s,S) rules, and base stock behind an unreliable supplier."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import poisson

from gpnde.engine import simulate
from gpnde.scenario import Scenario

from ..thorough import often
from .chains import ORDER_ON_DEMAND, chain, metric, replicate

Floats = NDArray[np.float64]

ORDER_FIRST = ("order", "receive", "demand", "supply")
"""Order, then see demand: a period begins with what was ordered and ends with what is left."""

COST = metric("cost.per_day")


def economic_order(
    fixed: float, holding: float, demand: float, quantity: float, minimum: float | None = None
) -> Scenario:
    """Return ten cycles of *quantity* units, or of a minimum order, each in 500 ticks, at constant demand per day."""
    ordered = max(quantity, minimum or 0.0)
    step = ordered / 500
    site = {
        "holding_cost": holding,
        "order_cost": fixed,
        "stock": step,
        "ordering": {"policy": "r-Q", "review_days": 0, "reorder_point": step / 2, "quantity": quantity},
    }
    clock = {"days": 10 * ordered / demand, "tick_days": step / demand, "steps": ORDER_ON_DEMAND}
    return chain([site], [0], {"law": step}, clock, products={"unit": {"minimum_order": minimum}})


@settings(max_examples=often(10, 20), deadline=None)
@given(st.floats(1, 1000), st.floats(0.01, 10), st.floats(1, 1000))
def test_economic_order_quantity_costs_the_square_root(fixed: float, holding: float, demand: float) -> None:
    """Stock that falls in steps is half a step higher than in continuous time."""
    best = math.sqrt(2 * fixed * demand / holding)
    cost = COST(simulate(economic_order(fixed, holding, demand, best)))
    assert cost == pytest.approx(math.sqrt(2 * fixed * demand * holding) + holding * best / 1000, rel=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.floats(1, 1000), st.floats(0.01, 10), st.floats(1, 1000), st.sampled_from([0.5, 0.9, 1.1, 2.0]))
def test_other_order_quantities_cost_more(fixed: float, holding: float, demand: float, factor: float) -> None:
    """The cost rises with half of the sum of the factor and its inverse."""
    best = math.sqrt(2 * fixed * demand / holding)
    cost, other = (COST(simulate(economic_order(fixed, holding, demand, x * best))) for x in (1.0, factor))
    assert other / cost == pytest.approx((factor + 1 / factor) / 2, rel=0.002)
    assert other > cost


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.5, 4.0])
def test_a_minimum_order_costs_as_its_quantity_does(factor: float) -> None:
    """Above the economic quantity the cost rises by its own curve; below it a minimum changes nothing."""
    best = math.sqrt(2 * 50 * 20 / 0.4)
    ordered = max(factor, 1.0) * best
    cost = COST(simulate(economic_order(50, 0.4, 20, best, minimum=factor * best)))
    assert cost == pytest.approx(50 * 20 / ordered + 0.4 * ordered / 2 + 0.4 * ordered / 1000, rel=1e-9)


def positions_after_review(reorder_point: int, level: int, demand: Floats) -> Floats:
    """Return the long-run distribution of the position just after a review, on 0 ... *level*.

    *demand* holds the probabilities of 0, 1, 2 ... units between two reviews.
    """
    chain_of_positions = np.zeros((level + 1, level + 1))
    for position in range(reorder_point + 1, level + 1):
        kept = demand[: position - reorder_point]
        chain_of_positions[position, position - np.arange(len(kept))] = kept
        chain_of_positions[position, level] += 1.0 - kept.sum()
    unknown = np.arange(reorder_point + 1, level + 1)
    moves = chain_of_positions[np.ix_(unknown, unknown)]
    balance = np.vstack([moves.T - np.eye(len(unknown)), np.ones(len(unknown))])
    found = np.linalg.lstsq(balance, np.append(np.zeros(len(unknown)), 1.0), rcond=None)[0]
    return np.concatenate([np.zeros(reorder_point + 1), found])


def share_of_reviews_with_order(reorder_point: int, positions: Floats, demand: Floats) -> float:
    """Return how often a review finds the position at or below the reorder point."""
    beyond = 1.0 - np.cumsum(demand)
    steps = np.arange(reorder_point + 1, len(positions)) - reorder_point - 1
    return float(positions[reorder_point + 1 :] @ beyond[steps])


def stock_cost(level: Floats, demand: Floats, holding: float, shortage: float) -> Floats:
    """Return the mean cost rate of net stock *level* less random demand."""
    net = level[:, None] - np.arange(len(demand))
    return np.asarray((holding * np.maximum(net, 0) + shortage * np.maximum(-net, 0)) @ demand)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lead_time", [0, 1, 3])
@pytest.mark.parametrize(("reorder_point", "level"), [(4, 10), (12, 20), (9, 40)])
def test_reorder_to_level_costs_what_its_markov_chain_says(lead_time: int, reorder_point: int, level: int) -> None:
    """A period ends with the position one lead time before, less demand of that time and the period itself."""
    fixed, holding, shortage, mean = 5.0, 1.0, 4.0, 6.0
    per_period = poisson.pmf(np.arange(200), mean)
    positions = positions_after_review(reorder_point, level, per_period)
    per_lead_time = poisson.pmf(np.arange(300), mean * (lead_time + 1))
    cost = positions @ stock_cost(np.arange(level + 1.0), per_lead_time, holding, shortage)
    cost += fixed * share_of_reviews_with_order(reorder_point, positions, per_period)
    site = {
        "holding_cost": holding,
        "stockout_cost": shortage,
        "order_cost": fixed,
        "ordering": {"policy": "s-S", "review_days": 1, "reorder_point": reorder_point, "level": level},
    }
    clock = {"days": 10_000, "steps": ORDER_FIRST}
    simulated = replicate(chain([site], [lead_time], {"law": f"poisson(mean={mean})"}, clock), COST)
    assert simulated.agrees(float(cost), within=0.004), (simulated, cost)


TICKS_PER_MONTH = 100

SIZES = {1: 1 / 6, 2: 1 / 3, 3: 1 / 3, 4: 1 / 6}
"""Units that a customer asks for, with their probabilities."""


def compound_poisson(customers: float) -> Floats:
    """Return the probabilities of 0, 1, 2 ... units that a Poisson number of customers ask for."""
    sizes = np.zeros(128)
    sizes[list(SIZES)] = list(SIZES.values())
    transformed = np.exp(customers * (np.fft.rfft(sizes) - 1.0))
    return np.maximum(np.fft.irfft(transformed, len(sizes)), 0.0)


def monthly_review_cost(reorder_point: int, level: int) -> float:
    """Return the cost per month of the inventory system of Law and Kelton without the price of the goods.

    Customers come 10 times a month. An order costs 32 and arrives after a uniform time between half a month and a
    month; a unit held costs 1 per month and a unit owed 5. Between two reviews stock is what the last one found, less
    demand, plus the order once it is there.
    """
    demand = compound_poisson(10.0)
    positions = positions_after_review(reorder_point, level, demand)
    found = found_at_review(reorder_point, positions, demand)
    cost = 32.0 * share_of_reviews_with_order(reorder_point, positions, demand)
    for tick in range(TICKS_PER_MONTH):
        arrived = max(0.0, tick / TICKS_PER_MONTH - 0.5) / 0.5
        since = compound_poisson(10.0 * tick / TICKS_PER_MONTH)
        on_time, late = stock_cost(np.arange(level + 1.0), since, 1, 5), stock_cost(found[0], since, 1, 5)
        mean = arrived * float(positions @ on_time) + (1.0 - arrived) * float(found[1] @ late)
        cost += mean / TICKS_PER_MONTH
    return cost


def found_at_review(reorder_point: int, positions: Floats, demand: Floats) -> tuple[Floats, Floats]:
    """Return the net stock that a review can find, and how likely each is; all orders have arrived by then."""
    level = len(positions) - 1
    lowest = -len(demand)
    chances = np.zeros(level - lowest + 1)
    for position in range(reorder_point + 1, level + 1):
        reached = position - np.arange(len(demand)) - lowest
        chances[reached] += positions[position] * demand
    return np.arange(lowest, level + 1.0), chances


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("reorder_below", "level"),
    [(20, 40), (20, 60), (20, 80), (20, 100), (40, 60), (40, 80), (40, 100), (60, 80), (60, 100)],
)
def test_monthly_review_costs_what_its_markov_chain_says(reorder_below: int, level: int) -> None:
    """The nine policies that Law and Kelton compare, with a month as the day of the model."""
    rule = {"policy": "s-S", "review_days": 1, "reorder_point": reorder_below - 1, "level": level}
    site = {"holding_cost": 1, "stockout_cost": 5, "order_cost": 32, "ordering": rule}
    sizes = {"law": "discrete", "values": list(SIZES), "weights": list(SIZES.values())}
    demand = {"law": sizes, "arrivals": "poisson", "arrivals_per_day": 10}
    clock = {"days": 1000, "tick_days": 1 / TICKS_PER_MONTH, "steps": ORDER_ON_DEMAND}
    simulated = replicate(chain([site], ["uniform(low=0.5, high=1)"], demand, clock), COST)
    expected = monthly_review_cost(reorder_below - 1, level)
    assert simulated.agrees(expected, within=0.005), (simulated, expected)


HOLDING, SHORTAGE, DEMAND = 1.0, 9.0, 10.0


def behind_disruptions(failing: float, recovering: float, level: float) -> Scenario:
    """Return base stock at constant demand behind a supplier that fails and recovers between two periods.

    An outage with exponential times that is seen at every tick is a Markov chain: its two rates follow from the
    chances that an up period is followed by a down one and the reverse.
    """
    speed = -math.log(1.0 - failing - recovering)
    up, down = ((failing + recovering) / (speed * chance) for chance in (failing, recovering))
    rule = {"policy": "base-stock", "review_days": 1, "level": level}
    site = {"holding_cost": HOLDING, "stockout_cost": SHORTAGE, "ordering": rule}
    outage = {"use": "disruption.site-outage", "sites": ["stage-1"], "mean_up_days": up, "mean_down_days": down}
    clock = {"days": 3000, "steps": ORDER_FIRST}
    return chain([site, {"unlimited": True}], [0], {"law": DEMAND}, clock, components=[outage])


def disrupted_cost(failing: float, recovering: float, level: float) -> float:
    """Return the cost per period: after *n* periods without deliveries n + 1 demands have been served from *level*."""
    length = np.arange(2000)
    down = failing * recovering / (failing + recovering) * (1.0 - recovering) ** (length - 1.0)
    chances = np.where(length == 0, recovering / (failing + recovering), down)
    net = level - DEMAND * (length + 1)
    return float(chances @ (HOLDING * np.maximum(net, 0) + SHORTAGE * np.maximum(-net, 0)))


def best_level(failing: float, recovering: float) -> float:
    """Return the base stock that covers the critical ratio of outage lengths, in whole periods of demand."""
    covered = 0
    while 1 - failing / (failing + recovering) * (1 - recovering) ** covered < SHORTAGE / (SHORTAGE + HOLDING):
        covered += 1
    return DEMAND * (1 + covered)


CHAINS = {(0.05, 0.6): 0, (0.1, 0.5): 1, (0.2, 0.2): 8}
"""Chances of failing and of recovering from one period to the next, with the periods of outage worth covering."""


@pytest.mark.parametrize(("failing", "recovering"), CHAINS)
def test_critical_ratio_covers_longer_outages_the_likelier_they_are(failing: float, recovering: float) -> None:
    assert best_level(failing, recovering) == DEMAND * (1 + CHAINS[failing, recovering])


@pytest.mark.sampled(3)
@pytest.mark.parametrize("above", [0.0, DEMAND / 2])
@pytest.mark.parametrize(("failing", "recovering"), CHAINS)
def test_base_stock_behind_disruptions_costs_what_its_markov_chain_says(
    failing: float, recovering: float, above: float
) -> None:
    level = best_level(failing, recovering) + above
    simulated = replicate(behind_disruptions(failing, recovering, level), COST, 12)
    expected = disrupted_cost(failing, recovering, level)
    assert simulated.agrees(expected, within=0.05), (simulated, expected)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("failing", "recovering"), CHAINS)
def test_base_stock_that_covers_the_critical_ratio_is_cheapest(failing: float, recovering: float) -> None:
    level = best_level(failing, recovering)
    cheapest = costs(behind_disruptions(failing, recovering, level))
    for other in (level - DEMAND, level + DEMAND):
        dearer = costs(behind_disruptions(failing, recovering, other)) - cheapest
        assert dearer.mean() > 0.0, (other, dearer)


def costs(scenario: Scenario) -> Floats:
    """Return the cost per period of five replications; the outages in them do not depend on the policy."""
    return np.array([COST(simulate(scenario, replication=number)) for number in range(5)])
