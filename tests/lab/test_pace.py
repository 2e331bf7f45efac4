"""Frames take a share of the run's time, whatever they cost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gpnde.lab.pace import FIRST_SECONDS, SHARE, Pace


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def frames(pace: Pace, clock: Clock, cost: float, seconds: float, step: float = 0.001) -> list[float]:
    """Run for some seconds, and return after how much work there were frames."""
    pace.begin()
    worked, found = 0.0, list[float]()
    while worked < seconds:
        if pace.is_due():
            found.append(worked)
            with pace.frame():
                clock.now += cost
        clock.now += step
        worked += step
    return found


@given(cost=st.floats(0.0001, 0.3), seconds=st.floats(1.0, 3.0))
def test_frames_take_their_share_and_no_more(cost: float, seconds: float) -> None:
    clock = Clock()
    found = frames(Pace(10.0, clock), clock, cost, seconds)
    assert found[0] == 0.0
    assert cost * (len(found) - 1) <= SHARE * seconds + 1e-9


@given(cost=st.floats(0.0001, 0.3))
def test_the_cost_is_remembered_but_the_first_frame_comes_soon(cost: float) -> None:
    clock = Clock()
    pace = Pace(10.0, clock)
    frames(pace, clock, cost, 0.1)
    found = frames(pace, clock, cost, 2.0)
    assert found[0] <= min(FIRST_SECONDS, cost / SHARE) + 0.002
    assert cost * len(found) <= max(cost, SHARE * 2.0)


def test_cheap_frames_come_as_often_as_is_wanted() -> None:
    clock = Clock()
    assert 95 <= len(frames(Pace(10.0, clock), clock, 1e-6, 10.0)) <= 101


def test_a_pause_is_no_time_to_work_in() -> None:
    clock = Clock()
    pace = Pace(10.0, clock)
    with pace.frame():
        clock.now += 0.5
    with pace.standing_still():
        clock.now += 3600.0
    assert not pace.is_due()
