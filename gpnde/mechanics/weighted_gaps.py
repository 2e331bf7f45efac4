"""The pull of sources on learners: a compiled loop over ties and functions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpnde.numerics.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled
def add_weighted_gaps(
    learner: Integers,
    source: Integers,
    carries: NDArray[np.bool_],
    levels: Floats,
    rate: Floats,
    held: Floats,
    total_rate: Floats,
    pull: Floats,
    level_pull: Floats,
) -> None:
    """Add the rates of ties whose source is ahead, rate times gap, and that times level, to the totals of learners.

    Source *source[k]* of tie *k* holds ``levels[source[k]]`` of one kind of knowledge; a tie that does not carry adds
    nothing. *levels* has shape (sources, functions), *rate* (ties, functions), or (ties, 1) where all functions have
    the same, and *held* (what a learner has or waits for), *total_rate*, *pull* and *level_pull* have shape (firms,
    functions). So *level_pull* over *pull* is the mean level of the sources, by what each of them brings.
    """
    several = rate.shape[1] > 1
    for tie in range(len(learner)):
        if not carries[tie]:
            continue
        firm, teacher = learner[tie], source[tie]
        for function in range(held.shape[1]):
            each = rate[tie, function if several else 0]
            # Most ties are about a few functions, so the rate is looked at first.
            if each == 0.0:
                continue
            level = levels[teacher, function]
            gap = level - held[firm, function]
            if gap > 0.0:
                total_rate[firm, function] += each
                pull[firm, function] += each * gap
                level_pull[firm, function] += each * gap * level
