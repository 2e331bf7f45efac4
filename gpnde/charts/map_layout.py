"""Where clusters and flows of the map lie: what part of the world is shown, and the ways of flows through it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gpnde.charts.great_circle import Place, bent, heading, way
from gpnde.charts.theme import WIDTH

if TYPE_CHECKING:
    import polars as pl

MOST_CLUSTERS = 200
MOST_FLOWS = 60
_LAND = Path(__file__).parent / "land.csv"
_MARGIN = 0.14
_LEAST_SPAN = 10.0
_LOWEST, _HIGHEST = 260.0, 440.0


class View(NamedTuple):
    """A part of the world (degrees) and the size of its picture (px); a degree is as long as it is in the middle.

    Its edges may lie beyond 180 degrees, where the Pacific is in the middle.
    """

    west: float
    east: float
    south: float
    north: float
    height: float

    def unwrapped(self, longitude: float) -> float:
        """Return the longitude, whole turns added, at which a place lies first from the western edge on."""
        return self.west + (longitude - self.west) % 360

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a place lies in the picture (px from the upper left corner)."""
        return self.flat(self.unwrapped(longitude), latitude)

    def flat(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a place would lie whose longitude is counted from that of the picture (px)."""
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
    """Return the part of the world around places given as longitude and latitude, cut where it is emptiest.

    >>> view = view_of([(100.5, 13.8), (103.8, 1.4)])
    >>> view.west < 100 and view.east > 104 and view.south < 1 and view.north > 14
    True
    """
    longitudes, latitudes = zip(*points, strict=True)
    west, east = _widened(*_without_widest_gap(longitudes), _LEAST_SPAN)
    south, north = _widened(min(latitudes), max(latitudes), _LEAST_SPAN / 2)
    # A degree of longitude shrinks towards the poles, where the height would grow without end.
    shrink = max(math.cos(math.radians((south + north) / 2)), 0.3)
    height = (north - south) / ((east - west) * shrink) * WIDTH
    if height > _HIGHEST:
        west, east = _stretched(west, east, height / _HIGHEST)
    elif height < _LOWEST:
        south, north = _stretched(south, north, _LOWEST / height)
    west, east = _at_most_once_round(west, east)
    return View(west, east, south, north, min(max(height, _LOWEST), _HIGHEST))


def _without_widest_gap(longitudes: Sequence[float]) -> tuple[float, float]:
    """Return the ends of the shortest stretch that holds all longitudes; its middle lies within 180 degrees.

    >>> _without_widest_gap([-120.0, -95.0, -8.0, 100.0, 139.0])
    (-260.0, -8.0)
    """
    ordered = sorted({longitude % 360 for longitude in longitudes})
    after = [*ordered[1:], ordered[0] + 360]
    gap, west = max((end - start, end % 360) for start, end in zip(ordered, after, strict=True))
    # Whole turns, so that the middle is as people count it.
    east = west + 360 - gap
    turns = math.floor(((west + east) / 2 + 180) / 360)
    return west - 360 * turns, east - 360 * turns


def _at_most_once_round(west: float, east: float) -> tuple[float, float]:
    middle, half = (west + east) / 2, min(east - west, 359.0) / 2
    return middle - half, middle + half


def _widened(low: float, high: float, least: float) -> tuple[float, float]:
    return _stretched(low, high, max(least, (high - low) * (1 + 2 * _MARGIN)) / max(high - low, 1e-9))


def _stretched(low: float, high: float, factor: float) -> tuple[float, float]:
    middle, half = (low + high) / 2, max(high - low, 1e-9) * factor / 2
    return middle - half, middle + half


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


def arc_rows(flows: Iterable[Flow], places: Mapping[str, Place], view: View) -> list[dict[str, Any]]:
    """Return one row per point of each flow: flow, piece, order, longitude, latitude, direction, and what the flow is.

    *places* are longitudes and latitudes. A flow that leaves the map at one side comes in again at the other one, as
    another piece.
    """
    rows: list[dict[str, Any]] = []
    for number, flow in enumerate(flows):
        for piece, points in enumerate(_pieces(way(places[flow.source], places[flow.target]), view)):
            shown, direction = [view.place(*point) for point in points], heading(points)
            rows += [
                {"longitude": longitude, "latitude": latitude, "flow": number, "piece": f"{number}-{piece}"}
                | {"order": order, "direction": direction, **flow._asdict()}
                for order, (longitude, latitude) in enumerate(shown)
            ]
    return rows


def _pieces(points: Sequence[Place], view: View) -> list[list[Place]]:
    """Return a way as points of the picture, once for each time that it passes through it."""
    shift = view.unwrapped(points[0][0]) - points[0][0]
    turned = [[(longitude + shift + turn, latitude) for longitude, latitude in points] for turn in (0, -360, 360)]
    seen = [one for one in turned if any(view.west < longitude < view.east for longitude, _ in one)]
    return [bent([view.flat(*point) for point in one]) for one in seen]


ARC_SCHEMA = {
    "longitude": float, "latitude": float, "flow": int, "piece": str, "order": int, "direction": float,
    "source": str, "target": str, "quantity": float, "links": int,
}  # fmt: skip
"""Columns of `arc_rows` and their types."""


@cache
def _land() -> pl.DataFrame:
    import polars as pl

    return pl.read_csv(_LAND, schema={"ring": pl.Int64, "longitude": pl.Float64, "latitude": pl.Float64})


def land_rows(view: View) -> pl.DataFrame:
    """Return the outlines of the land that lies in a part of the world: ring, longitude, latitude, order.

    They are Natural Earth's at 1:110 million, in the public domain, made coarser by half a degree. Land beyond 180
    degrees is the same land, a turn further on.
    """
    import polars as pl

    turns = [_turned(turn, view) for turn in (-360, 0, 360)]
    return pl.concat(turns).with_row_index("order")


def _turned(turn: int, view: View) -> pl.DataFrame:
    """Return the land in a part of the world, its longitudes a *turn* further on."""
    import polars as pl

    longitude, latitude = pl.col("longitude"), pl.col("latitude")
    meets = (longitude.max() >= view.west) & (longitude.min() <= view.east)
    meets &= (latitude.max() >= view.south) & (latitude.min() <= view.north)
    moved = _land().with_columns(longitude + turn, ring=pl.format("{}/{}", "ring", pl.lit(turn)))
    return moved.filter(meets.over("ring"))
