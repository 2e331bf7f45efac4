"""Every notebook runs from top to bottom, says first what it shows, and is saved without what a run leaves."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ..browsers import found_browser
from ..thorough import THOROUGH

ROOT = Path(__file__).resolve().parents[2]
LONG = 1800
"""Longer than any cell takes, on a machine with other work too (s)."""
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def read(notebook: Path) -> nbformat.NotebookNode:
    document: nbformat.NotebookNode = nbformat.read(notebook, nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    return document


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


def test_notebook_opens_with_what_it_shows_and_holds_no_outputs(notebook: Path) -> None:
    document = read(notebook)
    nbformat.validate(document)
    first = document.cells[0]
    assert first.cell_type == "markdown" and first.source.startswith("# ") and len(first.source.split()) > 20
    for cell in document.cells:
        assert cell.source.strip()
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)


@pytest.fixture
def not_in_a_browser(request: pytest.FixtureRequest, notebook: Path) -> None:
    """Skip the notebooks that the tests in a browser run as well, which is the first one, or all in a thorough run."""
    has_browser = found_browser() and "not browser" not in request.config.getoption("markexpr")
    if has_browser and (THOROUGH or notebook == NOTEBOOKS[0]):
        pytest.skip("runs in JupyterLab: tests/browser/test_notebooks.py")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("not_in_a_browser")
def test_notebook_runs_from_top_to_bottom(notebook: Path, tmp_path: Path) -> None:
    shutil.copy(notebook, tmp_path)
    document = read(notebook)
    place = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(document, timeout=LONG, startup_timeout=LONG, iopub_timeout=LONG, resources=place).execute()
    shown = [output for cell in document.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("data" in output for output in shown)
    assert [output for output in shown if output.output_type == "error"] == []
