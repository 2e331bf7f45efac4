"""Charts: the tables of a run or of a study in, an Altair chart out; and the report that holds them all.

Each function that a module here declares with `gpnde.results.chart.chart` can be imported from this package. Altair is
imported when the first chart is made, not before.
"""

from __future__ import annotations

from gpnde.charts.catalogue import CHARTS, STUDY_CHARTS
from gpnde.charts.report import write_report
from gpnde.charts.tiers import flow_of
from gpnde.results.chart import ChartKind

_BY_FUNCTION = {kind.function.__name__: kind for kind in (*CHARTS.values(), *STUDY_CHARTS.values())}

# A function may bear the name of its module, which Python has put here by then.
globals().update(_BY_FUNCTION)

__all__ = ["CHARTS", "STUDY_CHARTS", "ChartKind", "flow_of", "write_report"]
__all__ += [*_BY_FUNCTION]  # noqa: PLE0605


def __getattr__(name: str) -> ChartKind[...]:
    """Refuse a name that no chart has; type checkers take the charts from here."""
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
