"""The pull of sources on learners (E11): a compiled loop over ties, functions and kinds of knowledge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpnde.mechanics.compiled import compiled

Floats = NDArray[np.float64]


@compiled
def add_pull(
    learner: NDArray[np.int64],
    source: NDArray[np.int64],
    levels: Floats,
    rate: Floats,
    held: Floats,
    total_rate: Floats,
    pull: Floats,
) -> None:
    """Add the rates of ties whose source is ahead, and rate times gap, to the totals of their learners.

    Source *source[k]* of tie *k* holds ``levels[:, source[k]]``; *levels* has shape (kinds, sources, functions),
    *rate* (kinds, ties, functions), and *held* (what a learner has or waits for), *total_rate* and *pull* have shape
    (kinds, firms, functions).
    """
    kinds, ties, functions = rate.shape
    for kind in range(kinds):
        for tie in range(ties):
            for function in range(functions):
                gap = levels[kind, source[tie], function] - held[kind, learner[tie], function]
                if gap > 0.0:
                    total_rate[kind, learner[tie], function] += rate[kind, tie, function]
                    pull[kind, learner[tie], function] += rate[kind, tie, function] * gap
