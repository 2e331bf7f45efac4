"""Links end and begin; shares of an input go on summing to 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.run import Simulation
from gpnde.engine.trade.links import Links
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Integers, State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]
Supplied = Callable[..., Simulation]

_RULE = {"policy": "base-stock", "level": 40, "review_days": 1}


@pytest.fixture(scope="session")
def supplied(network: Network, start: Start) -> Supplied:
    """Return a starter of a shop with suppliers s0, s1 and so on, of the given shares, and a spare one, s9."""

    def begin(shares: Sequence[float] = (0.5, 0.3, 0.2), **link: Any) -> Simulation:
        names = [f"s{number}" for number in range(len(shares))]
        sites = {name: {"stock": 50, "ordering": _RULE} for name in ("shop", *names, "s9")}
        links = [
            {"buyer": "shop", "supplier": name, "share": share, "lead_time": 2, **link}
            for name, share in zip(names, shares, strict=True)
        ]
        return start(network(sites, links, clock={"days": 60}))

    return begin


def _drop(simulation: Simulation, number: int) -> None:
    simulation.part(Links).drop(number, "link_dropped", "score", "test", 0.25)


def _shares(simulation: Simulation) -> list[float]:
    lines = simulation.world.state.lines
    shares: list[float] = lines["share"][lines["input"] == lines[0].input].tolist()
    return shares


def test_the_share_of_a_dropped_supplier_goes_to_the_others_in_proportion(supplied: Supplied) -> None:
    simulation = supplied()
    _drop(simulation, 0)
    assert _shares(simulation) == pytest.approx([0.0, 0.6, 0.4])


def test_suppliers_that_had_no_share_take_over_equally(supplied: Supplied) -> None:
    simulation = supplied((1.0, 0.0, 0.0))
    _drop(simulation, 0)
    assert _shares(simulation) == [0.0, 0.5, 0.5]


def test_an_input_without_suppliers_has_no_shares(supplied: Supplied) -> None:
    simulation = supplied()
    for number in range(3):
        _drop(simulation, number)
    assert _shares(simulation) == [0.0, 0.0, 0.0]


def test_a_dropped_link_ends_once(supplied: Supplied) -> None:
    simulation = supplied()
    _drop(simulation, 0)
    _drop(simulation, 0)
    assert [row[1:3] for row in simulation.journal.rows] == [("link_dropped", "score")]
    line = simulation.world.state.lines[0]
    assert (line.active, line.closed) == (0, 0)


def test_what_was_not_sent_is_cancelled_and_ordered_from_others(supplied: Supplied, reach: Reach, check: Check) -> None:
    simulation = supplied()
    state = reach(simulation, 20)
    state.sites["down"][1] = 1
    state = reach(simulation, 24)
    _drop(simulation, 0)
    check(simulation.world.state)
    state = reach(simulation, 40)
    assert state.lines[0].placed == state.lines[0].received
    assert state.sites[0].backlog == 0.0
    simulation.observe(None, debug=True)
    simulation.finish()


def test_what_is_on_the_road_still_arrives(supplied: Supplied, reach: Reach) -> None:
    simulation = supplied()
    on_the_road = float(reach(simulation, 20).lines[0].in_transit)
    assert on_the_road > 0.0
    received = float(simulation.world.state.lines[0].received)
    _drop(simulation, 0)
    assert reach(simulation, 30).lines[0].received == received + on_the_road


def test_a_dropped_supplier_gets_no_more_orders(supplied: Supplied, reach: Reach) -> None:
    simulation = supplied()
    reach(simulation, 20)
    _drop(simulation, 0)
    ordered = float(simulation.world.state.lines[0].placed)
    assert reach(simulation, 50).lines[0].placed == ordered


def test_a_new_link_takes_its_share_and_the_terms_of_its_pattern(supplied: Supplied) -> None:
    terms = {"contract": "OEM", "commitment_days": 30, "order_delay_days": 2, "priority": 3}
    simulation = supplied(**terms)
    number = simulation.part(Links).open(1, 4, 0.25, 7.0)
    assert _shares(simulation) == pytest.approx([0.375, 0.225, 0.15, 0.25])
    lines = simulation.world.state.lines
    for field in ("buyer", "input", "product", "lead_time", "delay", "promise", "priority", "contract", "commitment"):
        assert lines[number][field] == lines[1][field]
    new = lines[number]
    assert (new.supplier, new.market, new.active, new.backorders, new.price) == (4, -1, 1, 1, 7.0)
    assert (new.head, new.unshipped, new.tail, new.closed, new.placed) == (0, 0, 0, -1, 0.0)


def test_a_new_link_delivers(supplied: Supplied, reach: Reach, check: Check) -> None:
    simulation = supplied()
    reach(simulation, 10)
    number = simulation.part(Links).open(0, 4, 0.25, 7.0)
    state = reach(simulation, 40)
    assert state.lines[number].opened == 10
    assert state.lines[number].received > 0.0
    check(state)
    simulation.observe(None, debug=True)
    simulation.finish()


def test_the_only_supplier_gets_the_whole_share(supplied: Supplied) -> None:
    simulation = supplied((1.0,))
    _drop(simulation, 0)
    simulation.part(Links).open(0, 2, 0.25, 7.0)
    assert _shares(simulation) == [0.0, 1.0]


def test_a_supplier_that_takes_nearly_all_takes_all(supplied: Supplied) -> None:
    simulation = supplied()
    simulation.part(Links).open(0, 4, 1.0 - 1e-12, 7.0)
    assert _shares(simulation) == [0.0, 0.0, 0.0, 1.0]


class Listener(Subsystem):
    """Notes the prices of new lines, as the world has them when it is told."""

    name = "listener"

    def __init__(self, context: RunContext) -> None:
        """Begin without prices."""
        super().__init__(context)
        self.told: list[float] = []

    def extend(self, rows: Integers) -> None:
        """Note the prices."""
        self.told.extend(self.world.state.lines["price"][rows])


def test_others_are_told_of_a_new_link(supplied: Supplied) -> None:
    simulation = supplied()
    listener = Listener(simulation.context)
    simulation.context.add(listener)
    simulation.part(Links).open(0, 4, 0.25, 7.0)
    assert listener.told == [7.0]


def test_new_shares_keep_the_sum_of_the_old(supplied: Supplied) -> None:
    simulation = supplied()
    simulation.part(Links).set_shares(np.array([0, 2]), np.array([0.1, 0.9]))
    assert _shares(simulation) == pytest.approx([0.07, 0.3, 0.63])


@settings(max_examples=40, deadline=None)
@given(acts=st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.floats(0, 1)), max_size=10))
def test_shares_sum_to_1_or_there_is_no_supplier(
    acts: list[tuple[bool, int, float]], supplied: Supplied, check: Check
) -> None:
    simulation = supplied()
    for drops, number, share in acts:
        if drops:
            _drop(simulation, number % len(simulation.world.state.lines))
        else:
            simulation.part(Links).open(0, 4, share, 1.0)
        check(simulation.world.state)


@pytest.fixture
def sold(network: Network, start: Start) -> Simulation:
    """Return two shops in one market; the left one has nothing to sell."""
    sites = {"left": {"stock": 0, "ordering": {**_RULE, "level": 0}}, "right": {"stock": 500, "ordering": _RULE}}
    links = [{"buyer": "left", "lead_time": 50}]
    market = {"served_by": ["left", "right"], "demand": {"law": 10, "every_days": 1}}
    return start(network(sites, links, {"market": market}, clock={"days": 40}))


def test_customers_of_a_seller_that_leaves_are_lost_and_new_ones_go_to_the_others(
    sold: Simulation, reach: Reach, check: Check
) -> None:
    state = reach(sold, 9)
    left, right = np.flatnonzero(state.lines["market"] == 0).tolist()
    sold.part(Links).drop(left, "sale_ended", "contract-end", "test")
    check(sold.world.state)
    assert sold.world.state.markets[0].lost == 50.0
    state = reach(sold, 19)
    assert state.lines[right].placed == 10 * 5 + 10 * 10
    assert state.sites[0].backlog == 0.0
    sold.observe(None, debug=True)
    sold.finish()


def test_a_market_that_all_sellers_left_loses_its_demand(sold: Simulation, reach: Reach) -> None:
    for number in np.flatnonzero(sold.world.state.lines["market"] == 0).tolist():
        sold.part(Links).drop(number, "sale_ended", "contract-end", "test")
    state = reach(sold, 9)
    assert (state.markets[0].demanded, state.markets[0].lost) == (100.0, 100.0)
    sold.observe(None, debug=True)
    sold.finish()


@pytest.mark.parametrize("part", [0.25, 1.0])
def test_work_is_handed_over_in_parts_or_as_a_whole(supplied: Supplied, part: float) -> None:
    simulation = supplied()
    simulation.part(Links).hand_over(0, 4, part)
    assert _shares(simulation) == pytest.approx([0.5 * (1 - part), 0.3, 0.2, 0.5 * part])
    simulation.part(Links).hand_over(1, 4, 1.0)
    assert _shares(simulation) == pytest.approx([0.5 * (1 - part), 0.0, 0.2, 0.5 * part + 0.3])


def test_a_supplier_delivers_to_a_further_input_on_the_same_terms(supplied: Supplied, check: Check) -> None:
    simulation = supplied((0.5, 0.5), price=7.0)
    item = int(simulation.world.state.sites["first_input"][3])
    _drop(simulation, int(simulation.part(Links).suppliers_of(item)[0]))
    before = simulation.world.state.lines[[0, 1]].copy()
    for number in range(2):
        simulation.part(Links).supply(number, 3, item)
    line, before = simulation.world.state.lines[-2], before[0]
    for name in ("supplier", "product", "price", "share", "lead_time", "promise", "contract"):
        assert line[name] == before[name]
    assert (line["buyer"], line["active"], line["market"]) == (3, 1, -1)
    simulation.finish()
    check(simulation.world.state)
