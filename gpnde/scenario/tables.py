"""Tables of a scenario as rows: lists, mappings from names to fields, and CSV files beside the YAML.

A CSV file has a field name at the head of each column; an empty cell leaves the field out. Laws stand in their short
form, ``gamma(mean=10, cv=0.3)``; lists and mappings stand as JSON.
"""

from __future__ import annotations

import csv
import io
import json
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from gpnde.errors import ScenarioError, nearest
from gpnde.scenario.knowledge import Country, Peer
from gpnde.scenario.law import Law
from gpnde.scenario.markets import Market
from gpnde.scenario.model import Block
from gpnde.scenario.network import Cluster, Firm, Link, Region, Site
from gpnde.scenario.problems import Rows, shown
from gpnde.scenario.reading import parse_json, read_text

TABLES: dict[str, type[Block]] = {
    "countries": Country,
    "regions": Region,
    "clusters": Cluster,
    "firms": Firm,
    "sites": Site,
    "links": Link,
    "peers": Peer,
    "markets": Market,
}
"""The parts of a scenario that may stand in a CSV file, with the kind of each row."""


def read_table(name: str, given: Any, folder: Path) -> tuple[Any, Rows | None]:
    """Return the rows of the table *name* as a list, with the CSV file that they came from, if any."""
    if isinstance(given, str):
        return _read_csv(name, given, folder)
    if isinstance(given, Mapping):
        return [_named_row(name, key, fields) for key, fields in given.items()], None
    return given, None


def _named_row(table: str, name: Any, fields: Any) -> dict[str, Any]:
    if "name" not in TABLES[table].model_fields:
        raise ScenarioError(
            where=table, expected=f"a mapping: {table} have no names; give a list or the name of a CSV file"
        )
    if fields is not None and not isinstance(fields, Mapping):
        raise ScenarioError(
            where=f"{table}.{name}", given=shown(fields), expected="must be a mapping of keys to values"
        )
    row = {"name": name, **(fields or {})}
    if row["name"] != name:
        raise ScenarioError(
            where=f"{table}.{name}.name", given=shown(row["name"]), expected="leave it out, the key is the name"
        )
    return row


def _read_csv(table: str, file: str, folder: Path) -> tuple[list[dict[str, Any]], Rows]:
    if not file.lower().endswith(".csv"):
        raise ScenarioError(
            where=table, given=shown(file), expected="must be a list, a mapping or the name of a CSV file"
        )
    header, lines = open_csv(table, file, folder)
    return rows_of(table, file, header, lines)


def rows_of(
    table: str, file: str, header: Sequence[str], lines: Iterable[tuple[int, list[str]]]
) -> tuple[list[dict[str, Any]], Rows]:
    """Return the rows of the table *table* from the *header* and *lines* of a file, and where each stands."""
    _check_header(file, header, TABLES[table])
    as_json = [_cell_kind(TABLES[table], name) for name in header]
    rows, numbers = [], []
    for number, cells in lines:
        rows.append(_row(f"{file} line {number}", header, as_json, cells))
        numbers.append(number)
    return rows, Rows(file, numbers)


def open_csv(
    where: str, file: str, folder: Path, *, names_columns: bool = True
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Return the column names of the CSV *file* and an iterator over line numbers and stripped cells.

    A column that stands twice is refused, unless the first line does not name columns by itself.
    """
    path = folder / file
    if not path.exists():
        known = sorted(found.name for found in path.parent.glob("*.csv"))
        raise ScenarioError(
            where=where,
            given=shown(file),
            expected=f"no such file in {path.parent}{nearest(path.name, known)}",
        )
    lines = _cells(file, read_text_with_line_ends(path))
    header = next(lines, (1, []))[1]
    if not any(header):
        raise ScenarioError(where=file, expected="empty: the first line must name the columns")
    if len(header) == 1 and set(header[0]) & set(";\t|"):
        raise ScenarioError(where=file, given=shown(header[0]), expected="must be columns that are separated by commas")
    if names_columns:
        refuse_double_columns(file, header)
    return header, lines


def refuse_double_columns(file: str, header: Sequence[str]) -> None:
    """Refuse a name that two columns of *file* have, since it is ambiguous; blanks are no names."""
    twice = [f"column {name!r} stands twice" for name in dict.fromkeys(header) if name and header.count(name) > 1]
    if twice:
        raise ScenarioError(where=file, given=", ".join(twice), expected="give every column a name of its own")


def read_text_with_line_ends(path: Path) -> io.StringIO:
    """Return the text of *path* for the csv module, which minds line ends inside quotes itself."""
    return io.StringIO(read_text(path), newline="")


def _cells(file: str, text: io.StringIO) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the first line of each row that is not blank, and its cells."""
    reader = csv.reader(text, strict=True)
    width, number = 0, 1
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if any(cells):
                width = width or len(cells)
                _check_width(f"{file} line {number}", cells, width)
                yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise ScenarioError(
            where=f"{file} line {number}", given=str(error), expected="fix the quotes or shorten the cell"
        ) from None


def _check_width(where: str, cells: Sequence[str], width: int) -> None:
    if len(cells) != width:
        raise ScenarioError(where=where, given=f"{len(cells)} cells", expected=f"must be {width}, one for each column")


def _check_header(file: str, header: Sequence[str], block: type[Block]) -> None:
    fields = block.model_fields
    faults = [f"unknown column {name!r}{nearest(name, fields)}" for name in header if name not in fields]
    missing = [name for name, field in fields.items() if field.is_required() and name not in header]
    faults += [f"required column {name!r} is missing" for name in missing]
    if faults:
        raise ScenarioError(where=file, expected=", ".join(faults))


CellKind = Literal["text", "law", "json", "plain"]


@cache
def _cell_kind(block: type[Block], name: str) -> CellKind:
    """Return how a cell of the column *name* is read: as text, a law, JSON, or left for pydantic to convert."""
    annotation = block.model_fields[name].annotation
    options = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    if Law in options:
        return "law"
    if any(option in (float, int, bool) for option in options):
        return "plain"
    is_text = any(option is str or all(isinstance(word, str) for word in _words(option)) for option in options)
    return "text" if is_text else "json"


def _words(option: Any) -> tuple[Any, ...]:
    """Return what a Literal allows, or something that is no text."""
    return get_args(option) if get_origin(option) is Literal else (None,)


def _row(where: str, header: Sequence[str], kinds: Sequence[CellKind], cells: Sequence[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, kind, cell in zip(header, kinds, cells, strict=True):
        if cell:
            row[name] = cell if kind == "plain" else _read_cell(f"{where}, {name}", kind, cell)
    return row


def _read_cell(where: str, kind: CellKind, cell: str) -> Any:
    # Text that a bare cell would not give back as it was stands in quotes of JSON, see `_is_bare`.
    is_json = kind == "json" or (kind == "law" and cell[0] == "{") or (kind == "text" and cell[0] == '"')
    if not is_json:
        return cell
    return parse_json(cell, lambda _: f'{where}: {shown(cell)}: must be JSON, such as [1, 2] or {{"key": 1}}')


def write_table(rows: Sequence[Mapping[str, Any]], block: type[Block]) -> str:
    """Return plain *rows* as the text of a CSV file that `read_table` reads back; unused columns are left out."""
    used = {name for row in rows for name in row}
    columns = [name for name, field in block.model_fields.items() if name in used or field.is_required()]
    kinds = [_cell_kind(block, name) for name in columns]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_write_cell(kind, row.get(name)) for name, kind in zip(columns, kinds, strict=True)])
    return text.getvalue()


_FORMULA = ("=", "+", "-", "@")
"""How text begins that a spreadsheet would take for a formula; it stands in quotes."""


def _write_cell(kind: CellKind, value: Any) -> str:
    if value is None:
        return ""
    if kind == "json" or isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        is_formula = kind == "text" and value.startswith(_FORMULA)
        return value if _is_bare(value) and not is_formula else json.dumps(value)
    return json.dumps(value)


def _is_bare(text: str) -> bool:
    """Return whether a cell gives *text* back as it is, without the quotes and escapes of JSON."""
    return text.isprintable() and text == text.strip() and not text.startswith('"') and text != ""
