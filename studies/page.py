"""Pages of studies: a table between two markers that the command rewrites, and a chart beside the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gpnde.study.intervals import Interval

if TYPE_CHECKING:
    from gpnde.results.chart import Chart

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "studies"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown.

    >>> print(markdown_table(["a", "b"], [["1", "2"]]))
    | a | b |
    | --- | --- |
    | 1 | 2 |
    """
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def verdict(sign: int, change: Interval) -> str:
    """Return whether a change has the stated sign: beyond doubt, or beyond doubt the other one, or neither.

    >>> verdict(-1, Interval(-0.2, -0.3, -0.1)), verdict(-1, Interval(0.0, -0.1, 0.1)), verdict(0, Interval(1, 1, 1))
    ('yes', 'not to be told', '–')
    """
    if sign == 0:
        return "–"
    low, high = sorted((sign * change.low, sign * change.high))
    return "yes" if low > 0.0 else "no, the contrary" if high < 0.0 else "not to be told"


def table_of(page: Path) -> str:
    """Return the table that stands between the markers of a page."""
    return _parts(page)[1].strip("\n")


def write_tables(page: Path, tables: Sequence[str]) -> None:
    """Put tables, one after the other, between the markers of a page."""
    before, _, after = _parts(page)
    text = "\n\n".join(tables)
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def write_page(page: Path, table: str, chart: Chart) -> None:
    """Put a table between the markers of a page, and the chart into a picture of the page's name."""
    write_tables(page, [table])
    chart.save(str(page.with_suffix(".svg")))


def _parts(page: Path) -> tuple[str, str, str]:
    text = page.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{page.name}: markers {BEGIN!r} and {END!r}: must each stand there once")
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    return before, table, after
