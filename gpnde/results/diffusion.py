"""Metrics of diffusion: what was transferred, what firms made their own, and how far they are from the best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from gpnde.results.history import Floats, History
from gpnde.results.metric import Metric, MetricDoc, measured, ratio, total
from gpnde.vocabulary import CHANNELS, KNOWLEDGE_KINDS

if TYPE_CHECKING:
    import polars as pl


FATES = ("transferred", "internalised", "stale")
"""What a receipt is first, and what becomes of it."""

DOC = {
    "completion": MetricDoc(
        "1",
        "Share of what was transferred that firms had made their own by the last record, in all (.all) or by channel "
        "and kind of knowledge; diffusion is complete at 1.",
        "Σ internalised / Σ transferred",
        "higher",
    ),
    "transferred": MetricDoc(
        "1", "Knowledge received by all firms in all functions, in all (.all) or by channel and kind.", "Σ", "higher"
    ),
    "internalised": MetricDoc(
        "1", "Received knowledge that firms made their own, in all (.all) or by channel and kind.", "Σ", "higher"
    ),
    "stale": MetricDoc(
        "1",
        "Received knowledge that went stale before it was internalised, in all (.all) or by channel and kind.",
        "Σ",
        "lower",
    ),
    "waiting": MetricDoc(
        "1", "Received knowledge that is neither internalised nor stale at the last record.", "Σ", "neither"
    ),
    "created": MetricDoc("1", "Knowledge that firms created by themselves or jointly, by kind.", "Σ", "higher"),
    "frontier_gap": MetricDoc(
        "1",
        "How far firms of a tier are from the best firm in the functions that they perform, at the last record.",
        "mean(max over firms of capability - capability)",
        "lower",
    ),
    "frontier_gap.start": MetricDoc("1", "The same distance on day 0.", "as at the end", "neither"),
}
"""Meaning of the metrics of this module, by prefix."""


def diffusion_metrics(history: History, tables: Mapping[str, pl.DataFrame]) -> list[Metric]:
    """Return the metrics of diffusion."""
    import polars as pl

    books = tables["learners"].filter(pl.col("day") == pl.col("day").max())
    stocks = tables["knowledge"].filter(pl.col("day") == pl.col("day").max())
    metrics: list[Metric] = [
        *_receipts(books),
        Metric("waiting.all", total(stocks, "waiting"), "1"),
        *(Metric(f"created.{kind}", total(books, f"created_{kind}"), "1") for kind in KNOWLEDGE_KINDS),
        *_by_tier("frontier_gap", history, frontier_gap(history, -1)),
        *_by_tier("frontier_gap.start", history, frontier_gap(history, 0)),
    ]
    return measured(metrics)


def _receipts(books: pl.DataFrame) -> Iterator[Metric]:
    """Yield what was received and what became of it, by channel and kind and in all."""
    sums = {
        f"{channel}.{kind}": [total(books, f"{fate}_{channel}_{kind}") for fate in FATES]
        for channel in CHANNELS
        for kind in KNOWLEDGE_KINDS
    }
    sums["all"] = np.array(list(sums.values())).sum(axis=0).tolist()
    for name, (transferred, internalised, stale) in sums.items():
        yield Metric(f"transferred.{name}", transferred, "1")
        yield Metric(f"internalised.{name}", internalised, "1")
        yield Metric(f"stale.{name}", stale, "1")
        yield Metric(f"completion.{name}", ratio(internalised, transferred), "1")


def frontier_gap(history: History, time: int) -> Floats:
    """Return how far each firm is from the best one in each function that it performs, else NaN; (firms, functions)."""
    there = history.present[time]
    able = history.capability[time]
    best = able[there].max(axis=0, initial=0.0)
    return np.where(history.performed[time] & there[:, np.newaxis], best - able, np.nan)


def _by_tier(name: str, history: History, gaps: Floats) -> Iterator[Metric]:
    for tier in np.unique(history.tiers).tolist():
        known = gaps[history.tiers == tier]
        known = known[np.isfinite(known)]
        yield Metric(f"{name}.tier.{tier}", ratio(float(known.sum()), len(known)), "1")
