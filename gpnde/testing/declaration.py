"""Checks of what a component declares: parameters, hooks, and that it can be sent elsewhere. Nothing is run."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from pydantic import ValidationError
from pydantic.errors import PydanticUserError
from pydantic.fields import FieldInfo

from gpnde.errors import GpndeError, one_line
from gpnde.plugin.component import Component
from gpnde.plugin.marked import hook_methods
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.scenario.provenance import mark_of_text
from gpnde.scenario.schema import Mark
from gpnde.testing.report import Check

Kind = type[Component]
Given = Mapping[str, Any]


def check_declaration(component: Kind, given: Given) -> list[Check]:
    """Return the checks of a component that can be built with the parameters *given*."""
    checks: dict[str, tuple[Callable[[Kind, Given], Iterator[str]], str]] = {
        "schema": (schema_faults, "written down and read back it is the same"),
        "documentation": (documentation_faults, "all is documented"),
        "bounds": (bound_faults, "defaults and bounds build"),
        "pickling": (pickling_faults, "survives, and so do its errors"),
    }
    return [_check(name, list(faults(component, given)), good) for name, (faults, good) in checks.items()]


def _check(name: str, faults: list[str], good: str) -> Check:
    return Check(name, not faults, "; ".join(faults) or good)


def schema_faults(component: Kind, given: Given) -> Iterator[str]:
    """Yield why the parameters cannot be described or written down."""
    try:
        json.dumps(component.model_json_schema(), allow_nan=False)
    except (PydanticUserError, TypeError, ValueError) as error:
        yield f"no JSON Schema: {one_line(error)}"
    built = component.of(given)
    # A default out of bounds is told by another check, and would only be refused here once more.
    if any(bound_faults(component, given)):
        return
    try:
        again = component.of(json.loads(built.model_dump_json()))
    except (GpndeError, ValueError) as error:
        yield f"written down and read back it is refused: {one_line(error)}"
        return
    changed = [name for name in component.model_fields if getattr(built, name) != getattr(again, name)]
    if changed:
        yield f"written down and read back it has another {', '.join(changed)}"


def documentation_faults(component: Kind, given: Given) -> Iterator[str]:
    """Yield what lacks words, a unit or a source, and hooks that do not exist or are not marked."""
    if not (vars(component).get("__doc__") or "").strip():
        yield f"class {component.__name__} has no docstring"
    for name, field in component.model_fields.items():
        lacking = [what for what, is_there in _facts(field).items() if not is_there]
        if lacking:
            yield f"{name} has no {', '.join(lacking)}: declare it with gpnde.param"
    if not hook_methods(component):
        yield "it fills no hook: mark a method with gpnde.hookimpl"
    yield from hook_faults(component, given)


def hook_faults(component: Kind, given: Given) -> Iterator[str]:
    """Yield why the hooks of a component cannot be called at all."""
    try:
        compile_hooks([component.of(given)])
    except GpndeError as error:
        yield one_line(error)


def _facts(field: FieldInfo) -> dict[str, bool]:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return {
        "doc": bool((field.description or "").strip()),
        "unit": bool(extra.get("unit")),
        "source": mark_of_text(str(extra.get("source", ""))) in get_args(Mark),
    }


def bound_faults(component: Kind, given: Given) -> Iterator[str]:
    """Yield values of parameters that ought to build a component and do not.

    A rule about several parameters at once may refuse a bound of one of them while the others are at their defaults.
    """
    for name, field in component.model_fields.items():
        values = {} if field.is_required() else {"default": field.get_default(call_default_factory=True)}
        for what, value in {**values, **_ends(field)}.items():
            for fault in _refusals(component, {**given, name: value}, name):
                yield f"{what} {value!r} of {name}: {fault}"


def _refusals(component: Kind, parameters: Given, name: str) -> Iterator[str]:
    try:
        component.model_validate(dict(parameters))
    except ValidationError as error:
        yield from (fault["msg"] for fault in error.errors() if fault["loc"][:1] == (name,))


def _ends(field: FieldInfo) -> dict[str, Any]:
    """Return the bounds of a parameter, or the next value where a bound itself is excluded, and its range."""
    step = _next_whole if field.annotation is int else math.nextafter
    found: dict[str, Any] = {}
    for bound in field.metadata:
        for kind, towards in (("ge", None), ("le", None), ("gt", math.inf), ("lt", -math.inf)):
            value = getattr(bound, kind, None)
            if value is not None:
                found[f"bound {kind}"] = value if towards is None else step(value, towards)
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    vary: Any = extra.get("vary") or ()
    return {**found, **{f"vary[{position}]": value for position, value in enumerate(vary)}}


def _next_whole(value: float, towards: float) -> float:
    return math.floor(value) + 1 if towards > value else math.ceil(value) - 1


def pickling_faults(component: Kind, given: Given) -> Iterator[str]:
    """Yield what does not come back from pickling as it was: the component, or an error."""
    yield from _changed_by_pickling("the component", component.of(given))
    for parameters in _bad_parameters(component, given):
        try:
            component.of(parameters)
        except Exception as error:
            yield from _changed_by_pickling(f"its {type(error).__name__}", error)


def _bad_parameters(component: Kind, given: Given) -> Iterator[dict[str, Any]]:
    yield {**given, "no such parameter": 0}
    for name in component.model_fields:
        yield {**given, name: object()}


def _changed_by_pickling(what: str, thing: Any) -> Iterator[str]:
    try:
        again = pickle.loads(pickle.dumps(thing))
    except Exception as error:
        hint = ": move the class to the top of a module" if "<locals>" in type(thing).__qualname__ else ""
        yield f"{what} cannot be pickled: {one_line(error)}{hint}"
        return
    if type(again) is not type(thing) or (str(again), repr(again)) != (str(thing), repr(thing)):
        yield f"{what} is another one after pickling: {again!r}"
