"""Routes: of the links of the scenario, the one as which goods of a new supplier would travel."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gpnde.engine.trade.routes import Routes
from gpnde.scenario.generate import generate
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.world import World


@pytest.fixture(scope="module", params=["all places known", "some distances stated", "some places unknown"])
def world(request: pytest.FixtureRequest) -> World:
    document = generate("routes", firms=40, seed=3).model_dump(exclude_unset=True)
    if request.param != "all places known":
        for number, link in enumerate(document["links"][::3]):
            link["distance_km"] = 500.0 * (number % 7)
    if request.param == "some places unknown":
        for site in document["sites"][::4]:
            del site["cluster"]
        for cluster in document["clusters"][::3]:
            del cluster["latitude"]
    return build_world(Scenario.model_validate(document), 1, 0)


def nearness(world: World, like: int, supplier: int, number: int) -> tuple[Any, ...]:
    """Return the key by which a link comes before others for goods of a supplier; infinite where nothing is known."""
    lines, place, names = world.state.lines, world.state.sites["cluster"], world.names.sites
    line, buyer = lines[number], int(lines[like].buyer)
    here, there = int(place[supplier]), int(place[buyer])
    direct = line.supplier == supplier and line.buyer == buyer
    known = here >= 0 and there >= 0
    alike = known and int(place[line.supplier]) == here and int(place[line.buyer]) == there
    off = abs(stated(world, number) - apart(world, here, there))
    off = 0.0 if alike else math.inf if math.isnan(off) else off
    if not (direct or alike or off < math.inf):
        return (math.inf,)
    days = float(world.state.laws.mean[line.lead_time])
    rest = (number != like, bool(line.product != lines[like].product), days)
    return (not direct, not alike, off, *rest, names[line.supplier], names[line.buyer])


def apart(world: World, here: int, there: int) -> float:
    clusters = world.scenario.clusters
    unknown = here < 0 or there < 0 or any(clusters[each].latitude is None for each in (here, there))
    return math.nan if unknown else float(world.places.distance_km[here, there])


def stated(world: World, number: int) -> float:
    given, line, place = world.scenario.links[number], world.state.lines[number], world.state.sites["cluster"]
    known = given.distance_km
    return apart(world, int(place[line.supplier]), int(place[line.buyer])) if known is None else known


def test_goods_travel_as_on_the_nearest_link(world: World) -> None:
    routes, suppliers = Routes(world), np.arange(len(world.state.sites))
    inside = [number for number in range(len(world.scenario.links)) if world.state.lines[number].supplier >= 0]
    for like in inside[::7]:
        ranks = [
            {number: nearness(world, like, supplier, number) for number in inside} for supplier in suppliers.tolist()
        ]
        best = [min(rank, key=rank.__getitem__) for rank in ranks]
        expected = [like if rank[number] == (math.inf,) else number for rank, number in zip(ranks, best, strict=True)]
        assert routes.of(like, suppliers).tolist() == expected


def test_routes_of_nobody_are_none(world: World) -> None:
    assert Routes(world).of(0, np.arange(0)).tolist() == []
