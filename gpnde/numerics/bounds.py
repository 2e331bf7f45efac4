"""Whether numbers stay within bounds: a compiled loop, since it is asked of every answer of every component."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from gpnde.numerics.compiled import compiled


@compiled
def all_within(values: NDArray[Any], lowest: float, highest: float) -> bool:
    """Return whether all *values*, shape (n,), are from *lowest* to *highest*; a NaN is not.

    >>> import numpy as np
    >>> all_within(np.array([0.0, 2.0]), 0.0, 2.0), all_within(np.array([0.0, np.nan]), 0.0, 2.0)
    (True, False)
    """
    outside = 0
    # Without a way out of the loop a processor looks at several values at once.
    for position in range(values.shape[0]):
        outside += not lowest <= values[position] <= highest
    return outside == 0
