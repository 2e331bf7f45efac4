"""The clock: what happens at one instant happens in the order of phases, whoever planned first."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from gpnde.engine.clock import Phase, Timeline

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
