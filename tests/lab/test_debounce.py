"""Of many calls the last one counts, in whichever thread and with or without an event loop."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from gpnde.errors import GpndeError
from gpnde.lab.debounce import Debounce

LONG = 300.0
"""Longer than anything here takes, on any machine (s)."""


def test_the_last_of_many_calls_counts() -> None:
    heard: list[int] = []
    say = Debounce(heard.append, seconds=3600.0)
    for number in range(50):
        say(number)
    say.flush()
    assert say.wait(LONG)
    assert heard == [49]


def test_calls_far_apart_all_count() -> None:
    heard: list[int] = []
    say = Debounce(heard.append, seconds=0.001)
    for number in range(3):
        say(number)
        assert say.wait(LONG)
    assert heard == [0, 1, 2]


def test_each_call_puts_the_action_off() -> None:
    heard: list[float] = []
    say = Debounce(lambda: heard.append(time.monotonic()), seconds=0.2)
    for _ in range(4):
        last = time.monotonic()
        say()
        time.sleep(0.05)
    assert say.wait(LONG)
    assert heard[-1] >= last + 0.2


def test_it_works_beside_a_running_event_loop_without_holding_it_up() -> None:
    heard: list[str] = []
    say = Debounce(heard.append, seconds=3600.0)

    async def callback() -> list[str]:
        say("one")
        say("two")
        before = list(heard)
        say.flush()
        while not heard:
            await asyncio.sleep(0.01)
        return before

    # In a thread of its own: the driver of a browser may have left a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, callback()).result() == []
    assert heard == ["two"]


def test_calls_from_several_threads_lead_to_one_action_at_a_time() -> None:
    at_once, most, acting = [0], [0], threading.Lock()

    def act(number: int) -> None:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        with acting:
            time.sleep(0.005)
        at_once[0] -= 1

    def call() -> None:
        for number in range(50):
            say(number)

    say = Debounce(act, seconds=0.0)
    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert say.wait(LONG)
    assert most == [1]


def test_a_call_during_the_action_comes_after_it() -> None:
    heard: list[str] = []

    def act(word: str) -> None:
        if word == "one":
            say("two")
        heard.append(word)

    say = Debounce(act, seconds=0.001)
    say("one")
    assert say.wait(LONG)
    assert heard == ["one", "two"]


def test_flush_does_not_wait_and_cancel_forgets() -> None:
    heard: list[str] = []
    say = Debounce(heard.append, seconds=3600.0)
    say("now")
    say.flush()
    assert say.wait(LONG)
    say("never")
    say.cancel()
    assert say.wait(LONG)
    assert heard == ["now"]
    assert "gpnde-debounce" not in [thread.name for thread in threading.enumerate()]


def test_an_action_that_fails_is_told_in_one_line_and_the_next_one_works() -> None:
    told: list[str] = []
    heard: list[int] = []

    def act(number: int) -> None:
        if number == 0:
            raise GpndeError("clock.days: -3: must be above 0")
        heard.append(10 // (number - 1))

    say = Debounce(act, seconds=0.0, on_error=told.append)
    for number in range(3):
        say(number)
        assert say.wait(LONG)
    assert told == ["clock.days: -3: must be above 0", "ZeroDivisionError: integer division or modulo by zero"]
    assert heard == [10]


def test_an_action_sees_the_context_of_its_call() -> None:
    cell = contextvars.ContextVar("cell", default="none")
    heard: list[str] = []
    say = Debounce(lambda: heard.append(cell.get()), seconds=0.0)
    cell.set("third")
    say()
    assert say.wait(LONG)
    assert heard == ["third"]
