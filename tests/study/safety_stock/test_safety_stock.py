"""Safety stocks are those of published instances, cost the least, and keep what they promise when they are run."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine import simulate
from gpnde.errors import ScenarioError
from gpnde.scenario import Scenario
from gpnde.scenario.as_data import as_data
from gpnde.scenario.files import scenario_with
from gpnde.study.safety_stock.place import Placement, compared, place_safety_stocks
from gpnde.study.safety_stock.solve import solve
from gpnde.study.safety_stock.stages import Stage, cost, inbound, net_time, stages_of
from tests.theory.chains import ORDER_BEFORE_ARRIVALS, described

pytest.importorskip("stockpyl")

PUBLISHED = 1e-6
"""How far costs may be from those that stockpyl prints for an instance, relative to them."""


def network(
    times: Mapping[str, int],
    holding: Mapping[str, float],
    links: Sequence[tuple[str, str]],
    due: Mapping[str, tuple[float, int]],
    law: str = "normal(mean=100, sd={})",
    **blocks: Any,
) -> Scenario:
    """Return stages with times and costs; *due* has spread of demand and service time of those that sell."""
    bought = {buyer for _, buyer in links}
    rule = {"policy": "base-stock", "level": 0, "review_days": 1}
    markets = [
        {
            "name": f"market-{name}",
            "product": name,
            "served_by": [name],
            "service_days": days,
            "demand": {"law": law.format(sd)},
        }
        for name, (sd, days) in due.items()
    ]
    inside = [{"supplier": s, "buyer": b, "lead_time": times[b]} for s, b in links]
    outside = [
        {"supplier": "outside", "buyer": name, "product": "raw", "lead_time": times[name]}
        for name in times
        if name not in bought
    ]
    uses = {name: {s: 1 for s, b in links if b == name} or {"raw": 1} for name in times}
    return described(
        {
            "clock": {"days": 400, "warm_up_days": 60, "steps": ORDER_BEFORE_ARRIVALS},
            "products": {"raw": {}, **{name: {"made_of": uses[name]} for name in times}},
            "firms": [{"name": "firm"}],
            "sites": [
                {"name": n, "firm": "firm", "product": n, "holding_cost": holding[n], "ordering": rule} for n in times
            ],
            "links": [*inside, *outside],
            "markets": markets,
            **blocks,
        }
    )


def instance(name: str) -> tuple[Scenario, float, dict[str, int], float]:
    """Return an instance that stockpyl ships as a scenario, its safety factor, and what stockpyl finds for it."""
    from stockpyl.gsm_tree import optimize_committed_service_times
    from stockpyl.instances import load_instance

    tree = load_instance(name)
    times = {f"s{n.index}": n.processing_time + (n.external_inbound_cst or 0) for n in tree.nodes}
    links = [(f"s{p}", f"s{n.index}") for n in tree.nodes for p in n.predecessor_indices()]
    sinks = [n for n in tree.nodes if not n.successor_indices()]
    due = {f"s{n.index}": (n.demand_source.standard_deviation, n.external_outbound_cst) for n in sinks}
    holding = {f"s{n.index}": n.holding_cost for n in tree.nodes}
    found, least = optimize_committed_service_times(tree)
    scenario = network(times, holding, links, due)
    return scenario, sinks[0].demand_bound_constant, {f"s{k}": v for k, v in found.items()}, least


@pytest.mark.parametrize(("name", "least"), [("example_6_5", 8.277916867529369), ("figure_6_14", 18.824004472592172)])
def test_published_instances_cost_what_stockpyl_says(name: str, least: float) -> None:
    """The costs are those that the pages of stockpyl give for its examples 6.5 and figure 6.14."""
    scenario, factor, service, found = instance(name)
    placement = place_safety_stocks(scenario, factor)
    assert placement.proven and found == pytest.approx(least, rel=PUBLISHED)
    assert placement.cost_per_day == pytest.approx(least, rel=PUBLISHED)
    assert placement.service == service


def test_every_way_of_a_small_network_is_no_cheaper() -> None:
    links = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "d")]
    times, holding = {"a": 3, "b": 2, "c": 4, "d": 1}, {"a": 1.0, "b": 2.0, "c": 1.5, "d": 6.0}
    stages = stages_of(network(times, holding, links, {"d": (5.0, 0)}))
    service, proven = solve(stages, 1.645)
    assert not proven
    assert cost(stages, service, 1.645) == pytest.approx(cheapest(stages, 1.645))


def cheapest(stages: Sequence[Stage], factor: float) -> float:
    names = [each.name for each in stages]
    longest = sum(each.time for each in stages)
    ways = (dict(zip(names, way, strict=True)) for way in itertools.product(range(longest + 1), repeat=len(names)))
    return min(cost(stages, way, factor) for way in ways if is_possible(stages, way))


def is_possible(stages: Sequence[Stage], service: Mapping[str, int]) -> bool:
    return all(net_time(each, service) >= 0 and (each.due is None or service[each.name] <= each.due) for each in stages)


@st.composite
def trees_of_units(draw: st.DrawFn) -> list[Stage]:
    """Draw three stages in a row or a fork, whose spreads of demand are not those of a single unit per unit."""
    number = st.integers(1, 3)
    times, costs, spreads = (draw(st.tuples(number, number, number)) for _ in range(3))
    suppliers: tuple[tuple[str, ...], ...] = draw(st.sampled_from([((), ("a",), ("b",)), ((), (), ("a", "b"))]))
    due = (None, None, draw(st.integers(0, 2)))
    return [
        Stage(name, times[i], float(costs[i]), 10.0, float(spreads[i]), due[i], suppliers[i])
        for i, name in enumerate("abc")
    ]


@settings(max_examples=25, deadline=None)
@given(trees_of_units())
def test_trees_are_solved_for_any_spread_of_demand(stages: list[Stage]) -> None:
    service, proven = solve(stages, 1.0)
    assert proven and is_possible(stages, service)
    assert cost(stages, service, 1.0) == pytest.approx(cheapest(stages, 1.0))


@pytest.mark.parametrize("steps", [ORDER_BEFORE_ARRIVALS, ("receive", "demand", "supply", "order")])
@pytest.mark.parametrize("service", [{"a": 0, "b": 0, "c": 0}, {"a": 1, "b": 0, "c": 0}, {"a": 0, "b": 3, "c": 0}])
def test_levels_cover_steady_demand_and_less_does_not(steps: Sequence[str], service: dict[str, int]) -> None:
    times, holding = {"a": 2, "b": 3, "c": 1}, dict.fromkeys("abc", 1.0)
    clock = {"days": 200, "warm_up_days": 60, "steps": steps}
    scenario = network(times, holding, [("a", "b"), ("b", "c")], {"c": (0, 0)}, law="10", clock=clock)
    placed = Placement(scenario, stages_of(scenario), service, 0.0, True).placed()
    assert simulate(placed).metric("flow.fill_rate") == pytest.approx(1.0)
    for name in "abc":
        assert simulate(with_less(placed, name)).metric("flow.fill_rate") < 0.95


def with_less(scenario: Scenario, name: str) -> Scenario:
    """Return a scenario in which a site has a unit less than its level."""
    (level,) = (each.ordering.level for each in scenario.sites if each.name == name and each.ordering)
    path = f"sites.{name}.ordering.level"
    return scenario_with(as_data(scenario), {path: (level or 0.0) - 1.0})


def test_service_after_is_what_the_safety_factor_promises() -> None:
    """The stage that sells covers its lead time alone, and its supplier is never short by much.

    Of a normal demand with a spread of σ√3 over three days 0.0209 σ√3 are short on average, of 100 asked for.
    """
    scenario = network({"a": 3, "b": 3}, {"a": 0.1, "b": 4.0}, [("a", "b")], {"b": (20.0, 0)})
    placement = place_safety_stocks(scenario, 1.645)
    assert placement.service == {"a": 0, "b": 0}
    found = compared(scenario, placement.placed(), seed=1, replications=4)
    before, after, change = found["flow.fill_rate"]
    short = 0.0209 * 20.0 * 3**0.5 / 100.0
    assert before.mean < 0.1 and change.low > 0
    assert 1 - 3 * short < after.mean < 1.0


@pytest.mark.parametrize(
    ("holding", "blocks", "line"),
    [
        ({"a": 0.0, "b": 0.0}, {}, "sites: no holding_cost above 0: give that of each site"),
    ],
)
def test_a_scenario_that_does_not_fit_is_refused(holding: dict[str, float], blocks: dict[str, Any], line: str) -> None:
    scenario = network({"a": 3, "b": 2}, holding, [("a", "b")], {"b": (20.0, 0)}, **blocks)
    with pytest.raises(ScenarioError) as found:
        place_safety_stocks(scenario, 1.645)
    assert str(found.value) == line


def test_inbound_time_is_that_of_the_slowest_supplier() -> None:
    assert inbound(Stage("c", 1, 1.0, 1.0, 1.0, 0, ("a", "b")), {"a": 2, "b": 5, "c": 0}) == 5
