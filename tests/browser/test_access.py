"""The lab without a mouse and without sight: names, roles, keys, and what axe-core finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import FrontEnd, PageMaker
from .driving import open_group, show, wait_for_status, wait_until_drawn

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

LAB = 'import gpnde\n\ngpnde.lab("small-open-economy")'


@pytest.fixture(scope="module")
def shown(voila_server: FrontEnd, new_page: PageMaker, notebook: Callable[..., Path]) -> Iterator[Page]:
    """Return the page of a lab whose first run is done."""
    with new_page("access") as page:
        voila_server.open(page, notebook(LAB))
        wait_for_status(page, "done")
        wait_until_drawn(page)
        yield page


def violations(page: Page) -> list[str]:
    """Return the serious and critical violations that axe-core finds in the lab, each in one line."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run('.gpnde-lab', {resultTypes: ['violations']})")
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {len(one['nodes'])}, such as {one['nodes'][0]['html'][:120]}" for one in grave]


def test_no_serious_violation_at_first(shown: Page) -> None:
    assert violations(shown) == []


def test_group_opens_by_keyboard_and_its_controls_have_names(shown: Page) -> None:
    heading = shown.get_by_role("button", name="Firm behaviour")
    expect(heading).to_have_attribute("aria-expanded", "false")
    heading.focus()
    shown.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-expanded", "true")
    threshold = shown.locator(".gpnde-field", has_text="Score below which a supplier takes a strike").first
    expect(threshold.get_by_role("slider", name="Threshold")).to_be_visible()
    expect(threshold.get_by_role("spinbutton", name="Threshold")).to_be_visible()
    assert violations(shown) == []


def test_no_serious_violation_in_policies(shown: Page) -> None:
    open_group(shown, "Policies").get_by_text("Effort subsidy", exact=True).wait_for()
    assert violations(shown) == []


def test_no_serious_violation_where_a_chart_has_layers_without_marks(shown: Page) -> None:
    show(shown, "Network", "Map of clusters")
    assert violations(shown) == []


def test_page_has_a_title_and_its_parts_are_landmarks(shown: Page) -> None:
    assert shown.title().startswith("A small open economy") and shown.title().endswith("gpnde")
    for name in ("Questions", "Controls", "Results"):
        expect(shown.get_by_role("region", name=name, exact=True)).to_be_visible()
    expect(shown.get_by_role("progressbar", name="Progress of the run")).to_have_attribute("aria-valuenow", "100")


def test_keyboard_walks_through_marks_and_chooses_one(shown: Page) -> None:
    show(shown, "Network", "The network by tier")
    chart = shown.locator(".gpnde-treatment .gpnde-chart")
    chart.focus()
    shown.keyboard.press("ArrowRight")
    said = chart.locator("p[aria-live=polite]")
    expect(said).to_contain_text("(1 of ")
    first = said.inner_text()
    shown.keyboard.press("ArrowRight")
    expect(said).to_contain_text("(2 of ")
    assert said.inner_text() != first
    expect(chart.locator("path.gpnde-at")).to_have_count(1)
    for _ in range(400):
        if "Role" in said.inner_text():
            break
        shown.keyboard.press("ArrowRight")
    shown.keyboard.press("Enter")
    shown.locator(".gpnde-detail h2", has_text="Site ").wait_for()
    shown.keyboard.press("Escape")
    expect(chart.locator("path.gpnde-at")).to_have_count(0)


def test_words_of_the_glossary_are_on_the_page(shown: Page) -> None:
    for word in ("Tier", "Capability", "Scorecard"):
        expect(shown.get_by_role("term").filter(has_text=word).first).to_be_visible()
