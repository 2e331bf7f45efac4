"""The notebooks of the repository in JupyterLab, with the network cut: every chart is drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import gpnde.charts

from .conftest import FrontEnd

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
CONTENT = "window.jupyterapp.shell.currentWidget.content"
RUN = f"""async place => {{
    const content = {CONTENT};
    content.deselectAll();
    content.activeCellIndex = place;
    await window.jupyterapp.commands.execute("notebook:run-cell");
    return content.widgets[place].model.outputs.toJSON();
}}"""
"""Runs one cell and returns what came out of it."""
DRAWN = f"""place => {{
    const cell = {CONTENT}.widgets[place].node;
    const charts = [...cell.querySelectorAll(".vega-embed svg.marks, .gpnde-treatment svg.marks")];
    return charts.some(chart => chart.querySelector("g[class*='role-mark'] > *"));
}}"""
"""Whether a cell shows a chart that has marks."""


def shows_a_chart(source: str) -> bool:
    """Return whether what a cell comes to is a chart or the dashboard."""
    last = source.splitlines()[-1]
    return last == "lab" or last.partition("(")[0] in gpnde.charts.__all__


def run_cell(page: Page, place: int) -> list[dict[str, Any]]:
    outputs: list[dict[str, Any]] = page.evaluate(RUN, place)
    return outputs


def sources(notebook: Path) -> dict[int, str]:
    """Return the code of a notebook by the place of its cell."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return {place: "".join(cell["source"]) for place, cell in enumerate(cells) if cell["cell_type"] == "code"}


@pytest.mark.slow
@pytest.mark.sampled(4)
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_chart_of_a_notebook_is_drawn_without_a_network(
    notebook: Path, jupyter_lab_server: FrontEnd, page: Page
) -> None:
    jupyter_lab_server.show(page, notebook)
    for place, source in sources(notebook).items():
        outputs = run_cell(page, place)
        assert "error" not in [output["output_type"] for output in outputs], outputs
        assert "http" not in "".join(json.dumps(output.get("data", {}).get("text/html", "")) for output in outputs)
        if shows_a_chart(source):
            page.wait_for_function(DRAWN, arg=place)


def test_notebooks_show_charts() -> None:
    assert sum(shows_a_chart(source) for notebook in NOTEBOOKS for source in sources(notebook).values()) == 9


@pytest.mark.slow
def test_charts_of_a_notebook_are_drawn_by_voila(voila_server: FrontEnd, page: Page) -> None:
    voila_server.show(page, NOTEBOOKS[0])
    drawn = "[...document.querySelectorAll('.vega-embed svg.marks')].filter(one => one.querySelector('.role-mark > *'))"
    wanted = sum(map(shows_a_chart, sources(NOTEBOOKS[0]).values()))
    page.wait_for_function(f"wanted => {drawn}.length === wanted", arg=wanted)
