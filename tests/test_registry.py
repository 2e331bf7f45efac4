"""Registries know records by name, and tell who brought them."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from gpnde.errors import NOBODY, ComponentError, Owner, ScenarioError
from gpnde.registry import Registry

ROUND, OTHER = Owner("round", "gpnde-round", "1.0"), Owner("other", "gpnde-other", "2.0")


class Shape(NamedTuple):
    name: str
    corners: int = 4


@pytest.fixture
def shapes() -> Registry[Shape]:
    registry: Registry[Shape] = Registry("shape", lambda _kind, _name: "")
    registry.register(Shape("square"))
    registry.register(Shape("rhomb"))
    return registry


def test_names_are_in_alphabetical_order(shapes: Registry[Shape]) -> None:
    shapes.add(Shape("disc", 0), ROUND)
    assert shapes.names() == ("disc", "rhomb", "square")
    assert [shape.name for shape in shapes] == ["disc", "rhomb", "square"]


def test_registered_record_is_returned_and_found(shapes: Registry[Shape]) -> None:
    triangle = Shape("triangle", 3)
    assert shapes.register(triangle) is triangle
    assert shapes.get("triangle") is triangle


def test_name_cannot_be_registered_twice(shapes: Registry[Shape]) -> None:
    with pytest.raises(ValueError, match="shape 'square' is registered twice"):
        shapes.register(Shape("square"))


def test_unknown_name_is_one_line_with_the_nearest(shapes: Registry[Shape]) -> None:
    with pytest.raises(ScenarioError) as caught:
        shapes.get("sqare", where="tile.shape")
    assert str(caught.value) == "tile.shape: unknown shape 'sqare'; did you mean 'square'?"
    assert (caught.value.where, caught.value.given) == ("tile.shape", "'sqare'")
    assert caught.value.expected == "one of rhomb, square"


def test_owner_of_added_record_is_kept(shapes: Registry[Shape]) -> None:
    shapes.add(Shape("disc", 0), ROUND)
    assert shapes.owner("disc") == ROUND
    assert shapes.owner("square") == NOBODY
    assert (shapes.is_own("square"), shapes.is_own("disc")) == (True, False)
    assert shapes.added(ROUND) == shapes.added() == (Shape("disc", 0),)
    assert shapes.added(OTHER) == ()


def test_duplicate_names_both_owners(shapes: Registry[Shape]) -> None:
    shapes.add(Shape("disc", 0), ROUND)
    with pytest.raises(ComponentError, match=r"shape disc is offered by plugin 'round' .* and plugin 'other' "):
        shapes.add(Shape("disc", 1), OTHER)
    with pytest.raises(ComponentError, match="shape square is offered by gpnde itself and plugin 'other' "):
        shapes.add(Shape("square"), OTHER)


def test_what_plugins_brought_can_be_forgotten(shapes: Registry[Shape]) -> None:
    shapes.add(Shape("disc", 0), ROUND)
    shapes.clear_added()
    assert shapes.names() == ("rhomb", "square")


def test_unknown_name_lets_plugins_bring_theirs() -> None:
    asked = []

    def seek(kind: str, name: str) -> str:
        asked.append((kind, name))
        if name == "disc":
            known.add(Shape("disc", 0), ROUND)
        return "; plugin 'round' is broken"

    known = Registry[Shape]("shape", seek)
    known.register(Shape("square"))
    assert known.get("square").corners == 4
    assert asked == []
    assert known.get("disc").corners == 0
    assert asked == [("shape", "disc")]
    with pytest.raises(ScenarioError, match=r"^unknown shape 'zzz'; plugin 'round' is broken$"):
        known.get("zzz")
