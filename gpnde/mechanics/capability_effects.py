"""What capability does to a firm's operations: productivity, yield, lead time and the time to answer.

These are levels, not changes: a scenario's figures describe the firm on its first day, so that a run multiplies them
by the level of today over the level of the first day. Capabilities lie between 0 and about 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def productivity(sensitivity: Numbers, mean_capability: Numbers) -> NDArray[np.float64]:
    """Return a firm's productivity, exp(*sensitivity* times mean capability), that divides its unit cost (E7, E14).

    >>> round(float(productivity(0.3, 0.5)), 4)
    1.1618
    """
    return np.asarray(np.exp(np.asarray(sensitivity) * mean_capability))


def yield_level(
    capability: Numbers, lowest: Numbers, highest: Numbers, curvature: Numbers, complexity: Numbers
) -> NDArray[np.float64]:
    """Return the share of good units: *highest* at full capability, less for the unable and complex products (E6).

    A firm without capability reaches the *lowest* yield on a product of complexity 1. Capability above 1 brings no
    more than the highest yield, as nothing is missing any longer.

    >>> yield_level(np.array([0.0, 0.5, 1.1]), 0.7, 0.9, 1.0, 1.0)
    array([0.7, 0.8, 0.9])
    """
    missing = np.maximum(0.0, 1.0 - np.asarray(capability))
    return np.asarray(highest - (np.asarray(highest) - lowest) * missing**curvature * complexity)


def lead_time_level(coordination: Numbers, sensitivity: Numbers) -> NDArray[np.float64]:
    """Return the factor 1 - *sensitivity* times coordination on a firm's lead time (E5).

    It stays above 0 while the *sensitivity* is below 1 over the greatest capability.

    >>> lead_time_level(np.array([0.0, 0.5]), 0.4)
    array([1. , 0.8])
    """
    return np.asarray(1.0 - np.asarray(sensitivity) * coordination)


def response_level(coordination: Numbers, sensitivity: Numbers) -> NDArray[np.float64]:
    """Return the factor exp(-*sensitivity* times coordination) on the time a firm takes to answer a request (E8).

    >>> round(float(response_level(1.0, 0.5)), 4)
    0.6065
    """
    return np.asarray(np.exp(-np.asarray(sensitivity) * coordination))
