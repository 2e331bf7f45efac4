"""The commands that open a notebook: in JupyterLab, or as a page of its own through Voila."""

from __future__ import annotations

import sys
from pathlib import Path


def jupyter_lab_command(notebook: Path, port: int | None = None, *, browser: bool = True) -> list[str]:
    """Return the command that opens *notebook* in JupyterLab.

    JupyterLab is told to ask nobody for news or extensions.

    Parameters
    ----------
    notebook
        A notebook, or the folder that is shown.
    port
        Where the server listens; by default the first free port that JupyterLab finds.
    browser
        Whether a browser opens.

    >>> jupyter_lab_command(Path("hdd.ipynb"), 8890, browser=False)[1:]
    ['-m', 'jupyterlab', 'hdd.ipynb', '--LabApp.extension_manager=readonly', '--ServerApp.port=8890', ...]
    """
    offline = "--LabApp.extension_manager=readonly"
    return [sys.executable, "-m", "jupyterlab", str(notebook), offline, *_server("ServerApp", port, browser)]


def voila_command(notebook: Path, port: int | None = None, *, browser: bool = True, theme: str = "light") -> list[str]:
    """Return the command that serves *notebook* as a page without code, in the template of gpnde.

    The page loads nothing from the internet. Its server answers this machine only, without a password.

    Parameters
    ----------
    notebook
        A notebook, or a folder of notebooks.
    port
        Where the server listens; by default 8866, or the next free one.
    browser
        Whether a browser opens.
    theme
        ``light`` or ``dark``.

    >>> voila_command(Path("hdd.ipynb"), 8866)[1:]
    ['-m', 'gpnde.lab.page_server', 'hdd.ipynb', '--template=gpnde', '--theme=light', ..., '--Voila.port=8866']
    """
    # A page that is closed ends its kernel by a request that has no cookie (voila issue 1458); without this it would be
    # refused. Who sends one must know the secret name of the kernel.
    closing = "--Voila.tornado_settings=disable_check_xsrf=True"
    look = ["--template=gpnde", f"--theme={theme}", closing]
    return [sys.executable, "-m", "gpnde.lab.page_server", str(notebook), *look, *_server("Voila", port, browser)]


def _server(name: str, port: int | None, browser: bool) -> list[str]:
    listen = [] if port is None else [f"--{name}.port={port}"]
    return listen if browser else [*listen, f"--{name}.open_browser=False"]
