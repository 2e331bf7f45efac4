"""Listed values with chances."""

from __future__ import annotations

from gpnde.numerics.laws.checks import VALUES, check_values
from gpnde.numerics.laws.kinds import DISCRETE, LawRow
from gpnde.numerics.laws.record import LawParameter, law


def _check(values: tuple[float, ...], weights: tuple[float, ...]) -> None:
    check_values("discrete", values)
    if len(weights) != len(values):
        raise ValueError(f"{len(weights)} weights for {len(values)} values: give one weight per value")
    if min(weights) < 0 or sum(weights) <= 0:
        raise ValueError(f"weights {weights}: must be at least 0 and not all 0")


def _reach(values: tuple[float, ...], weights: tuple[float, ...]) -> tuple[float, float]:
    return min(values), max(values)


@law(
    "discrete",
    VALUES,
    LawParameter("weights", "Chance of each value, relative to the others.", is_list=True),
    source="definition",
    check=_check,
    reach=_reach,
)
def discrete(values: tuple[float, ...], weights: tuple[float, ...]) -> LawRow:
    """Draw one of a few values, each with its chance."""
    # In rising order, so that a chance brings the same value in whatever order the values are given.
    pairs = sorted(zip(values, weights, strict=True))
    return LawRow(DISCRETE, values=[value for value, _ in pairs], weights=[weight for _, weight in pairs])
