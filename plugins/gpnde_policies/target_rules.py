"""Rules that pick firms: by what they deliver abroad, their age, or how their scores have changed."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import Flags, Floats, Memory, View


def are_above(values: Floats, among: Flags, quantile: float) -> Flags:
    """Return the firms with at least the value at a quantile of those *among*; NaN never has.

    >>> are_above(np.array([0.1, 0.2, 0.3, np.nan]), np.array([True, True, True, True]), 0.5)
    array([False,  True,  True, False])
    """
    known = among & ~np.isnan(values)
    if not known.any():
        return np.zeros(len(values), dtype=np.bool_)
    return np.asarray(known & (values >= np.quantile(values[known], quantile)))


def are_exporters(view: View) -> Flags:
    """Return which firms deliver across a border to other sites or to markets; shape (firms,)."""
    supplier, lanes = view.line_supplier, view.lanes
    sells = (lanes.is_import | lanes.is_export) & (supplier >= 0) & (view.lines["active"] == 1)
    return np.bincount(supplier[sells], minlength=len(view.firms)) > 0


def are_young(view: View, memory: Memory, young_days: float) -> Flags:
    """Return which firms have entered within *young_days*; those of the start are old; shape (firms,).

    The component's *memory* keeps since when each firm is there.
    """
    is_here = view.firms["active"] == 1
    if "since" not in memory:
        memory["since"] = np.where(is_here, -np.inf, np.nan)
    memory["since"] = np.where(is_here & np.isnan(memory["since"]), view.day, memory["since"])
    return np.asarray(is_here & (view.day - memory["since"] < young_days))


def improvement(view: View, memory: Memory) -> Floats:
    """Return by how much the mean score of each firm has risen at its last change; NaN without two scores.

    The component's *memory* keeps the last scores and changes.
    """
    now = mean_scores(view)
    before = memory.setdefault("scores", np.full(len(now), np.nan))
    rise = memory.setdefault("rise", np.full(len(now), np.nan))
    is_new = ~np.isnan(now) & (now != before)
    memory["rise"] = np.where(is_new, now - before, rise)
    memory["scores"] = np.where(is_new, now, before)
    return np.asarray(memory["rise"])


def mean_scores(view: View) -> Floats:
    """Return the mean of the last scores of each firm over its active lines, NaN without any; shape (firms,)."""
    supplier, scores = view.line_supplier, view.scores
    scored = (supplier >= 0) & ~np.isnan(scores) & (view.lines["active"] == 1)
    count = len(view.firms)
    total = np.bincount(supplier[scored], scores[scored], count)
    lines = np.bincount(supplier[scored], minlength=count)
    return np.asarray(np.divide(total, lines, out=np.full(count, np.nan), where=lines > 0))
