"""Laws whose values stand in a column of a CSV file: ``{law: empirical, file: deliveries.csv, column: lead_days}``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gpnde.errors import ScenarioError, nearest
from gpnde.scenario.problems import Location, Places, shown
from gpnde.scenario.tables import open_csv

_KEYS = ("law", "file", "column", "where")
_LAWS = ("empirical", "series")


class Columns:
    """Reads each CSV file once and replaces the laws that point into it by their values."""

    def __init__(self, folder: Path, places: Places) -> None:
        """Look for files in *folder*; *places* names the laws in errors."""
        self._folder = folder
        self._places = places
        self._files: dict[str, tuple[list[str], list[list[str]]]] = {}

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
        file, column = given["file"], given["column"]
        conditions = {str(name): str(wanted) for name, wanted in (given.get("where") or {}).items()}
        cells = self._cells(where, file, column, conditions)
        values = _numbers(cells, keeps_negative=given["law"] == "series")
        if not values:
            raise ScenarioError(f"{where}: {file} column {column!r}: {len(cells)} rows but no number that can be used")
        origin = {"file": file, "column": column, "where": conditions}
        return {
            "law": given["law"],
            "values": values,
            "origin": {**origin, "rows_used": len(values), "rows_dropped": len(cells) - len(values)},
        }

    def _cells(self, where: str, file: str, column: str, conditions: Mapping[str, str]) -> list[str]:
        if file not in self._files:
            header, lines = open_csv(where, file, self._folder)
            self._files[file] = header, [cells for _, cells in lines]
        header, rows = self._files[file]
        for name, wanted in conditions.items():
            position = _position(where, file, header, name)
            known = dict.fromkeys(row[position] for row in rows)
            rows = [row for row in rows if row[position] == wanted]
            if not rows:
                raise ScenarioError(f"{where}: {file}: no row with {name} {wanted!r}{nearest(wanted, known)}")
        position = _position(where, file, header, column)
        return [row[position] for row in rows]


def _check_keys(given: Mapping[str, Any], where: str) -> None:
    for key in given:
        if key not in _KEYS:
            raise ScenarioError(f"{where}: unknown key {key!r}: a law from a column takes {', '.join(_KEYS)}")
    if given["law"] not in _LAWS:
        raise ScenarioError(f"{where}.law: {shown(given['law'])}: values from a column make a law empirical or series")
    for key in ("file", "column"):
        if not isinstance(given.get(key), str):
            raise ScenarioError(f"{where}.{key}: {shown(given.get(key))}: name the CSV file and its column")
    if not isinstance(given.get("where", {}), Mapping):
        raise ScenarioError(f"{where}.where: {shown(given['where'])}: must be a mapping of columns to texts")


def _position(where: str, file: str, header: Sequence[str], column: str) -> int:
    if column not in header:
        raise ScenarioError(f"{where}: {file}: no column {column!r}{nearest(column, header)}")
    return header.index(column)


def _numbers(cells: Sequence[str], keeps_negative: bool) -> list[float]:
    """Return the cells that are finite numbers, in order, negative ones only where they are kept."""
    numbers = [_number(cell) for cell in cells]
    return [number for number in numbers if math.isfinite(number) and (keeps_negative or number >= 0)]


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan
