"""Small pieces of Markdown: tables, code and lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return a table; columns in which no row has anything are left out, and so is a table without rows.

    >>> print(table(("Name", "Unit", "Meaning"), [("days", "", "Horizon | length.")]))
    | Name | Meaning |
    | --- | --- |
    | days | Horizon \| length. |
    """
    body = [[_cell(text) for text in row] for row in rows]
    if not body:
        return ""
    kept = [number for number in range(len(heads)) if any(row[number] for row in body)]
    lines = [[row[number] for number in kept] for row in (heads, ["---"] * len(heads), *body)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(text: str) -> str:
    """Return a text in code style; nothing for an empty one.

    >>> code("clock.days")
    '`clock.days`'
    """
    return f"`{text}`" if text else ""


def codes(names: Iterable[str]) -> str:
    """Return names in code style, with commas between them.

    >>> codes(["a", "b"])
    '`a`, `b`'
    """
    return ", ".join(code(name) for name in names)


def section(level: int, title: str, *parts: str) -> str:
    r"""Return a heading and the parts below it; empty ones are left out.

    >>> section(2, "Purpose", "", "To learn.")
    '## Purpose\n\nTo learn.'
    """
    return "\n\n".join([f"{'#' * level} {title}", *filter(None, parts)])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
