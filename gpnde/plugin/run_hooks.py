"""The hooks of one run: what its components do, checked and laid out for the engine."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pluggy

from gpnde.errors import ComponentError, GpndeError, nearest
from gpnde.plugin.hooks import PROJECT
from gpnde.plugin.spec import RunHooks, hook_names

if TYPE_CHECKING:
    from gpnde.plugin.component import Component
    from gpnde.plugin.interfaces import Act, Clock, Process, Streams, View

    StartProcess = Callable[[Clock, View, Act, Streams], Process | None]


class StepHook(NamedTuple):
    """What one component does at every step of learning."""

    label: str
    call: Callable[[float, Mapping[str, Any]], Any]
    """Takes the day and the arguments of the hook by name; a failure is a `ComponentError` of one line."""


@dataclass(frozen=True)
class Hooks:
    """What the components of a run do, by hook, in the order of their labels; plain tuples, cheap to go through."""

    labels: tuple[str, ...] = ()
    """A name for each component of the run."""
    processes: tuple[tuple[str, StartProcess], ...] = ()
    """Label and start of every process. What goes wrong in one is a `ComponentError` that names the label and day."""
    steps: Mapping[str, tuple[StepHook, ...]] = field(default_factory=dict)
    """What components do at the steps of learning, by the name of the hook; hooks that nobody fills are left out."""


def labels(components: Sequence[Component]) -> tuple[str, ...]:
    """Return a name for each component of a run, which keys its streams; a second use of one gets ``#2``.

    >>> from gpnde.plugin import Component
    >>> class Strike(Component):
    ...     name = "disruption.strike"
    >>> labels([Strike(), Strike()])
    ('disruption.strike', 'disruption.strike#2')
    """
    seen: Counter[str] = Counter()
    found = []
    for component in components:
        seen[component.name] += 1
        count = seen[component.name]
        found.append(component.name if count == 1 else f"{component.name}#{count}")
    return tuple(found)


def compile_hooks(components: Sequence[Component], owner: Callable[[str], str] = lambda name: "") -> Hooks:
    """Return what *components*, as the host built them, do in a run.

    *owner* tells who brought a component, for errors. A component that fills a hook that does not exist, or asks for
    an argument that it does not have, is a `ComponentError`.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(RunHooks)
    order = labels(components)
    for label, component in zip(order, components, strict=True):
        manager.register(_checked(label, component, manager), label)
    owners = {label: owner(component.name) for label, component in zip(order, components, strict=True)}
    by_hook = {name: _in_order(getattr(manager.hook, name), order) for name in hook_names()}
    processes = tuple((each.plugin_name, _starter(each, owners[each.plugin_name])) for each in by_hook.pop("process"))
    steps = {name: tuple(_step_hook(each, name, owners) for each in found) for name, found in by_hook.items() if found}
    return Hooks(order, processes, steps)


def _in_order(hook: pluggy.HookCaller, order: Sequence[str]) -> list[pluggy.HookImpl]:
    """Return what fills a hook, in the order of labels."""
    return sorted(hook.get_hookimpls(), key=lambda each: order.index(each.plugin_name))


def _step_hook(implementation: pluggy.HookImpl, hook: str, owners: Mapping[str, str]) -> StepHook:
    """Return a call that passes on what is asked for and names the culprit when something fails."""
    label = implementation.plugin_name
    function: Any = implementation.function
    asked = tuple(inspect.signature(function).parameters)

    def call(day: float, given: Mapping[str, Any]) -> Any:
        with _named(label, hook, lambda: day, owners[label]):
            answer = function(**{name: given[name] for name in asked})
            return list(answer) if inspect.isgenerator(answer) else answer

    return StepHook(label, call)


class _Methods:
    """The hook methods of one component.

    They are registered in the component's stead, since two uses with equal parameters are equal components, and
    pluggy would take them for one.
    """


def _checked(label: str, component: Component, manager: pluggy.PluginManager) -> _Methods:
    """Return the methods of a component that fill hooks, all of which exist and give the arguments asked for."""
    methods = _Methods()
    for name, function in inspect.getmembers_static(type(component), inspect.isfunction):
        options = getattr(function, f"{PROJECT}_impl", None)
        if options is not None:
            _check(label, options["specname"] or name, function, options, manager)
            setattr(methods, name, getattr(component, name))
    return methods


def _check(label: str, hook: str, function: Any, options: Any, manager: pluggy.PluginManager) -> None:
    known = hook_names()
    if hook not in known:
        raise ComponentError(f"{label}.{hook}: no such hook{nearest(hook, known)}; there are {', '.join(known)}")
    if options["wrapper"] or options["hookwrapper"]:
        raise ComponentError(f"{label}.{hook}: is a wrapper: must be a plain hookimpl")
    given = getattr(manager.hook, hook).spec.argnames
    asked = list(inspect.signature(function).parameters)[1:]
    for name in asked:
        if name not in given:
            where = f"{label}.{hook}({', '.join(asked)})"
            raise ComponentError(f"{where}: no argument {name!r}; there are {', '.join(given)}")


def _starter(implementation: pluggy.HookImpl, owner: str) -> StartProcess:
    """Return the start of a process that takes every argument and names the culprit when something fails."""
    label = implementation.plugin_name
    function: Any = implementation.function
    asked = tuple(inspect.signature(function).parameters)

    def start(clock: Clock, view: View, act: Act, streams: Streams) -> Process | None:
        given: dict[str, Any] = {"clock": clock, "view": view, "act": act, "streams": streams}
        with _named(label, "process", lambda: clock.now, owner):
            process: Process | None = function(**{name: given[name] for name in asked})
            if process is not None and not inspect.isgenerator(process):
                raise ComponentError(f"{label}.process: gave {process!r}: must be a generator or None")
        return process and _guarded(process, label, clock, owner)

    return start


def _guarded(process: Process, label: str, clock: Clock, owner: str) -> Process:
    """Run a process to its end, and name it when it fails."""
    with _named(label, "process", lambda: clock.now, owner):
        yield from process


@contextmanager
def _named(label: str, hook: str, now: Callable[[], float], owner: str) -> Iterator[None]:
    """Turn what goes wrong into a `ComponentError` of one line that says who failed, when and where."""
    try:
        yield
    except GpndeError as error:
        text = str(error)
        raise ComponentError(text if text.startswith(label.partition("#")[0]) else f"{label}: {text}") from error
    except Exception as error:
        by = f" of {owner}" if owner else ""
        text = " ".join(f"{type(error).__name__}: {error}".split())
        raise ComponentError(f"{label}{by} failed in {hook} on day {now():g}: {text}") from error
