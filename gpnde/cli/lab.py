"""`gpnde lab`: the dashboard of a scenario as a page of its own, or in JupyterLab."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gpnde.cli.loading import load_sound
from gpnde.cli.printing import note
from gpnde.cli.shell import Command
from gpnde.errors import GpndeError

if TYPE_CHECKING:
    from gpnde.scenario.schema import Scenario


@click.command(cls=Command)
@click.argument("scenario", default="hdd-southeast-asia")
@click.option("--notebook", is_flag=True, help="In JupyterLab, as a notebook whose cell is to be run.")
@click.option("--app", is_flag=True, help="A page of its own, without code; it is the default.")
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", help="The look of the page.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where the server listens; left out: a free port.")
@click.option("--no-browser", is_flag=True, help="Start the server only.")
def lab(scenario: str, notebook: bool, app: bool, theme: str, port: int | None, no_browser: bool) -> int:
    """Show the running dashboard of a SCENARIO, whose controls drive its charts.

    SCENARIO is as for ``gpnde run``. Who opens the page needs the token in the address that is printed; the server
    answers this machine only. Ctrl-C ends the server. What is saved goes to the folder in which it was started.
    """
    from gpnde.extras import require_extra
    from gpnde.lab.pages import jupyter_lab_command, voila_command
    from gpnde.lab.serving import ended_by_signals, serve

    if notebook and app:
        raise GpndeError(where="--notebook", given="with --app", expected="give one of them")
    require_extra("lab", "anywidget", "vl_convert", "jupyterlab" if notebook else "voila")
    base = load_sound(scenario)
    make = jupyter_lab_command if notebook else partial(voila_command, theme=theme)
    with ended_by_signals(), notebook_of(scenario, base) as sheet:
        note("the lab is open until Ctrl-C, at the address with a token below")
        return serve(make(sheet, port, browser=not no_browser, folder=Path.cwd()), sheet.parent)


@contextlib.contextmanager
def notebook_of(scenario: str, base: Scenario | None = None) -> Iterator[Path]:
    """Make a folder with a notebook, and remove it at the end unless it was changed; *base* gives it its title."""
    folder = Path(tempfile.mkdtemp(prefix="gpnde-lab-"))
    notebook = write_notebook(folder / "lab.ipynb", scenario, base)
    before = _work_in(folder)
    try:
        yield notebook
    finally:
        if _work_in(folder) == before:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            note(f"what was written in the lab is kept in {folder}")


def _work_in(folder: Path) -> dict[str, object]:
    """Return what lies in a folder but the copies that Jupyter makes: the cells of notebooks, the names of files."""
    found = [path for path in sorted(folder.rglob("*")) if ".ipynb_checkpoints" not in path.parts and path.is_file()]
    return {str(path): _cells(path) if path.suffix == ".ipynb" else "" for path in found}


def _cells(notebook: Path) -> object:
    """Return the text of the cells of a notebook, without what they have put out."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells]
    except (OSError, ValueError, LookupError, TypeError):
        return None


def write_notebook(path: Path, scenario: str, base: Scenario | None = None) -> Path:
    """Write a notebook of one cell that shows the dashboard of a scenario, and return it.

    Its metadata hold what a page shows while the dashboard is made: title and description of *base*, and a glossary.
    """
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
    metadata = {"kernelspec": kernel, **({} if base is None else _meanwhile(base))}
    sheet = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(sheet), encoding="utf-8")
    return path


def _meanwhile(base: Scenario) -> dict[str, Any]:
    from gpnde.lab.glossary import FIRST

    words = [entry._asdict() for entry in FIRST]
    return {"title": base.title or base.name, "gpnde": {"description": base.description, "words": words}}
