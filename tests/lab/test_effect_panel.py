"""The effect panel without a page: what it shows, asks and says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gpnde.lab.dashboard import Dashboard
from gpnde.lab.effect_panel import PAIRS, EffectPanel
from gpnde.lab.gallery import BASELINE
from gpnde.results.courses import MEASURES
from gpnde.study.pairs import Pair, simulated
from gpnde.study.verdicts import sentence

SUBSIDY, DAYS = "policy.effort-subsidy", 182.0
LONG = 300.0
"""Longer than anything here takes, on any machine (s)."""


@pytest.fixture
def lab() -> Iterator[Dashboard]:
    made = Dashboard("small-open-economy", run=False)
    made.settings.set("clock.days", DAYS)
    yield made
    made.close()


def changed(lab: Dashboard) -> EffectPanel:
    """Switch a policy on, and return the panel once both runs are done."""
    lab.controls.component(SUBSIDY).switch.value = True
    assert lab.wait(LONG)
    return lab.effect


def test_panel_appears_with_a_change_and_goes_with_it(lab: Dashboard) -> None:
    assert lab.effect.layout.display == "none" and lab.effect.count.value == PAIRS == 20
    panel = changed(lab)
    assert panel.layout.display is None and "Lower-tier capability" in panel.view.html()
    assert "One pair of runs may differ by luck alone" in panel.text
    lab.compare.value = False
    assert lab.wait(LONG)
    assert panel.layout.display == "none"


def test_baseline_is_shown_beside_charts_where_that_is_wanted(lab: Dashboard) -> None:
    panel = changed(lab)
    sides = lab.gallery.children[2].children
    assert [side.layout.display for side in sides] == ["none", None] and BASELINE in lab.gallery.runs
    panel.twins.value = True
    assert [side.layout.display for side in sides] == [None, None]


def test_sentence_is_that_of_pairs_of_the_same_seed_and_goes_with_another_change(lab: Dashboard) -> None:
    panel = changed(lab)
    panel.count.value = 2
    panel.ask.click()
    assert panel.ask.description == "Stop the pairs" and "2 pairs" in panel.text
    assert lab.background.wait(LONG)
    scenarios = lab.settings.baseline(), lab.settings.scenario()
    pairs = [Pair(*(simulated(one, 1, place) for one in scenarios)) for place in range(2)]
    assert panel.text == sentence(pairs, MEASURES["capability.lower_tier"], DAYS)
    assert panel.ask.description == "Is it luck?"
    panel.measure.value = "flow.fill_rate"
    assert panel.text == sentence(pairs, MEASURES["flow.fill_rate"], DAYS)
    lab.settings.seed = 2
    lab.run()
    assert "One pair of runs may differ by luck alone" in panel.text and panel.check.pairs == ()


def test_nothing_is_run_where_nothing_is_changed(lab: Dashboard) -> None:
    lab.settings.reset()
    lab.effect.ask.click()
    assert "There is nothing to compare: change something first." in lab.effect.text
    assert lab.effect.ask.description == "Is it luck?"


def test_measures_are_those_that_the_runs_define() -> None:
    lab = Dashboard("beer-game", run=False)
    lab.settings.set("ordering.review_days", 28.0)
    lab.run()
    assert lab.wait(LONG)
    assert [name for _, name in lab.effect.measure.options] == ["flow.fill_rate"]
    lab.close()
