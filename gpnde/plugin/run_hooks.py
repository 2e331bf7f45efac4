"""The hooks of one run: what its components do, checked and laid out for the engine."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pluggy

from gpnde.errors import NOBODY, ComponentError, Origin, Owner, short
from gpnde.plugin.guard import Guard, attributed, begin_wrapper, end_wrapper
from gpnde.plugin.hooks import PROJECT
from gpnde.plugin.marked import check_hooks, hook_methods
from gpnde.plugin.policy import Policy
from gpnde.plugin.spec import DecisionHooks, RunHooks, hook_names

if TYPE_CHECKING:
    from gpnde.plugin.component import Component
    from gpnde.plugin.interfaces import Act, Clock, Process, Streams, View
    from gpnde.plugin.knowledge import Memory
    from gpnde.plugin.policy import Programme
    from gpnde.world.layout import Integers


class StartProcess(Protocol):
    """Starts the process of a component, or nothing where it has none."""

    def __call__(
        self,
        clock: Clock,
        view: View,
        act: Act,
        streams: Streams,
        memory: Memory | None = None,
        programme: Programme | None = None,
        numbers: Integers | None = None,
    ) -> Process | None:
        """Return the process; *numbers* are those of the new sites that it is for."""


class StepHook(NamedTuple):
    """What one component does at a hook."""

    label: str
    call: Callable[[float, Mapping[str, Any]], Any]
    """Takes the day and the arguments of the hook by name; a failure is a `ComponentError` of one line."""
    owner: Owner = NOBODY
    """Who brought the component, for errors about its answers."""


class WrapHook(NamedTuple):
    """How one component wraps a decision."""

    label: str
    call: Callable[[float, Mapping[str, Any], Callable[[], Any]], Any]
    """Takes the day, the arguments of the hook by name, and what gives the decision that is wrapped."""
    owner: Owner = NOBODY


class Decision(NamedTuple):
    """The hook that makes a decision, and those that wrap it, the outermost first."""

    decides: StepHook | None
    wrappers: tuple[WrapHook, ...]


@dataclass(frozen=True)
class Hooks:
    """What the components of a run do, by hook, in the order of their labels; plain tuples, cheap to go through."""

    labels: tuple[str, ...] = ()
    """A name for each component of the run."""
    processes: tuple[tuple[str, StartProcess], ...] = ()
    """Label and start of every process. What goes wrong in one is a `ComponentError` that names the label and day."""
    growth: tuple[tuple[str, StartProcess], ...] = ()
    """Label and start of every process for new sites."""
    steps: Mapping[str, tuple[StepHook, ...]] = field(default_factory=dict)
    """What components do at the other hooks, by name; hooks without an implementation are left out."""
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    """Decisions that components make or wrap, by the name of the hook."""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """The policies among the components, by label."""
    targeting: Mapping[str, StepHook] = field(default_factory=dict)
    """The rule for the target group of each policy, by label."""


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


def compile_hooks(components: Sequence[Component], owner: Callable[[str], Owner] = lambda name: NOBODY) -> Hooks:
    """Return what *components*, as the host built them, do in a run.

    *owner* gives the owner of a component, for errors. A component that fills a hook that does not exist, or asks for
    an argument that it does not have, is a `ComponentError`; so are two that make the same decision.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(RunHooks)
    order = labels(components)
    for label, component in zip(order, components, strict=True):
        with attributed(owner(component.name)):
            methods = _checked(label, component)
            # What fills no hook costs nothing.
            if vars(methods):
                manager.register(methods, label)
    owners = {label: owner(component.name) for label, component in zip(order, components, strict=True)}
    by_hook = {name: _in_order(getattr(manager.hook, name), order) for name in hook_names()}
    processes, growth = (_starters(by_hook.pop(hook), hook, owners) for hook in ("process", "new_sites"))
    made = {name: by_hook.pop(name) for name in hook_names(DecisionHooks)}
    decisions = {name: _decision(found, name, owners) for name, found in made.items() if found}
    steps = {name: tuple(_step_hook(each, name, owners) for each in found) for name, found in by_hook.items() if found}
    policies = {label: each for label, each in zip(order, components, strict=True) if isinstance(each, Policy)}
    targeting = {label: _targeting(label, policy, owners[label]) for label, policy in policies.items()}
    return Hooks(order, processes, growth, steps, decisions, policies, targeting)


def _in_order(hook: pluggy.HookCaller, order: Sequence[str]) -> list[pluggy.HookImpl]:
    """Return what fills a hook, in the order of labels."""
    # Pluggy keeps wrappers, and what is marked tryfirst or trylast, apart from the rest.
    return sorted(hook.get_hookimpls(), key=lambda each: order.index(each.plugin_name))


def _step_hook(implementation: pluggy.HookImpl, hook: str, owners: Mapping[str, Owner]) -> StepHook:
    """Return a call that passes on what is asked for and names the culprit when something fails."""
    label = implementation.plugin_name
    function: Any = implementation.function
    asked = tuple(inspect.signature(function).parameters)
    guard = Guard(label, hook, owners[label])

    def call(day: float, given: Mapping[str, Any]) -> Any:
        return guard.answer(day, function, **{name: given[name] for name in asked})

    return StepHook(label, call, owners[label])


def _decision(found: Sequence[pluggy.HookImpl], hook: str, owners: Mapping[str, Owner]) -> Decision:
    """Return the owner of a decision, of which there may be one, and its wrappers."""
    plain = [_step_hook(each, hook, owners) for each in found if not each.wrapper]
    if len(plain) > 1:
        first, second = (Origin(each.label, each.owner, hook) for each in plain[:2])
        raise ComponentError(
            where=hook,
            given=f"{first.who} and {second.who} both decide",
            expected="leave one of them out of the scenario; "
            "a component that changes decisions of others is a hookimpl(wrapper=True)",
            origin=second,
        )
    wrappers = tuple(_wrap_hook(each, hook, owners) for each in found if each.wrapper)
    return Decision(plain[0] if plain else None, wrappers)


def _wrap_hook(implementation: pluggy.HookImpl, hook: str, owners: Mapping[str, Owner]) -> WrapHook:
    """Return a call that runs a wrapper around a decision and names the culprit when something fails."""
    label = implementation.plugin_name
    function: Any = implementation.function
    asked = tuple(inspect.signature(function).parameters)
    guard = Guard(label, hook, owners[label])

    def call(day: float, given: Mapping[str, Any], inner: Callable[[], Any]) -> Any:
        wrapper = guard.call(day, function, **{name: given[name] for name in asked})
        guard.call(day, begin_wrapper, wrapper)
        # The inner decision is made outside the guard, so that its failure is not blamed on the wrapper.
        return guard.call(day, end_wrapper, wrapper, inner())

    return WrapHook(label, call, owners[label])


def _targeting(label: str, policy: Policy, owner: Owner) -> StepHook:
    """Return a call of the rule of a policy, which plugins override, that names the culprit when something fails."""
    guard = Guard(label, "targeted", owner)
    return StepHook(label, lambda day, given: guard.answer(day, policy.targeted, **given), owner)


class _Methods:
    """The hook methods of one component.

    They are registered in the component's stead, since two uses with equal parameters are equal components, and
    pluggy would take them for one.
    """


def _checked(label: str, component: Component) -> _Methods:
    """Return the methods of a component that fill hooks, all of which exist and give the arguments asked for."""
    check_hooks(type(component), label)
    methods = _Methods()
    for name in hook_methods(type(component)):
        setattr(methods, name, getattr(component, name))
    return methods


def _starters(
    found: Sequence[pluggy.HookImpl], hook: str, owners: Mapping[str, Owner]
) -> tuple[tuple[str, StartProcess], ...]:
    return tuple((each.plugin_name, _starter(each, hook, owners[each.plugin_name])) for each in found)


def _starter(implementation: pluggy.HookImpl, hook: str, owner: Owner) -> StartProcess:
    """Return the start of a process that takes every argument and names the culprit when something fails."""
    label = implementation.plugin_name
    function: Any = implementation.function
    asked = tuple(inspect.signature(function).parameters)
    guard = Guard(label, hook, owner)

    def start(
        clock: Clock,
        view: View,
        act: Act,
        streams: Streams,
        memory: Memory | None = None,
        programme: Programme | None = None,
        numbers: Integers | None = None,
    ) -> Process | None:
        given: dict[str, Any] = {"clock": clock, "view": view, "act": act, "streams": streams}
        given |= {"memory": memory, "programme": programme, "numbers": numbers}
        process: Process | None = guard.call(clock.now, function, **{name: given[name] for name in asked})
        if process is not None and not inspect.isgenerator(process):
            raise guard.fault(clock.now, f"gave {short(repr(process))}", "must be a generator or None")
        return process and guard.process(process, clock)

    return start
