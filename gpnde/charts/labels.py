"""Where names of points go so that none lies on another one or on a point."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

LETTER = 6.4
"""Width of a letter at 11 px, with some room (px)."""
LINE = 13.0
_GAP = 4.0
_REACHES = (20.0, 32.0, 46.0, 62.0)
"""How far away from its point a text may stand (px)."""
_DIRECTIONS = 16


class Spot(NamedTuple):
    """A point in a picture: its centre and its radius (px), y growing downwards."""

    x: float
    y: float
    radius: float


class Box(NamedTuple):
    """A rectangle in a picture (px)."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Return whether two rectangles have more than an edge in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def inside(self, other: Box) -> bool:
        """Return whether the rectangle lies in *other* as a whole."""
        across = self.left >= other.left and self.right <= other.right
        return across and self.top >= other.top and self.bottom <= other.bottom


def place_labels(spots: Sequence[Spot], texts: Sequence[str], width: float, height: float) -> list[Box | None]:
    """Return the place of each text beside its point, or None where there is no room; earlier ones choose first.

    >>> [box is None for box in place_labels([Spot(50, 50, 5), Spot(50, 50, 5)], ["a", "b"], 100, 100)]
    [False, False]
    """
    picture = Box(0, 0, width, height)
    taken = [Box(x - radius, y - radius, x + radius, y + radius) for x, y, radius in spots]
    found: list[Box | None] = []
    for spot, text in zip(spots, texts, strict=True):
        free = (box for box in _candidates(spot, text) if box.inside(picture) and not any(map(box.meets, taken)))
        box = next(free, None)
        found.append(box)
        taken += [box] if box else []
    return found


def _candidates(spot: Spot, text: str) -> Iterator[Box]:
    """Yield the places beside a point: right, left, above, below, then the corners."""
    half, reach = LETTER * len(text) / 2, spot.radius + _GAP
    rise = reach + LINE / 2
    near = 0.7 * reach
    centres = [(reach + half, 0.0), (-reach - half, 0.0), (0.0, -rise), (0.0, rise)]
    centres += [(side * (near + half), turn * (near + LINE / 2)) for turn in (-1, 1) for side in (1, -1)]
    for right, down in centres:
        x, y = spot.x + right, spot.y + down
        yield Box(x - half, y - LINE / 2, x + half, y + LINE / 2)


class Label(NamedTuple):
    """A text that has found its place beside its point, or further away."""

    text: str
    spot: Spot
    box: Box

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the text (px)."""
        return centre(self.box)

    @property
    def near(self) -> tuple[float, float]:
        """Where the text comes nearest to its point (px)."""
        x, y, _ = self.spot
        return min(max(x, self.box.left), self.box.right), min(max(y, self.box.top), self.box.bottom)

    @property
    def is_away(self) -> bool:
        """Whether a line has to lead from the point to the text."""
        return math.dist(self.near, self.spot[:2]) > self.spot.radius + 2 * _GAP


def place_with_leaders(spots: Sequence[Spot], texts: Sequence[str], width: float, height: float) -> list[Label]:
    """Return the texts that find room, the nearest first; where there is none beside a point, further away.

    >>> [label.text for label in place_with_leaders([Spot(50, 50, 5), Spot(51, 50, 5)], ["a", "b"], 100, 100)]
    ['a', 'b']
    """
    picture = Box(0, 0, width, height)
    taken = [Box(x - radius, y - radius, x + radius, y + radius) for x, y, radius in spots]
    found: list[Label] = []
    for spot, text in zip(spots, texts, strict=True):
        boxes = (*_candidates(spot, text), *_further(spot, text))
        free = (box for box in boxes if box.inside(picture) and not any(map(box.meets, taken)))
        box = next(free, None)
        if box is not None:
            found.append(Label(text, spot, box))
            taken.append(box)
    return found


def _further(spot: Spot, text: str) -> Iterator[Box]:
    """Yield places around a point, further and further away."""
    half = LETTER * len(text) / 2
    for reach in _REACHES:
        for number in range(_DIRECTIONS):
            angle = 2 * math.pi * number / _DIRECTIONS
            right, down = math.cos(angle), math.sin(angle)
            x, y = spot.x + right * reach + half * (right > 0.2) - half * (right < -0.2), spot.y + down * reach
            yield Box(x - half, y - LINE / 2, x + half, y + LINE / 2)


def centre(box: Box) -> tuple[float, float]:
    """Return the middle of a rectangle (px)."""
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2
