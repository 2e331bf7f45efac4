"""Runs go out in tasks of a few seconds; what a lost worker had comes back, and is told from its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from gpnde.study.dispatch import Queue, RunDuration
from gpnde.study.plan import RunSpec
from gpnde.study.worker import SECONDS, Report


def specs(count: int) -> list[RunSpec]:
    return [RunSpec(f"{number:016x}", "baseline", 0, number, 1) for number in range(count)]


def report_of(done: Sequence[RunSpec], seconds: float) -> Report:
    return Report(tuple((spec.key, "ok") for spec in done), (), (), seconds)


def test_first_task_is_one_run_and_those_that_follow_take_about_two_seconds() -> None:
    duration = RunDuration()
    assert duration.runs_per_task(10_000, 4) == 1
    duration.learn(report_of(specs(1), 0.1))
    assert duration.runs_per_task(10_000, 4) == int(SECONDS / 0.1)
    duration.learn(report_of(specs(20), 4.0))
    assert duration.runs_per_task(10_000, 4) == int(SECONDS / 0.2)


@given(st.floats(0.0, 10.0), st.integers(0, 10_000), st.integers(1, 64))
def test_tasks_shrink_towards_the_end_and_never_vanish(seconds: float, left: int, tasks: int) -> None:
    runs = RunDuration(seconds).runs_per_task(left, tasks)
    assert runs >= 1
    assert runs == 1 or runs * tasks <= left
    assert runs == 1 or runs * seconds <= SECONDS * (1 + 1e-9)


@given(st.integers(0, 40), st.lists(st.integers(1, 7), max_size=60))
def test_every_run_leaves_the_queue_once_in_its_order(count: int, sizes: list[int]) -> None:
    given_out = specs(count)
    queue = Queue(given_out)
    taken = [spec for size in sizes for spec in queue.take(size, alone=True)]
    assert taken == given_out[: len(taken)]
    assert len(taken) == min(count, sum(sizes))


def test_runs_that_were_not_begun_come_first() -> None:
    first, second, third = specs(3)
    queue = Queue([first, second, third])
    assert queue.take(2, alone=True) == (first, second)
    queue.give_back([second])
    assert queue.take(2, alone=True) == (second, third)


def test_runs_of_a_lost_worker_go_out_one_by_one_then_alone_and_are_given_up_at_last() -> None:
    first, second, third = specs(3)
    queue = Queue([first, second, third])
    assert list(queue.fall(queue.take(2, alone=True))) == []
    assert queue.take(5, alone=False) == (first,)
    assert queue.take(5, alone=False) == (second,)
    assert list(queue.fall([first])) == []
    assert queue.must_be_alone([first]) and not queue.must_be_alone([second])
    assert queue.take(5, alone=False) == ()
    assert queue.take(5, alone=True) == (first,)
    assert list(queue.fall([first])) == [first]
    assert queue.take(5, alone=False) == (third,)
