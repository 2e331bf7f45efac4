"""Names of what is written beside its place until it is whole, and the end of what a killed process left of it."""

from __future__ import annotations

import os
import platform
import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

_NAME = re.compile(r"\..+-(?P<pid>[0-9]{1,9})(@(?P<host>.*))?\.partial")
_OURS = frozenset({".parquet", ".json", ".html"})
"""What lies in a half-written run; names without a machine are looked into before they are believed to be ours."""


def partial_beside(target: Path) -> Path:
    """Return a new name beside *target* that tells which process on which machine writes there."""
    place = target.absolute()
    # In the same folder, since a rename is one step within a file system only.
    return place.with_name(f".{place.name}.{secrets.token_hex(4)}-{os.getpid()}@{_host()}.partial")


def clear_abandoned(folder: Path) -> None:
    """Remove from *folder* what processes of this machine that are no more had begun to write there.

    What another machine writes, what a living process writes, and what bears another name is left alone.
    """
    with suppress(OSError):
        for path in sorted(folder.glob(".*.partial")):
            if _is_abandoned(path):
                _remove(path)


def _host() -> str:
    return re.sub(r"[^\w.-]", "-", platform.node())


def _is_abandoned(path: Path) -> bool:
    named = _NAME.fullmatch(path.name)
    if named is None or path.is_symlink() or _lives(int(named["pid"])):
        return False
    return _looks_like_ours(path) if named["host"] is None else named["host"] == _host()


def _looks_like_ours(path: Path) -> bool:
    return path.is_dir() and all(one.is_file() and one.suffix in _OURS for one in path.iterdir())


def _lives(pid: int) -> bool:
    """Return whether a process of this machine has the number *pid*; True if that is unknown."""
    # On Windows the call below would end the process.
    if os.name != "posix":
        return True
    try:
        # Signal 0 is not delivered; it only asks whether the process is there.
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        # A process of another user may not be asked, but is there.
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
