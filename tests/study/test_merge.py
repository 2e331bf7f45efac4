"""Parts become one sorted table with the same bytes, however they were cut and in whatever order they came."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from gpnde.study import merge
from gpnde.study.folder import Folder
from gpnde.study.merge import SortedTable, rows_where

SCHEMA = pa.schema([("key", pa.string()), ("measure", pa.string()), ("value", pa.float64())])


def row(number: int) -> tuple[str, str, float]:
    return hashlib.sha256(str(number // 3).encode()).hexdigest()[:16], "abc"[number % 3], float(number)


ROWS = [row(number) for number in range(3000)]


def pieces(rows: Sequence[tuple[str, str, float]], size: int) -> list[pa.Table]:
    cut = [rows[start : start + size] for start in range(0, len(rows), size)]
    return [pa.table(dict(zip(SCHEMA.names, zip(*piece, strict=True), strict=True)), SCHEMA) for piece in cut]


def merged(folder: Path, given: Sequence[pa.Table], rows: int = len(ROWS)) -> bytes:
    SortedTable(SCHEMA, ["key", "measure"], rows).write(Folder(folder), "merged.parquet", given)
    return (folder / "merged.parquet").read_bytes()


@pytest.mark.parametrize("at_once", [10_000, 300, 20])
def test_order_and_cuts_of_the_parts_leave_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(merge, "ROWS_AT_ONCE", at_once)
    shuffled = random.Random(1).sample(ROWS, len(ROWS))
    assert merged(tmp_path, pieces(ROWS, 70)) == merged(tmp_path, pieces(shuffled, 999))
    table = parquet.read_table(tmp_path / "merged.parquet")
    assert [tuple(each.values()) for each in table.to_pylist()] == sorted(ROWS)


def test_wrong_guess_of_the_number_of_rows_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge, "ROWS_AT_ONCE", 500)
    assert merged(tmp_path, pieces(ROWS, 70), rows=10) == merged(tmp_path, pieces(ROWS, 70), rows=10**6)


def test_no_rows_make_a_table_with_the_same_columns(tmp_path: Path) -> None:
    merged(tmp_path, [], rows=0)
    assert parquet.read_table(tmp_path / "merged.parquet").schema.equals(SCHEMA)


def test_rows_of_one_key_stay_in_the_order_in_which_they_were_recorded(tmp_path: Path) -> None:
    days = [(key, "", day) for key in ("b", "a") for day in (0.0, 14.0, 7.0)]
    SortedTable(SCHEMA, ["key"], 6).write(Folder(tmp_path), "kept.parquet", pieces(days, 2))
    found = parquet.read_table(tmp_path / "kept.parquet").to_pylist()
    assert [(each["key"], each["value"]) for each in found] == [
        *(("a", day) for day in (0.0, 14.0, 7.0)),
        *(("b", day) for day in (0.0, 14.0, 7.0)),
    ]


def test_rows_are_kept_by_their_text() -> None:
    table = pa.table({"key": ["a", "b", "a"], "value": [1, 2, 3]})
    assert rows_where(table, "key", "a".__eq__).column("value").to_pylist() == [1, 3]
    assert rows_where(table, "key", "c".__eq__).num_rows == 0
