"""The part of a run that is measured: what comes after the warm-up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

FLOWS: Mapping[str, tuple[str, ...]] = {
    "firms": ("revenue", "expense"),
    "sites": ("demanded", "shipped", "produced", "ordered"),
    "tiers": ("demanded", "shipped", "dropouts"),
    "markets": ("demanded", "filled", "shipped", "delivered", "lost"),
    "generations": ("sold",),
    "costs": ("amount",),
    "plant_lines": ("started", "busy_days", "setup_days", "idle_days", "changeovers", "setup_cost"),
    "trade": ("value",),
    "services": ("bought_nearby", "bought_elsewhere"),
    "countries": ("spent",),
}
"""Columns that tell of the time since the previous row; all others with a day tell of the day itself."""

_STATEMENTS = "accounts"
_PLACED = "placed_day"
"""The day that rows without another one are counted by."""


def measured_from(scenario: Mapping[str, Any]) -> float:
    """Return the day from which on metrics count: the end of the warm-up, which is a whole tick, or day 0.

    >>> measured_from({"clock": {"days": 364, "tick_days": 7, "warm_up_days": 30}})
    35.0
    """
    clock = scenario["clock"]
    warm_up, tick = float(clock.get("warm_up_days") or 0.0), float(clock.get("tick_days") or 1.0)
    # Rounding in the division must not make the warm-up a tick longer.
    return math.ceil(warm_up / tick - 1e-9) * tick if warm_up else 0.0


def measured(tables: Mapping[str, pl.DataFrame], start: float) -> Mapping[str, pl.DataFrame]:
    """Return *tables* without what lies before the day *start*; rows of that day tell of no time before it.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"day": [0.0, 7.0, 14.0], "backlog": [0.0, 2.0, 1.0], "lost": [0.0, 5.0, 3.0]})
    >>> measured({"markets": rows}, 7.0)["markets"].rows()
    [(7.0, 2.0, 0.0), (14.0, 1.0, 3.0)]
    """
    return {name: _after(name, table, start) for name, table in tables.items()} if start > 0 else tables


def _after(name: str, table: pl.DataFrame, start: float) -> pl.DataFrame:
    import polars as pl

    if "day" not in table.columns:
        return table.filter(pl.col(_PLACED) >= start) if _PLACED in table.columns else table
    kept = table.filter(pl.col("day") >= start)
    is_first = pl.col("day") == start
    if name == _STATEMENTS:
        return kept.filter(~(is_first & (pl.col("statement") == "income")))
    zero = [
        pl.when(is_first).then(0).otherwise(pl.col(flow)).alias(flow)
        for flow in FLOWS.get(name, ())
        if flow in kept.columns
    ]
    return kept.with_columns(zero) if zero else kept
