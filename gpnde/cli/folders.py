"""The folder that a command is to make: refused before the work, not after it."""

from __future__ import annotations

import os
from pathlib import Path

from gpnde.errors import GpndeError


def refuse_unusable(directory: Path) -> None:
    """Refuse a folder that holds anything or that cannot be made.

    Raises
    ------
    GpndeError
        It is a file, is not empty, or lies where nothing can be written.
    """
    from gpnde.results.storage import refuse_occupied

    refuse_occupied(directory)
    parent = next(path for path in directory.absolute().parents if path.exists())
    if not parent.is_dir():
        raise GpndeError(f"{directory}: {parent} is a file: name a folder that can be made")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise GpndeError(f"{directory}: nothing can be written in {parent}: name another folder")
