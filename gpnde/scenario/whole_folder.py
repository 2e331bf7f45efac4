"""Write a folder whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from gpnde.errors import GpndeError
from gpnde.scenario.partial import clear_abandoned, partial_beside


def write_whole_folder(target: Path, texts: Mapping[str, str], error: type[GpndeError]) -> None:
    """Write *texts*, by path inside it, to a new or empty folder: all of them, or nothing.

    Raises
    ------
    GpndeError
        The folder holds something already or cannot be written; it is of the kind *error*.
    """
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise error(where=str(target), expected="exists and is not an empty folder: give another name")
    clear_abandoned(target.absolute().parent)
    partial = partial_beside(target)
    try:
        _write(texts, partial)
        if target.is_dir():
            # A rename replaces an empty folder on some systems only.
            target.rmdir()
        partial.rename(target)
    except OSError as problem:
        raise error(
            where=str(target), given=str(problem.strerror), expected="give a folder that can be written"
        ) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write(texts: Mapping[str, str], folder: Path) -> None:
    for path, text in texts.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        # Without translation of line ends, so that a folder has the same bytes on every system.
        place.write_text(text, encoding="utf-8", newline="")
