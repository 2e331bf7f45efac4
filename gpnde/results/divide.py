"""Metrics of the divide: how far lower-tier suppliers are behind, and how unequal firms are by tier and cluster."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from gpnde.results.decomposition import theil
from gpnde.results.history import Flags, Floats, History
from gpnde.results.metric import Metric, MetricDoc, measured

_WHO = "capability being the mean over the functions that a firm performs, over the firms there at the last record"

DOC = {
    "tier_gap": MetricDoc(
        "1",
        "Mean capability of higher-tier suppliers (lead suppliers, or tier 1 where no firm has that role) less that "
        "of lower-tier ones, over the functions that each performs, at the last record.",
        "mean(c higher) - mean(c lower)",
        "lower",
    ),
    "tier_gap.start": MetricDoc("1", "The same gap on day 0.", "as at the end", "neither"),
    "theil.tier": MetricDoc(
        "1",
        f"Theil's index of capability over firms (.total), between and within tiers; {_WHO}.",
        "Σ s ln(s / (1/n))",
        "lower",
    ),
    "theil.cluster": MetricDoc(
        "1",
        f"Theil's index over firms with a home cluster (.total), between and within clusters; {_WHO}.",
        "Σ s ln(s / (1/n))",
        "lower",
    ),
}
"""Meaning of the metrics of this module, by prefix."""


def divide_metrics(history: History) -> list[Metric]:
    """Return the metrics of the divide."""
    gaps = tier_gaps(history)
    metrics: list[Metric] = [
        Metric("tier_gap", float(gaps[-1]), "1"),
        Metric("tier_gap.start", float(gaps[0]), "1"),
        *_inequality("theil.tier", history, history.tiers.tolist()),
        *_inequality("theil.cluster", history, history.clusters),
    ]
    return measured(metrics)


def tier_gaps(history: History) -> Floats:
    """Return by how much higher-tier suppliers are ahead of lower-tier ones; shape (times,)."""
    return mean_course(history, history.higher) - mean_course(history, history.lower)


def mean_course(history: History, chosen: Flags) -> Floats:
    """Return the mean capability of the *chosen* firms over time; NaN where none is there; shape (times,)."""
    known = history.mean_capability[:, chosen]
    return np.array([_mean(row[np.isfinite(row)]) for row in known])


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else math.nan


def _inequality(name: str, history: History, groups: Sequence[int] | Sequence[str]) -> Iterator[Metric]:
    """Yield the inequality of firms at the end; firms whose group is an empty text are left out."""
    values = history.mean_capability[-1]
    chosen = np.isfinite(values) & np.array([group != "" for group in groups])
    _, number = np.unique(np.array(groups)[chosen], return_inverse=True)
    for part, value in theil(values[chosen], number)._asdict().items():
        yield Metric(f"{name}.{part}", value, "1")
