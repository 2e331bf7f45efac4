"""How commands speak: answers on stdout, notes on stderr, JSON as exactly one object."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click


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


def _pad(cell: object, text: str, width: int) -> str:
    return text.rjust(width) if isinstance(cell, int | float) else text.ljust(width)


def note(text: str) -> None:
    """Tell the user something that is no part of the answer."""
    click.echo(text, err=True)
