"""A scenario as the stages of the guaranteed-service model (Graves and Willems, 2000)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gpnde.errors import ScenarioError
from gpnde.scenario.ordering import Ordering
from gpnde.vocabulary import YEAR_DAYS

if TYPE_CHECKING:
    from gpnde.scenario import Scenario
    from gpnde.scenario.network import Site
    from gpnde.world.world import World

_ROUNDING = 1e-9


class Stage(NamedTuple):
    """A site that may hold safety stock."""

    name: str
    time: int
    """From an order to the goods being ready, if suppliers deliver at once (ticks)."""
    holding: float
    """Cost of one unit held for a day (money)."""
    mean: float
    """Demand per tick, also of stages downstream (units)."""
    sd: float
    """Its standard deviation (units)."""
    due: int | None
    """Longest service time that markets accept (ticks); None for a stage that serves none."""
    suppliers: tuple[str, ...]
    """Names of the stages that it buys from."""


def stages_of(scenario: Scenario) -> list[Stage]:
    """Return the sites that order and have demand, suppliers before their buyers.

    Times are means in whole ticks: lead time of the slowest link, delay of information, production, and what a review
    adds. Sites that are unlimited, and 'outside', deliver at once.

    Raises
    ------
    ScenarioError
        No stage has costs of holding, links go in circles, or firms of a market are rivals.
    """
    from gpnde.world.build import build_world

    rival = next((market.name for market in scenario.markets if market.rivalry is not None), None)
    if rival is not None:
        raise ScenarioError(where=f"markets.{rival}.rivalry", expected="guaranteed service needs fixed shares")
    world = build_world(_following_demand(scenario))
    found = {
        site.name: _stage(scenario, world, number, site)
        for number, site in enumerate(scenario.sites)
        if not site.unlimited and world.plants["mean_demand"][number] > 0.0
    }
    kept = {
        name: each._replace(suppliers=tuple(s for s in each.suppliers if s in found)) for name, each in found.items()
    }
    stages = _upstream_first(kept)
    if not any(each.holding for each in stages):
        raise ScenarioError(where="sites", expected="no holding_cost above 0: give that of each site")
    return stages


def _following_demand(scenario: Scenario) -> Scenario:
    """Return the scenario with the usual policy everywhere, from whose forecasts the spread of demand is read."""
    sites = tuple(
        site.model_copy(update={"ordering": Ordering(review_days=_rule(scenario, site).review_days), "ordering_of": {}})
        for site in scenario.sites
    )
    return scenario.model_copy(update={"sites": sites})


def _rule(scenario: Scenario, site: Site) -> Ordering:
    return site.ordering or scenario.ordering


def _stage(scenario: Scenario, world: World, number: int, site: Site) -> Stage:
    record, tick = world.state.sites[number], scenario.clock.tick_days
    return Stage(
        name=site.name,
        time=_time(scenario, world, site, float(record["work_mean"])),
        holding=_holding(scenario, site, float(world.plants["opening_unit_cost"][number])),
        mean=float(world.plants["mean_demand"][number]) * tick,
        sd=float(record["deviation"]) / math.sqrt(float(record["review"]) or 1.0),
        due=_due(scenario, site.name),
        suppliers=tuple(dict.fromkeys(link.supplier for link in scenario.links if link.buyer == site.name)),
    )


def _holding(scenario: Scenario, site: Site, unit_cost: float) -> float:
    if site.holding_cost or scenario.costs is None:
        return site.holding_cost
    return unit_cost * (scenario.costs.holding_per_year + scenario.costs.capital_per_year) / YEAR_DAYS


def _time(scenario: Scenario, world: World, site: Site, work: float) -> int:
    """Return the ticks from an order to the goods being ready, by its slowest link."""
    from gpnde.world.laws import LawBook

    book, tick, steps = LawBook(), scenario.clock.tick_days, scenario.clock.steps
    inside = {each.name for each in scenario.sites}
    # Orders that follow the supply of an instant are served at the next one: the buyer waits that long, and a supplier
    # that has passed its own order on by then knows its demand so much earlier.
    waits = steps.index("supply") < steps.index("order")
    known = waits and not any(site.name in market.served_by for market in scenario.markets)
    slowest = 0
    for link in scenario.links:
        if link.buyer == site.name:
            days = book.table.mean(book.number(link.lead_time)), link.order_delay_days
            slowest = max(slowest, sum(_ticks(each, tick) for each in days) + (waits and link.supplier in inside))
    between = max(0, _ticks(_rule(scenario, site).review_days, tick) - 1)
    return max(0, slowest + math.ceil(work - _ROUNDING) + between - known)


def _ticks(days: float, tick: float) -> int:
    return math.ceil(days / tick - _ROUNDING)


def _due(scenario: Scenario, name: str) -> int | None:
    days = [market.service_days for market in scenario.markets if name in market.served_by]
    return int(min(days) / scenario.clock.tick_days + _ROUNDING) if days else None


def _upstream_first(stages: Mapping[str, Stage]) -> list[Stage]:
    """Return stages so that suppliers come before their buyers."""
    placed: dict[str, Stage] = {}
    while len(placed) < len(stages):
        ready = [each for each in stages.values() if each.name not in placed and placed.keys() >= {*each.suppliers}]
        if not ready:
            circle = next(name for name in stages if name not in placed)
            raise ScenarioError(where=f"sites.{circle}", expected="guaranteed service needs links without circles")
        placed |= {each.name: each for each in ready}
    return list(placed.values())


def inbound(stage: Stage, service: Mapping[str, int]) -> int:
    """Return the longest service time of the suppliers of a stage (ticks), 0 without any."""
    return max((service[name] for name in stage.suppliers), default=0)


def net_time(stage: Stage, service: Mapping[str, int]) -> int:
    """Return the time that the stock of a stage has to cover (ticks)."""
    return inbound(stage, service) + stage.time - service[stage.name]


def cost(stages: Sequence[Stage], service: Mapping[str, int], safety_factor: float) -> float:
    """Return what the safety stocks of all stages cost a day: Σ h z σ √τ (Graves and Willems, 2000)."""
    return sum(each.holding * safety_factor * each.sd * math.sqrt(net_time(each, service)) for each in stages)


def level(stage: Stage, service: Mapping[str, int], safety_factor: float) -> float:
    """Return the base-stock level of a stage (units): demand over the time to cover, and safety stock.

    >>> level(Stage("a", 4, 1.0, 10.0, 3.0, 0, ()), {"a": 0}, 2.0)
    52.0
    """
    covered = net_time(stage, service)
    return stage.mean * covered + safety_factor * stage.sd * math.sqrt(covered)
