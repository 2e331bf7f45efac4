"""Creation in the room that is left (E15, E17): growth up to a ceiling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def saturating_gain(gain: Numbers, room: Numbers) -> NDArray[np.float64]:
    """Return what is left of a *gain* where only *room* is left: min(gain, room), and 0 where there is none.

    Whoever creates at a rate that falls as the ceiling nears says so in the gain; a gain that fits comes through whole,
    so that what is created in some time does not hang on the number of steps.

    >>> saturating_gain(np.array([0.001, 5.0, 1.0, 1.0]), np.array([0.5, 0.5, 0.0, -0.1]))
    array([0.001, 0.5  , 0.   , 0.   ])
    """
    return np.asarray(np.minimum(gain, np.maximum(room, 0.0)), dtype=np.float64)
