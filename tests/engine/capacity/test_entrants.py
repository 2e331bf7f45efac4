"""Entrants: firms that wait come when a product is short and nobody is left to ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gpnde.engine.capacity.entrants import Entrants
from gpnde.engine.run import Simulation
from gpnde.scenario import Scenario
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Shop = Callable[..., Simulation]

CLOSES = 100
_RULE = {"policy": "base-stock", "level": 60, "review_days": 1}


@pytest.fixture
def shop(network: Network, start: Start) -> Shop:
    """Return a starter of a shop with two suppliers, of which one closes, and firms that wait to make the same."""

    def begin(capacity: float, waiting: tuple[str, ...] = ("next", "later"), **other: float) -> Simulation:
        part = {"product": "part", "ordering": _RULE, "stock": 60, "processing": 1}
        makers = {
            "old": {**part, "capacity_per_day": capacity, "closes_day": CLOSES},
            "other": part | {"capacity_per_day": capacity, **other},
        }
        return start(
            network(
                {"shop": {"product": "unit", "ordering": _RULE, "stock": 60}, **makers, **dict.fromkeys(waiting, part)},
                [{"buyer": "shop", "supplier": name, "lead_time": 1} for name in makers],
                {"market": {"served_by": ["shop"], "demand": {"law": 10, "every_days": 1}}},
                products={"unit": {"made_of": {"part": 1}}, "part": {}},
                firms={name: {"enters": "endogenously"} for name in waiting},
                selection={"review_days": 91, "threshold": 0, "certification": 10, "quotation": {"response_hours": 1}},
                clock={"days": 400},
            )
        )

    return begin


def entered(simulation: Simulation) -> list[str]:
    return [row[3] for row in simulation.journal.rows if row[1] == "firm_entered"]


def test_a_firm_enters_where_makers_are_busy_and_nobody_else_can_bid(shop: Shop, reach: Reach) -> None:
    simulation = shop(capacity=5.5)
    reach(simulation, CLOSES + 2)
    assert entered(simulation) == ["next"]


def test_nobody_enters_where_those_who_stay_have_room(shop: Shop, reach: Reach) -> None:
    simulation = shop(capacity=50)
    reach(simulation, 300)
    assert entered(simulation) == []


def test_a_firm_enters_where_nobody_is_left_however_idle_they_were(shop: Shop, reach: Reach) -> None:
    simulation = shop(capacity=50, closes_day=CLOSES)
    reach(simulation, CLOSES + 2)
    assert entered(simulation) == ["next"]


def test_the_entrant_wins_the_link_and_no_other_follows(shop: Shop, reach: Reach) -> None:
    simulation = shop(capacity=5.5)
    state = reach(simulation, CLOSES + 28 + 30)
    supplier = simulation.world.names.sites.index("next")
    assert ((state.lines["supplier"] == supplier) & (state.lines["active"] == 1)).any()
    assert entered(simulation) == ["next"]


def test_a_firm_enters_once(shop: Shop) -> None:
    simulation = shop(capacity=50)
    entrants = simulation.part(Entrants)
    number = simulation.world.names.firms.index("next")
    assert entrants.waits(number)
    entrants.enter(number, "test")
    assert not entrants.waits(number)
