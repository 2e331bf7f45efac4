"""The metric of how capable suppliers are, by tier; a run measures it where its scenario or study names it."""

from __future__ import annotations

import math

import numpy as np

from gpnde.plugin import Evidence, metric

KNOWLEDGE = ("knowledge", "learners")
"""Tables without which nothing is known of what firms know."""


@metric(
    "capability",
    unit="1",
    formula="mean(c), c = Σ over functions of day 0 / their number",
    better="higher",
    source="definition",
    needs=KNOWLEDGE,
)
def capability(evidence: Evidence) -> dict[str, float]:
    """Return the mean capability of suppliers of the lower and of the higher tier (1), at the last record.

    Firms and functions are those of the metric tier_gap, which is the difference of the two.
    """
    history = evidence.history
    last = history.mean_capability[-1]
    there = history.stays & np.isfinite(last)
    groups = {"lower_tier": history.lower & there, "higher_tier": history.higher & there}
    return {name: float(last[chosen].mean()) if chosen.any() else math.nan for name, chosen in groups.items()}
