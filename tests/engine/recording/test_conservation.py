"""The balance of goods finds what came from nowhere or vanished."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gpnde.engine.clock import Phase
from gpnde.engine.recording.conservation import goods_entered, goods_error, goods_held, goods_left, opening_goods
from gpnde.engine.run import Simulation
from gpnde.errors import GpndeError
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

from ...clocks import at

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]

NOTHING = np.zeros(2)


@pytest.fixture
def plant(network: Network, start: Start) -> Simulation:
    """Return a plant that makes cars of four wheels, bought outside, and delivers them to a market."""
    rule = {"policy": "base-stock", "level": 50, "review_days": 1}
    return start(
        network(
            {"plant": {"product": "car", "stock": 50, "processing": 2, "yield_rate": 0.8, "ordering": rule}},
            [{"buyer": "plant", "product": "wheel", "lead_time": 3, "in_transit": [8, 8]}],
            {"market": {"served_by": ["plant"], "demand": {"law": 10, "every_days": 1}, "lead_time": 2}},
            products={"car": {"made_of": {"wheel": 4}}, "wheel": {}},
            clock={"days": 60},
        )
    )


def test_goods_are_held_in_stock_in_production_and_on_the_road(plant: Simulation, reach: Reach) -> None:
    state = reach(plant, 30)
    cars = state.sites[0].on_hand + state.sites[0].wip + state.lines[1].in_transit
    wheels = state.inputs[0].stock + state.lines[0].in_transit
    assert goods_held(state, 2).tolist() == [cars, wheels]


def test_goods_enter_by_making_and_buying_and_leave_by_use_and_delivery(plant: Simulation, reach: Reach) -> None:
    state = reach(plant, 30)
    assert goods_entered(state, 2).tolist() == [state.sites[0].produced, state.lines[0].shipped]
    assert goods_left(state, 2).tolist() == [state.markets[0].delivered, state.inputs[0].used]


def test_shipments_from_outside_count_once(plant: Simulation) -> None:
    state = plant.world.state
    assert opening_goods(state, 2).tolist() == [50.0, 0.0]
    assert goods_error(state, opening_goods(state, 2), NOTHING) == 0.0


def test_the_balance_holds_at_any_time(plant: Simulation, reach: Reach) -> None:
    for day in range(0, 60, 7):
        reach(plant, day)
        assert plant.balances()["goods"] < 1e-12


@pytest.mark.parametrize(
    ("table", "field"),
    [("sites", "on_hand"), ("sites", "wip"), ("sites", "produced"), ("inputs", "stock"), ("inputs", "used"),
     ("lines", "in_transit"), ("lines", "lost"), ("lines", "shipped"), ("markets", "delivered"),
     ("markets", "returned")],
)  # fmt: skip
def test_a_single_unit_too_many_is_found(plant: Simulation, reach: Reach, table: str, field: str) -> None:
    state = reach(plant, 30)
    getattr(state, table)[field][0] += 1.0
    assert plant.balances()["goods"] > 1e-4


def test_goods_that_were_written_off_are_missed_in_no_balance(plant: Simulation, reach: Reach) -> None:
    opening = opening_goods(plant.world.state, 2)
    state = reach(plant, 30)
    state.sites[0].wip -= 5.0
    assert goods_error(state, opening, NOTHING) > 1e-3
    assert goods_error(state, opening, np.array([5.0, 0.0])) < 1e-12


def _steal(simulation: Simulation) -> None:
    def take() -> None:
        simulation.world.state.sites["on_hand"][0] += 1.0

    at(simulation.timeline, 20, Phase.SHOCKS, take)


def test_a_run_that_is_watched_stops_at_the_first_record_after_the_fault(plant: Simulation) -> None:
    _steal(plant)
    plant.observe(None, debug=True)
    with pytest.raises(GpndeError, match=r"^day 21: goods are out of balance by .* must be at most 1e-09"):
        plant.finish()


def test_a_run_that_is_not_watched_stops_at_the_end(plant: Simulation) -> None:
    _steal(plant)
    with pytest.raises(GpndeError, match=r"^day 60: goods are out of balance"):
        plant.finish()


def test_a_number_that_is_none_is_out_of_balance(plant: Simulation, reach: Reach) -> None:
    reach(plant, 30).sites["on_hand"][0] = np.nan
    with pytest.raises(GpndeError, match="goods are out of balance by nan"):
        plant.check_balances()


def test_missing_cash_stops_a_run(network: Network, start: Start) -> None:
    simulation = start(network({"shop": {}}, finance={}, clock={"days": 60}))
    simulation.world.firms["cash"][0] += 100.0
    with pytest.raises(GpndeError, match=r"^day 60: cash .* out of balance"):
        simulation.finish()
