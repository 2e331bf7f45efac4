"""Great circles: the shortest way, unbroken, and bent so that there and back differ."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.charts.great_circle import POINTS, Place, bent, heading, way

places = st.tuples(st.floats(-179, 179), st.floats(-80, 80))


def angle(one: Place, other: Place) -> float:
    """Return the angle between two places (radian), by the haversine formula."""
    (a, b), (c, d) = (tuple(map(math.radians, place)) for place in (one, other))
    return 2 * math.asin(
        min(1.0, math.sqrt(math.sin((d - b) / 2) ** 2 + math.cos(b) * math.cos(d) * math.sin((c - a) / 2) ** 2))
    )


@given(places, places)
def test_parts_of_a_way_are_together_as_long_as_the_shortest_one(start: Place, end: Place) -> None:
    points = way(start, end)
    parts = [angle(*pair) for pair in zip(points, points[1:], strict=False)]
    if angle(start, end) < 3.1:
        assert sum(parts) == pytest.approx(angle(start, end), abs=1e-6)
        assert max(parts) - min(parts) == pytest.approx(0, abs=1e-6)


@given(places, places)
def test_longitudes_of_a_way_never_jump(start: Place, end: Place) -> None:
    longitudes = [longitude for longitude, _ in way(start, end)]
    assert len(longitudes) == POINTS
    assert max(abs(b - a) for a, b in zip(longitudes, longitudes[1:], strict=False)) <= 180
    assert longitudes[0] == pytest.approx(start[0])


def test_way_between_places_of_the_north_bends_to_the_pole() -> None:
    assert way((0.0, 50.0), (90.0, 50.0))[POINTS // 2][1] > 59


def test_there_and_back_are_two_lines() -> None:
    line = [(float(x), 0.0) for x in range(0, 101, 10)]
    there, back = bent(line), bent(line[::-1])
    assert there[5][1] == -back[5][1] != 0
    assert heading(there) == pytest.approx(90) and heading(back) == pytest.approx(-90)


def test_way_to_the_same_place_stays_there() -> None:
    assert way((10.0, 20.0), (10.0, 20.0)) == [(10.0, 20.0)] * POINTS
