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
from gpnde.scenario.importers.grids import read_grid
from gpnde.scenario.kinds import what_it_is
from gpnde.scenario.problems import Locations, refusal
from gpnde.scenario.schema import Scenario

_TABLES = frozenset({".csv", ".txt", ".tsv"})


class Imported(NamedTuple):
    """A scenario read from files of another format, and one line on everything that was left out or assumed."""

    scenario: Scenario
    notes: tuple[str, ...]


class Importer(Protocol):
    """A function that reads files of one format."""

    def __call__(self, files: Sequence[Path]) -> Imported:
        """Return what the *files* describe, or raise ScenarioError."""
        ...


def checked(scenario: Scenario, notes: Sequence[str], places: Locations | None = None) -> Imported:
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
        raise ScenarioError.passing_on(refusal(error, Locations(None)), where) from None


def named_files(
    importer: str, files: Sequence[Path], needed: Sequence[str], optional: Sequence[str] = ()
) -> Mapping[str, Path]:
    """Return the file for each name; ``01_stages.csv`` and ``Stages.txt`` both are the file for ``stages``.

    A folder stands for the tables in it; what bears another name is left out, as `skipped` tells.

    Raises
    ------
    ScenarioError
        A needed file is missing, or one is given twice.
    """
    found: dict[str, Path] = {}
    for path in existing(importer, files):
        name = _name_of(path, (*needed, *optional))
        if name in found:
            raise ScenarioError(
                where=importer, given=f"{found[name]} and {path}", expected=f"two files for {name}: give one"
            )
        if name is not None:
            found[name] = path
    missing = [f"{name}.csv" for name in needed if name not in found]
    if missing:
        lacking = f"{', '.join(missing)} not given: give {listed(needed, optional)}"
        raise ScenarioError(where=importer, expected=f"{instead(files)}{lacking}")
    return found


def skipped(importer: str, files: Sequence[Path], names: Sequence[str]) -> list[str]:
    """Return one note on the files that bear none of the *names*, if there are any."""
    foreign = [path.name for path in existing(importer, files) if _name_of(path, names) is None]
    return [f"{importer}: {', '.join(foreign)} skipped: not among {listed(names)}"] if foreign else []


def instead(files: Sequence[Path]) -> str:
    """Return what was given where it is of another kind altogether."""
    told = next((f"{path} {said}; " for path in files if (said := what_it_is(path)) and "CSV" not in said), "")
    return "" if "is a folder of tables" in told else told


def existing(importer: str, files: Sequence[Path]) -> list[Path]:
    """Return the files, with the tables of a folder in its place.

    Raises
    ------
    ScenarioError
        One does not exist, or is no file.
    """
    found = [file for path in files for file in (_tables_in(path) if path.is_dir() else [path])]
    for path in found:
        if not path.is_file():
            told = what_it_is(path) or "no such file: give the path of a CSV file"
            raise ScenarioError(where=importer, given=str(path), expected=told)
    return found


def _tables_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in _TABLES)


def _name_of(path: Path, names: Sequence[str]) -> str | None:
    """Return the one of *names* that a file name is or ends in, after an underscore or a hyphen."""
    last = path.stem.lower().replace("-", "_").rpartition("_")[2]
    is_table = path.suffix.lower() in _TABLES
    return next((name for name in names if name.lower() == last and is_table), None)


def listed(needed: Sequence[str], optional: Sequence[str] = ()) -> str:
    """Return the names of files as a text."""
    extra = f", and optionally {', '.join(f'{name}.csv' for name in optional)}" if optional else ""
    return ", ".join(f"{name}.csv" for name in needed) + extra


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a table, each as column name and text; names are in small letters, with underscores.

    Raises
    ------
    ScenarioError
        The file cannot be read, lacks one of the *columns* or has a column twice.
    """
    head, *lines = read_grid(path)
    header = [column_name(cell) for cell in head.cells]
    for column in columns:
        if column not in header:
            known = ", ".join(head.cells)
            told = f"; {path} {said}" if (said := what_it_is(path)) and "CSV" not in said else ""
            raise ScenarioError(
                where=str(path),
                expected=f"no column {column!r}: its columns are {known}{nearest(column, header)}{told}",
            )
    twice = next((name for name in header if name and header.count(name) > 1), None)
    if twice:
        raise ScenarioError(where=str(path), expected=f"column {twice!r} stands twice: take one out")
    return [dict(zip(header, line.cells, strict=True)) for line in lines]


def column_name(cell: str) -> str:
    """Return the name of a column as importers know it.

    >>> column_name("Supplier Name")
    'supplier_name'
    """
    return "_".join(cell.lower().replace("-", " ").split())


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
        raise ScenarioError(where=where, given=column, expected=f"{row[column]!r}: must be a number")
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
