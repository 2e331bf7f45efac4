"""Run a server of notebooks, and end it with all that belongs to it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_PATIENCE = 15.0
"""How long a server may take to end its kernels (s)."""


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise KeyboardInterrupt in the block at the first signal to stop; later signals are ignored."""
    before = {each: signal.signal(each, _interrupt) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    # A second one would break off the orderly end of the server.
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def serve(command: Sequence[str], folder: Path) -> int:
    """Run a server in *folder* until it ends or is to end, and return its exit code.

    It has a session of its own, so that Ctrl-C reaches this process alone, which then ends the server in order.
    """
    server = subprocess.Popen(command, cwd=folder, start_new_session=True)
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """End a server, which ends its kernels; one that hangs is killed, and its kernels end when they notice."""
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
