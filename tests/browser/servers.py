"""Start a server of notebooks for tests, and end it for sure."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PATIENCE = 300.0
"""Seconds that a server gets to answer on a machine that has other work."""

_QUIET = {"fetchNews": "false", "checkForUpdates": False}
"""What keeps JupyterLab from asking the internet for news."""

_WHOLE = {"windowingMode": "none"}
"""What lets JupyterLab draw cells that are out of sight."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def served(command: list[str], probe: str, home: Path) -> Iterator[None]:
    """Run the server *command* until the block ends; it is up when *probe* answers.

    *home* takes its settings and its log, so that those of the user play no part.
    """
    environment = _environment(home)
    log = home / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=home, env=environment)
    try:
        _wait_for(probe, server, log)
        yield
    finally:
        _end(server)


def _environment(home: Path) -> dict[str, str]:
    _set(home, "apputils-extension/notification", _QUIET)
    _set(home, "notebook-extension/tracker", _WHOLE)
    own = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    return os.environ | {name: str(home / folder) for name, folder in own.items()}


def _set(home: Path, part: str, settings: dict[str, Any]) -> None:
    """Give a part of JupyterLab its settings."""
    file = home / "settings" / "@jupyterlab" / f"{part}.jupyterlab-settings"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(settings))


def _wait_for(probe: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not _answers(probe):
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=PATIENCE).close()
    except urllib.error.HTTPError as error:
        error.close()
        return False
    except OSError:
        return False
    return True


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the server, and with it its kernels, which look after whether it lives."""
    server.terminate()
    try:
        server.wait(60)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
