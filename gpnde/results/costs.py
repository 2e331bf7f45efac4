"""Costs of inventory: what stocks, shortages and orders cost all sites, where the scenario states cost rates."""

from __future__ import annotations

from gpnde.results.metric import MetricDoc

DOC = {
    "cost.holding": MetricDoc("money", "Cost of stock on hand at all sites.", "Σ rate · units · days", "lower"),
    "cost.pipeline": MetricDoc("money", "Cost of goods on the way to all sites.", "Σ rate · units · days", "lower"),
    "cost.stockout": MetricDoc(
        "money", "Cost of units owed, for as long as they are.", "Σ rate · units · days", "lower"
    ),
    "cost.shortage": MetricDoc("money", "Cost of units that were short when asked for.", "Σ rate · units", "lower"),
    "cost.ordering": MetricDoc("money", "Cost of placing orders.", "Σ rate · orders", "lower"),
    "cost.total": MetricDoc("money", "All costs of inventory together.", "Σ over kinds", "lower"),
    "cost.per_day": MetricDoc("money/day", "All costs of inventory per day of the run.", "total / days", "lower"),
}
"""Meaning of the metrics of this module; a run whose scenario states no cost rates has none of them."""
