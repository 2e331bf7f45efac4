"""What stands for lines in draws hangs on the names of their ends, wherever they stand."""

from __future__ import annotations

from typing import Any

from gpnde.scenario import Scenario
from gpnde.world.build import build_world
from gpnde.world.entities import line_names
from gpnde.world.world import World

LINKS = [
    {"buyer": "shop", "supplier": "north"},
    {"buyer": "shop", "supplier": "south"},
    {"buyer": "shop", "supplier": "north", "contract": "OEM"},
    {"buyer": "north", "supplier": "outside", "product": "unit"},
]


def world_of(links: list[dict[str, Any]], sites: tuple[str, ...] = ("shop", "north", "south")) -> World:
    return build_world(
        Scenario.model_validate(
            {
                "name": "lines",
                "products": {"unit": {}},
                "firms": [{"name": "firm"}],
                "sites": [{"name": name, "firm": "firm", "product": "unit"} for name in sites],
                "links": links,
                "markets": [{"name": "shop", "product": "unit", "served_by": ["shop"], "demand": {"law": 1}}],
                "provenance": [{"path": "*", "mark": "assumption"}],
            }
        )
    )


def entities_by_name(world: World) -> dict[str, int]:
    names = line_names(world.names, world.state.lines)
    return dict(zip(names, world.state.line_entity.tolist(), strict=True))


def test_every_line_has_a_name_and_a_number_of_its_own() -> None:
    found = entities_by_name(world_of(LINKS))
    assert set(found) == {
        "north > shop: unit",
        "south > shop: unit",
        "north > shop: unit #2",
        "outside > north: unit",
        "outside > south: unit",
    } | {name for name in found if name.startswith("shop > shop")}
    assert len(set(found.values())) == len(found) == 6


def test_other_sites_and_links_leave_the_number_of_a_line() -> None:
    few = entities_by_name(world_of(LINKS))
    more = [{"buyer": "shop", "supplier": "alone"}, *LINKS[::-1]]
    many = entities_by_name(world_of(more, ("alone", "south", "north", "shop")))
    assert few.items() < many.items()


def test_line_that_is_added_later_is_told_from_the_one_before() -> None:
    world = world_of(LINKS)
    before = world.state.line_entity.tolist()
    first = world.add_lines(world.state.lines[:1])
    after = world.state.line_entity.tolist()
    assert after[:first] == before
    assert after[first] not in before
