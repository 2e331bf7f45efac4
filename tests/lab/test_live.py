"""Runs beside the notebook: the same bytes, and an orderly end whatever happens when."""

from __future__ import annotations

import gc
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpnde.engine import simulate
from gpnde.errors import GpndeError
from gpnde.lab.live import LiveRuns
from gpnde.plugin import Clock, Component, Process, hookimpl, param
from gpnde.plugin.host import host_of
from gpnde.scenario.schema import ComponentUse, Scenario
from tests.lab.audience import Audience, lasting

from ..thorough import often

LONG = 300.0
"""Longer than anything here takes, on any machine (s)."""


@pytest.fixture
def audience() -> Audience:
    return Audience()


@pytest.fixture
def live(audience: Audience) -> Iterator[LiveRuns]:
    runs = LiveRuns(audience.frame, audience.done, frames_per_second=1000.0)
    yield runs
    runs.close()
    assert "gpnde-live-runs" not in [thread.name for thread in threading.enumerate()]


@pytest.fixture(scope="session")
def brief() -> Scenario:
    """Return a scenario whose run takes a few hundredths of a second."""
    return lasting(120.0)


@pytest.fixture(scope="session")
def endless() -> Scenario:
    """Return a scenario whose run takes far longer than any test waits."""
    return lasting(2_000_000.0)


hangs = threading.Event()
"""Set once a plugin hangs."""

released = threading.Event()
"""Lets a plugin that hangs go on, once a test is over."""


class Trouble(Component):
    """Does something unwelcome on a day."""

    name = "disruption.trouble"

    what: str = param("raise", doc="What it does.")
    day: float = param(50.0, doc="When.")

    @hookimpl
    def process(self, clock: Clock) -> Process:
        """Wait for the day and do it."""
        yield clock.until(self.day)
        if self.what == "raise":
            raise ValueError("out of\nluck")
        if self.what == "exit":
            raise SystemExit(3)
        if self.what == "hang":
            hangs.set()
            released.wait()
        if self.what == "draw":
            random.random()


def calm(scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"components": ()})


def troubled(scenario: Scenario, what: str) -> Scenario:
    use = ComponentUse.model_validate({"use": "disruption.trouble", "what": what})
    return scenario.model_copy(update={"components": (use,)})


def test_two_runs_are_those_of_simulate_byte_for_byte(live: LiveRuns, audience: Audience, brief: Scenario) -> None:
    more = lasting(200.0)
    live.start({"baseline": brief, "treatment": more}, seed=3, replication=2)
    assert live.wait(LONG)
    ((runs, state, message),) = audience.ends
    assert (state, message, live.state) == ("done", "", "done")
    assert runs["baseline"].fingerprint == simulate(brief, seed=3, replication=2).fingerprint
    assert runs["treatment"].fingerprint == simulate(more, seed=3, replication=2).fingerprint


def test_frames_show_the_first_days_of_the_run(live: LiveRuns, audience: Audience) -> None:
    scenario = lasting(3000.0)
    live.start({"baseline": scenario})
    assert live.wait(LONG)
    whole = audience.ends[0][0]["baseline"]
    assert len(audience.frames) > 1
    for name, run, day, days in audience.frames:
        assert (name, days) == ("baseline", 3000.0)
        assert run.sites.equals(whole.sites.head(run.sites.height))
        assert run.sites["day"].max() <= day  # type: ignore[operator]
    assert [frame[2] for frame in audience.frames] == sorted({frame[2] for frame in audience.frames})


def test_a_run_that_is_done_before_the_last_one_is_shown_at_once(
    live: LiveRuns, audience: Audience, brief: Scenario, endless: Scenario
) -> None:
    ready = threading.Event()
    audience.on_frame = lambda name, day: ready.set() if name == "treatment" else None
    live.start({"baseline": brief, "treatment": endless})
    assert ready.wait(LONG)
    whole = [run for name, run, day, days in audience.frames if name == "baseline" and day == days]
    assert whole[-1].metrics.height > 0


def test_an_unchanged_baseline_is_not_run_again(live: LiveRuns, audience: Audience, brief: Scenario) -> None:
    for treatment in (lasting(130.0), lasting(140.0)):
        live.start({"baseline": brief, "treatment": treatment})
        assert live.wait(LONG)
    first, second = (runs for runs, _, _ in audience.ends)
    assert second["baseline"] is first["baseline"]
    assert second["treatment"].counts["days"] == 140


@pytest.mark.parametrize("seeds", [(2, 0), (1, 1)])
def test_another_seed_is_another_run(
    live: LiveRuns, audience: Audience, brief: Scenario, seeds: tuple[int, int]
) -> None:
    live.start({"baseline": brief})
    assert live.wait(LONG)
    live.start({"baseline": brief}, *seeds)
    assert live.wait(LONG)
    first, second = (runs["baseline"] for runs, _, _ in audience.ends)
    assert first.fingerprint != second.fingerprint == simulate(brief, seed=seeds[0], replication=seeds[1]).fingerprint


def test_a_component_whose_code_has_changed_runs_again(live: LiveRuns, audience: Audience, brief: Scenario) -> None:
    scenario = troubled(brief, "nothing")

    class Changed(Trouble):
        name = "disruption.trouble"

    for component in (Trouble, Changed):
        with host_of([component]):
            live.start({"baseline": scenario})
            assert live.wait(LONG)
    first, second = (runs["baseline"] for runs, _, _ in audience.ends)
    assert second is not first


def test_a_new_start_replaces_the_run_without_a_word(
    live: LiveRuns, audience: Audience, brief: Scenario, endless: Scenario
) -> None:
    live.start({"baseline": endless})
    assert audience.saw_one.wait(LONG)
    live.start({"baseline": brief})
    assert live.wait(LONG)
    assert [(state, runs["baseline"].counts["days"]) for runs, state, _ in audience.ends] == [("done", 120)]


def test_a_double_click_starts_one_run(live: LiveRuns, audience: Audience, endless: Scenario) -> None:
    live.start({"baseline": endless})
    assert audience.saw_one.wait(LONG)
    reached = audience.frames[-1][2]
    live.start({"baseline": endless})
    live.stop()
    assert live.wait(LONG)
    ((runs, _, _),) = audience.ends
    assert float(runs["baseline"].tiers["day"].max()) >= reached  # type: ignore[arg-type]


def test_stop_reports_what_is_known_by_then(live: LiveRuns, audience: Audience, endless: Scenario) -> None:
    live.start({"baseline": endless})
    assert audience.saw_one.wait(LONG)
    live.stop()
    assert live.state == "stopped"
    assert live.wait(LONG)
    ((runs, state, message),) = audience.ends
    assert (state, message) == ("stopped", "")
    assert runs["baseline"].sites.height > 0
    assert runs["baseline"].notes[0].startswith("Under way: day ")


def test_stop_before_anything_happened_and_twice_is_harmless(
    live: LiveRuns, audience: Audience, endless: Scenario
) -> None:
    live.stop()
    assert live.state == "idle"
    live.start({"baseline": endless})
    live.stop()
    live.stop()
    assert live.wait(LONG)
    assert [state for _, state, _ in audience.ends] == ["stopped"]


def start_and_pause(live: LiveRuns, audience: Audience, scenario: Scenario) -> None:
    """Start a run, pause it at its first frame, and wait until it stands still: then the collector works again."""
    reached = threading.Event()
    collected: list[bool] = []

    def pause(name: str, day: float) -> None:
        if not reached.is_set():
            live.pause()
            collected.append(gc.isenabled())
            reached.set()

    audience.on_frame = pause
    live.start({"baseline": scenario})
    assert reached.wait(LONG) and collected == [False]
    end = time.monotonic() + LONG
    while not gc.isenabled():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_a_paused_run_stands_still_is_shown_and_goes_on(live: LiveRuns, audience: Audience, brief: Scenario) -> None:
    scenario = lasting(20_000.0)
    start_and_pause(live, audience, scenario)
    assert live.state == "paused"
    days = [day for _, _, day, _ in audience.frames]
    assert days[-1] > days[-2]
    simulate(brief)
    assert [day for _, _, day, _ in audience.frames] == days and not live.wait(0.0)
    live.resume()
    assert live.wait(LONG)
    ((runs, state, _),) = audience.ends
    assert state == "done"
    assert runs["baseline"].fingerprint == simulate(scenario).fingerprint


def test_a_paused_run_can_be_stopped(live: LiveRuns, audience: Audience, endless: Scenario) -> None:
    live.start({"baseline": endless})
    assert audience.saw_one.wait(LONG)
    live.pause()
    live.stop()
    assert live.wait(LONG)
    assert [state for _, state, _ in audience.ends] == ["stopped"]


def test_a_start_ends_a_pause(live: LiveRuns, audience: Audience, brief: Scenario, endless: Scenario) -> None:
    start_and_pause(live, audience, endless)
    live.start({"baseline": brief})
    assert live.wait(LONG)
    assert [state for _, state, _ in audience.ends] == ["done"]


def test_pause_and_resume_without_a_run_do_nothing(live: LiveRuns) -> None:
    live.pause()
    live.resume()
    assert live.state == "idle"


@pytest.mark.parametrize(
    ("what", "said"), [("raise", "ValueError: out of luck"), ("exit", "SystemExit: 3"), ("draw", "")]
)
def test_a_plugin_that_fails_in_mid_run_is_one_line(
    live: LiveRuns, audience: Audience, brief: Scenario, what: str, said: str
) -> None:
    with host_of([Trouble]):
        live.start({"baseline": calm(brief), "treatment": troubled(brief, what)})
        assert live.wait(LONG)
    ((runs, state, message),) = audience.ends
    assert state == live.state == ("failed" if said else "done")
    assert message == live.message
    assert message.startswith("disruption.trouble of plugin" if said else "")
    assert said in message
    assert "\n" not in message
    assert runs["baseline"].metrics.height > 0
    live.start({"baseline": brief})
    assert live.wait(LONG)
    assert live.state == "done"


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lose patience soon with a plugin that hangs, and let it go on at the end."""
    monkeypatch.setattr("gpnde.lab.live._PATIENCE", 0.2)
    hangs.clear()
    released.clear()
    yield
    released.set()
    for thread in threading.enumerate():
        if thread.name == "gpnde-live-runs":
            thread.join(LONG)


LEFT = (
    "disruption.trouble of plugin 'given' (given 0): process on day 50 has not returned: its thread goes on until the"
)


def test_a_plugin_that_hangs_does_not_keep_a_run_from_being_stopped(
    live: LiveRuns, audience: Audience, brief: Scenario, hanging: None
) -> None:
    with host_of([Trouble]):
        live.start({"baseline": troubled(brief, "hang")})
        assert hangs.wait(LONG)
        live.stop()
        assert live.wait(LONG)
    assert [(state, message) for _, state, message in audience.ends] == [("stopped", f"{LEFT} program ends")]


def test_another_run_is_made_while_a_plugin_hangs_and_told_of_alone(
    live: LiveRuns, audience: Audience, brief: Scenario, hanging: None
) -> None:
    with host_of([Trouble]):
        live.start({"baseline": troubled(brief, "hang")})
        assert hangs.wait(LONG)
        live.start({"baseline": calm(brief)})
        assert live.wait(LONG)
    released.set()
    ((runs, state, message),) = audience.ends
    assert (state, message) == ("done", "")
    assert runs["baseline"].fingerprint == simulate(calm(brief)).fingerprint


def test_a_scenario_that_cannot_run_is_one_line(live: LiveRuns, audience: Audience, brief: Scenario) -> None:
    with host_of([Trouble]):
        use = ComponentUse.model_validate({"use": "disruption.touble"})
        live.start({"baseline": brief.model_copy(update={"components": (use,)})})
        assert live.wait(LONG)
    ((runs, state, message),) = audience.ends
    assert (runs, state) == ({}, "failed")
    assert "did you mean 'disruption.trouble'?" in message


def test_a_listener_that_fails_leaves_the_run_alone(live: LiveRuns, audience: Audience, brief: Scenario) -> None:
    def fail(name: str, day: float) -> None:
        raise KeyError("firm")

    audience.on_frame = fail
    live.start({"baseline": brief})
    assert live.wait(LONG)
    ((runs, state, message),) = audience.ends
    assert (state, message) == ("done", "picture of baseline on day 0: KeyError: 'firm'")
    assert len(audience.frames) == 1
    assert runs["baseline"].fingerprint == simulate(brief).fingerprint


def test_a_listener_of_the_end_that_fails_is_remembered(brief: Scenario) -> None:
    def fail(*told: Any) -> None:
        raise ValueError("no room")

    live = LiveRuns(lambda *frame: None, fail)
    live.start({"baseline": brief})
    assert live.wait(LONG)
    assert (live.state, live.message) == ("done", "end of the run: ValueError: no room")
    live.close()


def test_a_listener_may_stop_the_run_and_start_the_next(
    live: LiveRuns, audience: Audience, brief: Scenario, endless: Scenario
) -> None:
    audience.on_frame = lambda name, day: live.start({"after": brief}) if name == "before" else None
    live.start({"before": endless})
    assert live.wait(LONG)
    ((runs, state, _),) = audience.ends
    assert (list(runs), state) == (["after"], "done")


def test_closing_ends_a_run_for_good(audience: Audience, endless: Scenario, brief: Scenario) -> None:
    live = LiveRuns(audience.frame, audience.done)
    live.start({"baseline": endless})
    assert audience.saw_one.wait(LONG)
    live.close()
    live.close()
    assert "gpnde-live-runs" not in [thread.name for thread in threading.enumerate()]
    assert audience.ends == []
    with pytest.raises(GpndeError, match="closed: open the dashboard again"):
        live.start({"baseline": brief})


CLICKS = st.lists(
    st.tuples(
        st.sampled_from(["start", "other", "pause", "resume", "stop"]), st.sampled_from([0.0, 0.001, 0.01, 0.05])
    ),
    max_size=8,
)


@given(clicks=CLICKS)
@settings(max_examples=often(10, 25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_clicked_when_ends_in_one_report_of_the_last_start(
    clicks: list[tuple[str, float]], brief: Scenario
) -> None:
    audience = Audience()
    live = LiveRuns(audience.frame, audience.done)
    starts = {"start": lasting(2000.0), "other": lasting(900.0)}
    for click, seconds in [*clicks, ("start", 0.0)]:
        if click in starts:
            live.start({"baseline": starts[click]})
        else:
            getattr(live, click)()
        time.sleep(seconds)
    live.resume()
    assert live.wait(LONG)
    runs, state, message = audience.ends[-1]
    assert (state, message, live.state) == ("done", "", "done")
    assert runs["baseline"].counts["days"] == 2000
    live.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "gpnde-live-runs"]
