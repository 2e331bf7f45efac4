"""Stories set the lab up, and say what was found from the numbers of their runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gpnde.charts.catalogue import CHARTS
from gpnde.lab.dashboard import Dashboard
from gpnde.lab.findings import Reach, mean_capability, which_reaches
from gpnde.lab.gallery import BASELINE, TREATMENT
from gpnde.lab.settings import Settings
from gpnde.lab.stories import STORIES, Setup, Stories, Story
from gpnde.plugin.host import plugin_host
from gpnde.scenario import load_scenario
from gpnde.scenario.presets import preset_names


def short(find: Any, steps: tuple[Setup, ...]) -> Story:
    return Story("Is it so?", "A short run.", "beer-game", "service", find, steps)


@pytest.fixture
def lab() -> Iterator[Dashboard]:
    made = Dashboard("single-site", run=False)
    yield made
    made.close()


def until(condition: Any) -> None:
    end = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.question)
def test_story_names_what_there_is(story: Story) -> None:
    assert story.scenario in preset_names() and story.chart in CHARTS
    settings = Settings(story.scenario)
    for step in story.steps:
        settings.reset()
        for name in step.switches:
            settings.switch(name, True)
        for path, value in step.values:
            settings.set(path, value)
        assert plugin_host().build(settings.scenario().components)


def test_story_chooses_scenario_and_chart_and_says_what_was_found(lab: Dashboard) -> None:
    lab.play(short(lambda runs: f"{len(runs)} run on {runs[-1][TREATMENT].name}", (Setup(),)))
    until(lambda: "1 run on beer-game" in lab.stories.finding.value)
    assert lab.settings.base.name == lab.presets.value == "beer-game"
    assert lab.gallery.kind.name == "service"
    assert "Is it so?" in lab.stories.finding.value


def test_steps_of_a_story_run_one_after_the_other_beside_the_baseline(lab: Dashboard) -> None:
    steps = tuple(Setup(values=(("clock.days", days), ("ordering.review_days", 14.0))) for days in (56.0, 84.0))
    lab.play(short(lambda runs: str([(len(one), one[TREATMENT].scenario["clock"]["days"]) for one in runs]), steps))
    until(lambda: "[(2, 56.0), (2, 84.0)]" in lab.stories.finding.value)
    assert set(lab.gallery.runs) == {BASELINE, TREATMENT}


def test_hand_that_changes_something_ends_the_story(lab: Dashboard) -> None:
    lab.play(short(lambda runs: "found", (Setup(),)))
    until(lambda: "found" in lab.stories.finding.value)
    lab.controls.control("ordering.review_days").input.value = 14.0
    assert lab.stories.finding.value == "" and lab.stories.telling is None
    lab.wait(60)


def test_answer_that_cannot_be_given_is_one_line() -> None:
    cards = Stories(lambda story: None)
    cards.begin(short(lambda runs: runs[-1]["nothing"], (Setup(),)))
    assert cards.note({}) is None
    assert "No answer: KeyError" in cards.finding.value


def test_card_tells_which_story_is_chosen() -> None:
    chosen: list[Story] = []
    cards = Stories(chosen.append)
    for card in cards.cards:
        card.children[0].click()
    assert chosen == list(STORIES)


def test_scenario_that_is_chosen_is_run_without_changes(lab: Dashboard) -> None:
    lab.controls.control("clock.days").input.value = 28.0
    lab.presets.value = "beer-game"
    until(lambda: "done" in lab.status.value and TREATMENT in lab.gallery.runs)
    assert lab.gallery.runs[TREATMENT].name == "beer-game" and lab.settings.changes() == {}
    assert "beer" in lab.title.value and lab.access.title.endswith("gpnde")


def learners(*able: tuple[int, float]) -> Any:
    tiers = np.array([tier for tier, _ in able])
    return SimpleNamespace(history=SimpleNamespace(tiers=tiers, mean_capability=np.array([[c for _, c in able]])))


def test_lower_tiers_are_those_from_2_on_and_firms_that_are_gone_do_not_count() -> None:
    run = learners((0, 1.0), (1, 0.8), (2, 0.4), (3, 0.2), (3, float("nan")))
    assert mean_capability(run, lower=True) == pytest.approx(0.3)
    assert mean_capability(run, lower=False) == pytest.approx(0.8)


def test_policy_that_helps_nobody_is_not_praised() -> None:
    assert which_reaches([Reach("A", -0.1, 5.0, 3.0)]).startswith("None of these policies raises")
    assert which_reaches([Reach("A", -0.1, 5.0, 3.0), Reach("B", 0.1, 5.0, 3.0)]).startswith("B raises")


def test_scenario_that_lies_in_no_file_can_be_left_and_chosen_again() -> None:
    own = load_scenario("beer-game", {"clock.days": 28})
    made = Dashboard(own, run=False)
    made.presets.value = "single-site"
    assert made.settings.base.name == "single-site"
    made.presets.value = ""
    assert made.settings.base == own
    made.close()
