"""How the dashboard feels with a hundred firms over ten years: waits and memory, as numbers in the report.

It takes minutes and asserts little that others do not, so it belongs to the thorough suite.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from .conftest import FrontEnd, PageMaker, take_picture
from .driving import (
    ANSWER,
    TREATMENT,
    ask,
    field,
    kernel_memory,
    one_run,
    page_memory,
    press,
    rows,
    show,
    wait_for_status,
    wait_until_drawn,
)

pytestmark = pytest.mark.thorough

HUNDRED = """
import gpnde
from gpnde.scenario.generate import generate

network = generate("hundred", 100)
network = network.model_copy(update={"clock": network.clock.model_copy(update={"days": 3640.0})})
lab = gpnde.lab(network)
lab.add_class("the-lab")
lab
"""
MOVES = 10
DAYS_SHOWN = 200 - MOVES
"""How often a setting is changed, and how often the day: 200 updates together."""
MOST_GROWTH = 20.0
"""MB that the page and the kernel may grow by in so many updates."""


@pytest.fixture(scope="module", params=["jupyter_lab", "voila"])
def front_end(request: pytest.FixtureRequest) -> FrontEnd:
    server: FrontEnd = request.getfixturevalue(f"{request.param}_server")
    return server


@pytest.fixture(scope="module")
def lab(front_end: FrontEnd, new_page: PageMaker, notebook: Callable[..., Path]) -> Iterator[Page]:
    """Return the page with the dashboard of the network, which has run once."""
    with new_page(f"feel-{front_end.name}") as page:
        front_end.open(page, notebook(HUNDRED, ANSWER))
        page.wait_for_selector(".the-lab .gpnde-toolbar")
        wait_for_status(page, "done")
        yield page


def slider(page: Page) -> Locator:
    return field(page, "Firm behaviour", "Safety factor").locator(".noUi-handle")


def move(page: Page) -> tuple[float, float]:
    """Move the slider, and return how long it takes to the first new picture and to the last (s)."""
    with one_run(page):
        page.evaluate("host => { window.before = document.querySelector(host).gpndeView.drawnSeq; }", TREATMENT)
        began = time.perf_counter()
        slider(page).press("ArrowRight")
        page.wait_for_function("host => document.querySelector(host).gpndeView.drawnSeq > before", arg=TREATMENT)
        first = time.perf_counter() - began
    return first, time.perf_counter() - began


def told(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f} (worst {max(seconds) * 1000:.0f}) ms"


@pytest.mark.slow
def test_slider_answers_with_the_network_that_it_asks_for(
    lab: Page, front_end: FrontEnd, measured: Callable[[str], None]
) -> None:
    show(lab, "Flow", "Orders, backlog, stock and fill by tier")
    before = rows(lab)
    move(lab)
    waits = [move(lab) for _ in range(7)]
    assert rows(lab) != before
    first, last = ([wait[place] for wait in waits] for place in (0, 1))
    measured(f"{front_end.name}, 100 firms, 10 years: slider to first picture {told(first)}, to the last {told(last)}")
    take_picture(lab, f"feel-{front_end.name}")


@pytest.mark.slow
def test_kernel_answers_while_a_run_goes_on(lab: Page, front_end: FrontEnd, measured: Callable[[str], None]) -> None:
    days = field(lab, "Run", "Days").locator("input[type=number]")
    days.fill("200000")
    days.press("Enter")
    wait_for_status(lab, "running")
    # Another horizon is another axis, with which the page is busy for a moment.
    wait_until_drawn(lab)
    waits = []
    for _ in range(10):
        began = time.perf_counter()
        ask(lab)
        waits.append(time.perf_counter() - began)
    press(lab, "Stop")
    wait_for_status(lab, "stopped")
    with one_run(lab):
        days.fill("3640")
        days.press("Enter")
    measured(f"{front_end.name}, 100 firms, during a run: the kernel answers within {told(waits)}")


@pytest.mark.slow
def test_two_hundred_updates_leave_nothing_behind(
    lab: Page, front_end: FrontEnd, measured: Callable[[str], None]
) -> None:
    move(lab)
    show(lab, "Network", "The network by tier")
    kernel, (used, nodes) = kernel_memory(lab), page_memory(lab)
    for _ in range(MOVES):
        move(lab)
    day = lab.locator(".gpnde-gallery .noUi-handle")
    day.press("Home")
    for number in range(DAYS_SHOWN):
        day.press("ArrowRight")
        if number % 5 == 0:
            ask(lab)
    day.press("End")
    kernel_after, (used_after, nodes_after) = kernel_memory(lab), page_memory(lab)
    measured(
        f"{front_end.name}, 100 firms, {MOVES + DAYS_SHOWN} updates: page {used_after - used:+.1f} MB and "
        f"{nodes_after - nodes:+} nodes, kernel {kernel_after - kernel:+.1f} MB"
    )
    assert used_after - used < MOST_GROWTH
    assert kernel_after - kernel < MOST_GROWTH
