"""Records of the runs of a study that are done, read from the committed parts alone."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from gpnde.errors import StudyError
from gpnde.results.metric import Metric
from gpnde.study.folder import Folder

if TYPE_CHECKING:
    import pyarrow

PARTS = "parts"
TABLES = "tables"
SUFFIX = ".parquet"
BROKEN = ".broken"
"""How the name of a part ends that could not be read and was set aside."""

Status = Literal["ok", "failed"]


class Outcome(NamedTuple):
    """The outcome of one run."""

    key: str
    status: Status
    fingerprint: str | None = None
    seconds: float | None = None
    """Wall-clock time on the machine where it ran."""
    stage: str | None = None
    """Where it failed: scenario, simulate, measure, commit or process."""
    error: str | None = None
    """Why it failed, in one line."""
    metrics: tuple[Metric, ...] = ()


class Entry(NamedTuple):
    """The record of one run."""

    status: str
    part: str
    """The part that counts; a second one with the same run does not."""
    fingerprint: str | None


@dataclass
class RunRecords:
    """The runs that are committed, by key."""

    entries: dict[str, Entry] = field(default_factory=dict)
    rows: int = 0
    """Rows of all parts."""
    broken: list[str] = field(default_factory=list)
    """Parts that cannot be read."""

    def add(self, key: str, entry: Entry) -> None:
        """Enter a run; a success replaces a failure, otherwise the first entry stays."""
        known = self.entries.get(key)
        # Two workers may have done one run; parts are read by name, so the same one counts every time.
        if known is None or (known.status, entry.status) == ("failed", "ok"):
            self.entries[key] = entry

    def settled(self, key: str, retry_failed: bool = False) -> bool:
        """Return whether a run is done, a failed one only if failures are not to be retried."""
        entry = self.entries.get(key)
        return entry is not None and (entry.status == "ok" or not retry_failed)


def part_schema() -> pyarrow.Schema:
    """Return the columns of a part: one row per run and measure; a run without measures has one row."""
    import pyarrow as pa

    text = ("key", "status", "fingerprint", "stage", "error", "measure", "unit")
    names = ("key", "status", "fingerprint", "seconds", "stage", "error", "measure", "value", "unit")
    return pa.schema([(name, pa.string() if name in text else pa.float64()) for name in names])


def commit_part(folder: Folder, outcomes: Sequence[Outcome], tables: Mapping[str, Sequence[pyarrow.Table]]) -> str:
    """Write the outcomes of some runs, after the *tables* that are kept of them, and return the name of the part.

    The part is the commit. It is named by the digest of its bytes and holds the digests of the tables that belong to
    it, so that a byte that changes later is noticed.
    """
    import pyarrow as pa

    files = {name: to_parquet(pa.concat_tables(pieces)) for name, pieces in tables.items() if pieces}
    schema = part_schema().with_metadata({name: _digest(content) for name, content in files.items()})
    rows = [row for outcome in outcomes for row in _rows(outcome)]
    arrays = [pa.array(values, each.type) for values, each in zip(zip(*rows, strict=True), schema, strict=True)]
    content = to_parquet(pa.Table.from_arrays(arrays, schema=schema))
    part = _digest(content)
    for name, file in files.items():
        # Tables before the part: a crash in between leaves tables that no part names, which count as absent.
        folder.write(f"{TABLES}/{name}/{part}{SUFFIX}", file)
    folder.write(f"{PARTS}/{part}{SUFFIX}", content)
    return part


def to_parquet(table: pyarrow.Table) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    import pyarrow.parquet

    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _rows(outcome: Outcome) -> Iterator[tuple[object, ...]]:
    run = (outcome.key, outcome.status, outcome.fingerprint, outcome.seconds, outcome.stage, outcome.error)
    if not outcome.metrics:
        yield (*run, None, None, None)
    for name, value, unit in outcome.metrics:
        yield (*run, name, value if math.isfinite(value) else None, unit)


def part_names(folder: Folder) -> list[str]:
    """Return the names of the committed parts, in alphabetical order."""
    return [name.removesuffix(SUFFIX) for name in folder.names(PARTS) if name.endswith(SUFFIX)]


def read_part(folder: Folder, part: str) -> pyarrow.Table | None:
    """Return a committed part, or None if it or a table that belongs to it is missing, damaged or another table."""
    import pyarrow as pa
    import pyarrow.parquet

    content = _content(folder, f"{PARTS}/{part}{SUFFIX}", part)
    if content is None:
        return None
    try:
        found = pyarrow.parquet.read_table(io.BytesIO(content), use_threads=False)
    except (pa.ArrowException, OSError):
        return None
    if not found.schema.equals(part_schema(), check_metadata=False):
        return None
    tables = (found.schema.metadata or {}).items()
    whole = all(_content(folder, f"{TABLES}/{name.decode()}/{part}{SUFFIX}", is_.decode()) for name, is_ in tables)
    return found if whole else None


def _content(folder: Folder, name: str, digest: str) -> bytes | None:
    """Return the bytes of a file, or None if they differ from those that were written."""
    try:
        content = folder.read(name)
    except (FileNotFoundError, StudyError):
        return None
    return content if _digest(content) == digest else None


def read_run_records(folder: Folder) -> RunRecords:
    """Return the records of a folder, from the parts that can be read in full."""
    records = RunRecords()
    for part in part_names(folder):
        found = read_part(folder, part)
        if found is None:
            records.broken.append(part)
            continue
        records.rows += found.num_rows
        for key, status, mark in _runs_of(found):
            records.add(key, Entry(status, part, mark))
    return records


def _runs_of(part: pyarrow.Table) -> Iterator[tuple[str, str, str | None]]:
    """Yield key, status and fingerprint of each run of a part once."""
    runs: Any = part.group_by(["key", "status", "fingerprint"], use_threads=False).aggregate([])
    yield from zip(*(runs.column(name).to_pylist() for name in ("key", "status", "fingerprint")), strict=True)


def set_aside(folder: Folder, records: RunRecords, tell: Callable[[str], None]) -> None:
    """Rename the parts that cannot be read, so that their runs run again, and report each in one line by *tell*."""
    for part in records.broken:
        name = f"{PARTS}/{part}{SUFFIX}"
        folder.rename(name, f"{name}{BROKEN}")
        tell(f"{folder / name}: damaged: kept as {part}{SUFFIX}{BROKEN}, its runs run again")
