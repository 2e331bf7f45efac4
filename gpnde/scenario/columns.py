"""Laws whose values stand in a column of a CSV file: ``{law: empirical, file: deliveries.csv, column: lead_days}``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from gpnde.errors import ScenarioError, nearest
from gpnde.scenario.law import AtEnd, Gaps
from gpnde.scenario.problems import Location, Locations, shown
from gpnde.scenario.series import NO_DATES, Row, Series, is_grouped_number, number_of, read_series
from gpnde.scenario.tables import open_csv

_KEYS = ("law", "file", "column", "where")
_SERIES_KEYS = (*_KEYS, "dates", "step_days", "gaps", "at_end")
_LAWS = ("empirical", "series")


class Columns:
    """Reads each CSV file once and replaces the laws that point into it by their values."""

    def __init__(self, folder: Path, places: Locations) -> None:
        """Look for files in *folder*; *places* names the laws in errors."""
        self._folder = folder
        self._places = places
        self._files: dict[str, tuple[list[str], list[Row]]] = {}

    def resolve(self, given: Any, location: Location = ()) -> Any:
        """Return *given* with the values of every law that points to a column; parts without one are shared."""
        if isinstance(given, dict):
            if "law" in given and ("file" in given or "column" in given):
                return self._law(given, self._places.text(location))
            inner = [(key, item) for key, item in given.items() if isinstance(item, dict | list)]
            return {**given, **{key: self.resolve(item, (*location, key)) for key, item in inner}} if inner else given
        if isinstance(given, list):
            return [self.resolve(item, (*location, i)) for i, item in enumerate(given)]
        return given

    def _law(self, given: Mapping[str, Any], where: str) -> dict[str, Any]:
        _check_keys(given, where)
        conditions = {str(name): str(wanted) for name, wanted in (given.get("where") or {}).items()}
        rows = self._rows(where, given, conditions)
        origin = {"file": given["file"], "column": given["column"], "where": conditions}
        if given["law"] == "series":
            return _series(read_series(where, given, rows), given, origin)
        values = _usable(given, rows)
        if not values:
            text = f"{given['file']} column {given['column']!r}: {len(rows)} rows but no number that can be used"
            raise ScenarioError(where=where, expected=text)
        counts = {"rows_used": len(values), "rows_dropped": len(rows) - len(values)}
        return {"law": given["law"], "values": values, "origin": {**origin, **counts}}

    def _rows(self, where: str, given: Mapping[str, Any], conditions: Mapping[str, str]) -> list[Row]:
        """Return the rows of the file that meet the conditions, and at least one."""
        file = given["file"]
        header, rows = self._read(where, file)
        for name, wanted in conditions.items():
            _check_column(where, file, header, name)
            known = dict.fromkeys(row.cells[name] for row in rows)
            rows = [row for row in rows if row.cells[name] == wanted]
            if not rows:
                raise ScenarioError(
                    where=where, given=file, expected=f"no row with {name} {wanted!r}{nearest(wanted, known)}"
                )
        for column in _columns_of(given):
            _check_column(where, file, header, column)
        if not rows:
            raise ScenarioError(
                where=where, given=file, expected="no rows below the names of the columns: give at least one"
            )
        return rows

    def _read(self, where: str, file: str) -> tuple[list[str], list[Row]]:
        if file not in self._files:
            header, lines = open_csv(where, file, self._folder)
            self._files[file] = header, [Row(line, dict(zip(header, cells, strict=True))) for line, cells in lines]
        return self._files[file]


def _series(series: Series, given: Mapping[str, Any], origin: Mapping[str, Any]) -> dict[str, Any]:
    """Return the law of a series that was read."""
    counts = {"rows_used": len(series.values) - series.cells_filled - series.dates_filled}
    filled = {"cells_filled": series.cells_filled, "dates_filled": series.dates_filled}
    dates = {"dates": series.dates, "step_days": series.step_days} if series.dates is not None else {}
    gaps = {"gaps": given["gaps"]} if "gaps" in given else {}
    at_end = {"at_end": given["at_end"]} if "at_end" in given else {}
    return {
        "law": "series",
        "values": series.values,
        **at_end,
        "origin": {**origin, **dates, **gaps, **counts, **filled},
    }


def _check_keys(given: Mapping[str, Any], where: str) -> None:
    keys = _SERIES_KEYS if given["law"] == "series" else _KEYS
    for key in given:
        if key not in _SERIES_KEYS:
            raise ScenarioError(
                where=where, expected=f"unknown key {key!r}: a law from a column takes {', '.join(keys)}"
            )
    if given["law"] not in _LAWS:
        raise ScenarioError(
            where=f"{where}.law",
            given=shown(given["law"]),
            expected="values from a column make a law empirical or series",
        )
    for key in given:
        if key not in keys:
            raise ScenarioError(
                where=f"{where}.{key}", expected="only a series takes it: leave it out, or say law: series"
            )
    for key in ("file", "column"):
        if not isinstance(given.get(key), str):
            raise ScenarioError(
                where=f"{where}.{key}", given=shown(given.get(key)), expected="name the CSV file and its column"
            )
    if not isinstance(given.get("where") or {}, Mapping):
        raise ScenarioError(
            where=f"{where}.where", given=shown(given["where"]), expected="must be a mapping of columns to texts"
        )
    _check_choices(given, where)


def _check_choices(given: Mapping[str, Any], where: str) -> None:
    """Look at what a series may say beside the column."""
    for key, choices in (("gaps", get_args(Gaps)), ("at_end", get_args(AtEnd))):
        if key in given and given[key] not in choices:
            raise ScenarioError(
                where=f"{where}.{key}", given=shown(given[key]), expected=f"must be {', '.join(choices)}"
            )
    if "dates" in given and not isinstance(given["dates"], str):
        raise ScenarioError(
            where=f"{where}.dates",
            given=shown(given["dates"]),
            expected=f"name the column of dates, or {NO_DATES!r}",
        )
    step = given.get("step_days", 1)
    if isinstance(step, bool) or not isinstance(step, int | float) or not 0 < step < math.inf:
        raise ScenarioError(where=f"{where}.step_days", given=shown(step), expected="must be a number of days above 0")


def _columns_of(given: Mapping[str, Any]) -> Iterable[str]:
    """Yield the columns that a law names, the one with its values first."""
    yield given["column"]
    if given.get("dates", NO_DATES) != NO_DATES:
        yield given["dates"]


def _check_column(where: str, file: str, header: Sequence[str], column: str) -> None:
    if column not in header:
        raise ScenarioError(where=where, given=file, expected=f"no column {column!r}{nearest(column, header)}")


def _usable(given: Mapping[str, Any], rows: Sequence[Row]) -> list[float]:
    """Return the cells that are finite numbers of 0 or more, in order; what is a number to the eye alone is refused."""
    column = given["column"]
    for row in rows:
        if is_grouped_number(row.cells[column]):
            text = f"{shown(row.cells[column])}: must be a number, without separators of thousands"
            raise ScenarioError(where=f"{given['file']} line {row.line}, {column}", expected=text)
    numbers = [number_of(row.cells[column]) for row in rows]
    return [number for number in numbers if math.isfinite(number) and number >= 0]
