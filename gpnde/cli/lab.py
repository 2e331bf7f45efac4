"""`gpnde lab`: the dashboard of a scenario in JupyterLab or as a page of its own."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import click

from gpnde.cli.loading import load_sound
from gpnde.cli.printing import note
from gpnde.cli.shell import Command


@click.command(cls=Command)
@click.argument("scenario", default="hdd-southeast-asia")
@click.option("--app", is_flag=True, help="A page of its own, without code, instead of JupyterLab.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where the server listens; left out: a free port.")
@click.option("--no-browser", is_flag=True, help="Start the server only.")
def lab(scenario: str, app: bool, port: int | None, no_browser: bool) -> int:
    """Show the dashboard of a SCENARIO, whose controls drive its charts.

    SCENARIO is as for ``gpnde run``. Ctrl-C ends the server.
    """
    from gpnde.lab.needs import refuse_without_extra
    from gpnde.lab.pages import jupyter_lab_command, voila_command

    refuse_without_extra("anywidget", "voila" if app else "jupyterlab")
    load_sound(scenario)
    with tempfile.TemporaryDirectory(prefix="gpnde-lab-") as folder:
        notebook = write_notebook(Path(folder) / "lab.ipynb", scenario)
        make = voila_command if app else jupyter_lab_command
        note("the lab is open until Ctrl-C")
        return _serve(make(notebook, port, browser=not no_browser))


def write_notebook(path: Path, scenario: str) -> Path:
    """Write a notebook of one cell that shows the dashboard of a scenario, and return it."""
    source = os.path.abspath(scenario) if os.path.exists(scenario) else scenario
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "lab",
        "metadata": {},
        "source": f"import gpnde\n\ngpnde.lab({source!r})",
        "outputs": [],
        "execution_count": None,
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    sheet = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(sheet), encoding="utf-8")
    return path


def _serve(command: list[str]) -> int:
    """Run a server until it ends or Ctrl-C, which reaches it too."""
    server = subprocess.Popen(command)
    try:
        return server.wait()
    except KeyboardInterrupt:
        return server.wait()
