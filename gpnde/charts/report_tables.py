"""Tables of reports that tell of measures: their values, and what each of them means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gpnde.charts.page import table
from gpnde.errors import ResultsError
from gpnde.results.headline import number
from gpnde.results.metric import MetricKind
from gpnde.results.register import describe

if TYPE_CHECKING:
    from gpnde.results.run import Run

NOT_DEFINED = "not defined"


def metric_values(run: Run) -> str:
    """Return the table of all measures of a run with their values."""
    rows = [
        [name, NOT_DEFINED if value is None else number(value), unit]
        for name, value, unit in run.metrics.select("metric", "value", "unit").iter_rows()
    ]
    return table(["Measure", "Value", "Unit"], rows, numeric=("Value",))


def definitions(names: Iterable[str]) -> str:
    """Return the table of what measures mean, each kind once; those that nothing is known of are left out.

    >>> "Σ f / Σ d" in definitions(["flow.fill_rate", "flow.fill_rate.asia", "no-such-metric"])
    True
    """
    kinds = {kind.name: kind for name in names if (kind := _kind_of(name))}
    rows = [[kind.name, kind.doc, kind.formula, kind.unit, kind.better, kind.source] for kind in kinds.values()]
    return table(["Measure", "Meaning", "Formula", "Unit", "Better", "Source"], rows)


def _kind_of(name: str) -> MetricKind[Any] | None:
    try:
        return describe(name)
    except ResultsError:
        # Plugins and components declare metrics of their own, which have a name and a unit.
        return None
