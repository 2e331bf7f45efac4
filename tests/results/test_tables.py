"""Tables: order, types and missing values are those of the contract."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde.errors import ResultsError
from gpnde.results.columns import TABLES, TEXT_COLUMNS
from gpnde.results.tables import COUNTS, Coded, empty_table, make_table, units


def an_event(**changed: Any) -> dict[str, Any]:
    row = {
        "day": [1.0],
        "kind": ["site_failed"],
        "cause": ["outage"],
        "firm": ["f"],
        "site": ["s"],
        "buyer": [""],
        "component": ["engine"],
        "value": [0.5],
    }
    return row | changed


@pytest.mark.parametrize("name", list(TABLES))
def test_a_table_without_rows_has_the_columns_and_types_of_the_contract(name: str) -> None:
    table = empty_table(name)
    assert table.height == 0
    assert table.columns == list(TABLES[name])
    for column, dtype in table.schema.items():
        expected = pl.String if column in TEXT_COLUMNS else pl.Int64 if column in COUNTS else pl.Float64
        assert dtype == expected, column


def test_columns_are_put_in_the_order_of_the_contract() -> None:
    given = dict(reversed(an_event().items()))
    assert make_table("events", given).columns == list(TABLES["events"])


def test_types_do_not_depend_on_how_the_values_come() -> None:
    from_lists = make_table("metrics", {"metric": ["a"], "value": [2], "unit": ["1"]})
    from_arrays = make_table(
        "metrics", {"metric": np.array(["a"]), "value": np.array([2], dtype=np.int32), "unit": np.array(["1"])}
    )
    assert from_lists.equals(from_arrays)
    assert from_lists.schema == from_arrays.schema


def test_counts_are_whole_numbers_from_floats_and_truth_values_too() -> None:
    row: dict[str, Any] = {column: [0.0] for column in TABLES["tiers"]}
    table = make_table("tiers", row | {"tier": np.array([2.0]), "sites_up": np.array([True])})
    assert table.select("tier", "sites_up").rows() == [(2, 1)]
    assert table["tier"].dtype == pl.Int64


def test_a_missing_number_becomes_null() -> None:
    table = make_table("events", an_event(day=[float("nan")], value=[None]))
    assert table["day"].to_list() == [None]
    assert table["value"].to_list() == [None]


def test_a_missing_text_becomes_empty() -> None:
    assert make_table("events", an_event(cause=[None]))["cause"].to_list() == [""]


def test_coded_text_is_looked_up_and_minus_one_is_empty() -> None:
    table = make_table(
        "metrics", {"metric": Coded(np.array([1, -1, 0]), ["a", "b"]), "value": [1, 2, 3], "unit": ["1"] * 3}
    )
    assert table["metric"].to_list() == ["b", "", "a"]


def test_an_unknown_column_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ResultsError, match="'events': unknown column 'casue'; did you mean 'cause'"):
        make_table("events", an_event(casue=["x"]))


def test_a_missing_column_is_refused() -> None:
    row = an_event()
    del row["buyer"]
    with pytest.raises(ResultsError, match="no column 'buyer'"):
        make_table("events", row)


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ResultsError, match="unequal length"):
        make_table("events", an_event(day=[1.0, 2.0]))


def test_a_count_that_is_not_whole_is_refused() -> None:
    row: dict[str, Any] = {column: [0.0] for column in TABLES["tiers"]}
    with pytest.raises(ResultsError, match=r"tiers\.tier: 0\.5: must be a whole number"):
        make_table("tiers", row | {"tier": [0.5]})


def test_an_unknown_table_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ResultsError, match="'order': unknown; did you mean 'orders'"):
        units("order")


def test_every_column_has_a_unit() -> None:
    for name, columns in TABLES.items():
        assert list(units(name)) == list(columns)
        assert all(units(name).values())
