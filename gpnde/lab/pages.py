"""The commands that open a notebook: in JupyterLab, or as a page of its own through Voila."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_KERNELS = "gpnde.lab.kernels.LimitedKernels"
_QUIET = ("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")
"""What keeps JupyterLab from offering news in a window of its own, and from asking for a newer version."""
_PAGE_IDLE = 600
"""How long a kernel of a page lives that no page is connected to (s)."""
_OUTPUT_WAIT = 120
"""How long a page waits for what comes out of a cell that has ended (s); by default Voila leaves it out after 4 s."""
_LAB_IDLE = 43_200
"""The same for JupyterLab, where a run goes on when its notebook is closed (s)."""


def jupyter_lab_command(
    notebook: Path, port: int | None = None, *, browser: bool = True, folder: Path | None = None
) -> list[str]:
    """Return the command that opens *notebook* in JupyterLab.

    JupyterLab makes no requests for news or extensions. To open it takes the token that it prints.

    Parameters
    ----------
    notebook
        A notebook, or the folder that is shown.
    port
        Where the server listens; by default the first free port that JupyterLab finds.
    browser
        Whether a browser opens.
    folder
        Where kernels start; by default where their notebook lies.

    >>> jupyter_lab_command(Path("hdd.ipynb"), 8890, browser=False)[1:]
    ['-m', 'jupyterlab', 'hdd.ipynb', '--LabApp.extension_manager=readonly', ..., '--ServerApp.port=8890', ...]
    """
    # Voila beside JupyterLab would hand out pictures below the folder without the token.
    without_voila = "--ServerApp.jpserver_extensions={'voila.server_extension': False}"
    ours = ["--LabApp.extension_manager=readonly", *_QUIET, without_voila]
    ours += [f"--ServerApp.kernel_manager_class={_KERNELS}", *_as_root()]
    server = [*_kernels(_LAB_IDLE, folder), *_server("ServerApp", port, browser)]
    return [sys.executable, "-m", "jupyterlab", str(notebook), *ours, *server]


def voila_command(
    notebook: Path,
    port: int | None = None,
    *,
    browser: bool = True,
    theme: str = "light",
    folder: Path | None = None,
) -> list[str]:
    """Return the command that serves *notebook* as a page without code, in the template of gpnde.

    The page loads nothing from the internet. Its server answers only requests from this machine with the token that it
    prints.

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
    folder
        Where kernels start; by default where their notebook lies.

    >>> voila_command(Path("hdd.ipynb"), 8866)[1:]
    ['-m', 'gpnde.lab.page_server', 'hdd.ipynb', '--template=gpnde', '--theme=light', ..., '--Voila.port=8866']
    """
    # A page that is closed ends its kernel by a request that has no cookie (voila issue 1458); without this it would be
    # refused. Requests out of other pages are refused by their origin, so that nothing is lost.
    closing = "--Voila.tornado_settings=disable_check_xsrf=True"
    ours = [
        "--template=gpnde",
        f"--theme={theme}",
        closing,
        f"--VoilaConfiguration.multi_kernel_manager_class={_KERNELS}",
        f"--VoilaExecutor.iopub_timeout={_OUTPUT_WAIT}",
    ]
    server = [*_kernels(_PAGE_IDLE, folder), *_server("Voila", port, browser)]
    return [sys.executable, "-m", "gpnde.lab.page_server", str(notebook), *ours, *server]


def _as_root() -> list[str]:
    """Return what lets JupyterLab start for root, which it refuses otherwise; it answers this machine only."""
    return ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _kernels(idle: int, folder: Path | None) -> list[str]:
    """Return how long kernels live that are not used (s), and where they start."""
    ends = [f"--LimitedKernels.cull_idle_timeout={idle}"]
    return ends if folder is None else [*ends, f"--LimitedKernels.folder={folder}"]


def _server(name: str, port: int | None, browser: bool) -> list[str]:
    listen = [] if port is None else [f"--{name}.port={port}"]
    return listen if browser else [*listen, f"--{name}.open_browser=False"]
