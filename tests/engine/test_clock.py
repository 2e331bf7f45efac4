"""The clock: what happens at one instant happens in the order of phases, not of planning."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from gpnde.engine.clock import Call, Phase, Timeline

from ..clocks import at, every

_PHASES = [phase for phase in Phase if phase is not Phase.HORIZON]


@given(planned=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(_PHASES)), max_size=30))
def test_actions_come_by_tick_then_phase_then_in_the_order_of_planning(planned: list[tuple[int, Phase]]) -> None:
    timeline, happened = Timeline(1.0, 6), list[tuple[int, Phase, int]]()
    for number, (tick, phase) in enumerate(planned):
        at(timeline, tick, phase, lambda entry=(tick, phase, number): happened.append(entry))  # type: ignore[misc]
    timeline.run()
    assert happened == sorted((tick, phase, number) for number, (tick, phase) in enumerate(planned))


def test_an_action_can_plan_another_in_a_later_phase_of_the_same_instant() -> None:
    timeline, happened = Timeline(1.0, 3), list[str]()
    at(timeline, 1, Phase.RECORD, lambda: happened.append("recorded"))
    at(timeline, 1, Phase.SHOCKS, lambda: at(timeline, 1, Phase.EVENTS, lambda: happened.append("told")))
    timeline.run()
    assert happened == ["told", "recorded"]


def test_what_is_planned_for_the_past_happens_now() -> None:
    timeline, ticks = Timeline(1.0, 9), list[int]()
    at(timeline, 5, Phase.CASH, lambda: at(timeline, 2, Phase.RECORD, lambda: ticks.append(timeline.now)))
    timeline.run()
    assert ticks == [5]


def test_repeated_actions_keep_their_period() -> None:
    timeline, days = Timeline(0.5, 20), list[float]()
    every(timeline, 6, Phase.CASH, lambda: days.append(timeline.today), 2)
    timeline.run()
    assert days == [1.0, 4.0, 7.0, 10.0]


@pytest.mark.parametrize("phase", _PHASES)
def test_what_closes_at_the_horizon_happens_and_what_follows_does_not(phase: Phase) -> None:
    timeline, happened = Timeline(1.0, 7), list[int]()
    every(timeline, 7, phase, lambda: happened.append(timeline.now), 7)
    timeline.run()
    assert happened == ([7] if phase < Phase.HORIZON else [])
    assert timeline.now == 7


@given(ticks=st.integers(0, 10**6), tick_days=st.sampled_from([1.0, 0.5, 0.1, 1 / 3, 1 / 24, 7.0]))
def test_a_whole_number_of_ticks_is_not_rounded_up(ticks: int, tick_days: float) -> None:
    assert Timeline(tick_days, 1).tick(ticks * tick_days) == ticks


@given(days=st.floats(0, 1e4), tick_days=st.sampled_from([1.0, 0.5, 0.1, 7.0]))
def test_times_are_rounded_up_to_the_tick(days: float, tick_days: float) -> None:
    tick = Timeline(tick_days, 1).tick(days)
    assert (tick - 1) * tick_days < days + 1e-6
    assert tick * tick_days >= days - 1e-6


def test_the_next_event_is_never_when_nothing_is_planned() -> None:
    timeline = Timeline(1.0, 10)
    assert timeline.next_event() == math.inf
    at(timeline, 4, Phase.CASH, lambda: None)
    assert timeline.next_event() == 4


def test_actions_and_processes_know_the_phase() -> None:
    timeline, seen = Timeline(1.0, 10), list[Phase]()

    def process() -> Iterator[simpy.Event]:
        seen.append(timeline.phase)
        yield timeline.at(3, Phase.SHOCKS)
        seen.append(timeline.phase)

    timeline.start(process())
    at(timeline, 2, Phase.SELECTION, lambda: seen.append(timeline.phase))
    timeline.run()
    assert seen == [Phase.SHOCKS, Phase.SELECTION, Phase.SHOCKS]


def planned(timeline: Timeline, calls: list[Call]) -> list[Call]:
    """Plan calls, and return the list that each is noted in when it is carried out."""
    done: list[Call] = []
    timeline.carry_out_by(done.append)
    for call in calls:
        timeline.plan(call)
    return done


def test_calls_come_by_tick_then_phase_then_in_the_order_of_planning() -> None:
    times = [(3, Phase.CASH), (1, Phase.RECORD), (1, Phase.CASH), (1, Phase.RECORD), (1, Phase.CASH)]
    calls = [Call(*when, "part", f"m{number}", (number,)) for number, when in enumerate(times)]
    timeline = Timeline(1.0, 9)
    done = planned(timeline, calls)
    timeline.run()
    assert [call.method for call in done] == ["m2", "m4", "m1", "m3", "m0"]
    assert [call.arguments for call in done] == [(2,), (4,), (1,), (3,), (0,)]


def test_a_call_with_a_period_comes_again_and_again() -> None:
    timeline, ticks = Timeline(1.0, 10), list[int]()
    timeline.carry_out_by(lambda call: ticks.append(timeline.now))
    timeline.plan(Call(2, Phase.CASH, "part", "step", period=3))
    timeline.plan(Call(4, Phase.CASH, "part", "once"))
    timeline.run()
    assert ticks == [2, 4, 5, 8]


def test_a_call_with_a_period_keeps_its_place_among_those_of_its_instant() -> None:
    calls = [Call(2, Phase.CASH, "part", name, period=2) for name in ("first", "second")]
    timeline = Timeline(1.0, 6)
    done = planned(timeline, calls)
    timeline.run()
    assert [call.method for call in done] == ["first", "second"] * 3


_TIMES = st.tuples(st.integers(0, 3), st.sampled_from([Phase.CASH, Phase.RECORD]), st.integers(0, 2))


@given(agenda=st.lists(_TIMES, max_size=8), steps=st.integers(0, 12))
def test_a_copy_between_two_events_goes_on_in_the_same_order(agenda: list[tuple[int, Phase, int]], steps: int) -> None:
    timeline = Timeline(1.0, 6)
    calls = [Call(tick, phase, "part", f"m{n}", period=period) for n, (tick, phase, period) in enumerate(agenda)]
    done = planned(timeline, calls)
    for _ in range(min(steps, len(calls))):
        timeline.env.step()
    twin, again = copy.deepcopy(timeline), list[Call]()
    twin.carry_out_by(again.append)
    assert (twin.now, twin.phase, twin.ticks) == (timeline.now, timeline.phase, timeline.ticks)
    before = len(done)
    timeline.run()
    assert again == []
    twin.run()
    assert again == done[before:]


def test_a_copy_is_given_what_carries_out_its_calls() -> None:
    timeline = Timeline(1.0, 6)
    planned(timeline, [Call(2, Phase.CASH, "money", "pay")])
    with pytest.raises(RuntimeError, match=r"^money\.pay: nothing carries out what is planned$"):
        copy.deepcopy(timeline).run()


def test_what_is_planned_in_a_copy_is_not_planned_in_the_original() -> None:
    timeline = Timeline(1.0, 6)
    done = planned(timeline, [Call(2, Phase.CASH, "part", "both")])
    twin, again = copy.deepcopy(timeline), list[Call]()
    twin.carry_out_by(again.append)
    twin.plan(Call(3, Phase.CASH, "part", "one"))
    for each in (timeline, twin):
        each.run()
    assert ([call.method for call in done], [call.method for call in again]) == (["both"], ["both", "one"])


def test_observers_look_after_all_else_of_their_instant_and_are_not_copied() -> None:
    timeline, seen = Timeline(1.0, 9), list[tuple[int, Phase]]()
    planned(timeline, [Call(4, Phase.RECORD, "part", "record")])
    timeline.observe(3, lambda: seen.append((timeline.now, timeline.phase)), 1)
    twin = copy.deepcopy(timeline)
    twin.carry_out_by(lambda call: None)
    twin.run()
    assert seen == []
    timeline.run()
    assert seen == [(1, Phase.OBSERVE), (4, Phase.OBSERVE), (7, Phase.OBSERVE)]


def test_only_processes_keep_a_clock_from_being_copied_whole() -> None:
    timeline = Timeline(1.0, 9)
    planned(timeline, [Call(4, Phase.CASH, "part", "pay")])
    assert not timeline.has_processes
    timeline.start(event for event in [timeline.at(3, Phase.SHOCKS)])
    assert timeline.has_processes
