"""What a policy does, with uncertainty: the answer of the lab in three clicks is that of a study of the same seeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gpnde.study.compare import compare
from gpnde.study.intervals import Interval
from gpnde.study.results import open_study
from gpnde.study.runner import run_study
from gpnde.study.schema import Study
from gpnde.study.verdicts import ends

from .conftest import PATIENCE, FrontEnd, PageMaker, take_picture
from .driving import ANSWER, ask, open_group, rows, wait_for_status

pytestmark = pytest.mark.slow

DAYS, PAIRS = 728.0, 3
LOWER, POLICY = "capability.lower_tier", "policy.supplier-development"
LAB = f"""
import gpnde

lab = gpnde.lab(gpnde.load_scenario("small-open-economy", {{"clock.days": {DAYS}}}))
lab.effect.count.value = {PAIRS}
lab.wall.seeds.value = 2
lab.add_class("the-lab")
lab
"""
CHART = ".gpnde-effect .gpnde-chart"
WALL = ".gpnde-wall .gpnde-chart"


@pytest.fixture(scope="module")
def lab(front_end: FrontEnd, new_page: PageMaker, notebook: Callable[..., Path]) -> Iterator[Page]:
    """Return the page with the dashboard as it opens, its first run done."""
    with new_page(f"effect-{front_end.name}") as page:
        front_end.open(page, notebook(LAB, ANSWER))
        page.wait_for_selector(".the-lab .gpnde-toolbar")
        wait_for_status(page, "done")
        yield page


class Clicks:
    """Clicks as a person does, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, what: Locator) -> None:
        what.click()
        self.count += 1


def sentence(page: Page) -> Locator:
    return page.locator(".gpnde-said [role=status]")


def study_says(folder: Path) -> str:
    """Return the effect that a study of the same seeds finds, as a sentence writes it."""
    given = {
        "name": "effect",
        "scenario": "small-open-economy",
        "seed": 1,
        "replications": PAIRS,
        "settings": {"clock.days": DAYS},
        "arms": {"baseline": {}, "treated": {"components": [{"use": POLICY}]}},
        "measures": [LOWER],
    }
    run_study(Study.model_validate(given), folder, jobs=1)
    row = compare(open_study(folder)).effects.row(0, named=True)
    return ends(Interval(row["difference"], row["low"], row["high"]))


def test_three_clicks_tell_what_a_policy_does_with_uncertainty(lab: Page, tmp_path: Path) -> None:
    expect(lab.locator(".gpnde-effect")).to_be_hidden()
    click = Clicks()
    click(lab.locator(".gpnde-controls .jupyter-widget-Collapse-header", has_text="Policies"))
    click(lab.get_by_role("checkbox", name="Supplier development"))
    click(lab.locator("button.gpnde-luck"))
    expect(sentence(lab)).to_contain_text(f"({PAIRS} pairs)", timeout=PATIENCE)
    assert click.count <= 3
    expect(lab.locator("button.gpnde-luck")).to_have_text("Is it luck?")
    said = sentence(lab).inner_text()
    take_picture(lab, "effect-three-clicks")
    assert f"Lower-tier capability {study_says(tmp_path)} after 2 years; net cost " in said
    assert re.search(r"; \d+ of \d+ target firms reached: (supported|too small|not to be told)", said)


def test_band_and_both_runs_are_drawn_on_one_chart(lab: Page) -> None:
    wait_for_status(lab, "done")
    drawn = rows(lab, CHART)
    runs = {row["run"] for part in drawn.values() for row in part if "run" in row}
    band = [row for part in drawn.values() for row in part if "low" in row]
    assert runs == {"baseline", "with your changes"}
    assert band[-1]["low"] <= band[-1]["mean"] <= band[-1]["high"]
    assert any(row.get("label") == "Supplier development begins" for part in drawn.values() for row in part)
    expect(lab.locator(".gpnde-tile small", has_text="baseline").first).to_be_visible()


def test_kernel_answers_while_pairs_run_and_the_pairs_can_be_stopped(lab: Page) -> None:
    lab.locator(".gpnde-effect input[type=number]").fill("500")
    lab.locator(".gpnde-effect input[type=number]").press("Enter")
    lab.locator("button.gpnde-luck").click()
    expect(lab.locator("button.gpnde-luck")).to_have_text("Stop the pairs")
    ask(lab)
    lab.locator("button.gpnde-luck").click()
    expect(lab.locator("button.gpnde-luck")).to_have_text("Is it luck?", timeout=PATIENCE)


def test_policy_that_is_clicked_on_the_wall_is_loaded(lab: Page) -> None:
    lab.locator("button.gpnde-all-policies").click()
    expect(lab.locator("button.gpnde-all-policies")).to_have_text("Stop all policies")
    expect(lab.locator("button.gpnde-all-policies")).to_have_text("Compare all policies", timeout=PATIENCE)
    found = next(part for part in rows(lab, WALL).values() if part and "said" in part[0])
    assert {row["pairs"] for row in found} == {2}
    take_picture(lab.locator(".gpnde-wall"), "effect-wall")
    means = [row["mean"] for row in found]
    assert means == sorted(means, reverse=True)
    label = next(row["label"] for row in found if row["label"] != "Supplier development")
    lab.locator(f"{WALL} svg path[aria-label*='What: {label}']").last.click(force=True)
    policies = open_group(lab, "Policies")
    expect(policies.get_by_role("checkbox", name=label, exact=True)).to_be_checked(timeout=PATIENCE)
    expect(lab.locator(".gpnde-effect")).to_be_visible()
