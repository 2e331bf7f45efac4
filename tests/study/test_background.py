"""Runs in the background: the outcomes of simulate in the order of the list, an orderly end, nothing done twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from gpnde.scenario import load_scenario
from gpnde.scenario.schema import ComponentUse, Scenario
from gpnde.study.background import Asked, BackgroundRuns, Fault, Job
from gpnde.study.pairs import Outcome, simulated

LONG = 300.0
"""Longer than anything here takes, on any machine (s)."""


class Told:
    """Keeps what it is told, and lets a test wait for the first outcome."""

    def __init__(self) -> None:
        self.outcomes: list[tuple[int, Outcome | Fault]] = []
        self.ends: list[tuple[str, str]] = []
        self.has_one = threading.Event()

    def outcome(self, place: int, found: Outcome | Fault) -> None:
        self.outcomes.append((place, found))
        self.has_one.set()

    def end(self, state: str, message: str) -> None:
        self.ends.append((state, message))


def lasting(days: float) -> Scenario:
    return load_scenario("single-site", {"clock.days": days})


@pytest.fixture
def runs() -> Iterator[BackgroundRuns]:
    made = BackgroundRuns()
    yield made
    made.close()
    assert "gpnde-background-runs" not in [thread.name for thread in threading.enumerate()]


def start(runs: BackgroundRuns, told: Told, *asked: Asked) -> Job:
    return runs.start(asked, told.outcome, told.end)


def test_outcomes_are_those_of_simulate_in_their_order_and_not_found_twice(
    runs: BackgroundRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = Told(), Told()
    asked = [Asked(lasting(28), 3, 1), Asked(lasting(14), 3, 0), Asked(lasting(28), 3, 1)]
    start(runs, first, *asked)
    assert runs.wait(LONG)
    assert first.ends == [("done", "")]
    assert [place for place, _ in first.outcomes] == [0, 1, 2]
    for (_, found), one in zip(first.outcomes, asked, strict=True):
        assert isinstance(found, Outcome) and found.metrics == simulated(*one).metrics
    monkeypatch.setattr("gpnde.study.background.LocalProcesses", None)
    start(runs, again, *asked)
    assert runs.wait(LONG)
    assert [found for _, found in again.outcomes] == [found for _, found in first.outcomes]


def test_run_that_cannot_be_done_is_told_in_one_line_and_the_others_go_on(runs: BackgroundRuns) -> None:
    told = Told()
    use = ComponentUse.model_validate({"use": "policy.unknown"})
    start(runs, told, Asked(lasting(14).model_copy(update={"components": (use,)}), 1, 0), Asked(lasting(14), 1, 0))
    assert runs.wait(LONG)
    (_, fault), (_, found) = told.outcomes
    assert isinstance(fault, Fault) and "policy.unknown" in fault.text and "\n" not in fault.text
    assert isinstance(found, Outcome) and told.ends == [("done", "")]


@pytest.mark.parametrize(
    ("why", "ends"), [("stopped", [("stopped", "")]), ("forgotten", [])], ids=["stopped", "forgotten"]
)
def test_job_can_be_ended_in_mid_run(runs: BackgroundRuns, why: Any, ends: list[tuple[str, str]]) -> None:
    told = Told()
    job = start(runs, told, Asked(lasting(14), 1, 0), Asked(lasting(1_000_000), 1, 0))
    assert told.has_one.wait(LONG)
    job.end(why)
    assert runs.wait(LONG)
    assert (told.ends, len(told.outcomes)) == (ends, 1)


def test_what_is_asked_later_goes_first_and_the_earlier_is_told(runs: BackgroundRuns) -> None:
    early, late = Told(), Told()
    first = start(runs, early, Asked(lasting(1_000_000), 1, 0))
    start(runs, late, Asked(lasting(14), 1, 0))
    assert runs.wait(LONG)
    first.thread.join(LONG)
    assert early.ends == [("stopped", "given up for what was asked later")]
    assert late.ends == [("done", "")]


def test_nothing_to_do_is_done_at_once(runs: BackgroundRuns) -> None:
    told = Told()
    start(runs, told)
    assert runs.wait(LONG)
    assert told.ends == [("done", "")]
