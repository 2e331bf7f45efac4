"""Outages stack, end when the last of their causes has passed, and are told apart from opening and closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.capacity.outages import Outages
from gpnde.engine.clock import Phase
from gpnde.engine.run import Simulation
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

from ...clocks import at

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Chain = Callable[..., Simulation]
SHOP, DEPOT, LINK = 0, 1, 0

_DAILY = {"policy": "base-stock", "level": 40, "review_days": 1}


@pytest.fixture(scope="session")
def chain(network: Network, start: Start) -> Chain:
    """Return a starter of a shop and its depot, three days apart, with fields for the depot."""

    def begin(*, tick_days: float = 1, **depot: Any) -> Simulation:
        return start(
            network(
                {"shop": {"stock": 40, "ordering": _DAILY}, "depot": {"stock": 40, "ordering": _DAILY, **depot}},
                [{"buyer": "shop", "supplier": "depot", "lead_time": 3}],
                clock={"days": 100, "tick_days": tick_days},
            )
        )

    return begin


def _fail(simulation: Simulation, day: float, days: float, number: int = DEPOT, goods: Any = "none") -> None:
    """Plan an outage of a site."""
    outage = simulation.part(Outages).fail_sites
    tick = simulation.timeline.tick(day)
    at(simulation.timeline, tick, Phase.SHOCKS, lambda: outage(np.array([number]), days, goods, "test"))


def _events(simulation: Simulation, *kinds: str) -> list[tuple[float, str]]:
    return [(row[0], row[1]) for row in simulation.journal.rows if not kinds or row[1] in kinds]


def test_a_site_that_failed_ships_nothing_until_it_recovers(chain: Chain, reach: Reach) -> None:
    simulation = chain()
    _fail(simulation, 10, 5)
    shipped = [float(reach(simulation, day).lines[LINK].shipped) for day in range(9, 17)]
    assert np.diff(shipped).tolist() == [0.0, 0.0, 0.0, 0.0, 0.0, 60.0, 10.0]
    assert _events(simulation) == [(10.0, "site_failed"), (15.0, "site_recovered")]


def test_the_event_names_cause_and_author_and_length(chain: Chain, reach: Reach) -> None:
    simulation = chain()
    _fail(simulation, 10, 5)
    reach(simulation, 20)
    day, kind, cause, firm, site, buyer, component, value = simulation.journal.rows[0]
    assert (kind, cause, firm, site, buyer, component, value) == (
        "site_failed",
        "outage",
        "depot",
        "depot",
        "",
        "test",
        5.0,
    )


def test_overlapping_outages_end_with_the_last(chain: Chain, reach: Reach) -> None:
    simulation = chain()
    _fail(simulation, 10, 10)
    _fail(simulation, 15, 2)
    _fail(simulation, 18, 5)
    down = [bool(reach(simulation, day).sites[DEPOT].down) for day in (9, 10, 17, 19, 20, 22, 23)]
    assert down == [False, True, True, True, True, True, False]
    assert [(row[0], row[1], row[2], row[7]) for row in simulation.journal.rows[:-1]] == [
        (10.0, "site_failed", "outage", 10.0),
        (15.0, "site_struck", "", 2.0),
        (18.0, "site_struck", "", 3.0),
    ]
    assert _events(simulation)[-1] == (23.0, "site_recovered")
    assert simulation.journal.dropouts == {"outage": 1}


@settings(max_examples=40, deadline=None)
@given(plan=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=8))
def test_a_site_is_down_exactly_while_any_outage_lasts(plan: list[tuple[int, int]], chain: Chain, reach: Reach) -> None:
    simulation = chain()
    for day, days in plan:
        _fail(simulation, day, days)
    for day in range(0, 90, 3):
        running = sum(first <= day < first + days for first, days in plan)
        assert reach(simulation, day).sites[DEPOT].down == running
    kinds = [kind for _, kind in _events(simulation, "site_failed", "site_recovered")]
    strikes = _events(simulation, "site_failed", "site_struck")
    assert sorted(day for day, _ in strikes) == sorted(float(day) for day, _ in plan)
    assert kinds == ["site_failed", "site_recovered"] * (len(kinds) // 2)


def test_two_outages_that_end_together_end_once(chain: Chain, reach: Reach) -> None:
    simulation = chain()
    _fail(simulation, 10, 10)
    _fail(simulation, 15, 5)
    assert reach(simulation, 30).sites[DEPOT].down == 0
    assert _events(simulation) == [(10.0, "site_failed"), (15.0, "site_struck"), (20.0, "site_recovered")]


def test_two_outages_that_begin_together_are_one_and_delay_goods_once(chain: Chain, reach: Reach) -> None:
    once, twice = chain(), chain()
    _fail(once, 5, 6, goods="delay")
    _fail(twice, 5, 6, goods="delay")
    _fail(twice, 5, 4, goods="delay")
    for day in range(5, 20):
        assert reach(once, day).lines[LINK].received == reach(twice, day).lines[LINK].received
    assert _events(twice) == [(5.0, "site_failed"), (5.0, "site_struck"), (11.0, "site_recovered")]


def test_a_site_that_stands_twice_in_one_strike_fails_once(chain: Chain) -> None:
    simulation = chain()
    simulation.part(Outages).fail_sites(np.array([DEPOT, DEPOT]), 5.0, "none", "test")
    assert _events(simulation) == [(0.0, "site_failed"), (0.0, "site_struck")]


def test_durations_are_rounded_up_to_the_tick_and_last_one_at_least(chain: Chain, reach: Reach) -> None:
    simulation = chain(tick_days=0.5)
    _fail(simulation, 10, 0.0)
    _fail(simulation, 20, 1.2)
    reach(simulation, 50)
    assert [day for day, _ in _events(simulation)] == [10.0, 10.5, 20.0, 21.5]


@pytest.mark.parametrize(
    ("goods", "received", "lost"), [("none", [30.0, 40.0, 40.0], 0.0), ("delay", [10.0, 10.0, 40.0], 0.0)]
)
def test_goods_on_the_road_go_on_or_are_delayed(
    chain: Chain, reach: Reach, goods: str, received: list[float], lost: float
) -> None:
    simulation = chain()
    _fail(simulation, 5, 6, goods=goods)
    before = float(reach(simulation, 4).lines[LINK].received)
    found = [float(reach(simulation, day).lines[LINK].received) - before + 10 for day in (6, 7, 13)]
    assert found == received
    assert reach(simulation, 13).lines[LINK].lost == lost


def test_goods_on_the_road_can_be_lost_and_are_ordered_again(chain: Chain, reach: Reach) -> None:
    simulation = chain()
    _fail(simulation, 5, 1, goods="lose")
    state = reach(simulation, 5)
    assert state.lines[LINK].lost == 30.0
    assert state.lines[LINK].in_transit == 0.0
    assert state.inputs[SHOP].on_order + state.sites[SHOP].on_hand - state.sites[SHOP].backlog == 40.0
    simulation.observe(None, debug=True)
    simulation.finish()


def test_goods_of_the_last_site_of_a_list_are_touched_for_its_own_time(network: Network, start: Start) -> None:
    sites = {name: {"stock": 0} for name in ("shop", "left", "right")}
    links = [
        {"buyer": "shop", "supplier": name, "share": 0.5, "in_transit": [0] * 9 + [5]} for name in ("left", "right")
    ]
    simulation = start(network(sites, links))
    simulation.part(Outages).fail_sites(np.array([1, 2]), np.array([10.0, 20.0]), "delay", "test")
    entries = simulation.world.state.entries
    due = {int(entry.where): int(entry.due) for entry in entries if entry.what and entry.quantity == 5.0}
    assert due == {0: 19, 1: 29}


def test_over_a_blocked_link_nothing_is_shipped(chain: Chain, reach: Reach) -> None:
    simulation = chain()
    fail = simulation.part(Outages).fail_lines
    at(simulation.timeline, 10, Phase.SHOCKS, lambda: fail(np.array([LINK]), 5.0, "none", "test"))
    shipped = [float(reach(simulation, day).lines[LINK].shipped) for day in range(9, 17)]
    assert np.diff(shipped).tolist() == [0.0, 0.0, 0.0, 0.0, 0.0, 60.0, 10.0]
    assert _events(simulation) == [(10.0, "link_failed"), (15.0, "link_recovered")]


def test_a_site_that_opens_later_starts_on_its_day(chain: Chain, reach: Reach) -> None:
    simulation = chain(opens_day=10)
    assert reach(simulation, 9).lines[LINK].shipped == 0.0
    assert reach(simulation, 10).lines[LINK].shipped > 0.0
    assert _events(simulation) == [(10.0, "site_opened")]


def test_an_outage_before_the_opening_is_no_drop_out(chain: Chain, reach: Reach) -> None:
    simulation = chain(opens_day=10)
    _fail(simulation, 5, 3)
    reach(simulation, 20)
    assert _events(simulation) == [(5.0, "site_struck"), (10.0, "site_opened")]
    assert simulation.journal.dropouts == {}


def test_an_outage_that_lasts_beyond_the_opening_keeps_the_site_shut(chain: Chain, reach: Reach) -> None:
    simulation = chain(opens_day=10)
    _fail(simulation, 5, 10)
    assert reach(simulation, 14).lines[LINK].shipped == 0.0
    assert reach(simulation, 15).lines[LINK].shipped > 0.0
    assert _events(simulation) == [(5.0, "site_struck"), (10.0, "site_opened")]


def test_a_closed_site_does_not_come_back_from_an_outage(chain: Chain, reach: Reach) -> None:
    simulation = chain(closes_day=12)
    _fail(simulation, 10, 5)
    _fail(simulation, 20, 5)
    assert reach(simulation, 40).sites[DEPOT].down > 0
    assert _events(simulation, "site_failed", "site_recovered") == [(10.0, "site_failed")]


def test_a_closed_site_cannot_open(chain: Chain, reach: Reach) -> None:
    simulation = chain(opens_day=10)
    at(simulation.timeline, 5, Phase.SHOCKS, lambda: simulation.part(Outages).close_site(DEPOT))
    assert reach(simulation, 40).sites[DEPOT].down > 0
    assert _events(simulation) == []


def test_a_closed_site_orders_no_more(chain: Chain, reach: Reach) -> None:
    simulation = chain(closes_day=12)
    ordered = float(reach(simulation, 12).sites[DEPOT].ordered)
    assert reach(simulation, 50).sites[DEPOT].ordered == ordered
