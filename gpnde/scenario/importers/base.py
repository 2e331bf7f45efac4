"""What all importers share: what they return, how they find their files and how they read numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from pydantic import ValidationError

from gpnde.errors import ScenarioError, nearest
from gpnde.scenario.check import check_scenario
from gpnde.scenario.problems import Places, refusal
from gpnde.scenario.schema import Scenario
from gpnde.scenario.tables import open_csv


class Imported(NamedTuple):
    """A scenario read from files of another format, and one line on everything that was left out or assumed."""

    scenario: Scenario
    notes: tuple[str, ...]


class Importer(Protocol):
    """A function that reads files of one format."""

    def __call__(self, files: Sequence[Path]) -> Imported:
        """Return what the *files* describe, or raise ScenarioError."""
        ...


def checked(scenario: Scenario, notes: Sequence[str], places: Places | None = None) -> Imported:
    """Return the import of a scenario whose parts fit together.

    Raises
    ------
    ScenarioError
        They do not; *places* says in which file and line.
    """
    check_scenario(scenario, places)
    return Imported(scenario, tuple(notes))


@contextmanager
def in_one_line(where: str) -> Iterator[None]:
    """Turn what the schema refuses into one line that starts with *where*."""
    try:
        yield
    except ValidationError as error:
        raise ScenarioError(f"{where}: {refusal(error, Places(None))}") from None


def named_files(
    importer: str, files: Sequence[Path], needed: Sequence[str], optional: Sequence[str] = ()
) -> Mapping[str, Path]:
    """Return the file for each name; ``01_stages.csv`` and ``Stages.csv`` both are the file for ``stages``.

    A folder stands for the CSV files in it.

    Raises
    ------
    ScenarioError
        A needed file is missing, or a file is of no use or given twice.
    """
    found: dict[str, Path] = {}
    for path in existing(importer, files):
        name = _name_of(path, (*needed, *optional))
        if name is None:
            raise ScenarioError(f"{importer}: {path}: not one of its files: give {_listed(needed, optional)}")
        if name in found:
            raise ScenarioError(f"{importer}: {found[name]} and {path}: two files for {name}: give one")
        found[name] = path
    missing = [f"{name}.csv" for name in needed if name not in found]
    if missing:
        raise ScenarioError(f"{importer}: {', '.join(missing)} not given: give {_listed(needed, optional)}")
    return found


def existing(importer: str, files: Sequence[Path]) -> list[Path]:
    """Return the files, with the CSV files of a folder in its place.

    Raises
    ------
    ScenarioError
        One does not exist.
    """
    found = [file for path in files for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]
    for path in found:
        if not path.is_file():
            raise ScenarioError(f"{importer}: {path}: no such file: give the path of a CSV file")
    return found


def _name_of(path: Path, names: Sequence[str]) -> str | None:
    """Return the one of *names* that a file name is or ends in, after an underscore or a hyphen."""
    last = path.stem.lower().replace("-", "_").rpartition("_")[2]
    return next((name for name in names if name.lower() == last), None)


def _listed(needed: Sequence[str], optional: Sequence[str]) -> str:
    extra = f", and optionally {', '.join(f'{name}.csv' for name in optional)}" if optional else ""
    return ", ".join(f"{name}.csv" for name in needed) + extra


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a CSV file, each as column name and text.

    Raises
    ------
    ScenarioError
        The file cannot be read or lacks one of the *columns*.
    """
    header, lines = open_csv(path.name, path.name, path.parent)
    for column in columns:
        if column not in header:
            known = ", ".join(header)
            raise ScenarioError(f"{path}: no column {column!r}: its columns are {known}{nearest(column, header)}")
    return [dict(zip(header, cells, strict=True)) for _, cells in lines]


def number(row: Mapping[str, str], column: str, where: str) -> float:
    """Return the finite number in a cell.

    Raises
    ------
    ScenarioError
        The cell is blank or holds something else; *where* names the file and the row.
    """
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ScenarioError(f"{where}: {column}: {row[column]!r}: must be a number")
    return value


def optional_number(row: Mapping[str, str], column: str, where: str) -> float | None:
    """Return the number in a cell, or None where the cell is blank or the column missing."""
    return number(row, column, where) if row.get(column) else None


def share_text(part: float, whole: float) -> str:
    """Return a share in per cent with two significant digits.

    >>> share_text(1, 8)
    '12 %'
    """
    return f"{100 * part / whole:.2g} %" if whole else "0 %"
