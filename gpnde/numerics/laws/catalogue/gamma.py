"""The gamma law."""

from __future__ import annotations

from gpnde.numerics.laws.checks import (
    CV,
    MEAN,
    SD,
    always,
    check_mean_above_zero,
    check_spread,
    from_zero,
    spread_of,
)
from gpnde.numerics.laws.kinds import FIXED, GAMMA, LawRow
from gpnde.numerics.laws.record import law


def _check(mean: float, cv: float | None = None, sd: float | None = None) -> None:
    check_mean_above_zero("gamma", mean)
    check_spread("gamma", mean, sd, cv)


@law(
    "gamma",
    MEAN,
    CV,
    SD,
    source="Pearson, 1895",
    sets=(("mean", "cv"), ("mean", "sd")),
    check=_check,
    reach=from_zero,
    above_zero=always,
)
def gamma(mean: float, cv: float | None = None, sd: float | None = None) -> LawRow:
    """Draw above 0 and skewed: a lead time of several stages, or a demand."""
    spread = spread_of(mean, sd, cv)
    if spread == 0.0:
        return LawRow(FIXED, mean)
    return LawRow(GAMMA, (mean / spread) ** 2, spread**2 / mean)
