"""Creation in the room that is left (E15, E17): growth that slows as it nears a ceiling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]

_LEAST = np.finfo(np.float64).tiny
"""Stands for no room where a gain is divided by the room; it makes no difference to the gain."""


def within_room(gain: Numbers, room: Numbers) -> NDArray[np.float64]:
    """Return what is left of a *gain* where only *room* is left: room (1 - e^(-gain/room)), never more than either.

    A small gain comes through whole; where there is no room there is no gain.

    >>> within_room(np.array([0.001, 5.0, 1.0]), np.array([0.5, 0.5, 0.0])).round(4)
    array([0.001, 0.5  , 0.   ])
    """
    left = np.maximum(np.asarray(room, dtype=np.float64), 0.0)
    # Next to no room makes the share infinite, which is as it should be: the gain fills the room.
    with np.errstate(over="ignore"):
        share = gain / np.maximum(left, _LEAST)
    return np.asarray(-left * np.expm1(-share))
