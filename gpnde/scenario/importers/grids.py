"""Tables as people have them: any separator, encoding and way to write numbers, read as lines of plain cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from gpnde.errors import ScenarioError
from gpnde.scenario.kinds import what_it_is
from gpnde.scenario.problems import shown
from gpnde.scenario.reading import MOST_BYTES, other_than_file

SEPARATORS = "\t;|,"
_MARKS = re.compile(r"[-+]?[0-9][0-9.,]*(?:[eE][-+]?[0-9]+)?$|[-+]?[.,][0-9]+$")
_SPACES = str.maketrans("", "", "\u00a0\u202f '’")
_SPACED = re.compile(r"[-+]?[0-9]{1,3}([\u00a0\u202f '’][0-9]{3})+([.,][0-9]+)?$")
_POINT = re.compile(r"[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?([eE][-+]?[0-9]+)?$")
_COMMA = re.compile(r"[-+]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]*)?([eE][-+]?[0-9]+)?$")


class Line(NamedTuple):
    """A line of a table that is not blank: its number in the file and its cells."""

    number: int
    cells: list[str]


def read_grid(path: Path) -> list[Line]:
    """Return the lines of a table whose cells are separated by tabs, semicolons, bars or commas.

    Texts are UTF-8, UTF-16 with its mark, or Windows-1252. Numbers with a decimal comma, or with thousands that are set
    apart, come as plain ones; which of the two a comma is, all numbers of the file tell together.

    Raises
    ------
    ScenarioError
        It is no table, a line has more or fewer cells than the first, or the role of commas is ambiguous.
    """
    text = _decoded(path)
    separator = _separator(text)
    lines = list(_lines(path, text, separator))
    if not lines:
        raise ScenarioError(where=str(path), expected="empty: the first line must name the columns")
    return _with_plain_numbers(path, lines)


def _decoded(path: Path) -> str:
    kind = other_than_file(path)
    if kind:
        raise ScenarioError(where=str(path), expected=what_it_is(path))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ScenarioError(
                where=str(path), given=f"{path.stat().st_size:,} bytes", expected=f"must be at most {MOST_BYTES:,}"
            )
        content = path.read_bytes()
    except OSError as error:
        raise ScenarioError(
            where=str(path), given=str(error.strerror), expected="give a file that can be read"
        ) from None
    if b"\0" in content and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise ScenarioError(
            where=str(path), given=what_it_is(path) or "is no text", expected="give a table as text, such as CSV"
        )
    for encoding in ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ScenarioError(where=str(path), expected="neither UTF-8 nor Windows text: save the file as UTF-8")


def _separator(text: str) -> str:
    """Return what separates most cells in the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=lambda mark: (len(next(csv.reader([first], delimiter=mark), [])), mark == ","))


def _lines(path: Path, text: str, separator: str) -> Iterable[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    width, number = 0, 1
    try:
        for cells in reader:
            line = Line(number, [cell.strip() for cell in cells])
            if any(line.cells):
                width = width or len(line.cells)
                _check_width(path, line, width)
                yield line
            # A quoted cell may go over several lines, so the number is not a count of rows.
            number = reader.line_num + 1
    except csv.Error as error:
        raise ScenarioError(
            where=f"{path} line {number}", given=str(error), expected="fix the quotes or shorten the cell"
        ) from None


def _check_width(path: Path, line: Line, width: int) -> None:
    if len(line.cells) != width:
        raise ScenarioError(
            where=f"{path} line {line.number}",
            given=f"{len(line.cells)} cells",
            expected=f"must be {width}, one for each column",
        )


def _with_plain_numbers(path: Path, lines: Sequence[Line]) -> list[Line]:
    marked = [(line, cell) for line in lines for cell in line.cells if "," in cell and _is_number(cell)]
    pointed = [cell for line in lines for cell in line.cells if "." in cell and _is_number(cell)]
    comma = _comma_is_decimal(path, marked, pointed)
    return [Line(line.number, [_plain(cell, comma) for cell in line.cells]) for line in lines]


def _is_number(cell: str) -> bool:
    bare = cell.translate(_SPACES)
    return bool((_MARKS.match(cell) or _SPACED.match(cell)) and (_POINT.match(bare) or _COMMA.match(bare)))


def _comma_is_decimal(path: Path, marked: Sequence[tuple[Line, str]], pointed: Sequence[str]) -> bool:
    """Return whether commas are decimal: where all commas could be both, points decide, else it is ambiguous."""
    cells = [cell.translate(_SPACES) for _, cell in marked]
    points = [cell.translate(_SPACES) for cell in pointed]
    as_comma = all(_COMMA.match(cell) for cell in (*cells, *(cell for cell in points if "," in cell)))
    as_point = all(_POINT.match(cell) for cell in cells)
    if as_comma != as_point or not cells:
        return as_comma and bool(cells)
    if as_comma and any(not _COMMA.match(cell) for cell in points):
        return False
    line, cell = marked[0]
    right = "write all numbers of the file with a point, such as 1200 or 1.2"
    raise ScenarioError(
        where=f"{path} line {line.number}",
        given=shown(cell),
        expected=f"the comma can be of thousands or decimal: {right}",
    )


def _plain(cell: str, comma_is_decimal: bool) -> str:
    """Return a number without marks of thousands and with a decimal point, and any other cell as it is."""
    if not _is_number(cell):
        return cell
    bare = cell.translate(_SPACES)
    if comma_is_decimal and _COMMA.match(bare):
        return bare.replace(".", "").replace(",", ".")
    return bare.replace(",", "") if _POINT.match(bare) else cell
