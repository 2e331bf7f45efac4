"""The dashboard without a page: what its parts do for each other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import gpnde
from gpnde.lab.dashboard import Dashboard
from gpnde.lab.gallery import BASELINE, TREATMENT

SUBSIDY = "policy.effort-subsidy"


@pytest.fixture
def lab() -> Iterator[Dashboard]:
    made = Dashboard("small-open-economy", run=False)
    made.settings.set("clock.days", 182.0)
    yield made
    made.close()


def finish(lab: Dashboard) -> None:
    assert lab.wait(300)


def test_package_can_be_called() -> None:
    made = gpnde.lab("beer-game", run=False)
    assert isinstance(made, Dashboard)
    made.close()


@pytest.mark.thorough
def test_run_is_the_one_of_simulate(lab: Dashboard) -> None:
    lab.run()
    finish(lab)
    assert lab.gallery.runs[TREATMENT].fingerprint == gpnde.simulate(lab.settings.scenario()).fingerprint
    assert "done" in lab.status.value and "Fill rate" in lab.tiles.value


def test_change_of_a_control_runs_treatment_and_baseline_with_common_random_numbers(lab: Dashboard) -> None:
    lab.controls.component(SUBSIDY).switch.value = True
    finish(lab)
    runs = lab.gallery.runs
    assert runs[BASELINE].fingerprint == gpnde.simulate(lab.settings.baseline()).fingerprint
    assert runs[TREATMENT].metric(f"{SUBSIDY}.cost") > 0
    assert "baseline" in lab.tiles.value
    lab.compare.value = False
    finish(lab)
    assert list(lab.gallery.runs) == [TREATMENT]


@pytest.mark.thorough
def test_reset_shows_the_scenario_itself(lab: Dashboard) -> None:
    lab.controls.component(SUBSIDY).switch.value = True
    finish(lab)
    lab.reset()
    finish(lab)
    assert lab.settings.changes() == {} and BASELINE not in lab.gallery.runs


def test_contradiction_is_told_in_one_line_and_nothing_runs(lab: Dashboard) -> None:
    lab.settings.set("ordering.review_days", -1.0)
    lab.run()
    finish(lab)
    assert "ordering.review_days" in lab.status.value and "\n" not in lab.status.value
    assert lab.gallery.runs == {}


@pytest.mark.thorough
def test_every_chart_is_drawn_on_any_day(lab: Dashboard) -> None:
    lab.run()
    finish(lab)
    for name, kind in lab.gallery.kinds.items():
        lab.gallery.group.value = kind.group
        lab.gallery.chart.value = name
        lab.gallery.day.value = 91.0
        assert lab.gallery.kind is kind
        assert "<html" in lab.gallery.views[TREATMENT].html()


def test_mark_that_is_clicked_is_described_on_the_day_that_is_shown(lab: Dashboard) -> None:
    lab.run()
    finish(lab)
    lab.gallery.views[TREATMENT].clicked = {"site": "flagship-1-home"}
    assert "Site flagship-1-home" in lab.detail.words.value
    lab.gallery.views[TREATMENT].clicked = {"tier": 1}
    assert "Tier 1" in lab.detail.words.value and "182 day" in lab.detail.words.value
    lab.gallery.views[TREATMENT].clicked = {"ratio": 1.0}
    assert "stands for no single firm" in lab.detail.words.value


@pytest.mark.thorough
def test_firm_that_is_clicked_is_that_of_the_statements(lab: Dashboard) -> None:
    lab.run()
    finish(lab)
    lab.gallery.views[TREATMENT].clicked = {"firm": "local-assembler"}
    lab.gallery.views[TREATMENT].clicked = {"tier": 1}
    lab.gallery.group.value = "finance"
    lab.gallery.chart.value = "statements"
    assert "Income of local-assembler" in lab.gallery.tables[TREATMENT].value


def test_nothing_is_saved_before_there_is_a_run(lab: Dashboard) -> None:
    lab.exports.save_chart.click()
    assert "run the scenario first" in lab.status.value
    lab.exports.save_table.click()
    assert "run the scenario first" in lab.status.value


def test_scenario_is_saved_where_the_user_works(
    lab: Dashboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lab.exports.save_scenario.click()
    assert f"saved {tmp_path / 'my-scenario.yaml'}" in lab.status.value
    assert gpnde.load_scenario("my-scenario.yaml") == lab.settings.scenario()


def test_file_that_is_there_is_replaced_only_where_that_is_wanted(
    lab: Dashboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my-scenario.yaml").write_text("mine")
    lab.exports.save_scenario.click()
    assert "my-scenario.yaml: is there already: give another name, or tick Replace" in lab.status.value
    assert Path("my-scenario.yaml").read_text() == "mine"
    lab.exports.replace.value = True
    lab.exports.save_scenario.click()
    assert gpnde.load_scenario("my-scenario.yaml") == lab.settings.scenario()


@pytest.mark.parametrize("name", ["../mine.yaml", "/tmp/mine.yaml", "link/mine.yaml", "", "."])
def test_scenario_is_saved_nowhere_else(
    lab: Dashboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path / "work")
    lab.exports.file.value = name
    lab.exports.save_scenario.click()
    assert "is not a name in" in lab.status.value
    assert [path.name for path in tmp_path.rglob("*")] == ["work", "link"]


def test_closed_dashboard_leaves_no_thread_behind() -> None:
    before = {thread.name for thread in threading.enumerate()}
    made = Dashboard("small-open-economy")
    made.close()
    assert {thread.name for thread in threading.enumerate()} - before <= {"gpnde-lookout"}
