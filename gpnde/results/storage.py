"""Write a run to a folder and read it back: one Parquet file per table, and run.json last of all."""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from gpnde.errors import ResultsError
from gpnde.results.columns import TABLES
from gpnde.results.run import Run, is_unmeasured
from gpnde.results.tables import columns_of, other_columns
from gpnde.scenario.kinds import what_it_is
from gpnde.scenario.partial import clear_abandoned, partial_beside
from gpnde.scenario.reading import other_than_file, parse_json, read_text

if TYPE_CHECKING:
    import polars as pl

SCHEMA_VERSION = 1
MANIFEST = "run.json"
"""The file that makes a folder a complete run."""

COLUMNS = "columns"
"""The key in the metadata of a Parquet file that holds unit and meaning of its columns, as JSON."""

_COPIED = (
    "scenario", "seed", "replication", "counts", "conservation", "dropouts", "components", "provenance", "software",
    "seconds",
)  # fmt: skip


def save_run(run: Run, directory: str | Path, also: Callable[[Path], object] | None = None) -> Path:
    """Write *run* to the new folder *directory* and return its path.

    Everything is written to a temporary folder beside it, which gets its name only when it is complete, so a run that
    is killed leaves no folder that looks whole; what killed runs left there is removed. *also* is called with the
    temporary folder to add files of its own.

    Raises
    ------
    ResultsError
        The folder holds anything, or cannot be written.
    """
    target = Path(directory)
    refuse_occupied(target)
    clear_abandoned(target.absolute().parent)
    partial = _make_partial(target)
    try:
        _write(run, partial, also)
        if target.exists():
            # A rename replaces an empty folder on some systems only.
            target.rmdir()
        os.replace(partial, target)
    except OSError as error:
        raise ResultsError(
            where=str(target), expected=f"cannot be written: {error.strerror or error}: name another folder"
        ) from None
    finally:
        # There is something left to remove only where writing or renaming has failed.
        shutil.rmtree(partial, ignore_errors=True)
    return target


def refuse_occupied(directory: str | Path) -> None:
    """Refuse a *directory* that holds anything, so that nothing is overwritten.

    Raises
    ------
    ResultsError
        It is a file, or a folder that is not empty.
    """
    path = Path(directory)
    if path.is_dir():
        count = sum(1 for _ in path.iterdir())
        if count:
            entries = "1 entry" if count == 1 else f"{count} entries"
            raise ResultsError(where=str(path), expected=f"already holds {entries}: name a new folder or empty it")
    elif path.exists():
        raise ResultsError(where=str(path), expected="is a file: name a new folder")


def load_run(directory: str | Path) -> Run:
    """Return the run in the folder *directory*.

    Raises
    ------
    ResultsError
        The folder holds no complete run, is of another version, or has been changed since.
    """
    folder = Path(directory)
    manifest = read_manifest(folder)
    tables = {name: _read_table(folder / f"{name}.parquet", rows) for name, rows in manifest["tables"].items()}
    stored = {key: manifest[key] for key in _COPIED}
    for key in ("conservation", "seconds"):
        # JSON has no NaN, so that null was written for what was not measured.
        stored[key] = {name: math.nan if value is None else value for name, value in stored[key].items()}
    run = Run(tables=tables, notes=tuple(manifest["notes"]), **stored)
    if run.fingerprint != manifest["fingerprint"]:
        raise _changed(folder, run, manifest["fingerprint"])
    return run


def _changed(folder: Path, run: Run, stated: str) -> ResultsError:
    """Return what tells of tables that are not those that were written, by name where one is of another kind."""
    for name, table in run.tables.items():
        fault = other_columns(name, table)
        if fault:
            return ResultsError(where=f"{folder / name}.parquet", given=fault, expected="another table, repeat the run")
    return ResultsError(
        where=str(folder), expected=f"fingerprint {run.fingerprint}, {MANIFEST} says {stated}: tables were changed"
    )


def read_manifest(directory: str | Path) -> dict[str, Any]:
    """Return what run.json in *directory* says, without reading the tables.

    Raises
    ------
    ResultsError
        It is missing, broken, incomplete or of another version.
    """
    from gpnde.results.manifest import checked_manifest

    path = Path(directory) / MANIFEST
    return checked_manifest(path, _read_json(path))


def manifest_of(run: Run) -> dict[str, Any]:
    """Return what run.json says of *run*, in the form of ``docs/schema/run-1.json``."""
    return {
        "schema_version": SCHEMA_VERSION,
        "fingerprint": run.fingerprint,
        "tables": {name: table.height for name, table in run.tables.items()},
        "notes": list(run.notes),
        **{key: getattr(run, key) for key in _COPIED},
    }


def write_table(name: str, table: pl.DataFrame, file: Path | BinaryIO) -> None:
    """Write the *table* of that name to a Parquet file, with unit and meaning of its columns in the file's metadata.

    >>> import io
    >>> import polars as pl
    >>> from gpnde.results.tables import empty_table
    >>> write_table("events", empty_table("events"), file := io.BytesIO())
    >>> metadata = pl.read_parquet_metadata(io.BytesIO(file.getvalue()))
    >>> json.loads(metadata["columns"])["day"]
    {'unit': 'day', 'doc': 'Days since the start of the run.'}
    """
    known = columns_of(name) if name in TABLES else {}
    told = {column: known[column]._asdict() for column in table.columns if column in known}
    table.write_parquet(file, metadata={COLUMNS: json.dumps(told)})


def _make_partial(target: Path) -> Path:
    partial = partial_beside(target)
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise ResultsError(
            where=str(target), expected=f"cannot be made: {error.strerror or error}: name another folder"
        ) from None
    return partial


def _write(run: Run, folder: Path, also: Callable[[Path], object] | None) -> None:
    for name, table in run.tables.items():
        write_table(name, table, folder / f"{name}.parquet")
    if also:
        also(folder)
    # Last, since this file is what makes a folder a complete run.
    text = json.dumps(_finite(manifest_of(run)), indent=1, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _finite(value: Any) -> Any:
    """Return plain data in which null stands for numbers that are not finite."""
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if is_unmeasured(value) else value


def _read_json(path: Path) -> Any:
    if not os.path.lexists(path):
        told = what_it_is(path.parent) or f"no {MANIFEST}: name the folder of a finished run"
        raise ResultsError(where=str(path.parent), expected=told)
    text = read_text(path, error=ResultsError)
    return parse_json(text, lambda cause: f"{path}: broken: {cause}: repeat the run", ResultsError)


def _read_table(path: Path, rows: int) -> pl.DataFrame:
    """Return a table of so many *rows*, whose columns hold texts and numbers."""
    import polars as pl

    kind = other_than_file(path)
    if kind:
        raise ResultsError(where=str(path), expected=f"is {kind}: must be a Parquet file, repeat the run")
    try:
        table = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        # Polars panics over some broken files instead of raising an error of its own.
        reason = str(error).splitlines()[0]
        raise ResultsError(where=str(path), expected=f"cannot be read: {reason}: repeat the run") from None
    strange = [name for name, kind in table.schema.items() if kind not in (pl.String, pl.Int64, pl.Float64)]
    if table.height != rows or strange:
        what = f"column {strange[0]!r} of type {table.schema[strange[0]]}" if strange else f"{table.height:,} rows"
        raise ResultsError(
            where=str(path),
            given=what,
            expected=f"{MANIFEST} says {rows:,} rows of texts and numbers, repeat the run",
        )
    return table
