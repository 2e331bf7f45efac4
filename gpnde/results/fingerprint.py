"""The fingerprint of a run: one short text that is equal exactly where all its tables are equal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl

LENGTH = 16
"""Hexadecimal digits of a fingerprint."""

_FEW = 2000
"""Rows up to which plain Python is quicker than polars."""


def fingerprint(tables: Mapping[str, pl.DataFrame]) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of all *tables*.

    Hashed are table names in alphabetical order, and of every column its name, type, missing values and raw
    little-endian values; a text column counts as its different texts in order of appearance and the position of each
    row's text among them. File formats and library versions have no part in it.

    >>> from gpnde.results.tables import empty_table
    >>> fingerprint({"metrics": empty_table("metrics")})
    '89e8fd38b4090b62'
    """
    digest = hashlib.sha256()
    for name in sorted(tables):
        table = tables[name]
        digest.update(_framed(f"{name} {table.height}"))
        for column in table.get_columns():
            digest.update(_framed(f"{column.name} {column.dtype}"))
            _update(digest, column)
    return digest.hexdigest()[:LENGTH]


def _framed(text: str) -> bytes:
    """Return a text behind its length, so that no two successions of texts look alike."""
    encoded = text.encode()
    return len(encoded).to_bytes(8, "little") + encoded


def _update(digest: hashlib._Hash, column: pl.Series) -> None:
    """Hash which values are missing, and all values, which are 0 where they are."""
    import polars as pl

    # A run has many small tables; every step in polars costs more than hashing such a column.
    if not len(column):
        return
    if column.dtype == pl.String:
        column = _coded(digest, column)
    if column.null_count():
        digest.update(column.is_null().to_numpy().tobytes())
        column = column.fill_null(0)
    else:
        # The very bytes that `is_null` gives where nothing is missing.
        digest.update(bytes(len(column)))
    values = column.to_numpy()
    digest.update(np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes())


def _coded(digest: hashlib._Hash, texts: pl.Series) -> pl.Series:
    """Hash the different texts in order of appearance, and return the position of each row's text among them."""
    import polars as pl

    # Both ways hash the same bytes.
    if len(texts) > _FEW:
        levels = texts.drop_nulls().unique(maintain_order=True)
        digest.update(b"".join(_framed(level) for level in levels))
        return texts.cast(pl.Enum(levels)).to_physical().cast(pl.Int64)
    places: dict[str, int] = {}
    codes = [None if text is None else places.setdefault(text, len(places)) for text in texts.to_list()]
    digest.update(b"".join(map(_framed, places)))
    return pl.Series(values=codes, dtype=pl.Int64)
