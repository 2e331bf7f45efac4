"""The table of runs has a row per planned run and a column per setting that is varied, in plain types."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from gpnde.study.outputs import runs_table
from gpnde.study.plan import RunSpec
from gpnde.study.run_records import Entry, RunRecords


def table(points: list[dict[str, Any]], specs: list[RunSpec], **entries: Entry) -> pa.Table:
    plan: Any = SimpleNamespace(points=points)
    return runs_table(plan, specs, RunRecords(entries))


def column(values: list[Any]) -> pa.ChunkedArray:
    specs = [RunSpec(f"{point:016x}", "baseline", point, 0, 1) for point in range(len(values))]
    return table([{"ordering.setting": value} for value in values], specs).column("ordering.setting")


@pytest.mark.parametrize(
    ("values", "kind", "kept"),
    [
        ([1, 2], pa.int64(), [1, 2]),
        ([1, 2.5, None], pa.float64(), [1.0, 2.5, None]),
        ([True, False], pa.bool_(), [True, False]),
        (["pull", "push"], pa.string(), ["pull", "push"]),
        ([[1, 2], "push"], pa.string(), ["[1, 2]", '"push"']),
        ([True, 2], pa.string(), ["true", "2"]),
        ([None], pa.string(), [None]),
    ],
)
def test_setting_has_the_plainest_type_that_holds_it(values: list[Any], kind: Any, kept: list[Any]) -> None:
    made = column(values)
    assert (made.type, made.to_pylist()) == (kind, kept)


def test_rows_are_sorted_and_say_what_became_of_each_run() -> None:
    specs = [
        RunSpec("b", "tax", 1, 0, 7),
        RunSpec("a", "tax", 0, 1, 7),
        RunSpec("a", "baseline", 0, 1, 7),
        RunSpec("c", "tax", 1, 1, 7),
    ]
    entries = {"a": Entry("ok", "part", "print"), "b": Entry("failed", "part", None)}
    made = table([{"share": 0.1}, {"share": 0.9}], specs, **entries).to_pylist()
    wanted = ("key", "arm", "point", "replication", "seed", "share", "status", "fingerprint")
    assert tuple(made[0]) == wanted
    assert [tuple(row.values()) for row in made] == [
        ("a", "baseline", 0, 1, 7, 0.1, "ok", "print"),
        ("a", "tax", 0, 1, 7, 0.1, "ok", "print"),
        ("b", "tax", 1, 0, 7, 0.9, "failed", None),
        ("c", "tax", 1, 1, 7, 0.9, "missing", None),
    ]
