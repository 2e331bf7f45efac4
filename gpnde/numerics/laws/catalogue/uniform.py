"""The uniform law."""

from __future__ import annotations

from gpnde.numerics.laws.kinds import UNIFORM, LawRow
from gpnde.numerics.laws.record import LawParameter, law


def _check(low: float, high: float) -> None:
    if low > high:
        raise ValueError(f"low {low:g} is above high {high:g}: exchange them")


def _reach(low: float, high: float) -> tuple[float, float]:
    return low, high


def _is_above_zero(low: float, high: float) -> bool:
    return low >= 0 and high > 0


@law(
    "uniform",
    LawParameter("low", "Least value."),
    LawParameter("high", "Largest value."),
    source="definition",
    check=_check,
    reach=_reach,
    above_zero=_is_above_zero,
)
def uniform(low: float, high: float) -> LawRow:
    """Draw any value between two ends, with equal chance."""
    return LawRow(UNIFORM, low or 0.0, high or 0.0)
