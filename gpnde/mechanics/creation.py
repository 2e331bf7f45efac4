"""Creation (E17): what two partners find out together, how far apart they should be, and what each contributes.

Knowledge is relative to the frontier, between 0 and 1. Arguments may be numbers or arrays; arrays are broadcast.

*substitution* is the exponent rho of a function of constant elasticity of substitution, 1 / (1 - rho): at 1 the
partners' knowledge adds up; the lower it is, the more each needs the other. It is at most 1 and not 0, where the
function has no limit; since two equal partners make 2^(1/rho) of what each knows, values closer to 0 than 0.1 give
numbers that mean nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def joint_output(own: Numbers, other: Numbers, substitution: Numbers) -> NDArray[np.float64]:
    """Return what two partners' knowledge amounts to when it is combined: (own^rho + other^rho)^(1/rho).

    With rho above 0 a partner that knows nothing adds nothing; with rho below 0 the two achieve nothing then.

    >>> joint_output(0.25, 0.25, np.array([1.0, 0.5, -1.0]))
    array([0.5  , 1.   , 0.125])
    """
    rho = np.asarray(substitution)
    low, high = np.minimum(own, other), np.maximum(own, other)
    # Raising a ratio between 0 and 1 to a positive power is safe for whatever the partners know.
    ratio = _relative(low, high) ** np.abs(rho)
    return np.asarray(np.where(rho > 0.0, high, low) * (1.0 + ratio) ** (1.0 / rho))


def cognitive_distance_response(distance: Numbers, best_distance: Numbers) -> NDArray[np.float64]:
    """Return how fruitful a cognitive distance is: an inverted U, 0 between equals and 1 at *best_distance*, above 0.

    What is new to a partner rises with distance and what it understands of that falls with it; their product is a
    parabola (Nooteboom et al., 2007). From twice the best distance on, partners understand nothing of each other.

    >>> cognitive_distance_response(np.array([0.0, 0.15, 0.3, 0.6, 0.9]), 0.3)
    array([0.  , 0.75, 1.  , 0.  , 0.  ])
    """
    relative = np.asarray(distance) / np.asarray(best_distance)
    return np.asarray(np.maximum(relative * (2.0 - relative), 0.0))


def contribution_share(own: Numbers, other: Numbers, substitution: Numbers) -> NDArray[np.float64]:
    """Return the share of a joint output that one's own knowledge earns: own^rho / (own^rho + other^rho).

    Each partner earns its marginal product, which uses up the whole (Euler's theorem), so that the shares of the two
    add up to 1. With rho below 0 the scarcer knowledge earns more. Two that know nothing share alike.

    >>> contribution_share(np.array([0.75, 0.0, 0.0]), np.array([0.25, 0.5, 0.0]), 1.0)
    array([0.75, 0.  , 0.5 ])
    """
    rho, high = np.asarray(substitution), np.maximum(own, other)
    mine, theirs = _relative(own, high) ** np.abs(rho), _relative(other, high) ** np.abs(rho)
    return np.asarray(np.where(rho > 0.0, mine, theirs) / (mine + theirs))


def _relative(level: Numbers, highest: Numbers) -> NDArray[np.float64]:
    """Return a level relative to the highest of the pair, 1 where both are 0."""
    numerator, denominator = np.broadcast_arrays(np.asarray(level, dtype=np.float64), highest)
    return np.asarray(np.divide(numerator, denominator, out=np.ones(numerator.shape), where=denominator > 0.0))
