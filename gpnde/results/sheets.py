"""Tables for spreadsheets: what is text there stays text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_FORMULA = r"^[=+\-@\t\r]"
"""How text begins that a spreadsheet takes for a formula, which may call programs and addresses."""


def for_spreadsheets(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table in which an apostrophe stands before each text that a spreadsheet would take for a formula.

    >>> import polars as pl
    >>> for_spreadsheets(pl.DataFrame({"firm": ["=1+1", "a-b"], "stock": [-1.0, 2.0]})).rows()
    [("'=1+1", -1.0), ('a-b', 2.0)]
    """
    import polars as pl
    import polars.selectors as cs

    text = (cs.string() | cs.categorical() | cs.enum()).cast(pl.String)
    return table.with_columns(pl.when(text.str.contains(_FORMULA)).then("'" + text).otherwise(text).name.keep())
