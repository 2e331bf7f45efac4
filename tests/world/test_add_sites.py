"""Sites that are built in mid run are as if they had been there, but for what they have done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.errors import GpndeError
from gpnde.scenario import Scenario
from gpnde.world.build import build_world
from gpnde.world.new_sites import NewSite
from gpnde.world.world import World

Describe = Callable[..., Scenario]

SINCE = 10

_RECORDS = (
    "product firm cluster tier capacity daily_capacity processing yield_rate yield_loss work_mean "
    "work_variance mean_yield passes_through unlimited rationing server_free rule method review window alpha "
    "safety protection reorder_point quantity smoothing echelon_rule makes_to_order supplier_down lead_weight "
    "defects down shut"
).split()

_KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "limited": {"capacity_per_day": 40},
    "slow": {"processing": "gamma(mean=3, cv=0.3)", "yield_rate": 0.9, "yield_loss": 1, "servers": 1},
    "unlimited": {"unlimited": True, "rationing": "priority"},
    "smoothed": {"ordering": {"policy": "smoothed", "review_days": 3, "protection_days": 5, "smoothing": 0.5}},
    "averaging": {"ordering": {"forecast": {"method": "moving-average", "window": 5}}},
    "fixed lots": {"ordering": {"policy": "r-Q", "reorder_point": 9, "quantity": 4, "supplier_down": "recall"}},
    "to order": {"ordering": {"policy": "make-to-order", "review_days": 1}},
    "continuous": {"ordering": {"policy": "s-S", "reorder_point": 5, "level": 9, "review_days": 0}},
}


def _motors(**site: Any) -> dict[str, Any]:
    return {"name": "motors", "firm": "maker", "product": "motor", **site}


_PLANT = {"name": "plant", "firm": "brand", "product": "drive", "cluster": "bangkok"}
_TWIN = {"name": "twin", "firm": "brand", "cluster": "bangkok"}


@pytest.fixture
def world(describe: Describe) -> World:
    """Return a plant that buys its motors from another site; all review every seven days."""
    return build_world(describe())


def _twin(world: World, like: int = 1, **fields: Any) -> NewSite:
    return NewSite(**{"name": "twin", "like": like, "firm": 0, "cluster": 0, **fields})


@pytest.mark.parametrize("kind", _KINDS)
def test_a_new_site_is_equipped_as_if_it_had_always_been_there(describe: Describe, kind: str) -> None:
    site = _motors(**_KINDS[kind])
    there = build_world(describe(sites=[_PLANT, site, {**site, **_TWIN}]))
    grown = build_world(describe(sites=[_PLANT, site]))
    number = grown.add_sites([_twin(grown, capacity_per_day=site.get("capacity_per_day"))], SINCE)
    found, wanted = grown.state.sites[number], there.state.sites[2]
    assert {name: found[name] for name in _RECORDS} == {name: wanted[name] for name in _RECORDS}
    assert grown.state.site_entity.tolist() == there.state.site_entity.tolist()
    assert grown.state.inputs["product"].tolist() == there.state.inputs["product"].tolist()
    assert grown.state.inputs["per_unit"].tolist() == there.state.inputs["per_unit"].tolist()


def test_a_new_site_has_nothing_and_has_done_nothing(world: World) -> None:
    sites, inputs = world.state.sites, world.state.inputs
    for name in ("on_hand", "wip", "backlog", "produced", "shipped", "demanded", "total_demand", "ordered", "held"):
        sites[name] = 7.0
    inputs["stock"] = inputs["on_order"] = inputs["used"] = 7.0
    number = world.add_sites([_twin(world, like=0)], SINCE)
    record, item = world.state.sites[number], world.state.inputs[-1]
    assert [record[n] for n in ("on_hand", "wip", "backlog", "produced", "shipped", "demanded", "held")] == [0.0] * 7
    assert [item[n] for n in ("site", "per_unit", "stock", "on_order", "used")] == [number, 2.0, 0.0, 0.0, 0.0]
    assert (record.first_input, record.last_input) == (len(inputs), len(inputs) + 1)
    assert sites["produced"].tolist() == [7.0, 7.0]


def test_a_new_site_has_no_lines(world: World) -> None:
    number = world.add_sites([_twin(world)], SINCE)
    record, item = world.state.sites[number], world.state.inputs[-1]
    assert record.first_out == record.last_out
    assert item.first_line == item.last_line


@pytest.mark.parametrize(("since", "first"), [(0, 0), (1, 7), (7, 7), (10, 14)])
def test_a_new_site_reviews_on_the_days_of_the_others(world: World, since: int, first: int) -> None:
    number = world.add_sites([_twin(world)], since)
    assert world.state.sites[number].next_review == first


def test_the_flow_is_told_of_a_review_that_comes_first(world: World) -> None:
    world.state.clock[0].next_review = 21
    world.add_sites([_twin(world)], SINCE)
    assert world.state.clock[0].next_review == 14


def test_a_first_review_of_less_than_a_period_does_not_count(world: World) -> None:
    first = world.add_sites([_twin(world), _twin(world, name="other")._replace(like=0)], SINCE)
    assert world.state.sites["reviews"][first:].tolist() == [-1, -1]


def test_moving_averages_of_new_sites_have_a_memory_of_their_own(describe: Describe) -> None:
    rule = {"forecast": {"method": "moving-average", "window": 5}}
    world = build_world(describe(ordering=rule))
    world.state.history[:] = 3.0
    first = world.add_sites([_twin(world), _twin(world, name="other")], SINCE)
    starts = world.state.sites["history_start"]
    assert starts.tolist() == [0, 5, 10, 15]
    assert world.state.history[starts[first] :].tolist() == [0.0] * 10
    assert world.state.sites["forecast"][first:].tolist() == [0.0, 0.0]


def test_a_rule_that_never_looks_aims_at_what_its_pattern_aims_at(describe: Describe) -> None:
    world = build_world(describe(ordering={"forecast": {"method": "fixed", "mean": 30}}))
    number = world.add_sites([_twin(world, like=0)], SINCE)
    sites = world.state.sites
    assert sites["level"][number] == sites["level"][0] > 0.0
    assert sites["forecast"][number] == sites["forecast"][0]


def test_costs_are_those_of_day_zero_at_the_pattern(world: World) -> None:
    world.plants["unit_cost"] = 99.0
    number = world.add_sites([_twin(world)], SINCE)
    plants = world.plants
    assert plants["unit_cost"][number] == plants["opening_unit_cost"][1]
    assert (plants["price_factor"][number], plants["closed"][number], plants["worked"][number]) == (1.0, False, 0.0)
    assert len(world.purchases) == len(world.state.inputs)


def test_scenario_and_names_are_copies_that_hold_new_sites(world: World) -> None:
    scenario, names = world.scenario, world.names
    number = world.add_sites([_twin(world, capacity_per_day=4)], SINCE)
    assert (len(scenario.sites), names.sites) == (2, ("plant", "motors"))
    assert world.names.sites[number] == world.scenario.sites[number].name == "twin"
    block = world.scenario.sites[number]
    assert (block.firm, block.cluster, block.product, block.opens_day) == ("brand", "bangkok", "motor", 10.0)
    assert block.capacity_per_day is not None and block.capacity_per_day.value == 4


def test_places_of_sites_grow_and_homes_of_firms_stay(describe: Describe) -> None:
    regions, clusters = [{"name": "asia"}], [{"name": "bangkok", "region": "asia", "country": "thailand"}]
    world = build_world(describe(regions=regions, clusters=clusters))
    assert (world.site_region.tolist(), world.site_country.tolist()) == ([0, -1], [0, -1])
    homes = world.places.cluster.tolist()
    world.add_sites([_twin(world, firm=1)], SINCE)
    assert (world.site_region.tolist(), world.site_country.tolist()) == ([0, -1, 0], [0, -1, 0])
    assert len(world.site_function) == 3
    assert world.places.cluster.tolist() == homes == [0, -1]


def test_a_line_from_a_new_site_puts_it_before_its_buyer(world: World) -> None:
    number = world.add_sites([_twin(world)], SINCE)
    row = world.state.lines[:1].copy()
    row["supplier"] = number
    world.add_lines(row)
    rank = np.argsort(world.state.upstream_first)
    assert sorted(rank.tolist()) == [0, 1, 2]
    assert rank[number] < rank[0]


def test_a_site_of_a_firm_that_waits_for_entry_is_not_open(describe: Describe) -> None:
    firms = [{"name": "brand", "tier": 0}, {"name": "maker"}, {"name": "founder", "enters": "endogenously"}]
    world = build_world(describe(firms=firms))
    number = world.add_sites([_twin(world, firm=2)], SINCE)
    assert (world.state.sites["down"][number], world.state.sites["shut"][number]) == (1, 1)


@pytest.mark.parametrize("names", [["motors"], ["twin", "twin"]])
def test_a_name_that_is_there_is_refused_in_one_line(world: World, names: list[str]) -> None:
    with pytest.raises(GpndeError, match=r"^new site '\w+': a site of this name is there: must be a name of its own$"):
        world.add_sites([_twin(world, name=name) for name in names], SINCE)
    assert len(world.state.sites) == len(world.scenario.sites) == 2


@pytest.mark.parametrize("capacity", [-1.0, np.inf, np.nan])
def test_a_capacity_that_cannot_be_is_refused(world: World, capacity: float) -> None:
    with pytest.raises(GpndeError, match=r"^new site 'twin': capacity_per_day \S+: must be finite and at least 0$"):
        world.add_sites([_twin(world, capacity_per_day=capacity)], SINCE)
