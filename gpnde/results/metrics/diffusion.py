"""Metrics of diffusion: what was transferred, what firms made their own, and how far they are from the best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gpnde.results.evidence import Evidence
from gpnde.results.history import KNOWLEDGE, Floats, History
from gpnde.results.metric import metric, ratio, total
from gpnde.vocabulary import CHANNELS, KNOWLEDGE_KINDS

if TYPE_CHECKING:
    import polars as pl


FATES = ("transferred", "internalised", "stale")
"""Transferred knowledge, and its outcomes: internalised or stale."""


def _last(evidence: Evidence, name: str) -> pl.DataFrame:
    """Return the rows of the last record of a table; of a run without knowledge there are none."""
    import polars as pl

    return evidence.tables[name].filter(pl.col("day") == pl.col("day").max())


def _receipts(evidence: Evidence) -> dict[str, tuple[float, float, float]]:
    """Return transferred knowledge and its outcomes, as `FATES` says, by channel and kind and in all."""
    books = _last(evidence, "learners")
    sums = {
        f"{channel}.{kind}": [total(books, f"{fate}_{channel}_{kind}") for fate in FATES]
        for channel in CHANNELS
        for kind in KNOWLEDGE_KINDS
    }
    sums["all"] = np.array(list(sums.values())).sum(axis=0).tolist()
    return {name: (transferred, internalised, stale) for name, (transferred, internalised, stale) in sums.items()}


@metric(
    "completion",
    unit="1",
    formula="Σ internalised / Σ transferred",
    better="higher",
    source="definition",
    needs=KNOWLEDGE,
)
def completion(evidence: Evidence) -> dict[str, float]:
    """Return the share of what was transferred that firms had made their own by the last record.

    It is taken in all (.all) or by channel and kind of knowledge; diffusion is complete at 1.
    """
    rows = evidence.part(_receipts).items()
    return {name: ratio(internalised, transferred) for name, (transferred, internalised, _) in rows}


@metric("transferred", unit="1", formula="Σ", better="higher", source="definition", needs=KNOWLEDGE)
def transferred(evidence: Evidence) -> dict[str, float]:
    """Return the knowledge received by all firms in all functions, in all (.all) or by channel and kind."""
    return {name: fates[0] for name, fates in evidence.part(_receipts).items()}


@metric("internalised", unit="1", formula="Σ", better="higher", source="definition", needs=KNOWLEDGE)
def internalised(evidence: Evidence) -> dict[str, float]:
    """Return the received knowledge that firms made their own, in all (.all) or by channel and kind."""
    return {name: fates[1] for name, fates in evidence.part(_receipts).items()}


@metric("stale", unit="1", formula="Σ", better="lower", source="definition", needs=KNOWLEDGE)
def stale(evidence: Evidence) -> dict[str, float]:
    """Return the received knowledge that went stale before it was internalised, in all or by channel and kind."""
    return {name: fates[2] for name, fates in evidence.part(_receipts).items()}


@metric("waiting", unit="1", formula="Σ", better="neither", source="definition", needs=KNOWLEDGE)
def waiting(evidence: Evidence) -> dict[str, float]:
    """Return the received knowledge that is neither internalised nor stale at the last record."""
    return {"all": total(_last(evidence, "knowledge"), "waiting")}


@metric("created", unit="1", formula="Σ", better="higher", source="definition", needs=KNOWLEDGE)
def created(evidence: Evidence) -> dict[str, float]:
    """Return the knowledge that firms created by themselves or jointly, by kind."""
    books = _last(evidence, "learners")
    return {kind: total(books, f"created_{kind}") for kind in KNOWLEDGE_KINDS}


@metric(
    "frontier_gap",
    unit="1",
    formula="mean(max over firms of capability - capability)",
    better="lower",
    source="definition",
    needs=KNOWLEDGE,
)
def gap_to_frontier(evidence: Evidence) -> dict[str, float]:
    """Return how far firms of a tier are from the best firm at the end, in the functions that they do on day 0."""
    return _gaps(evidence, -1)


@metric(
    "frontier_gap.start", unit="1", formula="as at the end", better="neither", source="as at the end", needs=KNOWLEDGE
)
def gap_at_start(evidence: Evidence) -> dict[str, float]:
    """Return the same distance on day 0."""
    return _gaps(evidence, 0)


def frontier_gap(history: History, time: int) -> Floats:
    """Return how far each firm is from the best one in each function of day 0, else NaN; shape (firms, functions)."""
    there = history.present[time]
    able = history.capability[time]
    best = able[there].max(axis=0, initial=0.0)
    return np.where(history.opening & there[:, np.newaxis], best - able, np.nan)


def _gaps(evidence: Evidence, time: int) -> dict[str, float]:
    history = evidence.history
    gaps = frontier_gap(history, time)
    return {f"tier.{tier}": _mean_gap(gaps[history.tiers == tier]) for tier in np.unique(history.tiers).tolist()}


def _mean_gap(gaps: Floats) -> float:
    known = gaps[np.isfinite(gaps)]
    return ratio(float(known.sum()), len(known))
