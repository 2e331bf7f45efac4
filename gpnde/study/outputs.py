"""The final tables of a study: runs, outcomes and kept tables, merged from its committed parts."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from gpnde.study.folder import Folder
from gpnde.study.merge import SortedTable, rows_where
from gpnde.study.run_records import (
    PARTS,
    SUFFIX,
    TABLES,
    Entry,
    RunRecords,
    part_names,
    part_schema,
    read_part,
    read_run_records,
    to_parquet,
)

if TYPE_CHECKING:
    import pyarrow

    from gpnde.study.plan import Plan, RunSpec

RUNS = f"runs{SUFFIX}"
OUTCOMES = f"outcomes{SUFFIX}"

Counting = Mapping[str, set[str]]
"""The keys of the runs that count, by the part that they are in."""

_RUNS_COLUMNS = {
    "key": ("name", "Run; the same in all rows that share one."),
    "arm": ("name", "Arm of the study."),
    "point": ("1", "Point of the design, from 0."),
    "replication": ("1", "Replication, from 0."),
    "seed": ("1", "Seed of all random streams."),
    "status": ("name", "ok, failed or missing."),
    "fingerprint": ("name", "Equal exactly where all tables of two runs are equal."),
}
_OUTCOMES_COLUMNS = {
    "key": ("name", "Run."),
    "measure": ("name", "What was measured."),
    "value": ("see unit", "Its value; null where it is not defined."),
    "unit": ("name", "Unit of the value."),
}


RUNS_TYPES = {name: "Int64" if unit == "1" else "String" for name, (unit, _) in _RUNS_COLUMNS.items()}
"""Types of the columns of runs that are there whatever a study varies, in the words of polars."""

OUTCOMES_TYPES = {name: "Float64" if name == "value" else "String" for name in _OUTCOMES_COLUMNS}
"""The same for outcomes."""


def kept_columns(name: str) -> dict[str, str]:
    """Return the types of the columns of a table that is kept of each run, in the words of polars."""
    from gpnde.results.tables import empty_table

    types = {column: str(kind) for column, kind in empty_table(name).schema.items()}
    return {"key": "String", **types}


def write_outputs(
    folder: Folder, plan: Plan, specs: Sequence[RunSpec], records: RunRecords | None = None
) -> RunRecords:
    """Write runs, outcomes and kept tables of the planned runs that are committed; equal runs give equal bytes.

    Returns the *records*, which are read first where they are not given.
    """
    records = records or read_run_records(folder)
    counting = _counting(specs, records)
    SortedTable(_outcomes_schema(), ["key", "measure"], records.rows).write(
        folder, OUTCOMES, _outcomes(folder, counting)
    )
    for name in plan.study.tables:
        _write_kept(folder, name, counting)
    # Last, so that the other tables are complete once it exists.
    folder.write(RUNS, to_parquet(runs_table(plan, specs, records)))
    return records


def runs_table(plan: Plan, specs: Iterable[RunSpec], records: RunRecords) -> pyarrow.Table:
    """Return one row per planned run with its varied settings and its status."""
    import pyarrow as pa

    ordered = sorted(specs, key=lambda spec: (spec.key, spec.arm, spec.point, spec.replication))
    entries = [records.entries.get(spec.key, Entry("missing", "", None)) for spec in ordered]
    columns: dict[str, Any] = {
        "key": pa.array([spec.key for spec in ordered], pa.string()),
        "arm": pa.array([spec.arm for spec in ordered], pa.string()),
        "point": pa.array([spec.point for spec in ordered], pa.int64()),
        "replication": pa.array([spec.replication for spec in ordered], pa.int64()),
        "seed": pa.array([spec.seed for spec in ordered], pa.int64()),
    }
    for setting in dict.fromkeys(name for point in plan.points for name in point):
        values = _typed([point.get(setting) for point in plan.points])
        columns[setting] = values.take(pa.array([spec.point for spec in ordered], pa.int64()))
    columns["status"] = pa.array([entry.status for entry in entries], pa.string())
    columns["fingerprint"] = pa.array([entry.fingerprint for entry in entries], pa.string())
    fields = [_field(name, array.type, _RUNS_COLUMNS) for name, array in columns.items()]
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))


def outcomes_table(folder: Folder, specs: Iterable[RunSpec], records: RunRecords) -> pyarrow.Table:
    """Return the outcomes of the planned runs that are committed, for a folder in which no table is written yet."""
    import pyarrow as pa

    pieces = list(_outcomes(folder, _counting(specs, records)))
    table = pa.concat_tables(pieces) if pieces else _outcomes_schema().empty_table()
    return table.sort_by([("key", "ascending"), ("measure", "ascending")])


def values_of(folder: Folder, measure: str) -> dict[str, float]:
    """Return the value of a measure by key, for all committed runs that have one."""
    import pyarrow.compute as compute

    found: dict[str, float] = {}
    for part in part_names(folder):
        table = read_part(folder, part)
        if table is None:
            continue
        rows = table.filter(compute.equal(table.column("measure"), measure)).select(["key", "value"]).drop_null()
        found.update(zip(rows.column("key").to_pylist(), rows.column("value").to_pylist(), strict=True))
    return found


def _counting(specs: Iterable[RunSpec], records: RunRecords) -> dict[str, set[str]]:
    wanted = {spec.key for spec in specs}
    counting: dict[str, set[str]] = {}
    for key, entry in records.entries.items():
        if entry.status == "ok" and key in wanted:
            counting.setdefault(entry.part, set()).add(key)
    return counting


def _outcomes_schema() -> pyarrow.Schema:
    import pyarrow as pa

    return pa.schema([_field(name, part_schema().field(name).type, _OUTCOMES_COLUMNS) for name in _OUTCOMES_COLUMNS])


def _outcomes(folder: Folder, counting: Counting) -> Iterator[pyarrow.Table]:
    import pyarrow.compute as compute

    schema = _outcomes_schema()
    for piece in _counting_rows(folder, PARTS, counting):
        measured = piece.filter(compute.is_valid(piece.column("measure")))
        yield measured.select(list(_OUTCOMES_COLUMNS)).cast(schema)


def _write_kept(folder: Folder, name: str, counting: Counting) -> None:
    pieces = _counting_rows(folder, f"{TABLES}/{name}", counting)
    first = next(pieces, None)
    if first is not None:
        rows = first.num_rows * len(counting)
        SortedTable(first.schema, ["key"], rows).write(folder, f"{TABLES}/{name}{SUFFIX}", chain([first], pieces))


def _counting_rows(folder: Folder, place: str, counting: Counting) -> Iterator[pyarrow.Table]:
    """Yield the rows of each part that count; a run that is in two parts counts once."""
    for part in sorted(counting):
        yield rows_where(_read(folder, f"{place}/{part}{SUFFIX}"), "key", counting[part].__contains__)


def _read(folder: Folder, name: str) -> pyarrow.Table:
    import pyarrow.parquet

    return pyarrow.parquet.read_table(io.BytesIO(folder.read(name)), use_threads=False)


def _typed(values: Sequence[Any]) -> pyarrow.Array:
    """Return values as a column of numbers, truth values or texts; others are written as JSON."""
    import pyarrow as pa

    given = [value for value in values if value is not None]
    for types, arrow in (
        ((bool,), pa.bool_()),
        ((int,), pa.int64()),
        ((int, float), pa.float64()),
        ((str,), pa.string()),
    ):
        if given and all(
            isinstance(value, types) and (bool in types or not isinstance(value, bool)) for value in given
        ):
            return pa.array(values, arrow)
    return pa.array([None if value is None else json.dumps(value, ensure_ascii=False) for value in values], pa.string())


def _field(name: str, kind: Any, known: Mapping[str, tuple[str, str]]) -> pyarrow.Field:
    import pyarrow as pa

    unit, doc = known.get(name, ("as declared", "Setting that the study varies."))
    return pa.field(name, kind, metadata={"unit": unit, "doc": doc})
