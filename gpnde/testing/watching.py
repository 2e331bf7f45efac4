"""Watch a component: writes to read-only data, and draws from generators other than its streams."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import pickle
import random
import sys
import types
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from gpnde.errors import RandomnessError
from gpnde.plugin.component import Component
from gpnde.plugin.guard import Misdeed
from gpnde.plugin.marked import hook_methods

_RECORDS = ("sites", "inputs", "lines", "markets", "firms", "places")
_ACTING = ("act", "programme")
"""Arguments of hooks through which components change the network."""


class Watch:
    """Notes what a component changes behind the back of the engine, and stops it where it draws behind it."""

    def __init__(self) -> None:
        """Begin with nothing noted."""
        self.written: dict[str, None] = {}
        """Hooks in which data changed without an action, in the order of their first offence."""

    def around(self, component: type[Component]) -> type[Component]:
        """Return a component that does the same under this watch."""
        hooks = {name: self._watched(name, method) for name, method in hook_methods(component).items()}
        names = {"__module__": component.__module__, "__qualname__": component.__qualname__}
        return types.new_class(component.__name__, (component,), exec_body=lambda body: body.update(hooks | names))

    def _watched(self, hook: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a method that compares the data before and after a call, or before and after each part of one."""

        def guard_of(given: Mapping[str, Any]) -> _Guard:
            return _Guard(functools.partial(self.written.setdefault, hook), given)

        @functools.wraps(function)
        def call(component: Component, **given: Any) -> Any:
            guard = guard_of(given)
            with guard:
                answer = function(component, **guard.lent())
            return guard.steps(answer) if hasattr(answer, "send") else answer

        @functools.wraps(function)
        def call_in_steps(component: Component, **given: Any) -> Any:
            guard = guard_of(given)
            return (yield from guard.steps(function(component, **guard.lent())))

        # Hooks that wrap others have to be generator functions themselves.
        return call_in_steps if inspect.isgeneratorfunction(function) else call


class _Guard:
    """Watches data and generators during calls of the component, but not while the engine carries out its actions."""

    def __init__(self, complain: Callable[[], object], given: Mapping[str, Any]) -> None:
        self._complain, self._given = complain, given
        self._before: list[bytes] = []
        self._draws: dict[str, bytes] = {}

    def __enter__(self) -> None:
        self._before, self._draws = self._bytes(), _global_states()

    def __exit__(self, kind: object = None, *_: object) -> None:
        if self._bytes() != self._before:
            self._complain()
        # An error that is under way goes first.
        if kind is None and _global_states() != self._draws:
            raise Misdeed(_DREW, RandomnessError)

    def _bytes(self) -> list[bytes]:
        return [array.tobytes() for each in self._given.values() for array in _arrays(each)]

    def lent(self) -> dict[str, Any]:
        """Return what is handed to the component: all that was given, but actions under watch."""
        return {name: _Lent(value, self) if name in _ACTING else value for name, value in self._given.items()}

    def steps(self, process: Any) -> Generator[Any, Any, Any]:
        """Go through a generator, with a look before and after each of its steps."""
        go_on, value = process.send, None
        while True:
            with self:
                try:
                    event = go_on(value)
                except StopIteration as end:
                    return end.value
            try:
                go_on, value = process.send, (yield event)
            except Exception as error:
                go_on, value = process.throw, error


class _Lent:
    """Something that acts on the network; the watch looks away while it does."""

    def __init__(self, acting: Any, guard: _Guard) -> None:
        self._acting, self._guard = acting, guard

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._acting, name)

        def carried_out(*values: Any, **named: Any) -> Any:
            # What was written up to here is the component's doing, what follows is the engine's.
            self._guard.__exit__()
            try:
                return found(*values, **named)
            finally:
                self._guard.__enter__()

        return carried_out if callable(found) else found


def _arrays(value: Any) -> Iterator[np.ndarray[Any, Any]]:
    """Yield the arrays that a hook was given, alone or in a view."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _arrays(each)
    elif hasattr(value, "site_numbers"):
        for name in _RECORDS:
            yield from _arrays(getattr(value, name))
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _arrays(getattr(value, field.name))


def remembered(component: type[Component]) -> dict[str, str]:
    """Return what module and class hold that could keep something from run to run: arrays, lists, sets, mappings.

    >>> from typing import ClassVar
    >>> class Sticky(Component):
    ...     seen: ClassVar[list[int]] = [1]
    >>> remembered(Sticky)["Sticky.seen"]
    '[1]'
    """
    module = sys.modules.get(component.__module__)
    of_module = {name: value for name, value in vars(module or component).items() if not name.startswith("__")}
    of_class = {
        f"{kind.__name__}.{name}": value
        for kind in component.__mro__[: component.__mro__.index(Component)]
        for name, value in vars(kind).items()
        if not name.startswith(("__", "model_", "_abc"))
    }
    kinds = (list, dict, set, bytearray, np.ndarray)
    return {name: repr(value) for name, value in {**of_module, **of_class}.items() if isinstance(value, kinds)}


_SHARED: Mapping[str, tuple[Callable[[], Any], Callable[[Any], None]]] = {
    "random": (random.getstate, random.setstate),
    "numpy.random": (np.random.get_state, np.random.set_state),
}
"""Generators that the whole process shares, with how to read and restore their state."""

_DREW = "draws from the global generators of random or numpy.random: draw from streams.generator(...) instead"


def _global_states() -> dict[str, bytes]:
    """Return the state of each generator that the whole process shares."""
    return {name: pickle.dumps(read()) for name, (read, _) in _SHARED.items()}


class GlobalDraws:
    """The state of the global generators, and calls that made a generator without a stream."""

    def __init__(self) -> None:
        """Begin with nothing noted."""
        self.used: dict[str, None] = {}
        """What was drawn from, in the order of the first use."""


@contextmanager
def watched_global_draws(component: type[Component]) -> Iterator[GlobalDraws]:
    """Note what is drawn from shared generators, or from ones of the component's own making, and put it all back."""
    draws = GlobalDraws()
    before = _global_states()
    with _noted_generators(component, draws):
        yield draws
    after = _global_states()
    for name, (_, restore) in _SHARED.items():
        if after[name] != before[name]:
            draws.used[name] = None
            restore(pickle.loads(before[name]))


@contextmanager
def _noted_generators(component: type[Component], draws: GlobalDraws) -> Iterator[None]:
    """Note calls of `numpy.random.default_rng` from outside gpnde during the block, by this name or its last part."""
    original = np.random.default_rng

    def noted(*values: Any, **named: Any) -> np.random.Generator:
        # The streams of gpnde make generators themselves.
        if not sys._getframe(1).f_globals.get("__name__", "").startswith("gpnde."):
            draws.used["numpy.random.default_rng"] = None
        return original(*values, **named)

    holders = [np.random, sys.modules.get(component.__module__)]
    found = [holder for holder in holders if getattr(holder, "default_rng", None) is original]
    for holder in found:
        setattr(holder, "default_rng", noted)  # noqa: B010
    try:
        yield
    finally:
        for holder in found:
            setattr(holder, "default_rng", original)  # noqa: B010
