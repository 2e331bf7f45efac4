"""Lists of dated events in a CSV file, such as a catalogue of earthquakes."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gpnde.plugin import ComponentError, nearest, open_csv

PLACES = ("site", "cluster", "country")
"""Columns that can say where an event was, the narrowest first."""


@dataclass(frozen=True)
class Event:
    """A row of the list."""

    where: str
    """File and line, for errors."""
    date: datetime.date | None
    """None where month or day are not known."""
    kind: str
    """Whether *place* is a site, a cluster or a country."""
    place: str
    days: float | None
    magnitude: float | None
    damage: float | None


def read_events(parameter: str, file: str, magnitude: str, damage: str, needed: Sequence[str]) -> list[Event]:
    """Return the events of a CSV *file*, which a path from the working directory names.

    *parameter* gave the file. *magnitude* and *damage* are names of columns that may be absent unless *needed*.
    """
    folder = Path.cwd()
    if not (folder / file).exists():
        hint = nearest(Path(file).name, sorted(path.name for path in (folder / file).parent.glob("*.csv")))
        text = f"no such file from the working directory {folder}{hint or '; give a path from there or a full one'}"
        raise ComponentError(where=f"{parameter} = {file!r}", expected=text)
    header, rows = open_csv(parameter, file, folder)
    _check_header(file, header, needed)
    columns = (magnitude, damage)
    return [_event(f"{file} line {line}", dict(zip(header, cells, strict=True)), columns) for line, cells in rows]


def _check_header(file: str, header: Sequence[str], needed: Sequence[str]) -> None:
    dates = ["date"] if "year" not in header else ["year", "month", "day"]
    for name in [*dates, *needed]:
        if name not in header:
            hint = nearest(name, header) or f"; there are {', '.join(header)}"
            raise ComponentError(where=file, expected=f"no column {name!r}{hint}")
    if not set(header) & set(PLACES):
        raise ComponentError(
            where=file, given="no column site, cluster or country", expected="one of them must say where"
        )


def _event(where: str, row: Mapping[str, str], columns: tuple[str, str]) -> Event:
    kind = next((name for name in PLACES if row.get(name)), "country")
    days = _number(where, row, "duration_days")
    if days is not None and days <= 0:
        raise ComponentError(where=f"{where}, duration_days", given=f"{days:g}", expected="must be above 0")
    magnitude, damage = (_number(where, row, name) for name in columns)
    return Event(where, _date(where, row), kind, row.get(kind, ""), days, magnitude, damage)


def _date(where: str, row: Mapping[str, str]) -> datetime.date | None:
    """Return the date of a row, from the column date or from year, month and day."""
    try:
        if "year" not in row:
            return datetime.date.fromisoformat(row["date"]) if row["date"] else None
        parts = [_number(where, row, name) for name in ("year", "month", "day")]
        return None if None in parts else datetime.date(*(int(part or 0) for part in parts))
    except ValueError:
        text = " ".join(row[name] for name in ("date", "year", "month", "day") if name in row)
        raise ComponentError(where=where, given=repr(text), expected="must be a date such as 1997-03-31") from None


def _number(where: str, row: Mapping[str, str], column: str) -> float | None:
    """Return the number in a cell, or None where the cell is empty or the column absent."""
    cell = row.get(column, "")
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ComponentError(where=f"{where}, {column}", given=repr(cell), expected="must be a number")
    return value
