"""The dashboard as a person uses it: in JupyterLab and as a page, by mouse and by keyboard."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import FrontEnd, PageMaker, take_picture

BREAKING = '''
from pathlib import Path

Path("breaking.py").write_text("""
import gpnde

class Breaking(gpnde.Component):
    name = "disruption.breaking"

    @gpnde.hookimpl
    def process(self, clock):
        yield clock.wait(100)
        raise ValueError("it broke")

@gpnde.hookimpl
def gpnde_components():
    return [Breaking]
""")
import gpnde

gpnde.add_plugin("breaking.py")
'''
LAB = 'import gpnde\n\nlab = gpnde.lab("small-open-economy")\nlab.add_class("the-lab")\nlab'
ANSWER = """
import time
import ipywidgets

button, answer = ipywidgets.Button(description="Ask"), ipywidgets.Label("0")
button.add_class("ask")
answer.add_class("answer")
button.on_click(lambda _: setattr(answer, "value", str(int(answer.value) + 1)))
ipywidgets.HBox([button, answer])
"""
TREATMENT, BASELINE = ".gpnde-treatment .gpnde-chart", ".gpnde-baseline .gpnde-chart"


@pytest.fixture(scope="module")
def opened(front_end: FrontEnd, new_page: PageMaker, notebook: Callable[..., Path]) -> Iterator[Page]:
    """Return the page with the dashboard, opened once for all tests of a front end."""
    with new_page(f"dashboard-{front_end.name}") as page:
        front_end.open(page, notebook(BREAKING, LAB, ANSWER))
        page.wait_for_selector(".the-lab .gpnde-toolbar")
        if front_end.name == "jupyter-lab":
            page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
        wait_for_status(page, "done")
        yield page


@pytest.fixture
def lab(opened: Page) -> Page:
    """Return the page of the dashboard as it is at first."""
    opened.set_viewport_size({"width": 1280, "height": 800})
    with one_run(opened):
        press(opened, "Reset")
    show(opened, "Flow", "Service over time")
    return opened


def press(page: Page, name: str) -> None:
    page.locator(".gpnde-toolbar").get_by_role("button", name=name, exact=True).click()


def wait_for_status(page: Page, text: str) -> None:
    page.wait_for_function(
        "text => document.querySelector('.gpnde-status [role=status]')?.innerText.startsWith(text)", arg=text
    )


@contextlib.contextmanager
def one_run(page: Page, end: str = "done") -> Iterator[None]:
    """Do something that starts a run, and wait until that run has come to its end and is drawn."""
    page.evaluate("""() => {
        const status = document.querySelector(".gpnde-status");
        window.told = [];
        window.observer?.disconnect();
        window.observer = new MutationObserver(() => window.told.push(status.innerText.trim()));
        window.observer.observe(status, {childList: true, subtree: true, characterData: true});
    }""")
    yield
    page.wait_for_function("end => told.includes('running') && told.at(-1).startsWith(end)", arg=end)
    wait_until_drawn(page)


def wait_until_drawn(page: Page) -> None:
    page.wait_for_function(
        "host => (({drawnSeq, wanted}) => drawnSeq === wanted.seq)(document.querySelector(host).gpndeView)",
        arg=TREATMENT,
    )


def ask(page: Page) -> None:
    """Wait for an answer of the kernel, which comes after those to all that was asked before."""
    before = page.locator(".answer").inner_text()
    page.locator("button.ask").click()
    page.wait_for_function("before => document.querySelector('.answer').innerText != before", arg=before)


def show(page: Page, group: str, title: str | None = None) -> None:
    page.locator(".gpnde-gallery").get_by_role("button", name=group, exact=True).click()
    ask(page)
    if title is not None:
        page.locator(".gpnde-gallery select").select_option(label=title)
        ask(page)
    wait_until_drawn(page)


def open_group(page: Page, title: str) -> Locator:
    """Return the open group of controls of that title."""
    heading = page.locator(".gpnde-controls .jupyter-widget-Collapse-header", has_text=title)
    contents = heading.locator("..").locator(".jupyter-widget-Collapse-contents")
    if contents.is_hidden():
        heading.click()
    expect(contents).to_be_visible()
    return page.locator(".gpnde-controls .jupyter-widget-Collapse", has_text=title)


def field(page: Page, group: str, label: str) -> Locator:
    return open_group(page, group).locator(".gpnde-field", has_text=re.compile(f"^{label}")).first


def rows(page: Page, host: str = TREATMENT) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that are drawn, by dataset."""
    found: dict[str, list[dict[str, Any]]] = page.eval_on_selector(host, "host => host.gpndeView.datasets()")
    return found


def test_dashboard_shows_the_run_and_its_figures(lab: Page) -> None:
    assert any(rows(lab).values())
    assert lab.locator(".gpnde-tile").count() >= 3
    assert lab.locator(BASELINE).is_hidden()
    take_picture(lab, "dashboard-wide")


def test_slider_runs_the_scenario_anew_beside_its_baseline(lab: Page, measured: Callable[[str], None]) -> None:
    before = rows(lab)
    handle = field(lab, "Firm behaviour", "Safety factor").locator(".noUi-handle")
    handle.focus()
    with one_run(lab):
        for _ in range(5):
            handle.press("ArrowRight")
        began = time.perf_counter()
        lab.wait_for_function(
            "([host, before]) => JSON.stringify(document.querySelector(host).gpndeView.datasets()) != before",
            arg=[TREATMENT, lab.evaluate("value => JSON.stringify(value)", before)],
        )
        first = time.perf_counter() - began
    whole = time.perf_counter() - began
    measured(f"slider to first new picture {first * 1000:.0f} ms, to the end {whole * 1000:.0f} ms")
    assert rows(lab) != before
    assert rows(lab, BASELINE) == before
    take_picture(lab, "dashboard-compared")


def test_policy_that_is_switched_on_shows_its_parameters_and_costs(lab: Page) -> None:
    group = open_group(lab, "Policies")
    with one_run(lab):
        group.get_by_role("checkbox", name="Effort subsidy").check()
    expect(group.locator(".gpnde-component", has_text="Effort subsidy").locator(".gpnde-field").first).to_be_visible()
    show(lab, "Policy")
    assert any("policy.effort-subsidy" in str(row.values()) for part in rows(lab).values() for row in part)
    take_picture(lab, "dashboard-policy")


def test_typed_value_out_of_bounds_is_one_line_and_taken_back(lab: Page) -> None:
    typed = field(lab, "Firm behaviour", "Threshold").locator("input[type=number]")
    before = typed.input_value()
    typed.fill("7")
    typed.press("Enter")
    expect(lab.locator(".gpnde-message [role=alert]")).to_contain_text("selection.threshold: 7: must be")
    expect(typed).to_have_value(before)


def test_run_can_be_paused_resumed_and_stopped(lab: Page) -> None:
    days = field(lab, "Run", "Days").locator("input[type=number]")
    days.fill("40000")
    days.press("Enter")
    wait_for_status(lab, "running")
    lab.wait_for_timeout(300)
    press(lab, "Pause")
    wait_for_status(lab, "paused")
    lab.wait_for_timeout(500)
    held = rows(lab)
    lab.wait_for_timeout(700)
    assert rows(lab) == held
    press(lab, "Resume")
    wait_for_status(lab, "running")
    press(lab, "Stop")
    wait_for_status(lab, "stopped")


def test_kernel_answers_while_a_run_goes_on(lab: Page, measured: Callable[[str], None]) -> None:
    days = field(lab, "Run", "Days").locator("input[type=number]")
    days.fill("40000")
    days.press("Enter")
    wait_for_status(lab, "running")
    waits = []
    for _ in range(5):
        began = time.perf_counter()
        ask(lab)
        waits.append(time.perf_counter() - began)
    press(lab, "Stop")
    wait_for_status(lab, "stopped")
    measured(f"kernel answers during a run within {max(waits) * 1000:.0f} ms")


def test_double_click_on_run_runs_once(lab: Page) -> None:
    with one_run(lab):
        lab.locator(".gpnde-toolbar").get_by_role("button", name="Run", exact=True).dblclick()
    assert any(rows(lab).values())


def test_firm_that_is_clicked_is_described(lab: Page) -> None:
    show(lab, "Network")
    mark = lab.locator(f"{TREATMENT} svg .mark-symbol path").nth(1)
    mark.click(force=True)
    expect(lab.locator(".gpnde-detail table")).to_be_visible()
    assert lab.locator(".gpnde-detail h4").inner_text().split()[0] in ("Site", "Firm", "Tier", "Cluster")


def test_day_changes_the_state_that_is_shown(lab: Page) -> None:
    show(lab, "Network")
    before = rows(lab)
    handle = lab.locator(".gpnde-gallery .noUi-handle")
    handle.focus()
    handle.press("Home")
    ask(lab)
    wait_until_drawn(lab)
    assert rows(lab) != before


def test_chart_and_table_are_downloaded(lab: Page) -> None:
    exports = lab.locator(".gpnde-exports")
    for form, name, begin in (
        ("PNG", "png", b"\x89PNG"),
        ("SVG", "svg", b"<svg"),
        ("HTML", "html", b"<!doctype html>"),
    ):
        exports.locator("select").first.select_option(form)
        with lab.expect_download() as waiting:
            exports.get_by_role("button", name="Save chart").click()
        assert waiting.value.suggested_filename.endswith(f"-service.{name}")
        assert Path(waiting.value.path()).read_bytes()[: len(begin)].lower() == begin.lower()
    with lab.expect_download() as waiting:
        exports.get_by_role("button", name="Save table").click()
    assert Path(waiting.value.path()).read_text().splitlines()[0].startswith("day,")


def test_python_of_the_present_state_is_one_click_away(lab: Page) -> None:
    lab.locator(".gpnde-exports").get_by_role("button", name="Show Python").click()
    expect(lab.locator(".gpnde-exports textarea")).to_have_value(re.compile(r"gpnde\.simulate\(scenario, seed=1"))
    lab.locator(".gpnde-exports").get_by_role("button", name="Show Python").click()


def test_plugin_that_raises_in_mid_run_is_one_line_and_the_dashboard_goes_on(lab: Page) -> None:
    group = open_group(lab, "Shocks")
    with one_run(lab, end="failed"):
        group.get_by_role("checkbox", name="Breaking").check()
    text = lab.locator(".gpnde-status").inner_text()
    assert "it broke" in text and "Traceback" not in lab.content()
    with one_run(lab):
        group.get_by_role("checkbox", name="Breaking").uncheck()


def test_dashboard_is_used_by_keyboard_alone(lab: Page) -> None:
    button = lab.locator(".gpnde-toolbar").get_by_role("button", name="Run", exact=True)
    button.focus()
    lab.keyboard.press("Tab")
    assert lab.evaluate("document.activeElement.innerText") == "Pause"
    lab.keyboard.press("Shift+Tab")
    with one_run(lab):
        lab.keyboard.press("Enter")
    switch = open_group(lab, "Policies").get_by_role("checkbox", name="Effort subsidy")
    switch.focus()
    with one_run(lab):
        lab.keyboard.press("Space")
    expect(lab.locator(BASELINE)).to_be_visible()


def test_dashboard_fits_into_a_narrow_window(lab: Page) -> None:
    lab.set_viewport_size({"width": 480, "height": 900})
    lab.wait_for_timeout(500)
    take_picture(lab, "dashboard-narrow")
    widest = lab.eval_on_selector(".the-lab", "box => box.scrollWidth - box.clientWidth")
    assert widest <= 2
