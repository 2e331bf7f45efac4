"""The policy wall without a page: each policy alone, its pairs, and the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from gpnde.lab.dashboard import Dashboard
from gpnde.lab.policy_wall import PolicyWall, each_alone
from gpnde.lab.settings import Settings
from gpnde.results.courses import Course
from gpnde.study.background import Asked, Fault
from gpnde.study.pairs import Outcome, Reach

LOWER = "capability.lower_tier"


class Work:
    """Stands for runs in the background, and answers with an effect that each policy has by its place."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def start(self, asked: Sequence[Asked], on_outcome: Callable[..., None], on_end: Callable[..., None]) -> Work:
        self.asked, self.on_outcome, self.on_end = list(asked), on_outcome, on_end
        return self

    def end(self, why: str) -> None:
        self.ending = why

    def answer(self, fault: int | None = None) -> None:
        for place, one in enumerate(self.asked):
            used = {use.use for use in one.scenario.components}
            value = 0.1 + 0.001 * one.replication + (0.05 if "policy.effort-subsidy" in used else 0.0)
            course = Course(np.zeros(1), np.full(1, value))
            found = Outcome({LOWER: value, "country.profit": value}, {LOWER: course}, Reach(0.0, 0.0))
            self.on_outcome(place, Fault("it broke") if place == fault else found)


@pytest.fixture
def settings() -> Settings:
    made = Settings("small-open-economy")
    made.set("clock.days", 182.0)
    return made


def wall_of(settings: Settings, chosen: list[str]) -> tuple[PolicyWall, Work]:
    work: Any = Work()
    return PolicyWall(work, settings, chosen.append), work


def test_each_policy_stands_alone_beside_the_baseline(settings: Settings) -> None:
    settings.switch("policy.skills-centre", True)
    found, faults = each_alone(settings, "policy")
    for one in found:
        assert one.control == settings.baseline()
        added = [use.use for use in one.treated.components if use not in one.control.components]
        assert added == [one.component]
    assert len(found) > 10 and "policy.linkage-mix.stages: missing" in faults["policy.linkage-mix"]


def test_shock_that_the_scenario_has_is_compared_with_the_scenario_without_it(settings: Settings) -> None:
    found = {one.component: one for one in each_alone(settings, "disruption")[0]}
    own = found["disruption.site-outage"]
    assert own.treated == settings.baseline()
    assert not any(use.use == "disruption.site-outage" and use.enabled for use in own.control.components)


def test_pairs_share_their_seeds_and_the_best_comes_first(settings: Settings) -> None:
    wall, work = wall_of(settings, [])
    wall.seeds.value = 3
    wall.policies.click()
    assert wall.policies.description == "Stop all policies"
    assert {one.replication for one in work.asked} == {0, 1, 2} and {one.seed for one in work.asked} == {1}
    work.answer()
    work.on_end("done", "")
    best, second = wall.panels()[:2]
    assert (best.component, best.said, best.pairs) == ("policy.effort-subsidy", "better", 3)
    assert best.mean == pytest.approx(0.05) and second.mean == 0.0
    assert wall.policies.description == "Compare all policies"


def test_run_that_fails_is_told_and_the_others_stay(settings: Settings) -> None:
    wall, work = wall_of(settings, [])
    wall.seeds.value = 2
    wall.shocks.click()
    work.answer(fault=1)
    work.on_end("done", "")
    assert "cannot be run alone: it broke" in wall.status.value
    assert len(wall.panels()) == len({one.component for one in each_alone(settings, "disruption")[0]})


def test_measure_that_no_run_defines_gives_way_to_one_that_runs_have(settings: Settings) -> None:
    wall, work = wall_of(settings, [])
    wall.policies.click()
    for place in (0, 1):
        work.on_outcome(place, Outcome({"flow.fill_rate": 0.9}, {}, Reach(0.0, 0.0)))
    assert wall.measure.value == "flow.fill_rate" and wall.panels()[0].mean == 0.0


def test_mark_that_is_clicked_is_told(settings: Settings) -> None:
    chosen: list[str] = []
    wall, _ = wall_of(settings, chosen)
    wall.view.clicked = {"component": "policy.skills-centre", "label": "Skills centre"}
    assert chosen == ["policy.skills-centre"]


@pytest.fixture
def lab() -> Iterator[Dashboard]:
    made = Dashboard("small-open-economy", run=False)
    made.settings.set("clock.days", 91.0)
    yield made
    made.close()


def test_policy_that_is_chosen_takes_the_place_of_the_one_before(lab: Dashboard) -> None:
    for name in ("policy.skills-centre", "policy.effort-subsidy"):
        lab.wall.view.clicked = {"component": name}
    assert lab.settings.is_on("policy.effort-subsidy") and not lab.settings.is_on("policy.skills-centre")
    assert lab.wait(300)
