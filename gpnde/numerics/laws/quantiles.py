"""Laws by their quantiles: tables of them for any law, and draws of rows from uniform numbers, many at once."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from gpnde.numerics.laws import kinds
from gpnde.numerics.laws.kinds import QUANTILE, LawRow

Floats = NDArray[np.float64]

CELLS = 1024
"""Cells of equal chance in a table of quantiles."""

CUT = 0.125
"""Where an infinite end is cut off: at the chance of this part of a cell, which keeps the mean of an exponential tail
to 2 in 10,000."""


def tabulated(quantile: Callable[[Floats], Floats], cells: int = CELLS) -> LawRow:
    """Return the row of a law that is given by its quantile function, for `law`.

    Between neighbours of *cells* + 1 quantiles at equal steps of the chance the law is uniform. Mean and standard
    deviation that are told of it are those of the table. An end that is infinite is cut off at the chance of an eighth
    of a cell (1 in 8,192).

    Parameters
    ----------
    quantile
        Takes an array of chances from 0 to 1 and returns the values below which a draw lies with these chances.
    cells
        Number of cells, 1 or more.

    Raises
    ------
    ValueError
        A quantile is no number, or they fall.

    Examples
    --------
    >>> row = tabulated(lambda chances: 3.0 * np.sqrt(chances), cells=4)
    >>> [round(value, 2) for value in row.values]
    [0.0, 1.5, 2.12, 2.6, 3.0]
    """
    chances = np.linspace(0.0, 1.0, cells + 1)
    with np.errstate(divide="ignore"):
        values = np.array(quantile(chances), dtype=np.float64)
    if values.shape == chances.shape and not np.isfinite(values[[0, -1]]).all():
        ends = np.where(np.isfinite(values), chances, np.clip(chances, CUT / cells, 1.0 - CUT / cells))
        values = np.array(quantile(ends), dtype=np.float64)
    if values.shape != chances.shape or not np.isfinite(values).all() or (np.diff(values) < 0.0).any():
        raise ValueError("quantiles of a law: must be a finite number for each chance, and not fall")
    return LawRow(QUANTILE, values=tuple(values.tolist()))


def drawn(row: LawRow, chances: Floats, occurrence: int = 0) -> Floats:
    """Return a draw of a row for each of *chances* (uniform, between 0 and 1, both excluded); shape as given.

    >>> drawn(LawRow(kinds.UNIFORM, 2.0, 4.0), np.array([0.25, 0.5])).tolist()
    [2.5, 3.0]
    """
    if row.kind == kinds.FIXED:
        return np.full(np.shape(chances), row.a)
    if row.kind == kinds.SERIES:
        return np.full(np.shape(chances), _of_series(row, occurrence))
    if row.kind in (kinds.DISCRETE, kinds.EMPIRICAL):
        return _of_values(row, chances)
    if row.kind == QUANTILE:
        return np.interp(chances, np.linspace(0.0, 1.0, len(row.values)), row.values)
    return quantiles(row.kind, row.a, row.b, np.ravel(chances)).reshape(np.shape(chances))


def _of_series(row: LawRow, occurrence: int) -> float:
    is_over = row.b != 0.0 and occurrence >= len(row.values)
    return row.a if is_over else row.values[occurrence % len(row.values)]


def _of_values(row: LawRow, chances: Floats) -> Floats:
    weights = np.array(row.weights if len(row.weights) else np.ones(len(row.values)), dtype=np.float64)
    # Rounding may leave the last sum below 1, and a chance above it.
    place = np.searchsorted(np.cumsum(weights / weights.sum()), chances, side="right")
    return np.array(row.values, dtype=np.float64)[np.minimum(place, len(row.values) - 1)]


def quantiles(kind: int, a: float, b: float, chances: Floats) -> Floats:
    """Return quantiles of a law of two parameters; shape (n,)."""
    if kind not in (kinds.GAMMA, kinds.BETA, kinds.POISSON):
        return _drawn(kind, a, b, chances)
    from scipy import special

    if kind == kinds.GAMMA:
        return np.asarray(b * special.gammaincinv(a, chances))
    if kind == kinds.BETA:
        return np.asarray(special.betaincinv(a, b, chances))
    return np.asarray(np.ceil(np.maximum(special.pdtrik(chances, a), 0.0)))


def _drawn(kind: int, a: float, b: float, chances: Floats) -> Floats:
    """Return what the flow draws where the numbers behind its draws are these chances and their normal quantiles."""
    from gpnde.numerics.draws import DRAW
    from gpnde.numerics.laws.sampling import ROW, value_of

    row, draw = np.zeros(1, dtype=ROW)[0], np.zeros(1, dtype=DRAW)[0]
    row.kind, row.a, row.b = kind, a, b
    normal, values = NormalDist(), []
    for each in chances.tolist():
        draw.chance, draw.normal = each, normal.inv_cdf(each)
        values.append(value_of(row, draw))
    return np.array(values)
