"""The beta law."""

from __future__ import annotations

import math

from gpnde.numerics.laws.checks import MEAN, SD, always, check_size, check_spread
from gpnde.numerics.laws.kinds import BETA, LawRow
from gpnde.numerics.laws.record import law


def _check(mean: float, sd: float) -> None:
    check_size("beta", "mean", mean)
    if not (0.0 < mean < 1.0 and sd > 0.0 and mean * (1.0 - mean) / sd**2 > 1.0):
        raise ValueError(
            f"mean {mean:g} and sd {sd:g} of law 'beta': "
            "the mean must be between 0 and 1, and sd above 0 and below the root of mean * (1 - mean)"
        )
    check_spread("beta", mean, sd, None, most=math.inf)


def _reach(**given: float) -> tuple[float, float]:
    return 0.0, 1.0


@law("beta", MEAN, SD, source="Pearson, 1895", check=_check, reach=_reach, above_zero=always)
def beta(mean: float, sd: float) -> LawRow:
    """Draw a share between 0 and 1, such as a yield."""
    size = mean * (1.0 - mean) / sd**2 - 1.0
    return LawRow(BETA, mean * size, (1.0 - mean) * size)
