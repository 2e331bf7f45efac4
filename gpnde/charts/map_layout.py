"""Where clusters and flows of the map lie: what part of the world is shown, points moved apart, flows as arcs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gpnde.charts.labels import Spot
from gpnde.charts.theme import WIDTH

if TYPE_CHECKING:
    import polars as pl

MOST_CLUSTERS = 200
MOST_FLOWS = 60
ARC_POINTS = 13
"""Points of an arc; as many flows as are drawn have at most 780 of them."""

_LAND = Path(__file__).parent / "land.csv"
_MARGIN = 0.14
_LEAST_SPAN = 10.0
_LOWEST, _HIGHEST = 260.0, 440.0
_BEND = 0.16
_STEPS = 120
_GAP = 3.0


class View(NamedTuple):
    """A part of the world (degrees) and the size of its picture (px); a degree is as long as it is in the middle."""

    west: float
    east: float
    south: float
    north: float
    height: float

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a place lies in the picture (px from the upper left corner)."""
        x = (longitude - self.west) / (self.east - self.west) * WIDTH
        return x, (self.north - latitude) / (self.north - self.south) * self.height

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return longitude and latitude of a point of the picture."""
        longitude = self.west + x / WIDTH * (self.east - self.west)
        return longitude, self.north - y / self.height * (self.north - self.south)


class Flow(NamedTuple):
    """What went from one cluster to another over the whole run (units)."""

    source: str
    target: str
    quantity: float
    links: int


def view_of(points: Sequence[tuple[float, float]]) -> View:
    """Return the part of the world around places given as longitude and latitude.

    >>> view = view_of([(100.5, 13.8), (103.8, 1.4)])
    >>> view.west < 100 and view.east > 104 and view.south < 1 and view.north > 14
    True
    """
    longitudes, latitudes = zip(*points, strict=True)
    west, east = _widened(min(longitudes), max(longitudes), _LEAST_SPAN)
    south, north = _widened(min(latitudes), max(latitudes), _LEAST_SPAN / 2)
    # A degree of longitude shrinks towards the poles, where the height would grow without end.
    shrink = max(math.cos(math.radians((south + north) / 2)), 0.3)
    height = (north - south) / ((east - west) * shrink) * WIDTH
    if height > _HIGHEST:
        west, east = _stretched(west, east, height / _HIGHEST)
    elif height < _LOWEST:
        south, north = _stretched(south, north, _LOWEST / height)
    return View(west, east, south, north, min(max(height, _LOWEST), _HIGHEST))


def _widened(low: float, high: float, least: float) -> tuple[float, float]:
    return _stretched(low, high, max(least, (high - low) * (1 + 2 * _MARGIN)) / max(high - low, 1e-9))


def _stretched(low: float, high: float, factor: float) -> tuple[float, float]:
    middle, half = (low + high) / 2, max(high - low, 1e-9) * factor / 2
    return middle - half, middle + half


def apart(spots: Sequence[Spot]) -> list[Spot]:
    """Return points moved as little as it takes that none covers another; those that do not touch anyone stay.

    >>> one, other = apart([Spot(100, 100, 10), Spot(101, 100, 10)])
    >>> round(other.x - one.x), one.y
    (23, 100.0)
    """
    places = [[float(spot.x), float(spot.y)] for spot in spots]
    for _ in range(_STEPS):
        # A list, so that all pairs are moved apart and not only the first one that is too near.
        if not any([_push(places, spots, one, other) for one in range(len(spots)) for other in range(one)]):
            break
    return [Spot(x, y, spot.radius) for (x, y), spot in zip(places, spots, strict=True)]


def _push(places: list[list[float]], spots: Sequence[Spot], one: int, other: int) -> bool:
    """Move two points that are too near to each other apart; return whether they were."""
    right, down = places[one][0] - places[other][0], places[one][1] - places[other][1]
    distance, wanted = math.hypot(right, down), spots[one].radius + spots[other].radius + _GAP
    if distance >= wanted - 1e-6:
        return False
    # Points at one place have no direction to go; each gets one of its own, always the same.
    if distance < 1e-9:
        right, down, distance = math.cos(one), math.sin(one), 1.0
    step = (wanted - math.hypot(places[one][0] - places[other][0], places[one][1] - places[other][1])) / 2 / distance
    for number, side in ((one, 1), (other, -1)):
        places[number][0] += side * right * step
        places[number][1] += side * down * step
    return True


def flows_between(links: pl.DataFrame, cluster_of: Mapping[str, str]) -> list[Flow]:
    """Return what went between clusters, the largest `MOST_FLOWS` flows; *cluster_of* tells the cluster of a site."""
    import polars as pl

    known = links.filter(pl.col("supplier").is_in(list(cluster_of)) & pl.col("buyer").is_in(list(cluster_of)))
    ends = {
        "source": pl.col("supplier").replace_strict(cluster_of, return_dtype=pl.String),
        "target": pl.col("buyer").replace_strict(cluster_of, return_dtype=pl.String),
    }
    between = known.with_columns(**ends).filter(pl.col("source") != pl.col("target"))
    sums = between.group_by("source", "target").agg(quantity=pl.col("shipped").sum(), links=pl.len())
    largest = sums.filter(pl.col("quantity") > 0).sort(
        ["quantity", "source", "target"], descending=[True, False, False]
    )
    return [Flow(*row) for row in largest.head(MOST_FLOWS).iter_rows()]


def arc(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """Return points of an arc that bends to the left as seen by what travels along it (px, y growing downwards).

    >>> points = arc((0, 0), (100, 0))
    >>> len(points), points[0], points[-1], points[6][1] < 0
    (13, (0.0, 0.0), (100.0, 0.0), True)
    """
    right, down = end[0] - start[0], end[1] - start[1]
    bow = (start[0] + end[0]) / 2 + 2 * _BEND * down, (start[1] + end[1]) / 2 - 2 * _BEND * right
    shares = [number / (ARC_POINTS - 1) for number in range(ARC_POINTS)]
    return [(_bezier(s, start[0], bow[0], end[0]), _bezier(s, start[1], bow[1], end[1])) for s in shares]


def _bezier(share: float, start: float, bow: float, end: float) -> float:
    return (1 - share) ** 2 * start + 2 * share * (1 - share) * bow + share**2 * end


def heading(points: Sequence[tuple[float, float]]) -> float:
    """Return the direction of an arc in its middle, in degrees clockwise from upwards.

    >>> heading(arc((0, 0), (100, 0)))
    90.0
    """
    middle = len(points) // 2
    (x1, y1), (x2, y2) = points[middle - 1], points[middle + 1]
    return math.degrees(math.atan2(x2 - x1, y1 - y2))


def arc_rows(flows: Iterable[Flow], places: Mapping[str, Spot], view: View) -> list[dict[str, Any]]:
    """Return one row per point of each arc: flow, order, longitude, latitude, direction, and what the flow is."""
    rows: list[dict[str, Any]] = []
    for number, flow in enumerate(flows):
        points = arc(places[flow.source][:2], places[flow.target][:2])
        direction = heading(points)
        rows += [
            dict(zip(("longitude", "latitude"), view.place(*point), strict=True))
            | {"flow": number, "order": order, "direction": direction, **flow._asdict()}
            for order, point in enumerate(points)
        ]
    return rows


ARC_SCHEMA = {
    "longitude": float, "latitude": float, "flow": int, "order": int, "direction": float,
    "source": str, "target": str, "quantity": float, "links": int,
}  # fmt: skip
"""Columns of `arc_rows` and their types."""


@cache
def _land() -> pl.DataFrame:
    import polars as pl

    return pl.read_csv(_LAND, schema={"ring": pl.Int64, "longitude": pl.Float64, "latitude": pl.Float64})


def land_rows(view: View) -> pl.DataFrame:
    """Return the outlines of the land that lies in a part of the world: ring, longitude, latitude, order.

    They are Natural Earth's at 1:110 million, in the public domain, made coarser by half a degree.
    """
    import polars as pl

    longitude, latitude = pl.col("longitude"), pl.col("latitude")
    meets = (longitude.max() >= view.west) & (longitude.min() <= view.east)
    meets &= (latitude.max() >= view.south) & (latitude.min() <= view.north)
    return _land().with_row_index("order").filter(meets.over("ring"))
