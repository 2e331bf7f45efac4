"""A series from a CSV column: every row keeps its place in time, and what has no number is refused or filled.

A column of dates, where there is one, must rise by equal steps; a date that is left out is a gap as a blank cell is. So
is a number that is left out in a column that counts days, weeks or other periods.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gpnde.errors import ScenarioError
from gpnde.scenario.law import MOST_ROWS
from gpnde.scenario.problems import shown

NO_DATES = "none"
"""What stands for the column of dates where rows are to be taken as they come."""

_BLANK = ("", "na", "n/a", "nan", "null", "none")
_GROUPED = re.compile(r"[-+]?[0-9][0-9.,'_\s]*$")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?$")
_DAYS = ("day", "days")
_COUNTERS = (*_DAYS, "week", "month", "quarter", "year", "period", "time", "t")
_DAY = 86_400.0
_TOLERANCE = 1e-6


class Row(NamedTuple):
    """One row of the file: its line, its cells by column."""

    line: int
    cells: Mapping[str, str]


class Series(NamedTuple):
    """The values of a series, and how they came about, see `gpnde.scenario.law.Column`."""

    values: list[float]
    dates: str | None
    step_days: float | None
    cells_filled: int
    dates_filled: int


class _Reader(NamedTuple):
    """What is read, and how."""

    file: str
    column: str
    gaps: str
    dates: str | None
    step_days: float | None

    def fault(self, row: Row, column: str, given: str, right: str) -> ScenarioError:
        """Return the error of one cell, with its place."""
        return ScenarioError(where=f"{self.file} line {row.line}, {column}", given=given, expected=right)

    def value(self, row: Row) -> float | None:
        """Return the number in a row, or None for a blank cell."""
        cell = row.cells[self.column]
        if cell.lower() in _BLANK:
            return None
        number = number_of(cell)
        if not math.isfinite(number):
            hint = ", without separators of thousands" if _GROUPED.match(cell) else ""
            raise self.fault(row, self.column, shown(cell), f"must be a number{hint}, or blank")
        return number

    def day(self, row: Row) -> float:
        """Return the time of a row, from any origin (days)."""
        cell = row.cells[self.dates or ""]
        found = _day_of(cell)
        if found is None:
            right = f"must be a date such as 2024-01-31; dates: {NO_DATES} takes rows as they come"
            raise self.fault(row, self.dates or "", shown(cell), right)
        return found


def number_of(cell: str) -> float:
    """Return the number in a cell, or NaN where it holds something else.

    >>> number_of("1e3"), number_of("1,200"), number_of("1_200")
    (1000.0, nan, nan)
    """
    try:
        # Python reads 1_200 as a number, which a user may have written by mistake.
        return math.nan if "_" in cell else float(cell)
    except ValueError:
        return math.nan


def is_grouped_number(cell: str) -> bool:
    """Return whether a cell is a number to the eye alone.

    >>> is_grouped_number("1,200"), is_grouped_number("1200"), is_grouped_number("unknown")
    (True, False, False)
    """
    return bool(_GROUPED.match(cell)) and not math.isfinite(number_of(cell))


def _day_of(cell: str) -> float | None:
    """Return the day of a date, or a number of days as such."""
    try:
        moment = datetime.datetime.fromisoformat(cell)
        return (moment.replace(tzinfo=None) - datetime.datetime(1970, 1, 1)).total_seconds() / _DAY
    except ValueError:
        number = number_of(cell)
        return number if math.isfinite(number) else None


def read_series(where: str, given: Mapping[str, Any], rows: Sequence[Row]) -> Series:
    """Return the series that the law *given*, a checked pointer to a column, makes of *rows*.

    Raises
    ------
    ScenarioError
        A row has no number, or a date is out of order, and the law does not say what then.
    """
    dates = _date_column(where, given, rows)
    step = given.get("step_days")
    reader = _Reader(given["file"], given["column"], given.get("gaps", "refuse"), dates, step)
    values = [reader.value(row) for row in rows]
    places, step = (list(range(len(rows))), None) if dates is None else _places(reader, rows)
    # Weeks or months tell the place of each row, but no step in days.
    if dates is not None and dates.lower() in _COUNTERS and dates.lower() not in _DAYS:
        step = None
    placed: list[float | None] = [None] * (places[-1] + 1)
    for place, value in zip(places, values, strict=True):
        placed[place] = value
    _refuse_gaps(reader, rows, values, places)
    blanks = sum(value is None for value in values)
    return Series(_filled(where, reader, placed), dates, step, blanks, len(placed) - len(rows))


def _date_column(where: str, given: Mapping[str, Any], rows: Sequence[Row]) -> str | None:
    """Return the column of dates: the one that is named, or called date, or the only one that holds nothing else.

    Without dates it is the column that counts periods.
    """
    named = given.get("dates")
    if named is not None:
        return None if named == NO_DATES else str(named)
    others = [name for name in rows[0].cells if name != given["column"]]
    called = [name for name in others if name.lower() == "date"]
    found = called or [name for name in others if all(_ISO.match(row.cells[name]) for row in rows)]
    found = found or [name for name in others if name.lower() in _COUNTERS and _rises(name, rows)][:1]
    if len(found) > 1:
        text = f"columns {found[0]!r} and {found[1]!r} of {given['file']} both hold dates"
        raise ScenarioError(where=where, given=text, expected=f"name one, such as dates: {found[0]}")
    return found[0] if found else None


def _rises(name: str, rows: Sequence[Row]) -> bool:
    """Return whether a column holds numbers that rise from row to row."""
    numbers = [number_of(row.cells[name]) for row in rows]
    return all(later > number for number, later in zip(numbers, numbers[1:], strict=False))


def _places(reader: _Reader, rows: Sequence[Row]) -> tuple[list[int], float | None]:
    """Return the place in the series of each row, by its date, and the step from place to place (days)."""
    days = [reader.day(row) for row in rows]
    for row, day, before in zip(rows[1:], days[1:], days, strict=False):
        if day <= before:
            given = shown(row.cells[reader.dates or ""])
            right = "stands twice" if day == before else "must come after the row before: sort the rows by date"
            raise reader.fault(row, reader.dates or "", given, right)
    if len(days) == 1:
        return [0], reader.step_days
    step = reader.step_days or min(later - day for day, later in zip(days, days[1:], strict=False))
    return [_place(reader, row, day - days[0], step) for row, day in zip(rows, days, strict=True)], step


def _place(reader: _Reader, row: Row, day: float, step: float) -> int:
    """Return the whole number of steps from the first row to *row*, which is *day* days later."""
    steps = day / step
    # Before room is made for all places, of which a mistyped year would ask too many.
    if steps > MOST_ROWS:
        raise reader.fault(row, reader.dates or "", f"{steps:.3g} steps of {step:g} days", f"at most {MOST_ROWS:,}")
    if abs(steps - round(steps)) > _TOLERANCE * max(1.0, steps):
        right = f"must be whole steps of {step:g} days from the first; dates: {NO_DATES} takes rows as they come"
        raise reader.fault(row, reader.dates or "", shown(row.cells[reader.dates or ""]), right)
    return round(steps)


def _refuse_gaps(reader: _Reader, rows: Sequence[Row], values: Sequence[float | None], places: Sequence[int]) -> None:
    """Refuse a blank cell or a date that is left out, where nothing fills it."""
    if reader.gaps != "refuse":
        return
    right = "give it, or say gaps: zero or gaps: hold, the value before"
    for number, (row, value) in enumerate(zip(rows, values, strict=True)):
        if value is None:
            raise reader.fault(row, reader.column, f"{shown(row.cells[reader.column])}: no number", right)
        missing = places[number] - places[number - 1] - 1 if number else 0
        if missing:
            text = f"{shown(row.cells[reader.dates or ''])}: {missing} dates are missing before it"
            raise reader.fault(row, reader.dates or "", text, right.replace("it", "them", 1))


def _filled(where: str, reader: _Reader, placed: Sequence[float | None]) -> list[float]:
    """Return the values with every gap filled, by 0 or by the value before."""
    if reader.gaps == "hold" and placed[0] is None:
        raise ScenarioError(
            where=where,
            given=f"{reader.file} column {reader.column!r}",
            expected="blank at first: nothing to hold there",
        )
    filled: list[float] = []
    for value in placed:
        filled.append(value if value is not None else filled[-1] if reader.gaps == "hold" else 0.0)
    return filled
