"""The Poisson law."""

from __future__ import annotations

from gpnde.numerics.laws.checks import MEAN, check_mean_from_zero, from_zero
from gpnde.numerics.laws.kinds import POISSON, LawRow
from gpnde.numerics.laws.record import law

MOST = 1e15
"""The largest mean: up to here a number holds every count."""


def _check(mean: float) -> None:
    check_mean_from_zero("poisson", mean)
    if mean > MOST:
        raise ValueError(f"mean {mean:g} of law 'poisson': must be at most {MOST:g}")


@law("poisson", MEAN, source="Poisson, 1837", check=_check, reach=from_zero)
def poisson(mean: float) -> LawRow:
    """Draw a whole number: how often something comes that comes at any instant alike."""
    return LawRow(POISSON, mean or 0.0)
