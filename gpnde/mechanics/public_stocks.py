"""Public stocks (E30): institutions, research and expertise grow with what is spent and done, and decay.

A stock x between 0 and 1 follows x' = g (1 - x) - d x: as a stock of knowledge that investment adds to and that wears
off (Griliches, 1979), here with less to add the fuller it is. Every argument may be a number or an array; arrays are
broadcast. Rates are per year.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def funded_share(budget: Numbers, full_budget: Numbers) -> NDArray[np.float64]:
    """Return which part of its full rate a stock grows at: budget over full budget, at most 1.

    >>> funded_share(np.array([0.0, 5.0, 50.0]), 10.0)
    array([0. , 0.5, 1. ])
    """
    return np.asarray(np.minimum(1.0, np.asarray(budget, dtype=np.float64) / full_budget))


def steady_stock(growth: Numbers, decay: Numbers) -> NDArray[np.float64]:
    """Return where a stock comes to rest, g / (g + d): 0 where nothing moves it.

    >>> steady_stock(np.array([0.1, 0.0]), np.array([0.3, 0.0]))
    array([0.25, 0.  ])
    """
    added, lost = np.broadcast_arrays(np.asarray(growth, dtype=np.float64), np.asarray(decay, dtype=np.float64))
    rate = added + lost
    return np.asarray(np.divide(added, rate, out=np.zeros(rate.shape), where=rate > 0.0))


def public_stock(stock: Numbers, growth: Numbers, decay: Numbers, years: float) -> NDArray[np.float64]:
    """Return a stock after some *years* at constant rates: the exact solution, which relaxes to `steady_stock`.

    A stock that neither grows nor decays stays as it is, to the last digit.

    >>> public_stock(np.array([0.8, 0.8]), np.array([0.0, 0.1]), np.array([np.log(2.0), 0.3]), 1.0).round(4)
    array([0.4   , 0.6187])
    """
    rest, rate = steady_stock(growth, decay), np.asarray(growth) + np.asarray(decay)
    return np.asarray(rest - (rest - np.asarray(stock)) * np.exp(-rate * years))
