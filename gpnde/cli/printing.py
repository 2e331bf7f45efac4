"""How commands speak: answers on stdout, notes on stderr, JSON as exactly one object."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click


def json_option(function: Any) -> Any:
    """Give a command the option ``--json``, which reaches it as *as_json*."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")(function)


def print_json(answer: Mapping[str, Any]) -> None:
    """Print an answer as one JSON object."""
    click.echo(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False, default=str))


def print_columns(rows: Sequence[Sequence[object]]) -> None:
    """Print rows as columns that line up; numbers stand to the right."""
    for line in columns(rows):
        click.echo(line)


def columns(rows: Sequence[Sequence[object]]) -> list[str]:
    """Return rows as lines of text whose columns line up.

    >>> columns([("serial-chain", 4), ("hdd", 22)])
    ['serial-chain   4', 'hdd           22']
    """
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return ["  ".join(map(_pad, row, text, widths)).rstrip() for row, text in zip(rows, texts, strict=True)]


def _pad(cell: object, text: str, width: int) -> str:
    return text.rjust(width) if isinstance(cell, int | float) else text.ljust(width)


def note(text: str) -> None:
    """Tell the user something that is no part of the answer."""
    click.echo(text, err=True)
