"""Metrics of upgrading: the levels of suppliers, what they took on and lost, where they stall, and who moved the mean.

A level is the highest rung of the ladder that a firm performs, from 0 (sales and distribution) to 5 (system
integration); -1 for a firm that performs none. Suppliers are all firms but brand leaders and contract manufacturers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gpnde.results.decomposition import decompose_change
from gpnde.results.forms import FORMS_DOC, forms_of_upgrading
from gpnde.results.history import RUNGS, TOP, Floats, History
from gpnde.results.metric import Metric, MetricDoc, horizon_of, measured
from gpnde.results.windows import first_window, last_window, sums_in_order
from gpnde.vocabulary import FUNCTIONS, YEAR_DAYS

if TYPE_CHECKING:
    import polars as pl

STALL_DAYS = 3 * YEAR_DAYS
"""A supplier below the top whose level has not risen for so long is stalled: its upgrading is truncated."""

EVENT_NAMES = {"upgrade": "up", "downgrade": "down"}

_PARTS = {
    "within": ("what suppliers learnt or forgot at the shares they had", "Σ s0 (c1 - c0)"),
    "between": ("sales that shifted to suppliers above or below the mean", "Σ (s1 - s0) (c0 - C0)"),
    "cross": ("sales that shifted to suppliers that rose or fell", "Σ (s1 - s0) (c1 - c0)"),
    "entry": ("suppliers that came", "Σ s1 (c1 - C0)"),
    "exit": ("suppliers that left", "Σ s0 (C0 - c0)"),
}

DOC = {
    "upgrading.level": MetricDoc(
        "1", "Mean level of the firms of a tier at the last record.", "mean(highest rung)", "higher"
    ),
    "upgrading.level_change": MetricDoc(
        "1", "Mean level of a tier at the last record less that on day 0.", "end - start", "higher"
    ),
    "upgrading.share_at_level": MetricDoc(
        "1", "Share of suppliers at a level at the last record.", "n at level / n", "neither"
    ),
    "upgrading.events": MetricDoc(
        "1",
        "Functions taken on (up) and lost (down), and of each function how often it was taken on.",
        "count",
        "neither",
    ),
    "upgrading.stall.share": MetricDoc(
        "1",
        "Share of suppliers that have been below the top without a rise of their level for at least three years at "
        "the last record: truncated upgrading. Not measured in shorter runs.",
        "n stalled / n",
        "lower",
    ),
    "upgrading.stall.mean_days": MetricDoc(
        "day",
        "Length of the spells of at least three years that suppliers spent below the top without a rise of their "
        "level; one that still lasts counts up to the last record.",
        "mean",
        "lower",
    ),
    **{
        f"upgrading.{part}": MetricDoc(
            "1",
            f"Change of the mean capability of suppliers that comes from {meaning}; shares are those of sales in the "
            "first and the last year, or in half the run where it is shorter than two years; equal ones where nobody "
            "sold anything (Foster, Haltiwanger and Krizan, 2001). A firm's capability is its mean over the functions "
            "that it performs, so a function taken on counts too.",
            formula,
            "higher",
        )
        for part, (meaning, formula) in _PARTS.items()
    },
    **FORMS_DOC,
}
"""Meaning of the metrics of this module, by prefix."""


def upgrading_metrics(
    history: History, scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]
) -> list[Metric]:
    """Return the metrics of upgrading."""
    metrics: list[Metric] = [
        *_levels(history),
        *_shares_at_level(history),
        *_events(tables["upgrades"]),
        *_stalls(history),
        *_change_of_capability(history, tables["firms"], horizon_of(scenario)),
        *forms_of_upgrading(history, scenario, tables),
    ]
    return measured(metrics)


def _levels(history: History) -> Iterator[Metric]:
    for tier in np.unique(history.tiers).tolist():
        start, end = (history.mean_level(time, history.tiers == tier) for time in (0, -1))
        yield Metric(f"upgrading.level.tier.{tier}", end, "1")
        yield Metric(f"upgrading.level_change.tier.{tier}", end - start, "1")


def _shares_at_level(history: History) -> Iterator[Metric]:
    counts = level_counts(history)[-1]
    there = int((history.suppliers & history.present[-1]).sum())
    for level, count in enumerate(counts.tolist()):
        yield Metric(f"upgrading.share_at_level.{level}", count / there if there else math.nan, "1")


def level_counts(history: History) -> Floats:
    """Return how many suppliers are at each level at each time; shape (times, levels)."""
    levels = np.where(history.suppliers & history.present, history.levels, -1)
    return np.array([(levels == level).sum(axis=1) for level in range(RUNGS)], dtype=np.float64).T


def _events(upgrades: pl.DataFrame) -> Iterator[Metric]:
    kinds, functions = upgrades["kind"].to_numpy(), upgrades["function"].to_numpy()
    for kind, name in EVENT_NAMES.items():
        yield Metric(f"upgrading.events.{name}", float((kinds == kind).sum()), "1")
    for function in FUNCTIONS:
        taken_on = (kinds == "upgrade") & (functions == function)
        yield Metric(f"upgrading.events.{function}", float(taken_on.sum()), "1")


def _stalls(history: History) -> Iterator[Metric]:
    if history.days[-1] - history.days[0] < STALL_DAYS:
        return
    ended, lasting = spells(history)
    stalls = np.concatenate([ended, lasting])
    stalls = stalls[stalls >= STALL_DAYS]
    there = int((history.suppliers & history.present[-1]).sum())
    stalled = int((lasting >= STALL_DAYS).sum())
    yield Metric("upgrading.stall.share", stalled / there if there else math.nan, "1")
    yield Metric("upgrading.stall.mean_days", float(stalls.mean()) if len(stalls) else math.nan, "day")


def spells(history: History) -> tuple[Floats, Floats]:
    """Return the lengths (days) of the spells below the top without a rise: those that ended, and those that last.

    A spell begins with the first record, with entry, with a rise that stays below the top or with a fall from the top;
    it ends with a rise or when the supplier leaves.
    """
    below = history.suppliers & history.present & (history.levels < TOP)
    rose = np.diff(history.levels, axis=0) > 0
    since = np.full(len(history.firms), history.days[0])
    ended: list[Floats] = []
    for time in range(1, len(history.days)):
        broken = below[time - 1] & (rose[time - 1] | ~below[time])
        ended.append(history.days[time] - since[broken])
        since[broken | ~below[time - 1]] = history.days[time]
    return np.concatenate([np.empty(0), *ended]), history.days[-1] - since[below[-1]]


def _change_of_capability(history: History, firms: pl.DataFrame, horizon: float) -> Iterator[Metric]:
    """Yield what moved the mean capability of suppliers, weighted by sales."""
    chosen = history.suppliers
    then, now = (np.where(chosen, history.mean_capability[time], np.nan) for time in (0, -1))
    if not np.isfinite(then).any() or not np.isfinite(now).any():
        return
    sold_then, sold_now = (
        sums_in_order(window, "firm", "revenue", history.firms)
        for window in (first_window(firms, horizon), last_window(firms, horizon))
    )
    parts = decompose_change(_shares(sold_then, then), then, _shares(sold_now, now), now)
    for name, part in parts._asdict().items():
        yield Metric(f"upgrading.{name}", part, "1")


def _shares(sold: Floats, known: Floats) -> Floats:
    """Return the share of each firm in sales, of those that are *known*; equal shares where none sold anything."""
    weight = np.where(np.isfinite(known), sold, 0.0)
    if weight.sum() <= 0:
        weight = np.isfinite(known).astype(np.float64)
    return np.asarray(weight / weight.sum())
