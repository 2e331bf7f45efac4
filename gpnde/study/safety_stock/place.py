"""Safety stocks placed in a scenario: its base-stock levels, and runs before and after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gpnde.errors import ResultsError
from gpnde.scenario.as_data import as_data
from gpnde.scenario.files import scenario_with
from gpnde.study.intervals import Interval, mean_interval, paired_difference
from gpnde.study.safety_stock.solve import solve
from gpnde.study.safety_stock.stages import Stage, cost, inbound, level, net_time, stages_of

if TYPE_CHECKING:
    from gpnde.results import Run
    from gpnde.scenario import Scenario
    from gpnde.scenario.network import Site

MEASURES = ("cost.per_day", "flow.fill_rate")
"""Metrics that are compared before and after."""

_DECIMALS = 6


@dataclass(frozen=True)
class Placement:
    """Service times and levels of all stages."""

    scenario: Scenario
    stages: Sequence[Stage]
    service: dict[str, int]
    """Service time by stage (ticks)."""
    safety_factor: float
    proven: bool
    """Whether no other service times cost less."""

    @property
    def cost_per_day(self) -> float:
        """What the safety stocks cost by the model (money per day)."""
        return cost(self.stages, self.service, self.safety_factor)

    def rows(self) -> list[dict[str, Any]]:
        """Return a row per stage: times (days), level and safety stock (units), cost of the latter (money per day)."""
        return [self._row(each) for each in self.stages]

    def _row(self, stage: Stage) -> dict[str, Any]:
        tick, covered = self.scenario.clock.tick_days, net_time(stage, self.service)
        safety = self.safety_factor * stage.sd * math.sqrt(covered)
        return {
            "site": stage.name,
            "inbound_days": inbound(stage, self.service) * tick,
            "stage_days": stage.time * tick,
            "service_days": self.service[stage.name] * tick,
            "covered_days": covered * tick,
            "level": round(level(stage, self.service, self.safety_factor), _DECIMALS),
            "safety_stock": round(safety, _DECIMALS),
            "cost_per_day": round(stage.holding * safety, _DECIMALS),
        }

    def placed(self) -> Scenario:
        """Return the scenario in which every stage orders up to its level, and opens with it."""
        levels = {row["site"]: row["level"] for row in self.rows()}
        sites = [self._site(site, levels) for site in self.scenario.sites]
        return scenario_with({**as_data(self.scenario), "sites": sites}, {})

    def _site(self, site: Site, levels: dict[str, float]) -> dict[str, Any]:
        given = as_data(site)
        if site.name not in levels:
            return given
        rule = site.ordering or self.scenario.ordering
        kept = {name: getattr(rule, name) for name in ("review_days", "first_review_day", "supplier_down")}
        given |= {"ordering": {"policy": "base-stock", "level": levels[site.name], **kept}}
        return {name: value for name, value in given.items() if name not in ("stock", "ordering_of")}


def place_safety_stocks(scenario: Scenario, safety_factor: float) -> Placement:
    """Return the placement of safety stocks that costs the least by the guaranteed-service model.

    Every stage promises a service time and keeps it as long as demand over the time that its stock covers is at most
    its mean and *safety_factor* standard deviations (Graves and Willems, 2000).

    Raises
    ------
    ScenarioError
        The scenario does not fit into the model.
    MissingExtra
        The extra ``safety-stock`` is not installed.
    """
    stages = stages_of(scenario)
    service, proven = solve(stages, safety_factor)
    return Placement(scenario, stages, service, safety_factor, proven)


def compared(before: Scenario, after: Scenario, seed: int, replications: int) -> dict[str, tuple[Interval, ...]]:
    """Return mean before, mean after and paired difference of each measure that both define, by its name."""
    from gpnde.engine import simulate

    runs = [[simulate(each, seed=seed, replication=i) for i in range(replications)] for each in (before, after)]
    found: dict[str, tuple[Interval, ...]] = {}
    for name in MEASURES:
        values = [[value for run in group if (value := _value(run, name)) is not None] for group in runs]
        if all(len(each) == replications for each in values):
            found[name] = (*map(mean_interval, values), paired_difference(values[1], values[0]))
    return found


def _value(run: Run, name: str) -> float | None:
    try:
        return run.metric(name)
    except ResultsError:
        return None
