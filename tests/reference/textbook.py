"""Textbook inventory models of one site or a series of sites as scenarios of gpnde.

A day stands for the unit of time of an instance (a period, a year). Where a book lets time flow, the tick is a small
part of a replenishment cycle or a lead time, and each function says what that does to the cost.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gpnde.results import Run
from gpnde.scenario import Scenario

from ..theory.chains import ORDER_ON_DEMAND, chain, customers

Plain = dict[str, Any]
Given = Mapping[str, Any]

ORDER_FIRST = ("order", "receive", "demand", "supply")
"""Order, then see demand: the newsvendor's day."""


def shop(days: float, demand: Given, site: Plain, lead_time: Any = 0, **others: Any) -> Scenario:
    """Return a scenario of one site that sells to one market and buys outside."""
    clock = {"days": days, "steps": others.pop("steps", ORDER_ON_DEMAND), "tick_days": others.pop("tick_days", 1.0)}
    return chain([site], [lead_time], demand, clock, **others)


def continuous(policy: str, **levels: float) -> Plain:
    """Return an ordering rule under continuous review."""
    return {"policy": policy, "review_days": 0, **levels}


def periodic(policy: str, **levels: float) -> Plain:
    """Return an ordering rule with a review in every period."""
    return {"policy": policy, "review_days": 1, **levels}


def normal(mean: float, sd: float) -> Plain:
    """Return the normal law, negative values included."""
    return {"law": "normal", "mean": mean, "sd": sd, "truncated": False}


def rates(data: Given) -> Plain:
    """Return the cost rates of a site; what is short costs per unit and time."""
    names = {"holding_cost": "holding_cost", "stockout_cost": "stockout_cost", "fixed_cost": "order_cost"}
    return {names[name]: value for name, value in data.items() if name in names}


EOQ_TICKS = 5000
"""Ticks in a cycle of constant demand."""


def eoq(data: Given, policy: Given) -> Scenario:
    """Order the same quantity whenever stock, or a planned backlog, has come to its end.

    Stock falls in steps of one tick's demand d, and so is d / 2 higher than in continuous time. The reorder point lies
    half a step above the level that it stands for, where rounding does not matter. The run lasts ten cycles.
    """
    cycle = policy["order_quantity"] / data["demand_rate"]
    step = policy["order_quantity"] / EOQ_TICKS
    owed = round(policy.get("stockout_fraction", 0.0) * EOQ_TICKS)
    ordering = continuous("r-Q", reorder_point=(0.5 - owed) * step, quantity=policy["order_quantity"])
    site = {**rates(data), "stock": step, "ordering": ordering}
    return shop(10 * cycle, {"law": step}, site, tick_days=cycle / EOQ_TICKS)


def newsvendor(data: Given, policy: Given) -> Scenario:
    """Order up to a level in every period before demand is seen; what is missing is backlogged.

    The run begins with the orders of the last periods under way.
    """
    lead_time, level = data.get("lead_time", 0), policy["base_stock"]
    under_way = [data["demand_mean"]] * lead_time
    site = {**rates(data), "stock": level - sum(under_way), "ordering": periodic("base-stock", level=level)}
    demand = {"law": normal(data["demand_mean"], data["demand_sd"])}
    link = {"buyer": "stage-0", "product": "unit", "lead_time": lead_time, "in_transit": under_way}
    return shop(20_000, demand, site, steps=ORDER_FIRST, links=[link])


def newsvendor_explicit(data: Given, policy: Given) -> Scenario:
    """Begin every period with the same quantity; what is missing is not sold."""
    site = {"holding_cost": 1, "ordering": periodic("base-stock", level=policy["order_quantity"])}
    demand = {"law": normal(data["demand_mean"], data["demand_sd"])}
    return shop(20_000, demand, site, steps=ORDER_FIRST, markets=[impatient(demand)])


def impatient(demand: Given) -> Plain:
    """Return a market that does not wait: what is not in stock is not sold."""
    market = {"name": "customers", "product": "unit", "served_by": ["stage-0"], "demand": demand}
    return {**market, "backorders": False}


def loss_of_newsvendor(run: Run, data: Given, policy: Given) -> float:
    """Return minus the profit per period: what is left over is salvaged and bought again."""
    days = float(run.counts["days"])
    sold, left = float(run.markets["shipped"].sum()) / days, run.metric("cost.holding") / days
    income = data["revenue"] * sold + data["salvage_value"] * left
    return float(data["purchase_cost"] * policy["order_quantity"] - income)


def ss_poisson(data: Given, policy: Given) -> Scenario:
    """Order up to S in a period that begins at s or below."""
    ordering = periodic("s-S", reorder_point=policy["s"], level=policy["S"])
    demand = {"law": {"law": "poisson", "mean": data["demand_mean"]}}
    return shop(20_000, demand, {**rates(data), "ordering": ordering}, steps=ORDER_FIRST)


def rq_poisson(data: Given, policy: Given) -> Scenario:
    """Order Q whenever the inventory position falls to r, under Poisson arrivals of single customers.

    What is in stock at a tick is the position one lead time before, less Poisson demand since: its law does not depend
    on the tick.
    """
    ordering = continuous("r-Q", reorder_point=policy["r"], quantity=policy["Q"])
    demand = customers(data["demand_mean"])
    lead_time = data["lead_time"]
    return shop(20_000, demand, {**rates(data), "ordering": ordering}, lead_time, tick_days=lead_time / 200)


RQ_TICKS = 200
"""Ticks in a cycle of constant demand with random lead times."""


def rq_normal(data: Given, policy: Given) -> Scenario:
    """Order Q at r where demand in a lead time is normal and each unit short costs once.

    The expected-inventory-level approximation sees nothing of demand but its total in a lead time. Here demand is
    constant and the lead time normal, which gives that total the same law, and the approximation is off only by the
    holding cost of a mean backlog below 0.01 units. Rounding to ticks moves stock by half a tick's demand.
    """
    step = policy["Q"] / RQ_TICKS
    ordering = continuous("r-Q", reorder_point=policy["r"] + step / 2, quantity=policy["Q"])
    once = {"stockout_cost": 0, "shortage_cost": data["stockout_cost"]}
    site = {**rates(data), **once, "stock": policy["r"] + policy["Q"], "ordering": ordering}
    spread = data["demand_sd"] / data["demand_mean"] * math.sqrt(data["lead_time"])
    lead_time = {"law": "normal", "mean": data["lead_time"], "sd": spread}
    tick = step / data["demand_mean"]
    return shop(2500 * RQ_TICKS * tick, {"law": step}, site, lead_time, tick_days=tick)


LEAD_TIME_TICKS = 100
"""Ticks in a lead time of Brownian demand."""

OVERSHOOT = 0.5826
"""Standard deviations of a step by which a random walk overshoots a barrier on average: -zeta(1/2) / sqrt(2 pi)."""


def rq_brownian(data: Given, policy: Given) -> Scenario:
    """Order Q at r where demand is normal in any stretch of time: markets also bring goods back.

    The position is seen at ticks only, when it has passed r already, so r is raised by the mean overshoot.
    """
    tick = data["lead_time"] / LEAD_TIME_TICKS
    noise = data["demand_sd"] * math.sqrt(tick)
    ordering = continuous("r-Q", reorder_point=policy["r"] + OVERSHOOT * noise, quantity=policy["Q"])
    site = {"holding_cost": data["holding_cost"], "order_cost": data["fixed_cost"], "ordering": ordering}
    demand = {"law": normal(data["demand_mean"] * tick, noise)}
    return shop(250, demand, site, data["lead_time"], tick_days=tick)


def serial(data: Given, policy: Given) -> Scenario:
    """Raise every echelon to its base stock when demand is seen (Clark and Scarf, 1960).

    A unit on the way costs what it costs at the sender. Under Poisson demand any tick that divides the lead times gives
    the law of continuous time; under normal demand per period the tick is the period.
    """
    upstream_first = sorted(data["nodes"], key=lambda node: -int(node["node"]))
    held_at = np.cumsum([node["echelon_holding_cost"] for node in upstream_first]).tolist()
    stages = [serial_stage(*pair, policy) for pair in zip(upstream_first, held_at, strict=True)]
    lead_times = [node["shipment_lead_time"] for node in upstream_first]
    demand = upstream_first[-1]["demand"]
    if demand["type"] == "poisson":
        clock, asked = {"days": 5000, "tick_days": min(lead_times) / 5}, customers(demand["mean"])
    else:
        clock, asked = {"days": 10_000, "tick_days": 1}, {"law": normal(demand["mean"], demand["sd"])}
    return chain(stages[::-1], lead_times[::-1], asked, {**clock, "steps": ORDER_ON_DEMAND})


def serial_stage(node: Given, held_at: float, policy: Given) -> Plain:
    """Return one stage of a series system, where a unit is *held_at* a local cost."""
    ordering = continuous("echelon-base-stock", level=policy[str(node["node"])])
    costs = {"holding_cost": held_at, "pipeline_cost": held_at, "stockout_cost": node["stockout_cost"]}
    return {**costs, "ordering": ordering}


OUTAGE_TICKS = 100
"""Ticks in which a full order sells out."""


def eoq_disruption(data: Given, policy: Given) -> Scenario:
    """Order when stock is out, from a supplier who is now and then out of work; sales are lost meanwhile."""
    step = policy["order_quantity"] / OUTAGE_TICKS
    ordering = continuous("r-Q", reorder_point=step / 2, quantity=policy["order_quantity"])
    costs = {**rates(data), "stockout_cost": 0, "shortage_cost": data["stockout_cost"]}
    outage = {"mean_up_days": 1 / data["disruption_rate"], "mean_down_days": 1 / data["recovery_rate"]}
    return chain(
        [{**costs, "stock": step, "ordering": ordering}, {"unlimited": True}],
        [0],
        {"law": step},
        {"days": 2500, "tick_days": step / data["demand_rate"], "steps": ORDER_ON_DEMAND},
        markets=[impatient({"law": step})],
        components=[{"use": "disruption.site-outage", "sites": ["stage-1"], **outage}],
    )


def disruption_cost(data: Given, quantity: float, ticks: int) -> float:
    """Return the cost of `eoq_disruption` per unit of time when a full order sells out in that many ticks.

    The supplier is a Markov chain of two states that is looked at in every tick. An order that meets an outage waits
    for the first tick at work, in which its first units are sold; so it sells out one tick sooner than one that does
    not. *late* is the share of such orders.
    """
    speed = data["disruption_rate"] + data["recovery_rate"]
    tick = quantity / data["demand_rate"] / ticks
    down = [data["disruption_rate"] / speed * -math.expm1(-speed * tick * count) for count in (ticks, ticks - 1)]
    late = down[0] / (1 + down[0] - down[1])
    wait = 1 / (data["recovery_rate"] / speed * -math.expm1(-speed * tick))
    step = quantity / ticks
    held = step * tick * ticks * (ticks + 1 - 2 * late) / 2
    lost = step * late * (wait - 1)
    length = tick * (ticks - late + late * wait)
    return float((data["fixed_cost"] + data["holding_cost"] * held + data["stockout_cost"] * lost) / length)


YIELD_TICKS = 200
"""Ticks in which the good units of a mean batch sell out."""


def eoq_yield(data: Given, mean_good: float, ordered: float, law: Plain) -> Scenario:
    """Order when stock is out and make the order into a batch of random yield.

    *mean_good* is the mean of the good units and *ordered* the order in units of mean output. Batches sell out at any
    point of a tick, so that the steps in which stock falls cancel out. The run begins with an order.
    """
    step = mean_good / YIELD_TICKS
    tick = step / data["demand_rate"]
    ordering = continuous("r-Q", reorder_point=0, quantity=ordered)
    site = {**rates(data), **law, "stock": step, "ordering": ordering}
    return shop(1000 * YIELD_TICKS * tick, {"law": step}, site, tick_days=tick)


def eoq_yield_add(data: Given, policy: Given) -> Scenario:
    """Lose a random quantity of every batch, whatever its size."""
    quantity = policy["order_quantity"]
    loss = normal(-data["yield_mean"], data["yield_sd"])
    return eoq_yield(data, quantity + data["yield_mean"], quantity, {"yield_loss": loss})


def eoq_yield_mult(data: Given, policy: Given) -> Scenario:
    """Lose a random share of every batch; the ordering rule counts good units, the book counts units ordered."""
    share = {"law": "beta", "mean": data["yield_mean"], "sd": data["yield_sd"]}
    good = policy["order_quantity"] * data["yield_mean"]
    return eoq_yield(data, good, good, {"yield_rate": share})


def flat(levels: Given) -> dict[str, float]:
    """Return the numbers of a published answer, those of an inner mapping under their own names."""
    numbers: dict[str, float] = {}
    for name, value in levels.items():
        numbers.update(value if isinstance(value, Mapping) else {name: value})
    return numbers


def scaled(policy: Mapping[str, float], names: Sequence[str], step: float) -> list[dict[str, float]]:
    """Return the policies in which one named number is a share *step* lower or higher; whole numbers stay whole."""
    is_whole = all(float(number).is_integer() for number in policy.values())
    moves = {name: max(1.0, round(step * policy[name])) if is_whole else step * policy[name] for name in names}
    return [{**policy, name: policy[name] + sign * move} for name, move in moves.items() for sign in (-1, 1)]
