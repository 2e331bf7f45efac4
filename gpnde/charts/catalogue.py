"""The catalogue of charts: those that the modules of this room declare with `chart`, in the order of lists.

Charts that plugins offer are not here: they join where the plugins are known.
"""

from __future__ import annotations

from gpnde.results.chart import ChartKind
from gpnde.results.declared import declared_in

_ALL = sorted(declared_in("gpnde.charts", ChartKind).values(), key=lambda kind: kind.rank)

CHARTS: dict[str, ChartKind[...]] = {kind.name: kind for kind in _ALL if kind.group != "study"}
"""All charts of a run by name."""

STUDY_CHARTS: dict[str, ChartKind[...]] = {kind.name: kind for kind in _ALL if kind.group == "study"}
"""All charts of a study by name. They need tables of a comparison or of an analysis of sensitivity."""
