"""Somebody who watches a run sees its beginning, and changes nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine import simulate
from gpnde.engine.recording.observation import Observation
from gpnde.results.run import Run
from gpnde.scenario.generate import generate
from gpnde.scenario.schema import Scenario

from ...thorough import often

Network = Callable[..., Scenario]

_SERIES = ("firms", "sites", "tiers", "markets", "events", "knowledge", "learners", "upgrades", "policies")
_POLICY = {"use": "policy.effort-subsidy", "rate": 0.3, "start_day": 30}


def _made_up(**record: Any) -> Scenario:
    plain = generate("made-up", 15, 3, seed=4).model_dump(exclude_unset=True)
    added = {
        "clock": {"days": 220},
        "components": [*plain["components"], _POLICY],
        "knowledge": {"period_days": 20, "record_days": 40},
    }
    return Scenario.model_validate({**plain, **added, "record": record})


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return _made_up()


@pytest.fixture(scope="module")
def watched(scenario: Scenario) -> tuple[Run, list[tuple[float, Run]]]:
    """Return a run that was watched, and what was seen of it when."""
    seen: list[tuple[float, Run]] = []
    run = simulate(scenario, watch=lambda moment: seen.append((moment.day, moment.run())))
    return run, seen


@given(every_days=st.sampled_from([1, 7, 50, 1000]), seed=st.integers(0, 3), frequency=st.integers(1, 9))
@settings(max_examples=often(2, 12), deadline=None)
def test_watching_changes_no_byte(every_days: float, seed: int, frequency: int) -> None:
    scenario, calls = _made_up(every_days=every_days), 0

    def watch(moment: Observation) -> None:
        nonlocal calls
        calls += 1
        if calls % frequency == 0:
            moment.run()

    assert simulate(scenario, seed=seed, watch=watch).fingerprint == simulate(scenario, seed=seed).fingerprint
    assert calls >= 100


def test_a_moment_knows_the_day_and_the_horizon() -> None:
    seen: list[tuple[float, float]] = []
    simulate(_made_up(every_days=50), watch=lambda moment: seen.append((moment.day, moment.days)))
    assert seen == [(day, 220.0) for day in range(0, 221, 2)]


@pytest.mark.parametrize("name", _SERIES)
def test_what_is_known_of_a_run_is_its_beginning(watched: tuple[Run, list[tuple[float, Run]]], name: str) -> None:
    whole, seen = watched
    assert whole.table(name).height > 0 or name == "upgrades"
    for day, part in seen:
        assert part.table(name).equals(whole.table(name).head(part.table(name).height))
        ahead = whole.table(name).filter(pl.col("day") > day)
        assert part.table(name).height + ahead.height <= whole.table(name).height


def test_rows_of_the_present_day_are_seen(watched: tuple[Run, list[tuple[float, Run]]]) -> None:
    _, seen = watched
    on_the_day = [day for day, part in seen if math.isclose(float(part.tiers["day"].max()), day)]  # type: ignore[arg-type]
    assert on_the_day[:3] == [0.0, 14.0, 28.0]


def test_what_is_known_is_small_and_says_that_it_is_not_all(watched: tuple[Run, list[tuple[float, Run]]]) -> None:
    whole, seen = watched
    day, part = seen[50]
    assert part.orders.height == part.sales.height == part.metrics.height == 0
    assert part.notes == (f"Under way: day {day:g} of 220.",)
    assert part.links["link"].to_list()[:3] == whole.links["link"].to_list()[:3]
    assert 0 < part.counts["orders"] < whole.counts["orders"]
    assert (part.scenario, part.components, part.software) == (whole.scenario, whole.components, whole.software)
    assert set(part.dropouts) <= set(whole.dropouts)


def test_what_is_known_does_not_change_afterwards(scenario: Scenario) -> None:
    seen: list[tuple[str, Run]] = []

    def watch(moment: Observation) -> None:
        run = moment.run()
        seen.append((str(run.links.rows()), run))

    simulate(scenario, watch=watch)
    assert all(str(run.links.rows()) == then for then, run in seen)
    assert len({then for then, _ in seen}) > 50


def test_a_watcher_ends_the_run_with_what_it_raises(scenario: Scenario) -> None:
    def watch(moment: Observation) -> None:
        if moment.day >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(scenario, watch=watch)
