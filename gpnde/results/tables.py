"""Make the result tables: the columns of the contract, in its order and with fixed types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.errors import ResultsError, nearest
from gpnde.results.columns import TABLES, TEXT_COLUMNS

if TYPE_CHECKING:
    import polars as pl

COUNTS = frozenset(
    {"tier", "active", "up", "sites_up", "dropouts", "link", "orders", "order", "performed", "present", "generation"}
)
"""Columns that hold whole numbers; all other numbers are floats."""


class Coded(NamedTuple):
    """A text column given as positions in a list of names; the position -1 stands for an empty text."""

    codes: NDArray[np.integer[Any]]
    names: Sequence[str]


Values = Sequence[object] | NDArray[Any] | Coded
"""What a column may be given as."""


def make_table(name: str, columns: Mapping[str, Values]) -> pl.DataFrame:
    """Return the table *name* with the columns, order and types of the contract.

    Text becomes ``String`` (a missing text is empty), a count ``Int64``, any other number ``Float64``. A missing
    number, NaN included, becomes null. A table without rows has the same types.

    Raises
    ------
    ResultsError
        The table is unknown, a column is missing or unknown, lengths differ, or a count is not whole.

    >>> make_table("metrics", {"metric": ["flow.fill_rate"], "value": [0.97], "unit": ["1"]}).row(0)
    ('flow.fill_rate', 0.97, '1')
    """
    import polars as pl

    _check_columns(name, columns)
    made = {column: _series(f"{name}.{column}", columns[column]).alias(column) for column in TABLES[name]}
    lengths = {column: len(series) for column, series in made.items()}
    if len(set(lengths.values())) > 1:
        raise ResultsError(
            where=f"table {name!r}", expected=f"columns of unequal length: {lengths}: give every row a value"
        )
    return pl.DataFrame(made)


def empty_table(name: str) -> pl.DataFrame:
    """Return the table *name* without rows.

    >>> empty_table("events").height
    0
    """
    # The table in the cache is shared by all callers.
    return _empty(name).clone()


@cache
def _empty(name: str) -> pl.DataFrame:
    return make_table(name, {column: [] for column in columns_of(name)})


def units(name: str) -> dict[str, str]:
    """Return the unit of each column of the table *name*.

    >>> units("orders")["placed_day"]
    'day'
    """
    return {column: contract.unit for column, contract in columns_of(name).items()}


def columns_of(name: str) -> dict[str, Any]:
    """Return the columns of the contract for the table *name*.

    Raises
    ------
    ResultsError
        There is no such table.
    """
    if name not in TABLES:
        raise ResultsError(
            where=f"table {name!r}", expected=f"unknown{nearest(name, TABLES)}: the tables are {', '.join(TABLES)}"
        )
    return dict(TABLES[name])


def other_columns(name: str, table: pl.DataFrame) -> str:
    """Return in which column a stored *table* is not the one of the contract, or an empty text.

    >>> other_columns("metrics", empty_table("events"))
    "without column 'metric'"
    """
    wanted = columns_of(name) if name in TABLES else {}
    missing = [column for column in wanted if column not in table.columns]
    return f"without column {missing[0]!r}" if missing else ""


def _check_columns(name: str, given: Mapping[str, Values]) -> None:
    wanted = columns_of(name)
    for column in given:
        if column not in wanted:
            raise ResultsError(where=f"table {name!r}", expected=f"unknown column {column!r}{nearest(column, wanted)}")
    missing = [column for column in wanted if column not in given]
    if missing:
        raise ResultsError(
            where=f"table {name!r}", expected=f"no column {missing[0]!r}: give all of {', '.join(wanted)}"
        )


def _series(where: str, values: Values) -> pl.Series:
    """Return the values of the column *where* (table.column) in the type of the contract."""
    column = where.split(".")[1]
    if column in TEXT_COLUMNS:
        return _text(values)
    return _count(where, values) if column in COUNTS else _number(values)


def _text(values: Values) -> pl.Series:
    import polars as pl

    if isinstance(values, Coded):
        # Position -1 is led to the empty text, which stands last.
        names = pl.Series([*values.names, ""], dtype=pl.String)
        codes = np.asarray(values.codes, dtype=np.int64)
        return names.gather(np.where(codes < 0, len(names) - 1, codes))
    texts = pl.Series(values=values, dtype=pl.String)
    return texts.fill_null("") if texts.null_count() else texts


def _number(values: Values) -> pl.Series:
    import polars as pl

    if isinstance(values, np.ndarray) and values.dtype.kind in "iubf":
        return pl.Series(values=values.astype(np.float64), nan_to_null=True)
    given = values if isinstance(values, np.ndarray) else list(values)
    return pl.Series(values=given, strict=False).cast(pl.Float64).fill_nan(None)


def _count(where: str, values: Values) -> pl.Series:
    import polars as pl

    if isinstance(values, np.ndarray) and values.dtype.kind in "iub":
        return pl.Series(values=values).cast(pl.Int64)
    numbers = _number(values)
    broken = numbers.filter(numbers != numbers.round())
    if len(broken):
        raise ResultsError(where=where, given=repr(broken[0]), expected="must be a whole number")
    return numbers.cast(pl.Int64)
