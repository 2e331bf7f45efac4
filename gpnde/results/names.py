"""Names: in metrics they can be typed, and in tables they stand for a place in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl


def positions(names: pl.Series, order: Sequence[str], *, strict: bool = True) -> NDArray[np.int64]:
    """Return where each of *names* stands in *order*, which holds no name twice.

    A name that it does not hold is an error of polars or, unless *strict*, stands at -1.

    >>> import polars as pl
    >>> positions(pl.Series(["b", "c", "a"]), ["a", "b"], strict=False).tolist()
    [1, -1, 0]
    """
    import polars as pl

    return names.cast(pl.Enum(list(order)), strict=strict).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()


def slug(name: str) -> str:
    """Return a name in the form that it has inside the name of a metric.

    >>> slug("Southeast Asia")
    'southeast-asia'
    """
    return "-".join(name.lower().split())
