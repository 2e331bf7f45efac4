"""Fingerprint: equal for equal tables, different for any change, blind to how a table was made."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.results.fingerprint import LENGTH, fingerprint

NUMBERS = st.lists(st.none() | st.floats(allow_nan=False), max_size=6)
TEXTS = st.lists(st.text(max_size=4), max_size=6)


def of(values: list[object], dtype: pl.DataType | type[pl.DataType] = pl.Float64) -> str:
    return fingerprint({"t": pl.DataFrame({"x": pl.Series(values, dtype=dtype)})})


@given(NUMBERS)
def test_equal_numbers_give_equal_fingerprints(values: list[object]) -> None:
    assert of(values) == of(list(values))
    assert len(of(values)) == LENGTH


@given(TEXTS, TEXTS)
def test_texts_differ_where_and_only_where_the_fingerprints_differ(one: list[object], two: list[object]) -> None:
    assert (of(one, pl.String) == of(two, pl.String)) == (one == two)


@given(NUMBERS, NUMBERS)
def test_numbers_differ_where_the_fingerprints_differ(one: list[object], two: list[object]) -> None:
    if of(one) != of(two):
        assert [str(value) for value in one] != [str(value) for value in two]
    else:
        assert one == two


def test_a_missing_number_is_not_a_zero() -> None:
    assert of([None]) != of([0.0])


def test_the_type_counts() -> None:
    assert of([1], pl.Int64) != of([1], pl.Float64)


def test_names_of_columns_and_tables_count() -> None:
    table = pl.DataFrame({"x": [1.0]})
    assert fingerprint({"t": table}) != fingerprint({"u": table})
    assert fingerprint({"t": table}) != fingerprint({"t": table.rename({"x": "y"})})


def test_chunks_and_order_of_tables_do_not_count() -> None:
    whole = pl.DataFrame({"x": ["a", "b", "a"]})
    parts = pl.concat([whole.head(1), whole.tail(2)], rechunk=False)
    assert fingerprint({"s": whole, "t": parts}) == fingerprint({"t": whole, "s": parts})


def test_a_fingerprint_is_the_same_in_every_version() -> None:
    table = pl.DataFrame({"name": ["a", "", "a"], "day": [1.5, None, -2.0], "count": [1, 2, 3]})
    assert fingerprint({"t": table}) == "15bb54b8fbb9718d"


@given(st.lists(st.none() | st.sampled_from(["a", "b", "", "äö"]), max_size=20))
def test_long_and_short_columns_of_text_count_alike(texts: list[str | None]) -> None:
    tables = {"made": pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)})}
    quick = fingerprint(tables)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gpnde.results.fingerprint._FEW", -1)
        assert fingerprint(tables) == quick
