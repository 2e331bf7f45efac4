"""The normal law, as it is or with draws below 0 counted as 0."""

from __future__ import annotations

import math

from gpnde.numerics.laws.checks import CV, MEAN, SD, check_mean_from_zero, check_size, check_spread, spread_of
from gpnde.numerics.laws.kinds import NORMAL, NORMAL_SIGNED, LawRow
from gpnde.numerics.laws.record import law
from gpnde.numerics.rectified import rectified_parameters


def _check(mean: float, sd: float | None = None, cv: float | None = None, truncated: bool = True) -> None:
    if cv is not None:
        check_mean_from_zero("normal", mean)
    check_size("normal", "mean", mean)
    if truncated:
        check_spread("normal", mean, sd, cv, least=0.0)


def _reach(truncated: bool = True, **given: float) -> tuple[float, float]:
    return (0.0 if truncated else -math.inf), math.inf


@law(
    "normal",
    MEAN,
    SD,
    CV,
    source="Gauss, 1809; below 0: see gpnde.numerics.rectified",
    sets=(("mean", "sd"), ("mean", "cv")),
    options=("truncated",),
    check=_check,
    reach=_reach,
)
def normal(mean: float, sd: float | None = None, cv: float | None = None, truncated: bool = True) -> LawRow:
    """Draw what is the sum of many small influences; draws below 0 count as 0 unless truncated is false."""
    spread = spread_of(mean, sd, cv)
    if not truncated:
        return LawRow(NORMAL_SIGNED, mean, spread)
    return LawRow(NORMAL, *rectified_parameters(mean, spread))
