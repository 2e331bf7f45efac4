"""The guard around what plugins do inside a run: whatever goes wrong ends in one line that names the culprit."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import FrozenInstanceError
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from simpy import Event

from gpnde.errors import ComponentError, ComponentFailure, GpndeError
from gpnde.plugin.global_random import GlobalRandom
from gpnde.plugin.watchdog import WATCHDOG, Call, hook_seconds

if TYPE_CHECKING:
    from gpnde.plugin.interfaces import Clock, Process

_LONGEST = 300
"""Characters of an error that are shown."""

_MOST_ANSWERS = 1_000_000
"""Answers that one call of a hook may give."""

_MOST_AT_ONCE = 100_000
"""How often a process may come back at one simulated instant."""

_ENDED = object()
"""Stands for what a process yields when it has ended."""

_READ_ONLY = "writes into what it may only read: copy it first"
_DREW = "draws from the global generators of random or numpy.random: draw from streams.generator(...) instead"

_SHARED = ContextVar("_SHARED", default=False)
"""Whether others in this process may draw from the global generators while a plugin is called."""


def failure(label: str, owner: str, hook: str, day: float) -> str:
    """Return who failed, where and when; what follows is a colon and what is wrong.

    >>> failure("policy.quota", "plugin 'quota' (gpnde-quota 1.0)", "process", 412.0)
    "policy.quota of plugin 'quota' (gpnde-quota 1.0) failed in process on day 412"
    """
    return f"{_named(label, owner)} failed in {hook} on day {day:g}"


def _named(label: str, owner: str) -> str:
    return f"{label} of {owner}" if owner else label


@contextmanager
def attributed(owner: str) -> Iterator[None]:
    """Add *owner* to an error about a component."""
    try:
        yield
    except ComponentError as error:
        raise ComponentError(f"{error} ({owner})" if owner else str(error)) from None


@contextmanager
def process_shared() -> Iterator[None]:
    """Do not blame plugins for draws from the global generators in the ``with`` block.

    For runs beside the work of others, such as the cells of a notebook: a draw of theirs cannot be told from a draw of
    a plugin that is being called at the same time.
    """
    token = _SHARED.set(True)
    try:
        yield
    finally:
        _SHARED.reset(token)


class Guard:
    """Runs what one component does at one hook."""

    def __init__(self, label: str, hook: str, owner: str = "") -> None:
        """Guard a hook of the component *label*, which *owner* brought."""
        self._label, self._hook, self._owner = label, hook, owner
        self._limit = hook_seconds()
        WATCHDOG.expect(self._limit)

    def where(self, day: float) -> str:
        """Return who is called, where and when.

        >>> Guard("policy.quota", "process", "plugin 'quota' (gpnde-quota 1.0)").where(412.0)
        "policy.quota of plugin 'quota' (gpnde-quota 1.0): process on day 412"
        """
        return f"{_named(self._label, self._owner)}: {self._hook} on day {day:g}"

    def fault(self, day: float, text: str) -> ComponentFailure:
        """Return the error that tells what is wrong."""
        return ComponentFailure(f"{failure(self._label, self._owner, self._hook, day)}: {text}")

    def answer(self, day: float, function: Callable[..., Any], /, **given: Any) -> Any:
        """Return the answer of a hook on a day; one that comes in portions is put together to a list.

        Whatever goes wrong is a `ComponentError` of one line.
        """
        return self.call(day, _whole, function, given)

    def call(self, day: float, function: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """Return what a function of a component returns on a day; what goes wrong is a `ComponentError` of one line."""
        try:
            return _watched(Call(self.where, day, self._limit), function, given, named)
        except GpndeError as error:
            raise self._refusal(day, error) from None
        except (Exception, SystemExit) as error:
            raise self.fault(day, _told(error)) from error

    def process(self, process: Process, clock: Clock) -> Process:
        """Run a process to its end on a clock; what goes wrong is a `ComponentError` of one line."""
        resume: Callable[..., Any] = process.send
        value: Any = None
        times, instant = 0, -math.inf
        while True:
            now = clock.now
            times, instant = times + 1 if now == instant else 1, now
            event = self.call(now, _awaited, resume, value, times)
            if event is _ENDED:
                return
            resume = process.send
            try:
                value = yield event
            except Exception as error:
                resume, value = process.throw, error

    def _refusal(self, day: float, error: GpndeError) -> ComponentError:
        """Return an error that the plugin, or the engine on its behalf, put into words.

        On day 0 it tells the user what to change in the scenario; later nobody expects it.
        """
        text = short(str(error))
        text = text if text.startswith(self._label.partition("#")[0]) else f"{self._label}: {text}"
        who = f"; {self._owner}" if self._owner else ""
        if day <= 0:
            return ComponentError(text)
        return ComponentFailure(f"{text} (in {self._hook} on day {day:g}{who})")


@cache
def _global_random() -> GlobalRandom:
    return GlobalRandom()


def _unseen() -> None:
    """Look at nothing."""


def _watched(call: Call, function: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Call a function under the eyes of the watchdog, and see that global randomness stays as it was."""
    look: Callable[[], object] = _unseen if _SHARED.get() else _global_random().look
    before = look()
    if call.limit < math.inf:
        WATCHDOG.begin(call)
    try:
        answer = function(*given, **named)
    finally:
        WATCHDOG.end(call)
    if look() != before:
        raise _Misdeed(_DREW)
    return answer


class _Misdeed(Exception):
    """What a component must not do, in words."""


def _whole(function: Callable[..., Any], given: dict[str, Any]) -> Any:
    """Return the answer of a hook; the portions of an iterator, in which more of its code may run, as a list."""
    answer = function(**given)
    if not hasattr(type(answer), "__next__"):
        return answer
    portions = list(islice(answer, _MOST_ANSWERS + 1))
    if len(portions) > _MOST_ANSWERS:
        raise _Misdeed(f"gave more than {_MOST_ANSWERS} answers: must end")
    return portions


def _awaited(resume: Callable[..., Any], value: Any, times: int) -> Any:
    """Let a process go on, and return the event that it waits for."""
    if times > _MOST_AT_ONCE:
        raise _Misdeed(f"came back {_MOST_AT_ONCE} times at this instant: must wait for a later time")
    try:
        event = resume(value)
    except StopIteration:
        return _ENDED
    if not isinstance(event, Event):
        raise _Misdeed(f"yields {short(repr(event), 60)}: must be an event of the clock, such as clock.wait(1)")
    return event


def begin_wrapper(wrapper: Generator[None, Any, Any]) -> None:
    """Let a wrapper run up to where it waits for the decision."""
    try:
        next(wrapper)
    except StopIteration:
        raise _Misdeed("returns before it yields: must yield once to get the decision") from None


def end_wrapper(wrapper: Generator[None, Any, Any], decided: Any) -> Any:
    """Give a wrapper the decision and return what it makes of it."""
    try:
        wrapper.send(decided)
    except StopIteration as end:
        return end.value
    wrapper.close()
    raise _Misdeed("yields more than once: must yield once and return the decision")


def _told(error: BaseException) -> str:
    """Return in one line what went wrong."""
    text = str(error)
    if isinstance(error, _Misdeed):
        return text
    if isinstance(error, FrozenInstanceError) or isinstance(error, ValueError) and "read-only" in text:
        return _READ_ONLY
    name = type(error).__name__
    return short(f"{name}: {text}" if text else name)


def short(text: str, longest: int = _LONGEST) -> str:
    r"""Return a text in one line.

    >>> short("one\ntwo   three", 10)
    'one two th…'
    """
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}…"
