"""A seed is a whole number that results can hold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gpnde.errors import GpndeError
from gpnde.numerics.seeds import LARGEST_SEED, checked_seed


@pytest.mark.parametrize("given", [0, 3, np.int64(3), np.uint8(3), LARGEST_SEED])
def test_a_whole_number_becomes_a_plain_one(given: int) -> None:
    seed = checked_seed("seed", given)
    assert (type(seed), seed) == (int, int(given))


REFUSED: list[object] = [
    None,
    -1,
    1.5,
    math.nan,
    "x",
    [],
    True,
    np.True_,
    1.0,
    np.float64(1),
    LARGEST_SEED + 1,
    10**6000,
    b"1",
]


@pytest.mark.parametrize("given", REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_anything_else_is_refused_in_one_line(given: object) -> None:
    with pytest.raises(GpndeError, match=r"^replication: .{1,70}: must be a whole number from 0 to ") as caught:
        checked_seed("replication", given)
    assert "\n" not in str(caught.value)
