"""What laws of the catalogue share: their parameters, spreads, and the refusal of what no law can have."""

from __future__ import annotations

import math

from gpnde.numerics.laws.record import LawParameter

LEAST = 1e-30
"""The least positive mean or median of a law."""

LARGEST_SPREAD = 1e30
"""The largest spread of a law, of which sums and squares are finite."""

SPREADS = (1e-7, 1000.0)
"""The least spread, in means, that can be drawn around a mean, and the largest of a law that is never below 0."""

MEAN = LawParameter("mean", "Mean.")
SD = LawParameter("sd", "Standard deviation.", ge=0)
CV = LawParameter("cv", "Standard deviation by mean.", ge=0, le=1000)
VALUES = LawParameter("values", "What is drawn.", is_list=True)


def spread_of(mean: float, sd: float | None, cv: float | None) -> float:
    """Return the standard deviation that was given directly or as a coefficient of variation; 0 for none.

    >>> spread_of(10.0, None, 0.3)
    3.0
    """
    return sd if sd is not None else (cv or 0.0) * abs(mean)


def from_zero(**given: object) -> tuple[float, float]:
    """Return the reach of a law without an upper end whose draws are never below 0."""
    return 0.0, math.inf


def always(**given: object) -> bool:
    """Return True, for laws that draw 0 with no chance whatever their parameters."""
    return True


def check_size(law: str, name: str, size: float) -> None:
    """Refuse a mean or median too near 0.

    >>> check_size("normal", "mean", 1e-40)
    Traceback (most recent call last):
    ValueError: mean 1e-40 of law 'normal': must be at least 1e-30
    """
    if 0 < abs(size) < LEAST:
        raise ValueError(f"{name} {size:g} of law {law!r}: must be at least {LEAST:g}")


def check_mean_above_zero(law: str, mean: float) -> None:
    """Refuse a mean that is not above 0."""
    if mean <= 0:
        raise ValueError(f"mean {mean:g} of law {law!r}: must be above 0")
    check_size(law, "mean", mean)


def check_mean_from_zero(law: str, mean: float) -> None:
    """Refuse a mean below 0."""
    if mean < 0:
        raise ValueError(f"mean {mean:g} of law {law!r}: must be at least 0")
    check_size(law, "mean", mean)


def check_spread(
    law: str,
    mean: float,
    sd: float | None,
    cv: float | None,
    least: float = SPREADS[0],
    most: float = SPREADS[1],
) -> None:
    """Refuse what no law can have whose draws are never below 0; *least* and *most* are spreads in means."""
    spread = spread_of(mean, sd, cv)
    if mean == spread == 0:
        return
    if mean <= 0:
        text = f"mean {mean:g} and sd {spread:g} of law {law!r}: draws below 0 count as 0"
        raise ValueError(f"{text}, so that the mean must be above 0; or say truncated=false")
    by_mean = cv if cv is not None else spread / mean
    if by_mean != 0 and not least <= by_mean <= most:
        given = f"cv {cv:g}" if cv is not None else f"sd {spread:g} for mean {mean:g}"
        raise ValueError(f"{given} of law {law!r}: must be 0, or {SPREADS[0]:g} to {SPREADS[1]:,.0f} means")


def check_values(law: str, values: tuple[float, ...]) -> None:
    """Refuse an empty list."""
    if not values:
        raise ValueError(f"law {law!r} has no values: give at least one")
