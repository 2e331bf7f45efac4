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
    import polars as pl

    if column.dtype == pl.String:
        levels = column.drop_nulls().unique(maintain_order=True)
        digest.update(b"".join(_framed(level) for level in levels))
        column = column.cast(pl.Enum(levels)).to_physical().cast(pl.Int64)
    digest.update(column.is_null().to_numpy().tobytes())
    values = column.fill_null(0).to_numpy()
    digest.update(np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes())
