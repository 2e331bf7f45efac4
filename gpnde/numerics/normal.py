"""The normal distribution of arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def normal_probability(quantile: ArrayLike) -> NDArray[np.float64]:
    """Return the chance that a standard normal number is at most each *quantile*; shape as given.

    >>> normal_probability([0.0, 1.96, -np.inf]).round(3).tolist()
    [0.5, 0.975, 0.0]
    """
    # Imported here, since it takes as long as a small run and most commands ask for no chance.
    from scipy.special import ndtr

    return np.asarray(ndtr(quantile))
