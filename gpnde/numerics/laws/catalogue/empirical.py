"""Values that were observed."""

from __future__ import annotations

from gpnde.numerics.laws.checks import VALUES, check_values
from gpnde.numerics.laws.kinds import EMPIRICAL, LawRow
from gpnde.numerics.laws.record import law


def _check(values: tuple[float, ...]) -> None:
    check_values("empirical", values)


def _reach(values: tuple[float, ...]) -> tuple[float, float]:
    return min(values), max(values)


@law("empirical", VALUES, source="definition", check=_check, reach=_reach)
def empirical(values: tuple[float, ...]) -> LawRow:
    """Draw any of the values that were observed, with equal chance."""
    return LawRow(EMPIRICAL, values=sorted(values))
