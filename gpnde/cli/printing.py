"""How commands speak: answers on stdout, notes on stderr, JSON as exactly one object."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import click

WIDTH = 100
"""Letters in a line of text, as far as it can be broken."""
_NARROWEST = 30


def json_option(function: Any) -> Any:
    """Give a command the option ``--json``, which reaches it as *as_json*."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")(function)


def print_answer(as_json: bool, data: Callable[[], Mapping[str, Any]], text: Callable[[], str]) -> None:
    """Print an answer as *data* for programs or as *text* for people; the other is not worked out."""
    if as_json:
        print_json(data())
    else:
        click.echo(text())


def print_json(answer: Mapping[str, Any]) -> None:
    """Print an answer as one JSON object."""
    click.echo(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False, default=str))


def columns(rows: Sequence[Sequence[object]]) -> str:
    """Return rows as lines of text whose columns line up, numbers to the right.

    >>> print(columns([("serial-chain", 4), ("hdd", 22)]))
    serial-chain   4
    hdd           22
    """
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = ("  ".join(map(_pad, row, text, widths)).rstrip() for row, text in zip(rows, texts, strict=True))
    return "\n".join(lines)


def wrapped_columns(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of text as `columns` does, with what is too long in the last column on further lines.

    >>> print(wrapped_columns([("hdd", "a long story " * 8)]))
    hdd  a long story a long story a long story a long story a long story a long story a long story a
         long story
    """
    *others, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    left = sum(width + 2 for width in others)
    space = max(_NARROWEST, WIDTH - left)
    return "\n".join(line for row in rows for line in _wrapped(row, others, space))


def _wrapped(row: Sequence[str], widths: Sequence[int], space: int) -> Iterator[str]:
    *cells, last = row
    lead = "".join(f"{cell.ljust(width)}  " for cell, width in zip(cells, widths, strict=True))
    texts = textwrap.wrap(last, space, break_long_words=False, break_on_hyphens=False) or [""]
    for text in texts:
        yield f"{lead}{text}".rstrip()
        lead = " " * len(lead)


def _pad(cell: object, text: str, width: int) -> str:
    return text.rjust(width) if isinstance(cell, int | float) else text.ljust(width)


def note(text: str) -> None:
    """Tell the user something that is no part of the answer."""
    click.echo(text, err=True)
