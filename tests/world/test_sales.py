"""Sales of sites that open later: no market orders from them before, all do so by shares afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from gpnde.scenario import Scenario
from gpnde.world.build import build_world
from gpnde.world.sales import begin_sales
from gpnde.world.world import World

Describe = Callable[..., Scenario]

NORTH, EAST, WEST = range(3)


def world_of(describe: Describe, served_by: Mapping[str, float], **opens: float) -> World:
    """Return the world of three plants, of which those in *opens* open on that day."""
    plants = [
        {"name": name, "firm": "brand", "product": "drive", "opens_day": opens.get(name, 0)}
        for name in ("north", "east", "west")
    ]
    demand = {"law": "normal(mean=30, sd=4)", "every_days": 1}
    market = {"name": "world", "product": "drive", "served_by": served_by, "demand": demand}
    return build_world(describe(products={"drive": {}}, sites=plants, links=[], markets=[market]))


def shares(world: World) -> list[float]:
    """Return the shares of the three plants."""
    lines = world.state.lines
    sold: list[float] = lines["share"][lines["market"] == 0].tolist()
    return sold


def asked(world: World) -> list[int]:
    """Return the plants that the market asks."""
    market = world.state.markets[0]
    numbers = world.state.market_lines[market.first_line : market.last_line]
    suppliers: list[int] = sorted(world.state.lines["supplier"][numbers].tolist())
    return suppliers


SHARES = {"north": 0.5, "east": 0.3, "west": 0.2}


def test_a_market_asks_only_the_sites_that_are_open(describe: Describe) -> None:
    world = world_of(describe, SHARES, east=10)
    assert asked(world) == [NORTH, WEST]
    assert shares(world) == pytest.approx([0.5 / 0.7, 0.0, 0.2 / 0.7])


def test_the_opening_gives_every_site_its_share(describe: Describe) -> None:
    world = world_of(describe, SHARES, east=10, west=20)
    assert shares(world) == [1.0, 0.0, 0.0]
    assert begin_sales(world, EAST)
    assert asked(world) == [NORTH, EAST]
    assert shares(world) == pytest.approx([0.625, 0.375, 0.0])
    assert begin_sales(world, WEST)
    assert asked(world) == [NORTH, EAST, WEST]
    assert shares(world) == pytest.approx([0.5, 0.3, 0.2])
    assert not begin_sales(world, WEST)


@pytest.mark.parametrize(
    ("served_by", "opens"),
    [(SHARES, {"north": 5, "east": 5, "west": 9}), ({"north": 0.0, "east": 0.5, "west": 0.5}, {"east": 5, "west": 5})],
)
def test_a_market_asks_sites_that_open_later_where_no_other_has_a_share(
    describe: Describe, served_by: Mapping[str, float], opens: Mapping[str, Any]
) -> None:
    world = world_of(describe, served_by, **opens)
    assert asked(world) == [NORTH, EAST, WEST]
    assert shares(world) == list(served_by.values())
    assert not begin_sales(world, WEST)


def test_sales_that_have_ended_do_not_begin_again(describe: Describe) -> None:
    world = world_of(describe, SHARES)
    line = world.state.lines[np.flatnonzero(world.state.lines["market"] == 0)[EAST]]
    line.active, line.closed, line.share = 0, 4, 0.0
    assert not begin_sales(world, EAST)
    assert line.active == 0


def test_sites_at_work_expect_the_demand_that_others_will_take_later(describe: Describe) -> None:
    world = world_of(describe, SHARES, east=10, west=20)
    assert world.plants["mean_demand"].tolist() == pytest.approx([30.0, 9.0, 6.0])
