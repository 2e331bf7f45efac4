"""Methods of components that fill hooks: they bear the mark, and what they are called and ask for exists."""

from __future__ import annotations

import inspect
from typing import Any

from gpnde.errors import ComponentError, nearest
from gpnde.plugin.component import Component
from gpnde.plugin.hooks import PROJECT
from gpnde.plugin.spec import DecisionHooks, hook_declared, hook_names


def hook_methods(kind: type) -> dict[str, Any]:
    """Return the methods of a class and its bases that are marked as filling hooks, by name."""
    methods = _methods(kind)
    return {name: methods[name] for name in sorted(methods) if hasattr(methods[name], f"{PROJECT}_impl")}


def _methods(kind: type) -> dict[str, Any]:
    """Return the methods of a class and its bases, by name; the one that a class inherits last counts."""
    every: dict[str, Any] = {}
    for each in reversed(kind.__mro__):
        every.update(vars(each))
    return {name: value for name, value in every.items() if inspect.isfunction(value)}


def check_hooks(kind: type[Component], label: str) -> None:
    """Check the methods of a component, which is called *label*, that fill hooks or are named like one.

    Raises
    ------
    ComponentError
        A method bears the name of a hook and not its mark, a hook or an argument does not exist, or a wrapper is none.
    """
    for name, function in hook_methods(kind).items():
        options = getattr(function, f"{PROJECT}_impl")
        _check(label, options["specname"] or name, function, options)
    known = hook_names()
    for name, function in sorted(_methods(kind).items()):
        if name in known and not hasattr(function, f"{PROJECT}_impl"):
            where = f"{label}.{name}: {function.__qualname__} is called like a hook and is not marked as one"
            raise ComponentError(where=where, expected="put @gpnde.hookimpl above it, or give it another name")


def _check(label: str, hook: str, function: Any, options: Any) -> None:
    known = hook_names()
    if hook not in known:
        raise ComponentError(
            where=f"{label}.{hook}", expected=f"no such hook{nearest(hook, known)}; there are {', '.join(known)}"
        )
    _check_wrapping(label, hook, function, options)
    given = arguments_of(hook_declared(hook))
    asked = arguments_of(function)
    for name in asked:
        if name not in given:
            where = f"{label}.{hook}({', '.join(asked)})"
            raise ComponentError(where=where, expected=f"no argument {name!r}; there are {', '.join(given)}")


def arguments_of(method: Any) -> list[str]:
    """Return the names of the arguments of a method but the first, which is the component."""
    return list(inspect.signature(method).parameters)[1:]


def _check_wrapping(label: str, hook: str, function: Any, options: Any) -> None:
    """Refuse wrappers of what is no decision, and such as do not wait for it."""
    if options["hookwrapper"] or options["wrapper"] and hook not in hook_names(DecisionHooks):
        decisions = ", ".join(hook_names(DecisionHooks))
        raise ComponentError(
            where=f"{label}.{hook}",
            given="is a wrapper",
            expected=f"must be a plain hookimpl; wrapper=True is for {decisions}",
        )
    if options["wrapper"] and not inspect.isgeneratorfunction(function):
        raise ComponentError(
            where=f"{label}.{hook}", given="wraps and never yields", expected="must yield once to get the decision"
        )
