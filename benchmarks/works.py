"""The benchmark works as ordinary scenarios: a serial chain (W1) and a network with outages (W2).

Both are defined so that other simulators can do them too, and so that equal results can be checked before speeds are
compared: the fill rates and service shares to expect stand beside each function.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from gpnde.scenario import Scenario

Sequence = Literal["A", "B"]

STEPS = {"A": ["demand", "order", "receive", "supply"], "B": ["order", "receive", "demand", "supply"]}
"""A: demand is seen before ordering; B: orders are placed before demand is seen."""

LEVEL = {"A": 225, "B": 325}
"""Order-up-to level of all four stages (units)."""

STAGES = ("retailer", "wholesaler", "distributor", "factory")
WEEK = 7
LEAD_TIME = f"lognormal(median={2 * WEEK}, sigma=0.5)"


def serial(sequence: Sequence, periods: int = 1000, seed: int = 1) -> Scenario:
    """Return W1: four stages, one-period reviews, shipments of two periods, demand max(0, normal(100, 15)).

    The retailer fills 0.98854 (A) or 0.97484 (B) of demand in its own period with seed 1 and 1,000 periods, and the
    variance of orders equals that of demand at every stage.
    """
    demand = np.maximum(0.0, np.random.default_rng(seed).normal(100.0, 15.0, periods))
    links = [
        {"buyer": buyer, "supplier": supplier, "product": "case", "lead_time": 2}
        for buyer, supplier in zip(STAGES, (*STAGES[1:], "outside"), strict=True)
    ]
    return Scenario.model_validate(
        {
            "name": f"w1-{sequence.lower()}",
            "clock": {"days": periods, "steps": STEPS[sequence]},
            "products": {"case": {}},
            "firms": [{"name": stage, "tier": tier} for tier, stage in enumerate(STAGES)],
            "sites": [{"name": stage, "firm": stage, "product": "case"} for stage in STAGES],
            "links": links,
            "markets": [
                {
                    "name": "customers",
                    "product": "case",
                    "served_by": ["retailer"],
                    "demand": {"law": {"law": "series", "values": demand.tolist()}},
                }
            ],
            "ordering": {"policy": "base-stock", "level": LEVEL[sequence], "review_days": 1},
            "record": {"orders": False, "entities": False, "every_days": max(1, periods // 10)},
        }
    )


def tiers_of(firms: int) -> list[np.ndarray[Any, np.dtype[np.int64]]]:
    """Return the firms of each tier: 1 % flagships, 9 % lead suppliers, 30 %, and the rest, which is raw.

    >>> [len(tier) for tier in tiers_of(100)]
    [1, 9, 30, 60]
    """
    first, second, third = max(1, firms // 100), max(3, firms * 9 // 100), firms * 30 // 100
    return np.split(np.arange(firms), np.cumsum([first, second, third]))


def suppliers_of(firms: int) -> dict[int, list[int]]:
    """Return the three suppliers of every firm that is not raw, drawn from the next tier."""
    rng, tiers = np.random.default_rng(12345), tiers_of(firms)
    return {
        int(buyer): [int(supplier) for supplier in rng.choice(below, 3, replace=False)]
        for tier, below in zip(tiers[:-1], tiers[1:], strict=True)
        for buyer in tier
    }


def mean_demand(firms: int, suppliers: dict[int, list[int]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the mean weekly demand of each firm: its own market's 100 and a third of each customer's (units)."""
    mean = np.full(firms, 100.0)
    for buyer in sorted(suppliers):
        for supplier in suppliers[buyer]:
            mean[supplier] += mean[buyer] / 3.0
    return mean


def network(firms: int, weeks: int = 520, scorecards: bool = False) -> Scenario:
    """Return W2: a network of firms with markets of their own, random lead times and outages, in weekly steps.

    Between 0.925 and 0.93 of firm-weeks serve every claim in full; a thousand firms place about 0.89 million order
    lines in 520 weeks.
    """
    suppliers = suppliers_of(firms)
    mean = mean_demand(firms, suppliers)
    raw = sorted(set(range(firms)) - set(suppliers))
    links = [(buyer, f"firm{supplier}") for buyer, below in suppliers.items() for supplier in below]
    links += [(buyer, "outside") for buyer in raw]
    document: dict[str, Any] = {
        "name": f"w2-{firms}",
        "clock": {"days": weeks * WEEK, "tick_days": WEEK},
        "products": {"good": {}},
        "firms": [
            {"name": f"firm{number}", "tier": tier} for tier, group in enumerate(tiers_of(firms)) for number in group
        ],
        "sites": [_site(number, 6.5 * float(mean[number])) for number in range(firms)],
        "links": [
            {"buyer": f"firm{buyer}", "supplier": supplier, "product": "good", "lead_time": LEAD_TIME}
            for buyer, supplier in links
        ],
        "markets": [_market(number) for number in range(firms)],
        "components": [{"use": "disruption.site-outage", "mean_up_days": 50 * WEEK, "mean_down_days": 4 * WEEK}],
        "record": {"orders": False, "events": False, "entities": False, "every_days": weeks * WEEK},
    }
    if scorecards:
        document["selection"] = {}
    return Scenario.model_validate(document)


def _site(number: int, level: float) -> dict[str, Any]:
    ordering = {"policy": "base-stock", "level": level, "review_days": WEEK}
    return {"name": f"firm{number}", "firm": f"firm{number}", "product": "good", "ordering": ordering}


def _market(number: int) -> dict[str, Any]:
    return {
        "name": f"market{number}",
        "product": "good",
        "served_by": [f"firm{number}"],
        "demand": {"law": "normal(mean=100, sd=15)"},
    }
