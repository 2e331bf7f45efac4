"""The folder that a command is to make: refused before the work, not after it."""

from __future__ import annotations

import tempfile
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
    try:
        tempfile.TemporaryFile(dir=parent).close()
    except OSError as error:
        raise GpndeError(
            where=str(directory), given=str(parent), expected=f"{error.strerror}: name a folder that can be made"
        ) from None
