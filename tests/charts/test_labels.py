"""Names of points never cover each other, a point or the edge."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from gpnde.charts.labels import Box, Spot, place_labels, place_with_leaders

spots = st.lists(st.builds(Spot, st.floats(0, 300), st.floats(0, 200), st.floats(2, 20)), max_size=12)


@given(spots)
def test_labels_are_free_of_each_other_and_of_points(points: list[Spot]) -> None:
    found = [box for box in place_labels(points, ["cluster"] * len(points), 300, 200) if box]
    circles = [Box(x - radius, y - radius, x + radius, y + radius) for x, y, radius in points]
    assert not any(one.meets(other) for one, other in combinations(found, 2))
    assert not any(box.meets(circle) for box in found for circle in circles)
    assert all(box.inside(Box(0, 0, 300, 200)) for box in found)


def test_a_point_in_the_open_is_named_on_its_right() -> None:
    (box,) = place_labels([Spot(100, 100, 5)], ["a"], 300, 200)
    assert box and box.left > 105 and box.top < 100 < box.bottom


@given(spots)
def test_labels_with_leaders_are_free_of_each_other_and_of_points(points: list[Spot]) -> None:
    found = place_with_leaders(points, ["cluster"] * len(points), 300, 200)
    circles = [Box(x - radius, y - radius, x + radius, y + radius) for x, y, radius in points]
    assert not any(one.box.meets(other.box) for one, other in combinations(found, 2))
    assert not any(label.box.meets(circle) for label in found for circle in circles)


def test_label_without_room_beside_its_point_is_led_to() -> None:
    crowd = [Spot(150 + 9 * x, 100 + 9 * y, 5) for x in range(-2, 3) for y in range(-2, 3)]
    found = place_with_leaders(crowd, ["Bangkok"] * len(crowd), 300, 200)
    assert len(found) > sum(box is not None for box in place_labels(crowd, ["Bangkok"] * len(crowd), 300, 200))
    assert any(label.is_away for label in found)
