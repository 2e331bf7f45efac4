"""Tables for spreadsheets."""

from __future__ import annotations

import polars as pl
import pytest

from gpnde.results.sheets import for_spreadsheets


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
@pytest.mark.parametrize("kind", [pl.String, pl.Categorical])
def test_text_that_would_be_a_formula_is_marked_as_text(text: str, kind: type[pl.DataType]) -> None:
    table = pl.DataFrame({"firm": pl.Series([text, "a=b", None], dtype=kind)})
    assert for_spreadsheets(table)["firm"].to_list() == [f"'{text}", "a=b", None]


def test_numbers_stay_as_they_are() -> None:
    table = pl.DataFrame({"stock": [-1.5, None], "day": [0, -1], "open": [True, False]})
    assert for_spreadsheets(table).equals(table)
