"""The dashboard as a person uses it: in JupyterLab and as a page, by mouse and by keyboard."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import gpnde

from .conftest import PATIENCE, FrontEnd, PageMaker, take_picture
from .driving import (
    ANSWER,
    BASELINE,
    TREATMENT,
    ask,
    choose_theme,
    click_mark,
    field,
    one_run,
    open_group,
    press,
    rows,
    show,
    wait_for_status,
    wait_for_words,
    wait_until_drawn,
)

pytestmark = pytest.mark.slow

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
MOST_ANSWERS = 30
"""How often the kernel is asked until a run that is held has come to rest; it is on its way to one recorded time."""
LAB = """
import gpnde

lab = gpnde.lab(gpnde.load_scenario("small-open-economy", {"clock.days": 728}))
lab.add_class("the-lab")
lab
"""


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


AT_FIRST = """baseline => {
    const day = document.querySelector(".gpnde-gallery .noUi-handle");
    return document.querySelector(".gpnde-status [role=status]").innerText.startsWith("done")
        && !document.querySelector(".gpnde-message [role=alert]")
        && document.querySelector(baseline).offsetParent === null
        && day.ariaValueNow === day.ariaValueMax;
}"""
"""Whether the whole run of the scenario without changes is shown as of its last day."""


@pytest.fixture
def lab(opened: Page) -> Page:
    """Return the page of the dashboard as it is at first; what is so still is not run again."""
    opened.set_viewport_size({"width": 1280, "height": 800})
    if not opened.evaluate(AT_FIRST, BASELINE):
        with one_run(opened):
            press(opened, "Reset")
    show(opened, "Flow", "Service over time")
    return opened


def test_dashboard_shows_the_run_and_its_figures(lab: Page) -> None:
    assert any(rows(lab).values())
    assert lab.locator(".gpnde-tile").count() >= 3
    assert lab.locator(BASELINE).is_hidden()
    take_picture(lab, "dashboard-wide")


def test_slider_runs_the_scenario_again_beside_its_baseline(lab: Page) -> None:
    show(lab, "Flow", "Orders, backlog, stock and fill by tier")
    before = rows(lab)
    handle = field(lab, "Firm behaviour", "Safety factor").locator(".noUi-handle")
    handle.focus()
    with one_run(lab):
        for _ in range(5):
            handle.press("ArrowRight")
    assert rows(lab) != before
    lab.get_by_role("checkbox", name="Baseline beside each chart").check()
    wait_for_words(lab, "Orders, backlog, stock and fill by tier", BASELINE)
    assert rows(lab, BASELINE) == before
    take_picture(lab, "dashboard-compared")


def test_policy_that_is_switched_on_shows_its_parameters_and_costs(lab: Page) -> None:
    group = open_group(lab, "Policies")
    with one_run(lab):
        group.get_by_role("checkbox", name="Effort subsidy").check()
    expect(group.locator(".gpnde-component", has_text="Effort subsidy").locator(".gpnde-field").first).to_be_visible()
    show(lab, "Policy", "Policies over time")
    assert any("policy.effort-subsidy" in str(row.values()) for part in rows(lab).values() for row in part)
    take_picture(lab, "dashboard-policy")


def test_typed_value_out_of_bounds_is_one_line_and_taken_back(lab: Page) -> None:
    typed = field(lab, "Firm behaviour", "Threshold").locator("input[type=number]")
    before = typed.input_value()
    typed.fill("7")
    typed.press("Enter")
    expect(lab.locator(".gpnde-message [role=alert]")).to_contain_text("selection.threshold: 7: must be")
    expect(typed).to_have_value(before)


def settled_rows(page: Page) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the baseline once nothing more comes: the kernel has answered thrice without new ones."""
    seen: list[dict[str, list[dict[str, Any]]]] = []
    for _ in range(MOST_ANSWERS):
        ask(page)
        wait_until_drawn(page)
        seen.append(rows(page, BASELINE))
        if len(seen) >= 3 and seen[-3] == seen[-2] == seen[-1]:
            return seen[-1]
    pytest.fail(f"new rows came with each of {MOST_ANSWERS} answers of the kernel")


def test_run_can_be_paused_resumed_and_stopped(lab: Page) -> None:
    days = field(lab, "Run", "Days").locator("input[type=number]")
    # Over 54,000 days the demand of the scenario grows more than is allowed, and the lab refuses to run it.
    days.fill("50000")
    days.press("Enter")
    wait_for_status(lab, "running")
    wait_for_words(lab, "Service over time", BASELINE)
    press(lab, "Pause")
    wait_for_status(lab, "paused")
    held = settled_rows(lab)
    assert max(row["day"] for part in held.values() for row in part) < 50_000
    press(lab, "Resume")
    wait_for_status(lab, "running")
    lab.wait_for_function(
        "([host, held]) => JSON.stringify(document.querySelector(host).gpndeView.datasets()) !== held",
        arg=[BASELINE, lab.eval_on_selector(BASELINE, "host => JSON.stringify(host.gpndeView.datasets())")],
    )
    press(lab, "Stop")
    wait_for_status(lab, "stopped")


def test_double_click_on_run_runs_once(lab: Page) -> None:
    with one_run(lab):
        lab.locator(".gpnde-toolbar").get_by_role("button", name="Run", exact=True).dblclick()
    assert any(rows(lab).values())


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("group", "title", "mark", "kind"),
    [
        ("Network", "The network by tier", ".mark-symbol", "Site"),
        ("Network", "Map of clusters", ".mark-symbol", "Cluster"),
        ("Learning", "Capability by tier and function", ".mark-rect", "Tier"),
        ("Learning", "Capability by firm and function", ".mark-rect", "Firm"),
    ],
)
def test_what_is_clicked_is_described_with_its_history(lab: Page, group: str, title: str, mark: str, kind: str) -> None:
    show(lab, group, title)
    heading = lab.locator(".gpnde-detail h2", has_text=re.compile(f"^{kind} "))
    click_mark(lab, mark, heading)
    part = heading.inner_text().removesuffix(", treatment")
    expect(lab.locator(".gpnde-detail table")).to_be_visible()
    history = ".gpnde-history .gpnde-chart"
    wait_for_words(lab, f"{part}: orders, backlog", history)
    assert {row["tier"] for part in rows(lab, history).values() for row in part if "tier" in row}
    take_picture(lab, f"dashboard-detail-{kind}")


def test_day_changes_the_state_that_is_shown(lab: Page) -> None:
    show(lab, "Network", "The network by tier")
    before = rows(lab)
    handle = lab.locator(".gpnde-gallery .noUi-handle")
    handle.focus()
    handle.press("Home")
    wait_for_words(lab, "Day 0.")
    assert rows(lab) != before


def statement(page: Page, host: str, title: str) -> Locator:
    """Return the table of that title below a chart."""
    return page.locator(f"{host} .gpnde-statement", has_text=title)


def test_statements_of_the_firm_that_is_chosen_are_drawn_and_written(lab: Page) -> None:
    firm = lab.locator(".gpnde-gallery select").nth(1)
    assert firm.is_hidden()
    show(lab, "Finance", "Income and balance sheet of a firm")
    for name in ("affiliate-1", "local-assembler"):
        firm.select_option(name)
        wait_for_words(lab, f"{name}, by quarter")
        assert {row["firm"] for part in rows(lab).values() for row in part if "firm" in row} == {name}
        expect(statement(lab, ".gpnde-treatment", f"Income of {name} ")).to_contain_text("year 2")
        expect(statement(lab, ".gpnde-treatment", f"Balance sheet of {name} ")).to_contain_text("equity")
    take_picture(lab.locator(".gpnde-gallery"), "dashboard-statements")


def test_statements_stand_beside_those_of_the_baseline(lab: Page) -> None:
    show(lab, "Finance", "Income and balance sheet of a firm")
    with one_run(lab):
        open_group(lab, "Policies").get_by_role("checkbox", name="Effort subsidy").check()
    lab.get_by_role("checkbox", name="Baseline beside each chart").check()
    for side in (".gpnde-baseline", ".gpnde-treatment"):
        expect(statement(lab, side, "Income of ")).to_be_visible()
    lab.set_viewport_size({"width": 1280, "height": 1200})
    take_picture(lab.locator(".gpnde-gallery"), "dashboard-statements-compared")


@pytest.mark.thorough
def test_firm_that_was_clicked_is_the_one_whose_statements_are_shown(lab: Page) -> None:
    # A tier first, so that no description of a firm from an earlier click answers for this one.
    for kind in ("tier", "firm"):
        show(lab, "Learning", f"Capability by {kind} and function")
        heading = lab.locator(".gpnde-detail h2", has_text=re.compile(f"^{kind.capitalize()} "))
        click_mark(lab, ".mark-rect", heading)
    name = heading.inner_text().removeprefix("Firm ").removesuffix(", treatment")
    show(lab, "Finance", "Income and balance sheet of a firm")
    wait_for_words(lab, f"{name}, by quarter")


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


def test_scenario_with_its_changes_is_saved_beside_the_notebook(lab: Page, front_end: FrontEnd) -> None:
    days = field(lab, "Run", "Days").locator("input[type=number]")
    with one_run(lab):
        days.fill("91")
        days.press("Enter")
    lab.locator(".gpnde-exports input[type=text]").fill(f"{front_end.name}.yaml")
    lab.locator(".gpnde-exports").get_by_role("button", name="Save scenario").click()
    wait_for_status(lab, f"saved {front_end.folder.resolve() / front_end.name}.yaml")
    assert gpnde.load_scenario(front_end.folder / f"{front_end.name}.yaml").clock.days == 91


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
    expect(lab.locator(".gpnde-effect .gpnde-chart").first).to_be_visible()


CONTRAST = """selector => {
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => parts(colour).slice(0, 3).map(one => one / 255)
        .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
    const behind = element => {
        const colour = getComputedStyle(element).backgroundColor;
        return (parts(colour)[3] ?? 1) > 0 || !element.parentElement ? colour : behind(element.parentElement);
    };
    return [...document.querySelectorAll(selector)].map(element => {
        const [low, high] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    });
}"""
"""The contrast of text to what is behind it, as the accessibility guidelines of the web (WCAG 2) compute it."""
WORDS = (
    ".gpnde-status",
    ".gpnde-tile b",
    ".gpnde-tile span",
    ".gpnde-field span",
    ".gpnde-detail th",
    ".gpnde-message",
)
ENOUGH = 4.5


@pytest.mark.thorough
def test_words_can_be_read_in_light_and_dark(lab: Page, front_end: FrontEnd) -> None:
    show(lab, "Network", "Map of clusters")
    click_mark(lab, ".mark-symbol", lab.locator(".gpnde-detail table"))
    field(lab, "Run", "Days").locator("input[type=number]").fill("-1")
    lab.keyboard.press("Enter")
    lab.locator(".gpnde-message [role=alert]").wait_for()
    for theme in ("light", "dark"):
        if front_end.name == "voila" and theme == "dark":
            continue
        if front_end.name == "jupyter-lab":
            choose_theme(lab, theme)
        lab.wait_for_selector(f"{TREATMENT}[data-theme={theme}]")
        found = {selector: lab.evaluate(CONTRAST, selector) for selector in WORDS}
        take_picture(lab, f"dashboard-{front_end.name}-{theme}")
        assert all(found.values())
        assert {selector: min(ratios) for selector, ratios in found.items() if min(ratios) < ENOUGH} == {}
    if front_end.name == "jupyter-lab":
        choose_theme(lab, "light")


FITS = """host => {
    const chart = document.querySelector(host);
    return chart.querySelector("svg").getBoundingClientRect().width <= chart.clientWidth + 2;
}"""
"""Whether a chart is no wider than its place."""


@pytest.mark.thorough
def test_chart_beside_another_fits_after_a_change_of_theme(lab: Page, front_end: FrontEnd) -> None:
    show(lab, "Finance", "Income and balance sheet of a firm")
    with one_run(lab):
        open_group(lab, "Policies").get_by_role("checkbox", name="Effort subsidy").check()
    themes = ("dark", "light") if front_end.name == "jupyter-lab" else ()
    for theme in themes:
        choose_theme(lab, theme)
        lab.wait_for_selector(f"{TREATMENT}[data-theme={theme}]")
        lab.wait_for_function(FITS, arg=TREATMENT)
        lab.wait_for_function(FITS, arg=BASELINE)
        take_picture(lab, f"dashboard-statements-{theme}")
    lab.wait_for_function(FITS, arg=TREATMENT)


def test_dashboard_fits_into_a_narrow_window(lab: Page) -> None:
    lab.set_viewport_size({"width": 480, "height": 900})
    narrow = "box => box.scrollWidth - box.clientWidth <= 2"
    lab.wait_for_function(f"({narrow})(document.querySelector('.the-lab'))")
    wait_until_drawn(lab)
    take_picture(lab, "dashboard-narrow")
    assert lab.eval_on_selector(".the-lab", narrow)


DIARY = """
import json, os, threading, time
import gpnde

lab = gpnde.lab("small-open-economy", run=False)
lab.settings.set("clock.days", 10_000.0)

def keep():
    while not os.path.exists("go"):
        time.sleep(0.1)
    os.remove("go")
    lab.run()
    while True:
        names = [thread.name for thread in threading.enumerate()]
        with open("diary.part", "w") as file:
            json.dump({"pid": os.getpid(), "state": lab.live.state, "threads": names}, file)
        os.replace("diary.part", "diary.json")
        time.sleep(0.1)

threading.Thread(target=keep, daemon=True).start()
lab
"""
"""A cell that runs a scenario when it is told to, by a file, and writes down what goes on in its kernel."""


def read_diary(folder: Path) -> dict[str, Any]:
    """Return what the kernel has written last, nothing before it has."""
    file = folder / "diary.json"
    found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return found


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.thorough
def test_window_that_is_closed_during_a_run_leaves_no_thread(
    front_end: FrontEnd, browser: Browser, notebook: Callable[..., Path]
) -> None:
    (front_end.folder / "diary.json").unlink(missing_ok=True)
    page = browser.new_context().new_page()
    front_end.open(page, notebook(DIARY))
    page.wait_for_selector(".gpnde-toolbar")
    (front_end.folder / "go").touch()
    wait_for(lambda: read_diary(front_end.folder).get("state") == "running")
    page.close(run_before_unload=True)
    kernel = read_diary(front_end.folder)["pid"]
    if front_end.name == "voila":
        # A page of its own takes its kernel along.
        wait_for(lambda: not psutil.pid_exists(kernel))
        return
    wait_for(lambda: read_diary(front_end.folder)["state"] == "done")
    wait_for(lambda: not [name for name in read_diary(front_end.folder)["threads"] if "gpnde-live" in name])
    psutil.Process(kernel).terminate()
