"""Fixed values."""

from __future__ import annotations

import numpy as np

from gpnde.numerics.laws.kinds import FIXED, LawRow
from gpnde.numerics.laws.record import Floats, LawParameter, law


def _reach(value: float) -> tuple[float, float]:
    return value, value


def _by_chance(chances: Floats, value: float) -> Floats:
    return np.full(np.shape(chances), value)


@law("fixed", LawParameter("value", "What is drawn."), source="definition", reach=_reach, by_chance=_by_chance)
def fixed(value: float) -> LawRow:
    """Draw the same value always; a bare number means this law."""
    return LawRow(FIXED, value or 0.0)
