"""Entities that work and fail in turn: the schedule against renewal theory (V-11)."""

from __future__ import annotations

import datetime
import math
from typing import Any

import numpy as np
import pytest
from gpnde_disruptions.alternating import AlternatingOutages, Failures
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.clock import Timeline
from gpnde.engine.hooks.views import RunClock, RunStreams
from gpnde.errors import ComponentError
from gpnde.plugin import Clock


class Outage(AlternatingOutages):
    name = "disruption.test"


def clock_of(days: float, tick_days: float = 1.0) -> Clock:
    return RunClock(Timeline(tick_days, round(days / tick_days)), datetime.date(2000, 1, 1))


def failures(
    entities: list[int], total: int, days: float, tick_days: float = 1.0, seed: int = 1, **parameters: Any
) -> list[Failures]:
    outage = Outage.of(parameters)
    chosen, streams = np.array(entities, dtype=np.int64), RunStreams(seed, 0, outage.name)
    names = [f"entity {number}" for number in range(total)]
    return list(outage.failures(chosen, names, clock_of(days, tick_days), streams))


def outages_of(entity: int, found: list[Failures]) -> list[tuple[float, float]]:
    """Return day and length of the outages of one entity."""
    return [
        (day, length)
        for day, numbers, days in found
        for number, length in zip(numbers.tolist(), days.tolist(), strict=True)
        if number == entity
    ]


def share_at_work(found: list[Failures], count: int, days: float) -> float:
    """Return the share of entity-days at work, leaving out the first tenth, in which hardly anything has failed."""
    begin = days / 10
    down = sum(np.clip(np.minimum(each.day + each.days, days) - max(each.day, begin), 0, None).sum() for each in found)
    return 1.0 - float(down) / (count * (days - begin))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("tick_days", [0.25, 1.0, 7.0])
@pytest.mark.parametrize(
    "laws",
    [
        {},
        {"up_law": "weibull", "up_shape": 2.5},
        {"down_law": "lognormal", "down_cv": 0.8},
        {"up_law": "weibull", "up_shape": 0.8, "down_law": "fixed"},
    ],
    ids=["exponential", "wear", "lognormal", "fixed"],
)
def test_share_at_work_is_mean_up_over_mean_cycle(laws: dict[str, Any], tick_days: float) -> None:
    count, days, up, down = 400, 25_200.0, 70.0, 10.0
    found = failures(list(range(count)), count, days, tick_days, mean_up_days=up, mean_down_days=down, **laws)
    cycles = count * days / (up + down)
    # Share down has a standard error of about (up down / cycle²) √(2 / cycles) where both laws are exponential.
    error = up * down / (up + down) ** 2 * math.sqrt(3.0 / cycles)
    assert share_at_work(found, count, days) == pytest.approx(up / (up + down), abs=4 * error)


def test_number_of_outages_is_the_horizon_over_the_mean_cycle() -> None:
    count, days = 1000, 18_000.0
    found = failures(list(range(count)), count, days, 0.125, mean_up_days=80, mean_down_days=10)
    outages = sum(len(each.numbers) for each in found)
    # Outages between two ticks are not seen: a share of 0.125 / 2 / 10 of them; the first comes after 80 days, not 90.
    expected = count * days / 90 * (1 - 0.125 / 20) + count * 0.01
    assert outages == pytest.approx(expected, rel=4 / math.sqrt(expected))


def test_failures_come_day_by_day_before_the_horizon_and_last_whole_ticks() -> None:
    found = failures([3, 5, 7], 10, 1000.0, 0.5, mean_up_days=4, mean_down_days=2)
    days = [each.day for each in found]
    assert days == sorted(set(days))
    assert 0 < days[0] and days[-1] < 1000.0
    for day, numbers, lengths in found:
        assert day % 0.5 == 0
        assert numbers.tolist() == sorted(set(numbers.tolist()) & {3, 5, 7})
        assert (lengths > 0).all() and (lengths % 0.5 == 0).all()


@settings(deadline=None, max_examples=25)
@given(st.sets(st.integers(0, 19), min_size=1), st.floats(1, 200), st.floats(0.3, 50), st.sampled_from([0.5, 1.0, 7.0]))
def test_entity_works_before_it_fails_again(chosen: set[int], up: float, down: float, tick_days: float) -> None:
    found = failures(sorted(chosen), 20, 700.0, tick_days, mean_up_days=up, mean_down_days=down)
    for entity in chosen:
        mine = outages_of(entity, found)
        for (day, length), (following, _) in zip(mine, mine[1:], strict=False):
            assert day + length <= following


@pytest.mark.parametrize("chosen", [[4], [0, 4, 9], list(range(10))])
def test_outages_of_an_entity_do_not_depend_on_which_others_are_chosen(chosen: list[int]) -> None:
    alone = outages_of(4, failures([4], 10, 3000.0, mean_up_days=20, mean_down_days=5))
    assert len(alone) > 80
    assert outages_of(4, failures(chosen, 10, 3000.0, mean_up_days=20, mean_down_days=5)) == alone


def test_longer_horizon_leaves_what_came_before_as_it_was() -> None:
    short = failures([0, 1, 2], 3, 500.0, mean_up_days=20, mean_down_days=5)
    long = failures([0, 1, 2], 3, 5000.0, mean_up_days=20, mean_down_days=5)
    assert [(each.day, each.numbers.tolist()) for each in long if each.day <= 500] == [
        (each.day, each.numbers.tolist()) for each in short
    ]


def test_times_scale_with_their_means() -> None:
    slow = outages_of(0, failures([0], 1, 40_000.0, mean_up_days=400, mean_down_days=100))
    fast = outages_of(0, failures([0], 1, 4_000.0, 0.1, mean_up_days=40, mean_down_days=10))
    assert [day / 10 for day, _ in slow] == pytest.approx([day for day, _ in fast])


def test_seed_decides() -> None:
    one, again, other = (failures([0], 1, 2000.0, seed=seed) for seed in (1, 1, 2))
    assert outages_of(0, one) == outages_of(0, again) != outages_of(0, other)


def test_cycle_too_short_to_follow_is_refused() -> None:
    with pytest.raises(ComponentError) as caught:
        failures([0], 1, 100.0, 7.0, mean_up_days=0.01, mean_down_days=0.02)
    expected = (
        "disruption.test: mean_up_days + mean_down_days = 0.03 (day): must be at least 0.07, a hundredth of a tick"
    )
    assert str(caught.value) == expected


def test_outages_shorter_than_a_tick_are_seen_as_often_as_a_tick_meets_one() -> None:
    found = failures(list(range(500)), 500, 3000.0, mean_up_days=1.0, mean_down_days=0.1)
    assert share_at_work(found, 500, 3000.0) == pytest.approx(1 / 1.1, abs=0.002)
