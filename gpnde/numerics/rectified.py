"""The rectified normal law, max(0, X) of a normal X: its moments, and the X that gives wanted ones.

With r = a / b, where a and b are mean and standard deviation of X, Φ the normal distribution and φ its density::

    E max(0, X)   = b (r Φ(r) + φ(r))
    E max(0, X)²  = b² ((1 + r²) Φ(r) + r φ(r))

The ratio of the second to the square of the first falls from infinity to 1 as r rises, so that a rectified normal law
can have any positive mean and any spread.
"""

from __future__ import annotations

import math

AS_IT_IS = 0.2
"""Coefficient of variation up to which a normal law is taken as it is: rectified, its mean is off by 2e-8 at most."""

_SURELY_ABOVE_ZERO = 40.0
_LOWEST_RATIO = -10.0
_HALVINGS = 70


def _distribution(r: float) -> float:
    return 0.5 * math.erfc(-r / math.sqrt(2.0))


def _density(r: float) -> float:
    return math.exp(-0.5 * r * r) / math.sqrt(2.0 * math.pi)


def _first(r: float) -> float:
    """Return the mean of a rectified normal law over b."""
    return r * _distribution(r) + _density(r)


def _second(r: float) -> float:
    """Return the mean square of a rectified normal law over b²."""
    return (1.0 + r * r) * _distribution(r) + r * _density(r)


def rectified_moments(a: float, b: float) -> tuple[float, float]:
    """Return mean and standard deviation of max(0, X) for a normal X of mean *a* and standard deviation *b*.

    >>> mean, sd = rectified_moments(0.0, 1.0)
    >>> round(mean, 4), round(sd, 4)
    (0.3989, 0.5838)
    """
    if b == 0.0 or a > _SURELY_ABOVE_ZERO * b:
        return max(0.0, a), b
    mean, square = b * _first(a / b), b * b * _second(a / b)
    return mean, math.sqrt(max(0.0, square - mean * mean))


def rectified_parameters(mean: float, sd: float) -> tuple[float, float]:
    """Return mean and standard deviation of the normal X whose max(0, X) has the given ones.

    *mean* must be above 0 where *sd* is; the coefficient of variation may be 1000 at most.

    >>> a, b = rectified_parameters(10.0, 20.0)
    >>> mean, sd = rectified_moments(a, b)
    >>> round(a, 2), round(b, 2), round(mean, 9), round(sd, 9)
    (-20.51, 46.3, 10.0, 20.0)
    """
    if sd <= AS_IT_IS * mean:
        return mean, sd
    r = _ratio(1.0 + (sd / mean) ** 2, mean / sd)
    b = mean / _first(r)
    return r * b, b


def _ratio(wanted: float, highest: float) -> float:
    """Return the r below *highest* at which the mean square is *wanted* times the square of the mean, by bisection."""
    low, high = _LOWEST_RATIO, highest
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if _second(middle) > wanted * _first(middle) ** 2:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def share_at_zero(mean: float, sd: float) -> float:
    """Return how often the rectified normal law of these moments draws 0.

    >>> round(share_at_zero(10.0, 3.0), 4), round(share_at_zero(10.0, 100.0), 3)
    (0.0004, 0.982)
    """
    if sd == 0.0:
        return float(mean <= 0.0)
    a, b = rectified_parameters(mean, sd)
    return _distribution(-a / b)
