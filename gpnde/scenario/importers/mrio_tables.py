"""Read input-output tables: what pymrio saves (Z, Y and x), or one table with everything in it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.errors import ScenarioError
from gpnde.scenario.importers.base import column_name, existing, instead, named_files, number, skipped
from gpnde.scenario.importers.grids import read_grid

SINGLE_REGION = "economy"
"""The region of all sectors of a table that names none."""

Matrix = NDArray[np.float64]
Key = tuple[str, str]
"""A region and a sector, or what stands in their place at the head of another row or column."""

_NAMES = ("Z", "Y", "x")
_SECTOR_WORDS = frozenset({"sector", "industry", "product", "commodity", ""})
_OUTPUT = re.compile(r"output|indout|gross production|^(x|total|total (use|uses|supply|production))$")
_SUBTOTAL = re.compile(r"^(total|sum|subtotal|intermediate)\b")
_FILES = "give Z.csv, Y.csv and x.csv, or one table with sectors as rows and columns"


class Economy(NamedTuple):
    """A table in values per year: *flow* from row to column; *final* demand, gross *output* and *imports* by sector."""

    keys: list[Key]
    flow: Matrix
    final: Matrix
    output: Matrix
    imports: Matrix


class _Table(NamedTuple):
    """A table of numbers with its *rows* and *columns*, and how many cells were *blank*."""

    path: Path
    rows: list[Key]
    columns: list[Key]
    values: Matrix
    blank: int


def read_economy(files: Sequence[Path]) -> tuple[Economy, list[str]]:
    """Return the economy in files of any name, with notes on what was skipped or assumed.

    Raises
    ------
    ScenarioError
        A file, a sector or a number is missing or wrong.
    """
    paths = named_files("mrio", files, (), _NAMES)
    if "Z" in paths and "Y" in paths:
        economy, notes = _of_three(paths["Z"], paths["Y"], paths.get("x"))
        return economy, [*skipped("mrio", files, _NAMES), *notes]
    tables = existing("mrio", files)
    if len(tables) != 1:
        lacking = [f"{name}.csv" for name in ("Z", "Y") if name not in paths]
        raise ScenarioError(where="mrio", given=f"{instead(files)}{', '.join(lacking)} not given", expected=_FILES)
    return _of_one(_read(tables[0]))


def _of_three(flows: Path, final: Path, output: Path | None) -> tuple[Economy, list[str]]:
    table = _read(flows)
    keys = table.rows
    if set(table.columns) != set(keys) or len(table.columns) != len(keys):
        counts = f"{len(keys)} rows and {len(table.columns)} columns"
        raise ScenarioError(where=str(flows), given=counts, expected="give the same sectors as both")
    flow = table.values[:, [table.columns.index(key) for key in keys]]
    demand = _read(final)
    used = _aligned(demand, keys).sum(axis=1)
    made = flow.sum(axis=1) + used if output is None else _aligned(_read(output), keys)[:, 0]
    notes = [] if output else ["mrio: x.csv not given: output is what is sold"]
    return Economy(keys, flow, used, made, np.zeros(len(keys))), [*notes, *_blanks(table, demand)]


def _of_one(table: _Table) -> tuple[Economy, list[str]]:
    both = set(table.columns)
    keys = [key for key in table.rows if key in both and _kind(key) == "final"]
    if not keys:
        raise ScenarioError(where=str(table.path), expected=f"no sector stands both as a row and as a column: {_FILES}")
    sold = table.values[[table.rows.index(key) for key in keys]]
    flow = sold[:, [table.columns.index(key) for key in keys]]
    kinds = {n: _kind(key) for n, key in enumerate(table.columns) if key not in set(keys)}
    final = sold[:, [n for n, kind in kinds.items() if kind == "final"]].sum(axis=1)
    # Imports stand with either sign, depending on the table.
    final = final - np.abs(sold[:, [n for n, kind in kinds.items() if kind == "imports"]]).sum(axis=1)
    totals = [n for n, kind in kinds.items() if kind == "output"]
    output = sold[:, totals[-1]] if totals else flow.sum(axis=1) + final
    economy = Economy(keys, flow, final, output, _imports(table, keys))
    return economy, [*_blanks(table), *_roles(table, keys, kinds)]


def _imports(table: _Table, keys: Sequence[Key]) -> Matrix:
    """Return what each sector buys from beyond the table, by the rows of imports."""
    rows = [n for n, key in enumerate(table.rows) if key not in set(keys) and _kind(key) == "imports"]
    columns = [table.columns.index(key) for key in keys]
    bought: Matrix = np.abs(table.values[np.ix_(rows, columns)]).sum(axis=0)
    return bought


def _kind(key: Key) -> str:
    """Return what a row or column is that is no sector: imports, output, a subtotal, or final (demand or value)."""
    label = " ".join(key[1].lower().replace("_", " ").split())
    if "import" in label:
        return "imports"
    if _OUTPUT.search(label):
        return "output"
    return "subtotal" if _SUBTOTAL.search(label) else "final"


def _roles(table: _Table, keys: Sequence[Key], kinds: dict[int, str]) -> list[str]:
    """Return notes on how the columns and rows beside the sectors were read."""
    found = [
        (f"column{'s' if len(names) > 1 else ''} {', '.join(names)} taken as {said}")
        for kind, said in (
            ("final", "final demand"),
            ("imports", "imports, which are taken off final demand"),
            ("output", "output"),
            ("subtotal", "subtotals, which are skipped"),
        )
        if (names := list(dict.fromkeys(table.columns[n][1] for n, one in kinds.items() if one == kind)))
    ]
    others = [key for key in table.rows if key not in set(keys)]
    imports = [key[1] for key in others if _kind(key) == "imports"]
    rest = [key[1] for key in others if _kind(key) != "imports"]
    found += [f"rows {', '.join(imports)} taken as inputs from outside"] if imports else []
    found += [f"rows {', '.join(dict.fromkeys(rest))} skipped: value added is what inputs leave of 1"] if rest else []
    return [f"mrio: {text}" for text in found]


def _blanks(*tables: _Table) -> list[str]:
    return [f"mrio: {one.path.name}: {one.blank} blank cells taken as 0" for one in tables if one.blank]


def _aligned(table: _Table, keys: Sequence[Key]) -> Matrix:
    """Return the numbers of a table with its rows in the order of *keys*."""
    place = {key: row for row, key in enumerate(table.rows)}
    for key in keys:
        if key not in place:
            raise ScenarioError(
                where=str(table.path),
                expected=f"no row for {name_of(key)!r}: give the same regions and sectors as in Z",
            )
    return table.values[[place[key] for key in keys]]


def _read(path: Path) -> _Table:
    """Return the numbers of a table, with the names at the head of its rows and columns."""
    lines = [line.cells for line in read_grid(path)]
    labels = _label_columns(lines)
    start = next((n for n, cells in enumerate(lines) if n and any(map(_is_number, cells[labels:]))), len(lines))
    header = [cells for cells in lines[:start] if any(cells[labels:])]
    rows = [cells for cells in lines[start:] if any(cells[labels:])]
    if not rows or not header:
        raise ScenarioError(
            where=str(path), expected="no numbers: give region, sector and one column or more of numbers"
        )
    columns = _column_keys(header, labels)
    keys = [_key(cells[:labels]) for cells in rows]
    twice = next((key for place, key in enumerate(keys) if key in keys[:place]), None)
    if twice:
        raise ScenarioError(
            where=str(path), given=f"{name_of(twice)!r} is given twice", expected="give every region and sector one row"
        )
    values = np.array([_numbers(path, key, cells[labels:], columns) for key, cells in zip(keys, rows, strict=True)])
    return _Table(path, keys, columns, values, sum(cells[labels:].count("") for cells in rows))


def _label_columns(lines: Sequence[Sequence[str]]) -> int:
    """Return whether one column names the rows, or two: region and sector."""
    first, last = lines[0], lines[-1]
    if len(first) < 3:
        return 1
    named = column_name(first[1]) in _SECTOR_WORDS
    return 2 if named or not (_is_number(last[1]) or not last[1]) else 1


def _column_keys(header: Sequence[Sequence[str]], labels: int) -> list[Key]:
    """Return region and name of each column; a region that stands once heads all columns up to the next."""
    if len(header) == 1:
        pairs = [cell.partition("/") for cell in header[0][labels:]]
        split = labels == 2 and all(slash for _, slash, _ in pairs)
        return [(before, after) if split else ("" if labels == 2 else SINGLE_REGION, cell)
                for cell, (before, _, after) in zip(header[0][labels:], pairs, strict=True)]  # fmt: skip
    regions, region = [], ""
    for cell in header[0][labels:]:
        region = cell or region
        regions.append(region)
    return list(zip(regions, header[-1][labels:], strict=True))


def _key(cells: Sequence[str]) -> Key:
    return (cells[0], cells[1]) if len(cells) == 2 else (SINGLE_REGION, cells[0])


def _numbers(path: Path, key: Key, cells: Sequence[str], columns: Sequence[Key]) -> list[float]:
    where = f"{path}: row {name_of(key)}"
    return [
        number({name_of(column): cell or "0"}, name_of(column), where)
        for column, cell in zip(columns, cells, strict=True)
    ]


def name_of(key: Key) -> str:
    """Return the name of a sector: with its region, where there are several."""
    return key[1] if key[0] in (SINGLE_REGION,) else "/".join(key)


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
