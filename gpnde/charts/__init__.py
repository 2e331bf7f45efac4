"""Charts: the tables of a run in, an Altair chart out; and the report that holds them all.

Altair is imported when the first chart is made, not before.
"""

from __future__ import annotations

from gpnde.charts.capability import capability_by_tier, gap_over_time
from gpnde.charts.dropouts import dropouts_by_cause
from gpnde.charts.flow import service_over_time, stocks_by_tier
from gpnde.charts.learning import receipts_over_time, suppliers_by_level
from gpnde.charts.network import network_by_tier
from gpnde.charts.report import write_report
from gpnde.charts.targets import targets_and_results

__all__ = [
    "capability_by_tier",
    "dropouts_by_cause",
    "gap_over_time",
    "network_by_tier",
    "receipts_over_time",
    "service_over_time",
    "stocks_by_tier",
    "suppliers_by_level",
    "targets_and_results",
    "write_report",
]
