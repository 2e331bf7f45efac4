"""Metrics of the divide: how far lower-tier suppliers are behind, and how unequal firms are by tier and cluster."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from gpnde.results.decomposition import theil
from gpnde.results.evidence import Evidence
from gpnde.results.history import KNOWLEDGE, Flags, Floats, History
from gpnde.results.metric import metric


@metric(
    "tier_gap",
    unit="1",
    formula="mean(c higher) - mean(c lower), c = Σ over functions of day 0 / their number",
    better="lower",
    source="definition",
    needs=KNOWLEDGE,
)
def tier_gap(evidence: Evidence) -> float:
    """Return the mean capability of higher-tier suppliers less that of lower-tier ones, at the last record.

    Higher-tier suppliers are lead suppliers, or those of tier 1 where no firm has that role. Capability is the mean
    over the functions that a firm performed on day 0, of the firms there on day 0 and at the last record: at both ends
    it is that of the same firms in the same functions, so that no entry, exit or function taken on moves it.
    """
    return float(tier_gaps(evidence.history)[-1])


@metric("tier_gap.start", unit="1", formula="as at the end", better="neither", source="as at the end", needs=KNOWLEDGE)
def tier_gap_at_start(evidence: Evidence) -> float:
    """Return the same gap on day 0, of the same firms in the same functions."""
    return float(tier_gaps(evidence.history)[0])


@metric("theil.tier", unit="1", formula="Σ s ln(s / (1/n))", better="lower", source="Theil (1967)", needs=KNOWLEDGE)
def inequality_of_tiers(evidence: Evidence) -> dict[str, float]:
    """Return Theil's index of capability over firms (.total), between and within tiers.

    Capability is the mean over the functions that a firm performed on day 0, of the firms there at the last record.
    """
    return _inequality(evidence.history, evidence.history.tiers.tolist())


@metric("theil.cluster", unit="1", formula="Σ s ln(s / (1/n))", better="lower", source="Theil (1967)", needs=KNOWLEDGE)
def inequality_of_clusters(evidence: Evidence) -> dict[str, float]:
    """Return Theil's index over firms with a home cluster (.total), between and within clusters.

    Capability is the mean over the functions that a firm performed on day 0, of the firms there at the last record.
    """
    return _inequality(evidence.history, evidence.history.clusters)


def tier_gaps(history: History) -> Floats:
    """Return by how much higher-tier suppliers are ahead of lower-tier ones; shape (times,)."""
    return mean_course(history, history.higher) - mean_course(history, history.lower)


def mean_course(history: History, chosen: Flags) -> Floats:
    """Return the mean capability of the *chosen* firms that stay over time; NaN where none does; shape (times,)."""
    known = history.mean_capability[:, chosen & history.stays]
    return np.array([_mean(row[np.isfinite(row)]) for row in known])


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else math.nan


def _inequality(history: History, groups: Sequence[int] | Sequence[str]) -> dict[str, float]:
    """Return the inequality of firms at the end; firms whose group is an empty text are left out."""
    values = history.mean_capability[-1]
    chosen = np.isfinite(values) & np.array([group != "" for group in groups])
    _, number = np.unique(np.array(groups)[chosen], return_inverse=True)
    return theil(values[chosen], number)._asdict()
