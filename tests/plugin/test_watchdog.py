"""The watchdog stops calls that take too long, and never hits what comes after them."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gpnde.errors import ComponentError, GpndeError
from gpnde.plugin import watchdog
from gpnde.plugin.guard import Guard
from gpnde.plugin.watchdog import VARIABLE, WATCHDOG, Call, Watchdog, hook_seconds

Limited = Callable[[float], Guard]


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Limited:
    """Return a maker of guards whose calls may take some seconds."""

    def make(seconds: float) -> Guard:
        monkeypatch.setenv(VARIABLE, str(seconds))
        return Guard("test.one", "hook", "plugin 'one' (gpnde-one 1.0)")

    return make


def spin(seconds: float = 60.0) -> None:
    """Be busy for a while."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def spin_whatever_comes() -> None:
    """Be busy for a second, and catch all exceptions but the last."""
    for _ in range(2):
        try:
            spin()
        except BaseException:
            continue


def stopped(guard: Guard, action: Callable[[], object]) -> str:
    with pytest.raises(ComponentError) as caught:
        guard.call(412.0, action)
    return str(caught.value)


def outcomes(guard: Guard, seconds: float) -> set[str]:
    """Return what becomes of calls that take about as long as they may, and of the time between them.

    A busy machine may let all calls come to the same end for a while; it gets more time then.
    """
    seen, begin = set[str](), time.perf_counter()
    while (spent := time.perf_counter() - begin) < seconds or len(seen) < 2 and spent < 20 * seconds:
        try:
            guard.call(0.0, spin, 0.002)
            seen.add("returned")
        except ComponentError as error:
            seen.add(str(error).partition(": ")[2])
        spin(0.0005)
    return seen


@pytest.mark.parametrize("threads", [1, 4])
def test_calls_at_their_limit_return_or_are_stopped_and_nothing_else_is_hit(limited: Limited, threads: int) -> None:
    guard = limited(0.002 * threads)
    with ThreadPoolExecutor(threads) as pool:
        tasks = [pool.submit(outcomes, guard, 1.0) for _ in range(threads)]
        seen = set().union(*(task.result() for task in tasks))
    assert {text.partition(" for ")[0] for text in seen} == {"returned", "has not returned"}


def test_call_that_catches_everything_is_struck_again_and_fails(limited: Limited, patience: None) -> None:
    assert "has not returned for 0.1 seconds" in stopped(limited(0.1), spin_whatever_comes)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the watchdog strike again soon."""
    monkeypatch.setattr(watchdog, "_GRACE", 0.2)


def test_call_that_cannot_be_stopped_is_named(
    limited: Limited, patience: None, capsys: pytest.CaptureFixture[str]
) -> None:
    text = stopped(limited(0.1), lambda: time.sleep(1.0))
    assert "has not returned for 0.1 seconds" in text
    who = "test.one of plugin 'one' (gpnde-one 1.0) failed in hook on day 412"
    assert capsys.readouterr().err == (
        f"gpnde: {who}: has not returned for 0.3 seconds and cannot be stopped: end the program\n"
    )


def test_outer_call_that_takes_too_long_is_named_not_the_inner_one(limited: Limited) -> None:
    outer = limited(0.3)
    inner = limited(30)
    text = stopped(outer, lambda: inner.call(7.0, spin))
    assert "on day 412: has not returned for 0.3 seconds" in text


def test_inner_call_that_takes_too_long_is_named_not_the_outer_one(limited: Limited) -> None:
    outer, inner = limited(30), limited(0.2)
    with pytest.raises(ComponentError, match=r"on day 7: has not returned for 0\.2 seconds"):
        outer.call(0.0, lambda: inner.call(7.0, spin))


def late_call() -> Call:
    return Call(Guard("test.one", "hook").where, 0.0, 0.0)


def test_call_that_is_over_is_not_struck_even_if_the_watchdog_looked_at_it_just_before() -> None:
    watch, call = Watchdog(), late_call()
    watch.end(call)
    watch._look_at(call)
    assert (call.is_over, call.strikes) == (True, 0)


def test_call_does_not_end_while_the_watchdog_strikes() -> None:
    watch, call = Watchdog(), late_call()
    call.claim["holder"] = "watchdog"
    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(watch.end, call)
        time.sleep(0.05)
        assert not call.is_over
        del call.claim["holder"]
        ending.result()
    assert call.is_over


def test_forked_process_forgets_the_calls_of_threads_that_it_lacks() -> None:
    watch, mine = Watchdog(), late_call()
    with ThreadPoolExecutor(1) as pool:
        watch._calls = dict.fromkeys([mine, pool.submit(late_call).result()])
    watch._forget_thread()
    assert list(watch._calls) == [mine]


def test_somebody_who_debugs_a_plugin_is_left_alone(limited: Limited) -> None:
    held: dict[str, object] = {"__name__": "bdb", "spin": spin}
    exec("def wait():\n    spin(0.5)", held)
    wait = held["wait"]
    assert callable(wait)
    limited(0.1).call(0.0, wait)


SLOW = "import time\nend = time.perf_counter() + 0.6\nwhile time.perf_counter() < end:\n    pass\n"


def test_module_is_not_left_half_imported(limited: Limited, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow_to_import.py").write_text(SLOW)
    monkeypatch.syspath_prepend(tmp_path)

    def use_it() -> None:
        importlib.import_module("slow_to_import")
        spin()

    assert "has not returned for 0.1 seconds" in stopped(limited(0.1), use_it)
    assert sys.modules.pop("slow_to_import").end


def test_module_whose_import_never_ends_is_stopped_in_the_end(
    limited: Limited, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "_PATIENCE", 0.1)
    (tmp_path / "never_imported.py").write_text("while True:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    text = stopped(limited(0.1), lambda: importlib.import_module("never_imported"))
    assert "has not returned for 0.1 seconds" in text


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
import os
from gpnde.plugin.guard import Guard

def spin():
    while True:
        pass

guard = Guard("test.one", "hook")
guard.call(0.0, len, "")
child = os.fork()
if child:
    assert os.waitpid(child, 0)[1] == 0
try:
    guard.call(3.0, spin)
except Exception as error:
    os.write(1, f"{error}\\n".encode())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_forked_process_has_a_watchdog_of_its_own() -> None:
    given = {**os.environ, VARIABLE: "0.2"}
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKING], env=given, capture_output=True, text=True)
    line = f"test.one failed in hook on day 3: has not returned for 0.2 seconds: raise {VARIABLE} if it needs more"
    assert (done.stdout.splitlines(), done.stderr, done.returncode) == ([line, line], "", 0)


@pytest.fixture
def hastened() -> Iterator[Callable[[], None]]:
    """Return what hastens this thread from another one."""
    here = threading.get_ident()
    yield lambda: WATCHDOG.hasten(here)
    WATCHDOG.spare(here)


def test_calls_of_a_hastened_thread_are_struck_at_once(limited: Limited, hastened: Callable[[], None]) -> None:
    guard = limited(60.0)
    began = time.perf_counter()
    threading.Timer(0.1, hastened).start()
    for _ in range(3):
        stopped(guard, spin)
    assert time.perf_counter() - began < 30.0


def test_a_thread_that_is_spared_takes_its_time_again(limited: Limited, hastened: Callable[[], None]) -> None:
    guard = limited(60.0)
    hastened()
    stopped(guard, spin)
    WATCHDOG.spare(threading.get_ident())
    assert guard.call(0.0, spin, 0.2) is None


def test_other_threads_are_not_hit(limited: Limited, hastened: Callable[[], None]) -> None:
    guard = limited(60.0)
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(guard.call, 0.0, spin, 0.5)
        hastened()
        stopped(guard, spin)
        assert beside.result() is None
