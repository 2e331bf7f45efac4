"""The world of a run: records that read alike in both languages, names, lines that come and go."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gpnde.scenario import Scenario
from gpnde.world import layout
from gpnde.world.build import build_world
from gpnde.world.layout import LINE, Records
from gpnde.world.topology import upstream_first
from gpnde.world.world import World

Describe = Callable[..., Scenario]


@pytest.fixture
def world(describe: Describe) -> World:
    """Return a world in quarters of a day: a plant that sells drives and buys its motors from another site."""
    return build_world(describe(clock={"days": 28, "tick_days": 0.25}))


def _line(world: World, **fields: float) -> Records:
    """Return the record of a new link like the first."""
    rows = np.zeros(1, dtype=LINE)
    rows[0] = world.state.lines[0]
    for name, value in fields.items():
        rows[name] = value
    return rows


@pytest.mark.parametrize(
    "kind", ["SITE", "INPUT", "LINE", "MARKET", "ORDER_RECORD", "ENTRY", "LEDGER", "CLOCK", "FIRM"]
)
def test_no_field_hides_behind_an_attribute_that_every_record_has(kind: str) -> None:
    names = getattr(layout, kind).names
    assert [name for name in names if hasattr(np.record, name)] == []


def test_records_read_and_write_by_name_in_plain_python(world: World) -> None:
    site = world.state.sites[1]
    site.on_hand += 5.0
    assert world.state.sites["on_hand"][1] == site.on_hand


def test_numbers_stand_for_the_names_of_the_scenario(world: World) -> None:
    names = world.names
    assert (names.sites, names.firms, names.products) == (("plant", "motors"), ("brand", "maker"), ("drive", "motor"))
    assert (names.clusters, names.markets) == (("bangkok",), ("world",))


def test_times_are_counted_in_ticks(world: World) -> None:
    assert world.ticks == 28 * 4
    assert world.state.clock[0].tick_days == 0.25


def test_all_sites_are_open_for_good_at_the_start(world: World) -> None:
    assert world.plants["closed"].tolist() == [False, False]


def test_every_input_and_market_knows_its_lines(world: World) -> None:
    state = world.state
    assert state.in_lines[state.inputs[0].first_line : state.inputs[0].last_line].tolist() == [0]
    sold = int(np.flatnonzero(state.lines["market"] == 0)[0])
    assert state.market_lines[state.markets[0].first_line : state.markets[0].last_line].tolist() == [sold]
    assert state.out_lines[state.sites[0].first_out : state.sites[0].last_out].tolist() == [sold]


def test_a_new_line_joins_those_of_its_input_and_supplier(world: World) -> None:
    count = len(world.state.lines)
    number = world.add_lines(_line(world, share=0.5))
    state = world.state
    assert (number, len(state.lines)) == (count, count + 1)
    assert state.in_lines[state.inputs[0].first_line : state.inputs[0].last_line].tolist() == [0, number]
    assert number in state.out_lines[state.sites[1].first_out : state.sites[1].last_out]


def test_old_lines_stay_where_they_are_when_new_ones_come(world: World) -> None:
    before = world.state.lines.tolist()
    world.add_lines(_line(world))
    assert world.state.lines[: len(before)].tolist() == before
    assert world.state.lines.dtype == LINE


def test_parties_of_new_lines_are_known(world: World) -> None:
    seller, buyer = world.parties
    number = world.add_lines(_line(world, supplier=-1))
    assert [side[:number].tolist() for side in world.parties] == [seller.tolist(), buyer.tolist()]
    assert [int(side[number]) for side in world.parties] == [-1, int(buyer[0])]


def test_landed_prices_of_some_lines_are_those_of_all(world: World) -> None:
    world.money["tariff"][0], world.money["freight"][0] = 0.1, 2.0
    numbers = np.flatnonzero(world.state.lines["supplier"] >= 0)[::-1]
    assert world.landed_of(numbers).tolist() == world.landed[numbers].tolist()


def test_an_ended_line_leaves_all_groups(world: World) -> None:
    world.state.lines[0].active = 0
    world.reindex()
    state = world.state
    assert state.inputs[0].first_line == state.inputs[0].last_line
    assert state.sites[1].first_out == state.sites[1].last_out


def test_lines_are_served_by_priority_then_by_age(world: World) -> None:
    numbers = [world.add_lines(_line(world, priority=priority)) for priority in (2, 1, 2)]
    state = world.state
    served = state.out_lines[state.sites[1].first_out : state.sites[1].last_out].tolist()
    assert served == [0, numbers[1], numbers[0], numbers[2]]


def test_suppliers_stay_before_their_buyers_when_links_change(describe: Describe) -> None:
    sites = [{"name": name, "firm": "brand", "product": "motor"} for name in ("a", "b", "c", "d")]
    links = [{"buyer": "a", "supplier": "b"}, {"buyer": "c", "supplier": "d"}]
    markets = [{"name": "m", "product": "motor", "served_by": ["a", "c"], "demand": {"law": 1}}]
    world = build_world(describe(sites=sites, links=links, markets=markets))
    state = world.state
    assert state.upstream_first.tolist() == upstream_first(state.sites, state.lines, state.laws.mean).tolist()
    world.add_lines(_line(world, supplier=0, buyer=3, input=int(world.state.sites[3].first_input)))
    rank = np.argsort(world.state.upstream_first)
    assert rank[1] < rank[0] < rank[3] < rank[2]


def test_the_order_of_sites_is_kept_where_it_still_holds(world: World) -> None:
    before = world.state.upstream_first
    world.add_lines(_line(world))
    assert world.state.upstream_first is before


def test_prices_given_as_nothing_are_free(describe: Describe) -> None:
    link = {"buyer": "plant", "supplier": "motors"}
    free, usual = (build_world(describe(links=[{**link, "price": price}])) for price in (0, None))
    assert free.state.lines[0].price == 0.0
    assert usual.state.lines[0].price > 0.0
    assert free.plants["unit_cost"][0] < usual.plants["unit_cost"][0]


def test_equal_scenarios_make_equal_worlds_and_seeds_only_change_keys(describe: Describe) -> None:
    one, again, other = (build_world(describe(), seed) for seed in (1, 1, 2))
    for name in ("sites", "inputs", "lines", "markets", "orders", "arrivals", "entries"):
        assert getattr(one.state, name).tolist() == getattr(again.state, name).tolist()
        assert getattr(one.state, name).tolist() == getattr(other.state, name).tolist()
    assert one.state.keys.tolist() == again.state.keys.tolist() != other.state.keys.tolist()


@pytest.mark.parametrize("autocorrelation", [0.6, -0.6])
def test_autocorrelated_demand_is_expected_to_vary_as_its_shocks_add_up(
    describe: Describe, autocorrelation: float
) -> None:
    def opening_deviation(rho: float) -> float:
        demand = {"law": "normal(mean=30, sd=3)", "autocorrelation": rho}
        market = {"name": "world", "product": "drive", "served_by": ["plant"], "demand": demand}
        return float(build_world(describe(markets=[market])).state.sites[0].deviation)

    assert opening_deviation(autocorrelation) == pytest.approx(opening_deviation(0.0) / 0.8)
