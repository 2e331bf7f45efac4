"""The guard around what plugins do inside a run: whatever goes wrong ends in one line that names the culprit."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import FrozenInstanceError
from itertools import islice
from typing import TYPE_CHECKING, Any

from simpy import Event

from gpnde.errors import (
    NOBODY,
    ComponentError,
    ComponentFailure,
    GpndeError,
    HookInterrupted,
    Origin,
    Owner,
    ReadOnlyError,
    one_line,
    short,
)
from gpnde.plugin.lookout import LOOKOUT, Call, hook_seconds

if TYPE_CHECKING:
    from gpnde.plugin.interfaces import Clock, Process

_MOST_ANSWERS = 1_000_000
"""Answers that one call of a hook may give."""

_MOST_AT_ONCE = 100_000
"""How often a process may come back at one simulated instant."""

_ENDED = object()
"""Stands for what a process yields when it has ended."""

_READ_ONLY = "writes into what it may only read: copy it first"


@contextmanager
def attributed(owner: Owner) -> Iterator[None]:
    """Add *owner* to an error about a component."""
    try:
        yield
    except ComponentError as error:
        raise owned(error, owner) from None


def owned(error: ComponentError, owner: Owner) -> ComponentError:
    """Return an error about a component that names its owner.

    >>> str(owned(ComponentError("policy.quota.proces: no such hook"), Owner("quota", "gpnde-quota", "1.0")))
    "policy.quota.proces: no such hook (plugin 'quota' (gpnde-quota 1.0))"
    """
    told = f"{error} ({owner})" if owner.plugin else str(error)
    origin = error.origin._replace(owner=owner)
    return ComponentError(told, where=error.where, given=error.given, expected=error.expected, origin=origin)


class Guard:
    """Runs what one component does at one hook."""

    def __init__(self, label: str, hook: str, owner: Owner = NOBODY) -> None:
        """Guard a hook of the component *label*, which *owner* brought."""
        self._origin = Origin(label, owner, hook)
        self._limit = hook_seconds()
        LOOKOUT.expect(self._limit)

    def fault(self, day: float, given: str, expected: str) -> ComponentFailure:
        """Return the error that tells what the component has given and what would be right."""
        return ComponentFailure.of(self._on(day), given=given, expected=expected)

    def answer(self, day: float, function: Callable[..., Any], /, **given: Any) -> Any:
        """Return the answer of a hook on a day; one that comes in portions is put together to a list.

        Whatever goes wrong is a `ComponentError` of one line.
        """
        return self.call(day, _whole, function, given)

    def call(self, day: float, function: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """Return what a function of a component returns on a day; what goes wrong is a `ComponentError` of one line."""
        call = Call(self._origin, day, self._limit)
        LOOKOUT.begin(call)
        try:
            return function(*given, **named)
        except GpndeError as error:
            # Its words are for the user, and the traceback would name lines of gpnde.
            raise self._refusal(day, error) from None
        # A hook of another component inside this one has named itself already.
        except HookInterrupted:
            raise
        except KeyboardInterrupt as error:
            raise HookInterrupted(self._on(day)) from error
        # `sys.exit` in a plugin must not end the program with its exit code.
        except (Exception, SystemExit) as error:
            raise self._failure(day, error) from error
        finally:
            LOOKOUT.end(call)

    def process(self, process: Process, clock: Clock) -> Process:
        """Run a process to its end on a clock; what goes wrong is a `ComponentError` of one line."""
        resume: Callable[..., Any] = process.send
        value: Any = None
        times, instant = 0, -math.inf
        while True:
            now = clock.now
            # Counted, because a process that never moves on in time would hang the run without a word.
            times, instant = times + 1 if now == instant else 1, now
            event = self.call(now, _awaited, resume, value, times)
            if event is _ENDED:
                return
            resume = process.send
            try:
                value = yield event
            except Exception as error:
                resume, value = process.throw, error

    def _on(self, day: float) -> Origin:
        return self._origin._replace(day=day)

    def _refusal(self, day: float, error: GpndeError) -> ComponentError:
        """Return an error that the plugin, or the engine on its behalf, put into words.

        On day 0 it tells the user what to change in the scenario; later it is unexpected.
        """
        origin = self._on(day)
        text = short(str(error) if _names(error, origin.component) else f"{origin.component}: {error}")
        facts: Any = {"where": error.where, "given": error.given, "expected": error.expected, "origin": origin}
        if day <= 0:
            return ComponentError(text, **facts)
        who = f"; {origin.owner}" if origin.owner.plugin else ""
        return ComponentFailure(f"{text} (in {origin.when}{who})", **facts)

    def _failure(self, day: float, error: BaseException) -> ComponentFailure:
        """Return the error for what went wrong in the plugin."""
        if isinstance(error, Misdeed):
            return error.kind.of(self._on(day), error.problem)
        if _is_write(error):
            return ReadOnlyError.of(self._on(day), _READ_ONLY)
        return ComponentFailure.of(self._on(day), short(one_line(error)))


def _names(error: GpndeError, label: str) -> bool:
    """Return whether an error says already which component it is about."""
    # Where a plugin gives its error as a text, that has always begun with its own name, or with what it calls wrong.
    said = error.where or str(error)
    return error.component == label or said.startswith(label.partition("#")[0])


class Misdeed(Exception):
    """What a component must not do, in words; a failure of that *kind* comes of it."""

    def __init__(self, problem: str, kind: type[ComponentFailure] = ComponentFailure) -> None:
        """Say what the component does and what it should do instead."""
        super().__init__(problem)
        self.problem, self.kind = problem, kind


def _whole(function: Callable[..., Any], given: dict[str, Any]) -> Any:
    """Return the answer of a hook; the portions of an iterator, in which more of its code may run, as a list."""
    answer = function(**given)
    if not hasattr(type(answer), "__next__"):
        return answer
    portions = list(islice(answer, _MOST_ANSWERS + 1))
    if len(portions) > _MOST_ANSWERS:
        raise Misdeed(f"gave more than {_MOST_ANSWERS} answers: must end")
    return portions


def _awaited(resume: Callable[..., Any], value: Any, times: int) -> Any:
    """Resume a process, and return the event that it waits for."""
    if times > _MOST_AT_ONCE:
        raise Misdeed(f"came back {_MOST_AT_ONCE} times at this instant: must wait for a later time")
    try:
        event = resume(value)
    except StopIteration:
        return _ENDED
    if not isinstance(event, Event):
        raise Misdeed(f"yields {short(repr(event), 60)}: must be an event of the clock, such as clock.wait(1)")
    return event


def begin_wrapper(wrapper: Generator[None, Any, Any]) -> None:
    """Run a wrapper up to where it waits for the decision."""
    try:
        next(wrapper)
    except StopIteration:
        raise Misdeed("returns before it yields: must yield once to get the decision") from None


def end_wrapper(wrapper: Generator[None, Any, Any], decided: Any) -> Any:
    """Give a wrapper the decision and return what it makes of it."""
    try:
        wrapper.send(decided)
    except StopIteration as end:
        return end.value
    wrapper.close()
    raise Misdeed("yields more than once: must yield once and return the decision")


def _is_write(error: BaseException) -> bool:
    """Return whether an error comes of writing into a frozen record or a locked array."""
    # numpy has no class of its own for this error, so that its words must tell.
    return isinstance(error, FrozenInstanceError) or isinstance(error, ValueError) and "read-only" in str(error)
