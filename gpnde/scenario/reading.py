"""Read text and JSON that people hand over: one line about what is not a file, too large, or no text at all."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gpnde.errors import GpndeError, ScenarioError

MOST_BYTES = 1_000_000_000
"""The largest text file that is read (bytes): more does not fit into the memory of a usual machine as rows."""

_FILE_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def other_than_file(path: str | os.PathLike[str]) -> str | None:
    """Return what stands at *path* where that is something else than a file, or None.

    >>> other_than_file("/")
    'a folder'
    """
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        # A null character in a path is a ValueError.
        return None
    return next((name for is_kind, name in _FILE_KINDS if is_kind(mode)), None)


def read_text(path: Path, most_bytes: int = MOST_BYTES, error: type[GpndeError] = ScenarioError) -> str:
    """Return the text of the UTF-8 file at *path*, of at most *most_bytes*.

    Nothing is opened that is no file: reading a pipe would wait for ever.

    Raises
    ------
    GpndeError
        It is no file, too large, or no UTF-8 text; it is of the kind *error*.
    """
    kind = other_than_file(path)
    if kind:
        raise error(f"{path}: is {kind}: give a file")
    try:
        size = path.stat().st_size
        if size > most_bytes:
            raise error(f"{path}: {size:,} bytes: must be at most {most_bytes:,}")
        # Without the byte order mark that spreadsheets put first.
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise error(f"{path}: byte {problem.start} is not UTF-8: save the file as UTF-8 text") from None
    except OSError as problem:
        raise error(f"{path}: {problem.strerror}: give a file that can be read") from None


def parse_json(text: str, told: Callable[[str], str], error: type[GpndeError] = ScenarioError) -> Any:
    """Return what the JSON *text* says.

    Raises
    ------
    GpndeError
        It is no JSON, or nested too deeply; *told* makes the line of what is wrong.

    >>> parse_json("[1, 2", lambda cause: f"x.json: {cause}: fix it")
    Traceback (most recent call last):
    gpnde.errors.ScenarioError: x.json: Expecting ',' delimiter: line 1 column 6 (char 5): fix it
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise error(told("nested too deeply")) from None
    except json.JSONDecodeError as problem:
        raise error(told(str(problem))) from None
    except ValueError:
        # What is left is the limit that Python sets to the digits of a whole number.
        raise error(told("a whole number of too many digits")) from None
