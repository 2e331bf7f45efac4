"""Hostile names in every page, notebook and dashboard: they stay text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from gpnde.charts import CHARTS
from gpnde.charts.export import write_chart
from gpnde.charts.report import write_report
from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario import save_scenario
from gpnde.study.report import study_charts, write_study_report
from tests.hostile import ATTACKS, TITLE, hostile_scenario
from tests.study.found import made_up

from .conftest import FrontEnd
from .driving import TREATMENT, show, wait_for_status

pytestmark = pytest.mark.slow
EFFECTS = {"upgrading.within": 0.1, "upgrading.entry": 0.2, "policy.tax.cost": 7_000.0}
BROKEN_IN = "document.querySelector('img[src=x], svg[onload], a[href^=javascript]') !== null"
"""Whether something of an attack has become an element."""
WHOLE = """() => [...document.querySelectorAll("figure > div")].every(
    place => place.querySelector("svg.marks") || place.textContent.startsWith("cannot be drawn"))"""
"""Whether every chart of a page has come to an end."""
DRAWN = """most => [...document.querySelectorAll(".vega-embed svg.marks")].filter(
    chart => chart.closest(".the-lab") === null).length === most"""
"""Whether so many charts are drawn, besides those of the dashboard, which come in their own time."""
CELLS = (
    """
import gpnde
from gpnde.charts import CHARTS
from IPython.display import display

run = gpnde.simulate(gpnde.load_scenario(PATH))
display(run, *[table.head(20) for table in run.tables.values()], *[kind(run) for kind in CHARTS.values()])
""",
    """
lab = gpnde.lab(PATH)
lab.add_class("the-lab")
lab
""",
)


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(hostile_scenario())


def unharmed(page: Page) -> bool:
    """Return whether no attack has changed the page."""
    harm: bool = page.evaluate(f"document.title.includes('{TITLE}') && !document.title.includes('<') || {BROKEN_IN}")
    return not harm


def visit(page: Page, path: Path) -> None:
    """Open a page of charts, and wait until they are drawn."""
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.goto(path.as_uri())
    page.wait_for_function(WHOLE)
    assert page.locator("figure svg.marks").count() == page.locator("figure").count()
    assert page.locator("script").count() == 3
    assert unharmed(page)
    assert refused == []


def test_names_stay_text_in_the_page_of_every_chart(page: Page, run: Run, tmp_path: Path) -> None:
    for name, kind in CHARTS.items():
        visit(page, write_chart(kind(run), tmp_path / f"{name}.html"))


@pytest.mark.thorough
def test_names_stay_text_in_pictures(page: Page, run: Run, tmp_path: Path) -> None:
    for name, kind in CHARTS.items():
        page.goto(write_chart(kind(run), tmp_path / f"{name}.svg").as_uri())
        assert page.locator("script").count() == 0 and unharmed(page), name


@pytest.mark.thorough
def test_names_stay_text_in_reports(page: Page, run: Run, tmp_path: Path) -> None:
    visit(page, write_report(run, tmp_path / "run.html"))
    assert page.locator("h1").inner_text() == ATTACKS[0]
    arms = {name: lambda point, replication: {"y": 1.0 + point + 0.1 * replication, **EFFECTS} for name in ATTACKS}
    results = made_up(arms, points=2, title=ATTACKS[0], name=ATTACKS[1])
    write_study_report(results, tmp_path / "study.html")
    visit(page, tmp_path / "study.html")
    for name, chart in study_charts(results).items():
        visit(page, write_chart(chart, tmp_path / f"{name}.html"))


@pytest.mark.thorough
def test_names_stay_text_in_notebooks_and_the_lab(
    page: Page, front_end: FrontEnd, notebook: Callable[..., Path], tmp_path: Path
) -> None:
    path = tmp_path / "hostile.yaml"
    save_scenario(hostile_scenario(), path)
    front_end.open(page, notebook(*[cell.replace("PATH", repr(str(path))) for cell in CELLS]))
    page.wait_for_function(DRAWN, arg=len(CHARTS))
    wait_for_status(page, "done")
    assert unharmed(page)
    for kind in CHARTS.values():
        show(page, kind.group.capitalize(), kind.title)
        assert unharmed(page), kind.name
    page.locator(f"{TREATMENT} .gpnde-rows summary").click()
    assert unharmed(page)


@pytest.mark.thorough
def test_names_stay_text_in_what_the_lab_hands_out(
    page: Page, voila_server: FrontEnd, notebook: Callable[..., Path], tmp_path: Path
) -> None:
    path = tmp_path / "hostile.yaml"
    save_scenario(hostile_scenario(), path)
    lab = f"import gpnde\n\ngpnde.lab({str(path)!r})"
    voila_server.open(page, notebook(lab))
    wait_for_status(page, "done")
    show(page, "Network", CHARTS["network"].title)
    page.locator(f"{TREATMENT} .gpnde-rows summary").click()
    page.locator(f"{TREATMENT} .gpnde-rows button").first.click()
    page.locator(".gpnde-detail h2", has_text="Site ").wait_for()
    assert unharmed(page)
    for form in ("HTML", "SVG"):
        page.locator(".gpnde-exports select").first.select_option(form)
        with page.expect_download() as waiting:
            page.locator(".gpnde-exports").get_by_role("button", name="Save chart").click()
        saved = tmp_path / f"chart.{form.lower()}"
        waiting.value.save_as(saved)
        other = page.context.new_page()
        other.goto(saved.as_uri())
        assert unharmed(other) and other.locator("script").count() == (3 if form == "HTML" else 0)
        other.close()
