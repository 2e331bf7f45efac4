"""Write a run to a folder and read it back: one Parquet file per table, and run.json last of all."""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpnde.errors import ResultsError
from gpnde.results.run import Run, is_unmeasured

if TYPE_CHECKING:
    import polars as pl

SCHEMA_VERSION = 1
MANIFEST = "run.json"
"""The file that makes a folder a complete run."""

_COPIED = (
    "scenario", "seed", "replication", "counts", "conservation", "dropouts", "components", "provenance", "software",
    "seconds",
)  # fmt: skip


def save_run(run: Run, directory: str | Path, also: Callable[[Path], object] | None = None) -> Path:
    """Write *run* to the new folder *directory* and return its path.

    Everything is written to a temporary folder beside it, which gets its name only when it is complete, so a run that
    is killed leaves no folder that looks whole. *also* is called with the temporary folder to add files of its own.

    Raises
    ------
    ResultsError
        The folder holds anything, or cannot be written.
    """
    target = Path(directory)
    refuse_occupied(target)
    partial = _make_partial(target)
    try:
        _write(run, partial, also)
        if target.exists():
            target.rmdir()
        os.replace(partial, target)
    except OSError as error:
        raise ResultsError(f"{target}: cannot be written: {error.strerror or error}: name another folder") from None
    finally:
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
            raise ResultsError(f"{path}: already holds {entries}: name a new folder or empty it")
    elif path.exists():
        raise ResultsError(f"{path}: is a file: name a new folder")


def load_run(directory: str | Path) -> Run:
    """Return the run in the folder *directory*.

    Raises
    ------
    ResultsError
        The folder holds no complete run, is of another version, or has been changed since.
    """
    folder = Path(directory)
    manifest = read_manifest(folder)
    tables = {name: _read_table(folder / f"{name}.parquet") for name in manifest["tables"]}
    stored = {key: manifest[key] for key in _COPIED}
    for key in ("conservation", "seconds"):
        stored[key] = {name: math.nan if value is None else value for name, value in stored[key].items()}
    run = Run(tables=tables, notes=tuple(manifest["notes"]), **stored)
    if run.fingerprint != manifest["fingerprint"]:
        stated = manifest["fingerprint"]
        raise ResultsError(f"{folder}: fingerprint {run.fingerprint}, {MANIFEST} says {stated}: tables were changed")
    return run


def read_manifest(directory: str | Path) -> dict[str, Any]:
    """Return what run.json in *directory* says, without reading the tables.

    Raises
    ------
    ResultsError
        It is missing, broken, incomplete or of another version.
    """
    path = Path(directory) / MANIFEST
    manifest = _read_json(path)
    if not isinstance(manifest, dict) or manifest.get("schema_version") != SCHEMA_VERSION:
        given = manifest.get("schema_version") if isinstance(manifest, dict) else manifest
        raise ResultsError(f"{path}: schema_version {given!r}: this version of gpnde reads {SCHEMA_VERSION}")
    for key in (*_COPIED, "tables", "notes", "fingerprint"):
        if key not in manifest:
            raise ResultsError(f"{path}: no {key!r}: not a complete run, repeat it")
    return manifest


def manifest_of(run: Run) -> dict[str, Any]:
    """Return what run.json says of *run*, in the form of ``docs/schema/run-1.json``."""
    return {
        "schema_version": SCHEMA_VERSION,
        "fingerprint": run.fingerprint,
        "tables": {name: table.height for name, table in run.tables.items()},
        "notes": list(run.notes),
        **{key: getattr(run, key) for key in _COPIED},
    }


def _make_partial(target: Path) -> Path:
    partial = target.parent / f".{target.name}-{os.getpid()}.partial"
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
    except OSError as error:
        raise ResultsError(f"{target}: cannot be made: {error.strerror or error}: name another folder") from None
    return partial


def _write(run: Run, folder: Path, also: Callable[[Path], object] | None) -> None:
    import pyarrow.parquet

    for name in run.tables:
        pyarrow.parquet.write_table(run.to_arrow(name), folder / f"{name}.parquet", compression="zstd")
    if also:
        also(folder)
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
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ResultsError(f"{path.parent}: no {MANIFEST}: name the folder of a finished run") from None
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise ResultsError(f"{path}: broken: {error}: repeat the run") from None


def _read_table(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0]
        raise ResultsError(f"{path}: cannot be read: {reason}: repeat the run") from None
