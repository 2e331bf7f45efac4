"""The lookout names calls that do not return, waits for them, and raises nothing."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from gpnde.errors import GpndeError, Origin, Owner
from gpnde.plugin.guard import Guard
from gpnde.plugin.lookout import LOOKOUT, VARIABLE, Call, hook_seconds, warn

Limited = Callable[..., Guard]

OWNER = Owner("one", "gpnde-one", "1.0")

LONG = 120.0
"""Longer than anything here takes on any machine (s); it is waited for events, never for so long."""


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Limited:
    """Return a maker of guards whose calls may take some seconds."""

    def make(seconds: float, hook: str = "hook") -> Guard:
        monkeypatch.setenv(VARIABLE, str(seconds))
        return Guard("test.one", hook, OWNER)

    return make


class Told:
    """Keeps what the lookout tells, and lets calls wait until it has told so many times."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._changed = threading.Condition()

    def note(self, call: Call) -> None:
        with self._changed:
            self.calls.append(call)
            self._changed.notify_all()

    def wait(self, times: int = 1) -> str:
        """Come back, as a plugin that hangs never does, once the lookout has told so often."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.calls) >= times, LONG)
        return "answer"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Return what the lookout of this process tells."""
    told = Told()
    monkeypatch.setattr(LOOKOUT, "tell", told.note)
    return told


def test_call_that_takes_long_is_named_and_its_answer_counts(
    limited: Limited, told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    assert limited(0.05).call(412.0, told.wait) == "answer"
    warn(told.calls[0])
    assert capsys.readouterr().err == (
        "gpnde: test.one of plugin 'one' (gpnde-one 1.0): hook on day 412 has not returned for 0.05 seconds: the run "
        "waits for it: end the program if it hangs, raise GPNDE_HOOK_SECONDS if it needs more\n"
    )


def test_call_in_time_is_not_named(limited: Limited, told: Told) -> None:
    quick, slow = limited(LONG), limited(0.05)
    assert quick.call(1.0, lambda: slow.call(2.0, told.wait)) == "answer"
    assert [call.origin.day for call in told.calls] == [2.0]


def test_call_is_named_once_however_long_it_takes(limited: Limited, told: Told) -> None:
    first, second = limited(0.02, "first"), limited(0.05, "second")

    def wait_for_two_more() -> None:
        for day in (2.0, 3.0):
            second.call(day, told.wait, int(day))

    first.call(1.0, wait_for_two_more)
    assert sorted(call.origin.day or 0 for call in told.calls) == [1.0, 2.0, 3.0]


def test_nothing_is_raised_in_code_of_others_that_runs_inside_a_late_call(limited: Limited, told: Told) -> None:
    # Callbacks of Python's collector once got the exception for the plugin, and printed it away.
    met: list[BaseException] = []

    def callback(phase: str, info: dict[str, int]) -> None:
        try:
            if phase == "start":
                told.wait()
        except BaseException as error:
            met.append(error)
            raise

    gc.callbacks.append(callback)
    try:
        limited(0.05).call(0.0, gc.collect)
    finally:
        gc.callbacks.remove(callback)
    assert (len(told.calls), met) == (1, [])


@pytest.mark.parametrize("threads", [1, 4])
def test_every_thread_is_watched(limited: Limited, told: Told, threads: int) -> None:
    guard = limited(0.05)
    with ThreadPoolExecutor(threads) as pool:
        tasks = [pool.submit(guard.call, float(day), told.wait, threads) for day in range(threads)]
        assert [task.result() for task in tasks] == ["answer"] * threads
    assert sorted(call.origin.day or 0 for call in told.calls) == [*map(float, range(threads))]


def test_what_a_thread_waits_for_is_the_innermost_call(limited: Limited) -> None:
    outer, inner = limited(LONG, "outer"), limited(LONG, "inner")
    here = threading.current_thread()
    with ThreadPoolExecutor(1) as pool:
        elsewhere = pool.submit(lambda: LOOKOUT.awaited(threading.current_thread()))
        found = outer.call(1.0, lambda: inner.call(2.0, LOOKOUT.awaited, here))
    assert found == Origin("test.one", OWNER, "inner", 2.0)
    assert (elsewhere.result(), LOOKOUT.awaited(here)) == (None, None)


def test_call_that_is_over_is_not_named(limited: Limited, told: Told) -> None:
    quick, slow = limited(0.02, "quick"), limited(0.05, "slow")
    quick.call(1.0, int)
    slow.call(2.0, told.wait)
    assert [call.origin.hook for call in told.calls] == ["slow"]


def test_limit_is_a_minute_unless_the_environment_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hook_seconds() == 60.0
    for given, seconds in (("", 60.0), ("2.5", 2.5), ("0", float("inf"))):
        monkeypatch.setenv(VARIABLE, given)
        assert hook_seconds() == seconds


@pytest.mark.parametrize("given", ["soon", "-1", "nan"])
def test_limit_that_is_no_time_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, given)
    with pytest.raises(GpndeError, match=f"^GPNDE_HOOK_SECONDS = '{given}': must be a number of seconds, 0 for no"):
        hook_seconds()


FORKING = """
import os, threading
from gpnde.plugin.guard import Guard
from gpnde.plugin.lookout import LOOKOUT

told = threading.Event()

def tell(call):
    os.write(1, f"{call}\\n".encode())
    told.set()

LOOKOUT.tell = tell
Guard("test.one", "hook").call(0.0, len, "")
child = os.fork()
if child:
    assert os.waitpid(child, 0)[1] == 0
Guard("test.one", "hook").call(3.0, told.wait)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_forked_process_has_a_lookout_of_its_own() -> None:
    given = {**os.environ, VARIABLE: "0.2"}
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKING], env=given, capture_output=True, text=True)
    line = "test.one: hook on day 3 has not returned for 0.2 seconds"
    assert (done.stdout.splitlines(), done.stderr, done.returncode) == ([line, line], "", 0)
