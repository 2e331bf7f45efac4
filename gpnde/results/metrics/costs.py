"""Costs of inventory: what stocks, shortages and orders cost all sites, where the scenario states cost rates."""

from __future__ import annotations

import math

from gpnde.results.evidence import Evidence
from gpnde.results.metric import metric

COSTS = ("holding", "pipeline", "stockout", "shortage", "ordering")


def _amounts(evidence: Evidence) -> dict[str, float]:
    """Return the cost of each kind at all sites (money); nothing where no site has a cost."""
    per_site = {kind: evidence.statistics.get(f"cost_{kind}") for kind in COSTS}
    known = {kind: amounts for kind, amounts in per_site.items() if amounts is not None}
    if not any(amounts.any() for amounts in known.values()):
        return {}
    return {kind: float(amounts.sum()) for kind, amounts in known.items()}


@metric("cost.holding", unit="money", formula="Σ rate · units · days", better="lower", source="definition")
def holding(evidence: Evidence) -> float:
    """Return the cost of stock on hand at all sites."""
    return evidence.part(_amounts).get("holding", math.nan)


@metric("cost.pipeline", unit="money", formula="Σ rate · units · days", better="lower", source="definition")
def in_transit(evidence: Evidence) -> float:
    """Return the cost of goods on the way to all sites."""
    return evidence.part(_amounts).get("pipeline", math.nan)


@metric("cost.stockout", unit="money", formula="Σ rate · units · days", better="lower", source="definition")
def stockout(evidence: Evidence) -> float:
    """Return the cost of units owed, for as long as they are."""
    return evidence.part(_amounts).get("stockout", math.nan)


@metric("cost.shortage", unit="money", formula="Σ rate · units", better="lower", source="definition")
def shortage(evidence: Evidence) -> float:
    """Return the cost of units that were short when asked for."""
    return evidence.part(_amounts).get("shortage", math.nan)


@metric("cost.ordering", unit="money", formula="Σ rate · orders", better="lower", source="definition")
def ordering(evidence: Evidence) -> float:
    """Return the cost of placing orders."""
    return evidence.part(_amounts).get("ordering", math.nan)


@metric("cost.total", unit="money", formula="Σ over kinds", better="lower", source="definition")
def in_all(evidence: Evidence) -> float:
    """Return the costs of inventory of all kinds together."""
    amounts = evidence.part(_amounts)
    return sum(amounts.values()) if amounts else math.nan


@metric("cost.per_day", unit="money/day", formula="total / days", better="lower", source="definition")
def per_day(evidence: Evidence) -> float:
    """Return the costs of inventory of all kinds per day of the run."""
    return in_all(evidence) / evidence.horizon
