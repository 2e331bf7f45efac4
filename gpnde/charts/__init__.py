"""Charts: the tables of a run or of a study in, an Altair chart out; and the report that holds them all.

Altair is imported when the first chart is made, not before.
"""

from __future__ import annotations

from gpnde.charts.bullwhip import bullwhip_by_tier
from gpnde.charts.capability import capability_by_tier, gap_over_time
from gpnde.charts.capability_map import capability_by_firm
from gpnde.charts.cash import cash_and_exits
from gpnde.charts.catalogue import CHARTS, STUDY_CHARTS, ChartKind
from gpnde.charts.concentration import concentration_and_complexity
from gpnde.charts.dropouts import dropouts_by_cause
from gpnde.charts.effects import capability_terms, policy_effects, signs_over_space
from gpnde.charts.flow import service_over_time, stocks_by_tier
from gpnde.charts.knowledge_flows import knowledge_flows
from gpnde.charts.lead_times import lead_times
from gpnde.charts.learning import receipts_over_time, suppliers_by_level
from gpnde.charts.map import map_of_clusters
from gpnde.charts.network import network_by_tier
from gpnde.charts.policies import policies_over_time
from gpnde.charts.report import write_report
from gpnde.charts.scorecards import scorecards_over_time
from gpnde.charts.sensitivity import sensitivity_indices
from gpnde.charts.targets import targets_and_results
from gpnde.charts.tiers import flow_by_tier, flow_of

__all__ = [
    "CHARTS",
    "STUDY_CHARTS",
    "ChartKind",
    "bullwhip_by_tier",
    "capability_by_firm",
    "capability_by_tier",
    "capability_terms",
    "cash_and_exits",
    "concentration_and_complexity",
    "dropouts_by_cause",
    "flow_by_tier",
    "flow_of",
    "gap_over_time",
    "knowledge_flows",
    "lead_times",
    "map_of_clusters",
    "network_by_tier",
    "policies_over_time",
    "policy_effects",
    "receipts_over_time",
    "scorecards_over_time",
    "sensitivity_indices",
    "service_over_time",
    "signs_over_space",
    "stocks_by_tier",
    "suppliers_by_level",
    "targets_and_results",
    "write_report",
]
