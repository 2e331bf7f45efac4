"""Values in turn."""

from __future__ import annotations

from gpnde.numerics.laws.checks import VALUES, check_values
from gpnde.numerics.laws.kinds import SERIES, LawRow
from gpnde.numerics.laws.record import law


def _check(values: tuple[float, ...], at_end: str = "repeat") -> None:
    check_values("series", values)


def _reach(values: tuple[float, ...], at_end: str = "repeat") -> tuple[float, float]:
    drawn = (*values, *((0.0,) if at_end == "zero" else ()))
    return min(drawn), max(drawn)


@law("series", VALUES, source="definition", options=("at_end",), check=_check, reach=_reach)
def series(values: tuple[float, ...], at_end: str = "repeat") -> LawRow:
    """Draw the values in turn; after the last one it starts again, is 0, or stays at the last value."""
    if at_end == "repeat":
        return LawRow(SERIES, values=values)
    return LawRow(SERIES, values[-1] if at_end == "hold" else 0.0, 1.0, values)
