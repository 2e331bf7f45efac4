"""Luck: pairs of one question in their order, forgotten with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from gpnde.lab.luck import LuckCheck, Question
from gpnde.scenario import load_scenario
from gpnde.study.background import Asked, Ending, Fault
from gpnde.study.pairs import Outcome, Reach

CONTROL, TREATED = (load_scenario("single-site", {"clock.days": days}) for days in (14, 28))
QUESTION = Question(CONTROL, TREATED, 5)


class Work:
    """Stands for runs in the background: what was asked, and the listeners, which a test calls itself."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.ends: list[Ending] = []

    def start(self, asked: Sequence[Asked], on_outcome: Callable[..., None], on_end: Callable[..., None]) -> Work:
        self.asked, self.on_outcome, self.on_end = list(asked), on_outcome, on_end
        return self

    def end(self, why: Ending) -> None:
        self.ends.append(why)


class Lab:
    """A check with its work, and what it told."""

    def __init__(self) -> None:
        self.work = Work()
        self.counts: list[int] = []
        self.ends: list[tuple[str, str]] = []
        given: Any = self.work
        self.check = LuckCheck(
            given, lambda: self.counts.append(len(self.check.pairs)), lambda *end: self.ends.append(end)
        )

    def give(self, *values: float) -> None:
        for place, value in enumerate(values):
            self.work.on_outcome(place, Outcome({"m": value}, {}, Reach(0.0, 0.0)))


@pytest.fixture
def lab() -> Lab:
    made = Lab()
    assert made.check.ask(QUESTION)
    made.check.start(2)
    return made


def test_pairs_are_asked_for_by_replication_under_one_seed(lab: Lab) -> None:
    assert [(one.scenario, one.seed, one.replication) for one in lab.work.asked] == [
        (CONTROL, 5, 0), (TREATED, 5, 0), (CONTROL, 5, 1), (TREATED, 5, 1)
    ]  # fmt: skip


def test_each_pair_is_told_once_both_runs_are_there(lab: Lab) -> None:
    lab.give(1.0, 2.0, 3.0)
    assert lab.counts == [1]
    assert [(pair.control.metrics["m"], pair.treated.metrics["m"]) for pair in lab.check.pairs] == [(1.0, 2.0)]


def test_same_question_keeps_its_pairs_and_another_forgets_them(lab: Lab) -> None:
    lab.give(1.0, 2.0)
    assert not lab.check.ask(Question(CONTROL, TREATED, 5)) and lab.check.pairs
    assert lab.check.ask(Question(CONTROL, TREATED, 6)) and not lab.check.pairs
    assert lab.work.ends == ["forgotten"]


def test_what_comes_late_from_an_earlier_question_is_not_taken(lab: Lab) -> None:
    late = lab.work.on_outcome
    lab.check.ask(Question(TREATED, CONTROL, 5))
    late(0, Outcome({}, {}, Reach(0.0, 0.0)))
    late(1, Outcome({}, {}, Reach(0.0, 0.0)))
    assert lab.check.pairs == () and lab.counts == []


def test_run_that_cannot_be_done_ends_the_pairs_with_its_line(lab: Lab) -> None:
    lab.work.on_outcome(0, Fault("days: -1: must be at least 0"))
    lab.work.on_end("stopped", "")
    assert lab.work.ends == ["stopped"]
    assert lab.ends == [("failed", "days: -1: must be at least 0")]


def test_stop_keeps_the_pairs_that_are_known(lab: Lab) -> None:
    lab.give(1.0, 2.0)
    lab.check.stop()
    lab.work.on_end("stopped", "")
    assert lab.ends == [("stopped", "")] and len(lab.check.pairs) == 1


def test_without_a_question_nothing_is_run() -> None:
    lab = Lab()
    lab.check.start(2)
    assert lab.work.asked == []
