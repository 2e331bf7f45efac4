"""Targets beside results: the figures that a scenario names for comparison never enter the run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from gpnde.results.names import slug

if TYPE_CHECKING:
    import polars as pl


class Comparison(NamedTuple):
    """A target and the result of a run.

    ``result`` is NaN where the run does not measure it, ``target`` where there is no figure to compare with.
    """

    measure: str
    unit: str
    day: float | None
    target: float
    result: float
    mark: str
    source: str

    @property
    def mark_text(self) -> str:
        """Return where the target comes from, in words also where there is none."""
        return self.mark or "not given"

    @property
    def deviation(self) -> float:
        """Return result minus target, in the unit of both."""
        return self.result - self.target


class Plausibility(NamedTuple):
    """A figure of a run beside the range in which it is plausible; the result is NaN where the run has none."""

    measure: str
    result: float
    low: float
    high: float
    mark: str
    source: str

    @property
    def holds(self) -> bool:
        """Whether the result lies within the range."""
        return self.low <= self.result <= self.high


def compare_bands(scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> list[Plausibility]:
    """Return each range of plausibility of a *scenario* beside the value in the *tables*, in the scenario's order."""
    return [
        Plausibility(
            measure=band["measure"],
            result=_result(slug(band["measure"]), None, scenario, tables),
            low=float(band["low"]),
            high=float(band["high"]),
            mark=band.get("mark") or "",
            source=band.get("source") or "",
        )
        for band in scenario.get("plausibility") or ()
    ]


def compare_targets(scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> list[Comparison]:
    """Return each target of a *scenario* beside the value in the *tables*, in the scenario's order.

    A target with a day before the end is compared where the measure is one of space, which follows from the sites open
    on that day; other measures belong to the whole run, and there the result is NaN.
    """
    return [_compare(target, scenario, tables) for target in scenario.get("targets") or ()]


def _compare(target: Mapping[str, Any], scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> Comparison:
    return Comparison(
        measure=target["measure"],
        unit=target.get("unit") or "1",
        day=target.get("day"),
        target=math.nan if target.get("value") is None else float(target["value"]),
        result=_result(slug(target["measure"]), target.get("day"), scenario, tables),
        mark=target.get("mark") or "",
        source=target.get("source") or "",
    )


def _result(measure: str, day: float | None, scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> float:
    from gpnde.results.metrics.space import space_at
    from gpnde.results.sites import with_changes

    if day is None or day >= scenario["clock"]["days"]:
        values = dict(tables["metrics"].select("metric", "value").iter_rows())
    elif measure.startswith("space."):
        found = space_at(with_changes(scenario, tables), day, tables)
        values = {metric.name: metric.value for metric in found}
    else:
        values = {}
    value = values.get(measure)
    return math.nan if value is None else float(value)
