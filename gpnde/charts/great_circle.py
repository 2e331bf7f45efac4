"""Great circles: the shortest way between two places on the globe, as points of a map.

On a map whose degrees are equally long such a way bends towards the nearer pole. Where it leaves the map at one side it
comes in again at the other one, so that it may be drawn in two pieces.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

POINTS = 17
"""Points of a way."""

Place = tuple[float, float]
"""Longitude and latitude (degrees), or a point of a picture (px)."""

_BOW = 0.03
"""How far a way is bent to its left, as a share of its length, so that there and back are two lines."""
_LEAST_BOW = 3.0
"""The least bend (px)."""


def way(start: Place, end: Place) -> list[Place]:
    """Return points of the shortest way between two places; longitudes go on beyond 180 degrees where it does.

    >>> points = way((0.0, 0.0), (90.0, 0.0))
    >>> len(points), [round(number, 6) for number in points[8]]
    (17, [45.0, 0.0])
    >>> round(way((170.0, 0.0), (-170.0, 0.0))[-1][0], 6)
    190.0
    """
    first, last = _on_globe(start), _on_globe(end)
    angle = math.acos(max(-1.0, min(1.0, sum(a * b for a, b in zip(first, last, strict=True)))))
    shares = [number / (POINTS - 1) for number in range(POINTS)]
    # At opposite places every way is as long, and at one place there is none: there a straight line does.
    if min(angle, math.pi - angle) < 1e-9:
        return [(start[0] + s * _turn(start[0], end[0]), start[1] + s * (end[1] - start[1])) for s in shares]
    return _unbroken([_between(first, last, angle, share) for share in shares], start[0])


def _on_globe(place: Place) -> tuple[float, float, float]:
    longitude, latitude = map(math.radians, place)
    return math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude)


def _between(first: Sequence[float], last: Sequence[float], angle: float, share: float) -> Place:
    """Return the place at a share of the way (spherical linear interpolation, Shoemake 1985)."""
    one, other = (math.sin(part * angle) / math.sin(angle) for part in (1 - share, share))
    x, y, z = (one * a + other * b for a, b in zip(first, last, strict=True))
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def _turn(start: float, end: float) -> float:
    """Return by how much one turns from one longitude to another, the shorter way round."""
    return (end - start + 180) % 360 - 180


def _unbroken(points: Sequence[Place], start: float) -> list[Place]:
    """Return points whose longitudes do not jump where they pass 180 degrees, from the longitude *start* on."""
    found: list[Place] = []
    before = start
    for longitude, latitude in points:
        before += _turn(before, longitude)
        found.append((before, latitude))
    return found


def bent(points: Sequence[Place]) -> list[Place]:
    """Return points of a picture bent a little to the left as seen by what travels along them.

    >>> there = bent([(0.0, 0.0), (50.0, 0.0), (100.0, 0.0)])
    >>> there[0], there[1][1] < 0, there[2]
    ((0.0, 0.0), True, (100.0, 0.0))
    """
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = max(math.hypot(x2 - x1, y2 - y1), 1e-9)
    bow = max(_BOW * length, min(_LEAST_BOW, 0.25 * length))
    right, down = (y2 - y1) / length * bow, -(x2 - x1) / length * bow
    last = len(points) - 1
    swing = [math.sin(math.pi * number / last) if 0 < number < last else 0.0 for number in range(last + 1)]
    return [(x + s * right, y + s * down) for (x, y), s in zip(points, swing, strict=True)]


def heading(points: Sequence[Place]) -> float:
    """Return the direction in the middle of points of a picture, in degrees clockwise from upwards.

    >>> heading([(0.0, 0.0), (50.0, 0.0), (100.0, 0.0)])
    90.0
    """
    middle = len(points) // 2
    (x1, y1), (x2, y2) = points[middle - 1], points[min(middle + 1, len(points) - 1)]
    return math.degrees(math.atan2(x2 - x1, y1 - y2))
