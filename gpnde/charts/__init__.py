"""Charts: the tables of a run in, an Altair chart out; and the report that holds them all.

Altair is imported when the first chart is made, not before.
"""

from __future__ import annotations

from gpnde.charts.dropouts import dropouts_by_cause
from gpnde.charts.flow import service_over_time, stocks_by_tier
from gpnde.charts.network import network_by_tier
from gpnde.charts.report import write_report
from gpnde.charts.targets import targets_and_results

__all__ = [
    "dropouts_by_cause",
    "network_by_tier",
    "service_over_time",
    "stocks_by_tier",
    "targets_and_results",
    "write_report",
]
