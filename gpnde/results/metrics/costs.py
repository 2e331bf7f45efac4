"""Costs by kind: those of the table of costs, or those of stocks, shortages and orders where sites have cost rates."""

from __future__ import annotations

import math

from gpnde.results.evidence import Evidence
from gpnde.results.metric import metric, ratio, sums_by, total
from gpnde.results.names import slug
from gpnde.vocabulary import COST_KINDS

COSTS = ("holding", "pipeline", "stockout", "shortage", "ordering")
"""Kinds that a run measures also where its scenario has no block on costs."""

_TABLE = ("costs",)


def _amounts(evidence: Evidence) -> dict[str, float]:
    """Return the cost of each kind (money); nothing where no site has a cost."""
    if evidence.has(_TABLE):
        sums = dict(sums_by("kind", evidence.tables["costs"], "amount").select("kind", "amount").iter_rows())
        return {kind: float(sums.get(kind, 0.0)) for kind in COST_KINDS}
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
    """Return the cost of goods on the way from all sites."""
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


@metric("cost.freight", unit="money", formula="Σ freight · units", better="lower", source="definition")
def freight(evidence: Evidence) -> float:
    """Return the freight that buyers bear."""
    return evidence.part(_amounts).get("freight", math.nan)


@metric("cost.duty", unit="money", formula="Σ duty · price · units", better="lower", source="definition")
def duty(evidence: Evidence) -> float:
    """Return the duties that buyers bear."""
    return evidence.part(_amounts).get("duty", math.nan)


@metric("cost.production", unit="money", formula="Σ rate · units made", better="lower", source="definition")
def production(evidence: Evidence) -> float:
    """Return what making goods costs beside materials: value added, or wages, upkeep and what is bought in."""
    return evidence.part(_amounts).get("production", math.nan)


@metric("cost.disposal", unit="money", formula="Σ rate · units scrapped", better="lower", source="definition")
def disposal(evidence: Evidence) -> float:
    """Return the cost of getting rid of scrap."""
    return evidence.part(_amounts).get("disposal", math.nan)


@metric("cost.capital", unit="money", formula="Σ rate · unit cost · units · days", better="lower", source="definition")
def capital(evidence: Evidence) -> float:
    """Return the charge for the capital in stock and on the way, which nobody pays."""
    return evidence.part(_amounts).get("capital", math.nan)


@metric(
    "cost.setup",
    unit="money",
    formula="Σ cost · change-overs",
    better="lower",
    source="definition",
    needs=(*_TABLE, "plant_lines"),
)
def setup(evidence: Evidence) -> float:
    """Return the cost of changing plants over from one of their products to another."""
    return evidence.part(_amounts).get("setup", math.nan)


@metric("cost.total", unit="money", formula="Σ over kinds", better="lower", source="definition")
def in_all(evidence: Evidence) -> dict[str, float]:
    """Return the costs of all kinds together; with a block on costs, also those of each firm and site."""
    amounts = evidence.part(_amounts)
    whole = sum(amounts.values()) if amounts else math.nan
    if not evidence.has(_TABLE):
        return {"": whole}
    return {"": whole, **_totals_by(evidence, "firm"), **_totals_by(evidence, "site")}


def _totals_by(evidence: Evidence, column: str) -> dict[str, float]:
    rows = sums_by(column, evidence.tables["costs"], "amount").select(column, "amount").iter_rows()
    return {f"{column}.{slug(name)}": float(amount) for name, amount in rows if name}


@metric("cost.per_day", unit="money/day", formula="total / days", better="lower", source="definition")
def per_day(evidence: Evidence) -> float:
    """Return the costs of all kinds per day."""
    return in_all(evidence)[""] / evidence.measured_days


@metric(
    "cost.per_unit",
    unit="money/unit",
    formula="total / Σ units shipped to markets",
    better="lower",
    source="definition",
    needs=_TABLE,
)
def per_unit(evidence: Evidence) -> float:
    """Return the costs of all kinds per unit that markets were sent."""
    return ratio(in_all(evidence)[""], total(evidence.tables["markets"], "shipped"))
