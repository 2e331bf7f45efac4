"""A run is done if and only if its key is in a committed part that can be read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.results.metric import Metric
from gpnde.study.folder import Folder
from gpnde.study.run_records import (
    Entry,
    Outcome,
    RunRecords,
    commit_part,
    part_names,
    part_schema,
    read_part,
    read_run_records,
    set_aside,
)

FILL = Metric("flow.fill_rate", 0.5, "1")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def good(key: str) -> Outcome:
    return Outcome(key, "ok", f"print-{key}", 0.1, metrics=(FILL,))


def bad(key: str) -> Outcome:
    return Outcome(key, "failed", None, 0.1, "simulate", "it broke")


def damage(path: Path, place: float = 0.5) -> None:
    """Change one byte of a file, as a failing disk does."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 0xFF
    path.write_bytes(content)


def test_committed_runs_are_done(folder: Folder) -> None:
    part = commit_part(folder, [good("a"), bad("b")], {})
    records = read_run_records(folder)
    assert records.entries == {"a": Entry("ok", part, "print-a"), "b": Entry("failed", part, None)}
    assert records.settled("a") and records.settled("b") and not records.settled("c")
    assert records.settled("a", retry_failed=True) and not records.settled("b", retry_failed=True)


def test_part_holds_one_row_per_measure_and_one_of_a_failed_run(folder: Folder) -> None:
    part = commit_part(folder, [good("a")._replace(metrics=(FILL, Metric("tier_gap", 2.0, "1"))), bad("b")], {})
    table = read_part(folder, part)
    assert table is not None
    assert table.schema.equals(part_schema())
    rows = table.select(["key", "measure", "value", "stage", "error"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("a", "flow.fill_rate", 0.5, None, None),
        ("a", "tier_gap", 2.0, None, None),
        ("b", None, None, "simulate", "it broke"),
    ]


def test_value_that_was_not_measured_is_missing(folder: Folder) -> None:
    part = commit_part(folder, [good("a")._replace(metrics=(Metric("x", float("nan"), "1"),))], {})
    table = read_part(folder, part)
    assert table is not None and table.column("value").to_pylist() == [None]


def test_run_without_measures_is_done_as_well(folder: Folder) -> None:
    commit_part(folder, [good("a")._replace(metrics=())], {})
    assert read_run_records(folder).settled("a")


def test_same_run_committed_twice_is_done_once(folder: Folder) -> None:
    first, second = commit_part(folder, [good("a")], {}), commit_part(folder, [good("a")._replace(seconds=9.0)], {})
    assert part_names(folder) == sorted([first, second])
    assert list(read_run_records(folder).entries) == ["a"]


OUTCOMES = st.lists(st.builds(lambda key, ok: good(key) if ok else bad(key), st.sampled_from("abcd"), st.booleans()))


@given(st.lists(OUTCOMES.filter(bool), max_size=6))
def test_run_counts_once_and_success_goes_before_failure(parts: list[list[Outcome]]) -> None:
    records = RunRecords()
    for number, outcomes in enumerate(parts):
        for outcome in outcomes:
            records.add(outcome.key, Entry(outcome.status, str(number), outcome.fingerprint))
    succeeded = {outcome.key for outcomes in parts for outcome in outcomes if outcome.status == "ok"}
    assert set(records.entries) == {outcome.key for outcomes in parts for outcome in outcomes}
    assert {key for key, entry in records.entries.items() if entry.status == "ok"} == succeeded


@pytest.mark.parametrize("harm", ["flipped", "cut", "empty", "foreign"])
def test_part_that_cannot_be_read_does_not_count_and_is_set_aside(folder: Folder, tmp_path: Path, harm: str) -> None:
    whole, other = commit_part(folder, [good("a")], {}), commit_part(folder, [good("b")], {})
    path = tmp_path / "parts" / f"{other}.parquet"
    content = path.read_bytes()
    if harm == "flipped":
        damage(path)
    elif harm == "foreign":
        path.write_bytes((tmp_path / "parts" / f"{whole}.parquet").read_bytes())
    else:
        path.write_bytes(content[: len(content) // 2] if harm == "cut" else b"")
    records = read_run_records(folder)
    assert (set(records.entries), records.broken) == ({"a"}, [other])
    told: list[str] = []
    set_aside(folder, records, told.append)
    assert told == [f"{path}: damaged: kept as {other}.parquet.broken, its runs run again"]
    assert folder.names("parts") == sorted([f"{whole}.parquet", f"{other}.parquet.broken"])
    assert read_run_records(folder).broken == []


@given(st.floats(0.0, 1.0, exclude_max=True))
def test_no_byte_can_change_unnoticed(tmp_path_factory: pytest.TempPathFactory, place: float) -> None:
    path = tmp_path_factory.mktemp("study")
    part = commit_part(Folder(path), [good("a")], {})
    damage(path / "parts" / f"{part}.parquet", place)
    assert read_run_records(Folder(path)).broken == [part]


def kept(key: str) -> pa.Table:
    return pa.table({"key": [key, key], "day": [0.0, 7.0]})


def test_table_that_is_kept_belongs_to_its_part(folder: Folder, tmp_path: Path) -> None:
    part = commit_part(folder, [good("a")], {"tiers": [kept("a")]})
    assert read_run_records(folder).settled("a")
    damage(tmp_path / "tables" / "tiers" / f"{part}.parquet")
    assert read_run_records(folder).broken == [part]
    (tmp_path / "tables" / "tiers" / f"{part}.parquet").unlink()
    assert read_run_records(folder).broken == [part]


def test_part_of_failed_runs_needs_no_tables(folder: Folder) -> None:
    commit_part(folder, [bad("a")], {"tiers": []})
    assert read_run_records(folder).entries["a"].status == "failed"


def test_tables_without_a_part_do_not_count(folder: Folder, tmp_path: Path) -> None:
    part = commit_part(folder, [good("a")], {"tiers": [kept("a")]})
    (tmp_path / "parts" / f"{part}.parquet").unlink()
    assert read_run_records(folder).entries == {}
