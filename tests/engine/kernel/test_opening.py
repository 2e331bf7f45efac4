"""What is under way when a run starts: goods, orders and customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpnde.engine.recording.tables import final_tables
from gpnde.engine.run import Simulation
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]
Chain = Callable[..., Simulation]

_NEVER = {"policy": "r-Q", "reorder_point": -1e6, "quantity": 1, "review_days": 1}


@pytest.fixture(scope="session")
def chain(network: Network, start: Start) -> Chain:
    """Return a starter of a shop that buys from a depot, with what is under way on the link."""

    def begin(supplier: str = "depot", **link: Any) -> Simulation:
        sites = {"shop": {"stock": 0, "ordering": _NEVER}, "depot": {"stock": 100, "ordering": _NEVER}}
        markets = {"market": {"served_by": ["shop"], "demand": {"law": 0, "every_days": 1}}}
        return start(network(sites, [{"buyer": "shop", "supplier": supplier, **link}], markets, clock={"days": 900}))

    return begin


@pytest.mark.parametrize("supplier", ["depot", "outside"])
def test_opening_shipments_arrive_one_a_tick(chain: Chain, reach: Reach, check: Check, supplier: str) -> None:
    simulation = chain(supplier, in_transit=[3, 4, 5])
    check(simulation.world.state)
    assert simulation.world.state.inputs[0].on_order == 12.0
    assert [float(reach(simulation, day).sites[0].on_hand) for day in range(4)] == [3.0, 7.0, 12.0, 12.0]
    simulation.observe(None, debug=True)
    simulation.finish()


def test_opening_orders_are_read_one_a_tick(chain: Chain, reach: Reach, check: Check) -> None:
    simulation = chain(in_mail=[3, 4], lead_time=2, order_delay_days=2)
    check(simulation.world.state)
    assert [float(reach(simulation, day).lines[0].shipped) for day in range(3)] == [3.0, 7.0, 7.0]
    assert reach(simulation, 3).sites[0].on_hand == 7.0
    simulation.observe(None, debug=True)
    simulation.finish()


def test_opening_orders_outside_leave_when_they_are_read_there(chain: Chain, reach: Reach, check: Check) -> None:
    simulation = chain("outside", in_mail=[3, 4], lead_time=2)
    check(simulation.world.state)
    assert [float(reach(simulation, day).sites[0].on_hand) for day in range(5)] == [0.0, 0.0, 3.0, 7.0, 7.0]
    assert simulation.world.state.sites["total_demand"].tolist() == [0.0, 0.0]
    simulation.observe(None, debug=True)
    simulation.finish()


def test_pipelines_may_be_longer_than_the_books_at_the_start(chain: Chain, reach: Reach, check: Check) -> None:
    simulation = chain(in_transit=[1] * 700)
    check(simulation.world.state)
    assert reach(simulation, 500).sites[0].on_hand == 501.0
    assert reach(simulation, 800).sites[0].on_hand == 700.0
    simulation.observe(None, debug=True)
    simulation.finish()


def test_opening_shipments_are_orders_that_left_before_the_start(chain: Chain, reach: Reach) -> None:
    simulation = chain(in_transit=[3])
    simulation.finish()
    order = final_tables(simulation)["orders"].row(0, named=True)
    assert (order["quantity"], order["status"]) == (3.0, "received")
    assert [order[f"{name}_day"] for name in ("placed", "shipped", "received")] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("start_day", [0, 50])
def test_the_first_customer_of_many_comes_after_the_market_opens(
    network: Network, start: Start, reach: Reach, start_day: int
) -> None:
    demand = {"law": 1, "arrivals": "poisson", "arrivals_per_day": 4, "start_day": start_day}
    markets = {"market": {"served_by": ["shop"], "demand": demand}}
    simulation = start(network({"shop": {"stock": 1000}}, markets=markets, clock={"days": 400}))
    assert reach(simulation, start_day).markets[0].demanded == 0.0
    assert reach(simulation, start_day + 300).markets[0].demanded == pytest.approx(1200, rel=0.1)
