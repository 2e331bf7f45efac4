"""The catalogue of charts: each chart of a run by its name, with what it shows and which tables it needs.

Whoever lists charts or lets a user choose one reads this. Charts that plugins offer are not here: they join where the
plugins are known.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import TYPE_CHECKING, Literal, NamedTuple

from gpnde.charts.bullwhip import bullwhip_by_tier
from gpnde.charts.capability import capability_by_tier, gap_over_time
from gpnde.charts.capability_map import capability_by_firm
from gpnde.charts.cash import cash_and_exits
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
from gpnde.charts.scorecards import scorecards_over_time
from gpnde.charts.sensitivity import sensitivity_indices
from gpnde.charts.targets import targets_and_results
from gpnde.charts.tiers import flow_by_tier

if TYPE_CHECKING:
    from gpnde.charts.theme import Chart
    from gpnde.results.run import Run

Group = Literal["network", "flow", "learning", "policy", "finance", "study", "plugin"]
"""What a chart is about; those of studies and those that plugins offer have groups of their own."""


class ChartKind(NamedTuple):
    """A chart that can be drawn of any run, also of one that is not finished; those of a study are drawn of a table."""

    name: str
    """Small letters and hyphens."""
    title: str
    doc: str
    """What it shows, in one sentence."""
    group: Group
    needs: tuple[str, ...]
    """Tables without which it has nothing to show; it says so then."""
    draw: Callable[..., Chart]
    """Takes a run; where `by_day` is true, also ``day``, the day whose state is shown (the last one if left out).
    A chart of a study takes the table that it needs."""
    by_day: bool = False

    def can_show(self, run: Run) -> bool:
        """Return whether all the tables that the chart needs have rows.

        >>> import gpnde
        >>> run = gpnde.simulate(gpnde.load_scenario("beer-game", {"clock.days": 91}))
        >>> CHARTS["gap"].can_show(run)
        False
        """
        return all(name in run.tables and not run.tables[name].is_empty() for name in self.needs)


def added_kind(name: str, doc: str, draw: Callable[..., Chart]) -> ChartKind:
    """Return the entry of a chart that a plugin offers.

    >>> added_kind("stock-lines", "Stock of each tier.", print).title
    'Stock lines'
    """
    return ChartKind(name, name.replace("-", " ").capitalize(), doc, "plugin", (), draw)


def _kinds(group: Group, *rows: _Row) -> list[ChartKind]:
    """Return the charts of one group; the day of a state can be chosen where the drawing function takes one."""
    return [
        ChartKind(name, title, doc, group, needs, draw, "day" in signature(draw).parameters)
        for name, title, doc, needs, draw in rows
    ]


_Row = tuple[str, str, str, tuple[str, ...], Callable[..., "Chart"]]
_KNOWLEDGE = ("knowledge", "learners")

_NETWORK = _kinds(
    "network",
    ("network", "The network by tier", "Sites by tier and role, their state, and what goes between them.", (),
     network_by_tier),
    ("map", "Map of clusters", "Clusters where they lie, their state, and what goes between them.", (),
     map_of_clusters),
    ("dropouts", "Drop-outs over time", "Drop-outs of sites, links and firms by quarter and cause.", ("events",),
     dropouts_by_cause),
    ("scorecards", "Scorecards over time", "How buyers score suppliers by tier, and the relations that ended.",
     ("learners",), scorecards_over_time),
    ("concentration", "Concentration and complexity of products",
     "Whether products that are hard to make are made in fewer places.", (), concentration_and_complexity),
    ("targets", "Targets and results", "Each figure that the scenario aims at beside what the run gave.",
     ("metrics",), targets_and_results),
)  # fmt: skip
_FLOW = _kinds(
    "flow",
    ("service", "Service over time", "Share of the demand of markets that was filled when due.", ("markets",),
     service_over_time),
    ("tiers", "Orders, backlog, stock and fill by tier",
     "What was asked of each tier, what waits, what lies in stock and what was shipped.", ("tiers",), flow_by_tier),
    ("stocks", "Stocks and backlog by tier", "Finished stock and backlog, stacked by tier.", ("tiers",),
     stocks_by_tier),
    ("bullwhip", "Bullwhip by tier", "How much more orders vary than the demand that they answer.", ("sites",),
     bullwhip_by_tier),
    ("lead-times", "Lead times, promised and actual",
     "How lead times between sites are distributed, and how late orders came.", ("links",), lead_times),
)  # fmt: skip
_LEARNING = _kinds(
    "learning",
    ("capability", "Capability by tier and function",
     "Mean capability of each tier in each function, on day 0 and at the end.", _KNOWLEDGE, capability_by_tier),
    ("capability-map", "Capability by firm and function",
     "What each firm can do, and which functions it performs.", _KNOWLEDGE, capability_by_firm),
    ("flows", "Knowledge flows by channel",
     "Knowledge that firms received per quarter, by channel and by tier.", ("learners",), knowledge_flows),
    ("receipts", "What became of transferred knowledge",
     "Knowledge internalised, waiting and gone stale, by channel and kind.", _KNOWLEDGE, receipts_over_time),
    ("ladder", "Suppliers on the ladder of functions",
     "Number of suppliers at each level of the ladder over time.", _KNOWLEDGE, suppliers_by_level),
    ("gap", "Gap between tiers over time",
     "Mean capability of flagships, higher-tier and lower-tier suppliers.", _KNOWLEDGE, gap_over_time),
)  # fmt: skip
_POLICY = _kinds(
    "policy",
    ("policies", "Policies over time", "What each policy costs and takes in, and whom it reaches.", ("policies",),
     policies_over_time),
)  # fmt: skip
_FINANCE = _kinds(
    "finance",
    ("cash", "Cash and exits", "Balances by tier, firms on credit, and firms that left the network.", ("tiers",),
     cash_and_exits),
)  # fmt: skip

_STUDY = _kinds(
    "study",
    ("effects", "Paired effects of arms", "How arms differ from their controls, with intervals, measure by measure.",
     ("effects",), policy_effects),
    ("signs", "Where effects hold", "At which share of the points an effect is decidedly higher or lower.",
     ("effects",), signs_over_space),
    ("terms", "Change of mean capability", "What suppliers learnt themselves, shifts of shares, and who came and left.",
     ("terms",), capability_terms),
    ("sensitivity", "Sensitivity", "On which settings a measure depends, by indices of Sobol or Morris.",
     ("indices",), sensitivity_indices),
)  # fmt: skip

CHARTS: dict[str, ChartKind] = {kind.name: kind for kind in (*_NETWORK, *_FLOW, *_LEARNING, *_POLICY, *_FINANCE)}
"""All charts of a run by name, in the order in which they are listed."""

STUDY_CHARTS: dict[str, ChartKind] = {kind.name: kind for kind in _STUDY}
"""All charts of a study by name. They need tables of a comparison or of an analysis of sensitivity."""
