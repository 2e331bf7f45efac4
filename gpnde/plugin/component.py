"""Components: what a plugin offers and a scenario names, a policy, a disruption, a diffusion or a metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from gpnde.errors import ComponentError, Origin, nearest
from gpnde.results.metric import Better
from gpnde.scenario.problems import shown, summary

API = 1
"""Version of the interfaces and hooks; components made for this one or the one before are taken."""


_MISSING = "missing"


class Component(BaseModel):
    """A mechanism with parameters that takes part in the runs whose scenario names it.

    Parameters are declared with `gpnde.param`. What the component does stands in methods marked with
    `gpnde.hookimpl`; `gpnde.plugin.hooks` tells which there are. A component never changes: its state lives in
    the local variables of its process.

    >>> from gpnde.plugin import param
    >>> class Strike(Component):
    ...     name = "disruption.strike"
    ...     days: float = param(7, gt=0, unit="day", doc="Length of a strike.")
    >>> Strike.of({"days": 3}).days
    3.0
    >>> Strike.of({"days": -3})
    Traceback (most recent call last):
    gpnde.errors.ComponentError: disruption.strike.days = -3 (day): must be above 0
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: ClassVar[str]
    """Family and name, such as ``disruption.site-outage``."""
    api: ClassVar[int] = API
    """Version of the interfaces that the component was made for."""
    results_version: ClassVar[int] = 1
    """Raised when equal parameters give other numbers than before."""
    better: ClassVar[Mapping[str, Better]] = {}
    """Which values of the metrics that it reports are better, by their names; neither where it does not say."""
    requires: ClassVar[tuple[str, ...]] = ()
    """Names of components that have to be in the scenario too."""

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Self:
        """Return the component with these parameters, or raise a `ComponentError` of one line."""
        try:
            return cls.model_validate(dict(parameters))
        except ValidationError as error:
            faults = error.errors(include_url=False)
            raise _refusal(cls, faults) from None


def _refusal(component: type[Component], faults: Sequence[Any]) -> ComponentError:
    """Return the error of one line for what pydantic found wrong."""
    where, given, expected = _fault(component, faults[0])
    shown_given = f" = {given}" if given and given != _MISSING else f": {given}" if given else ""
    text = summary([f"{where}{shown_given}: {expected}", *faults[1:]])
    return ComponentError(text, where=where, given=given, expected=expected, origin=Origin(component.name))


def _fault(component: type[Component], fault: Any) -> tuple[str, str, str]:
    """Return where a parameter is wrong, what was given and what would be right."""
    where = component.name + _path(fault["loc"])
    if fault["type"] == "missing":
        return where, _MISSING, "this parameter has no default"
    if fault["type"] == "extra_forbidden":
        return where, shown(fault["input"]), f"no such parameter{_instead(component, fault['loc'][-1])}"
    if not fault["loc"]:
        return where, "", _right(fault)
    return where, shown(fault["input"]) + _unit(component, fault["loc"][0]), _right(fault)


def _path(location: tuple[str | int, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)


def _instead(component: type[Component], name: object) -> str:
    known = list(component.model_fields)
    return nearest(str(name), known) or f"; there are {', '.join(known) or 'none'}"


def _unit(component: type[Component], name: object) -> str:
    extra = component.model_fields[str(name)].json_schema_extra
    unit = extra.get("unit", "1") if isinstance(extra, dict) else "1"
    return "" if unit == "1" else f" ({unit})"


_WORDS = (
    ("Input should be", "must be"),
    ("greater than or equal to", "at least"),
    ("less than or equal to", "at most"),
    ("greater than", "above"),
    ("less than", "below"),
    (", unable to parse string as a number", ""),
    (", unable to parse string as an integer", ""),
    ("a valid number", "a number"),
    ("a valid integer", "a whole number"),
    ("a valid tuple", "a list"),
    ("a valid string", "text"),
    ("a valid boolean", "true or false"),
)


def _right(fault: Any) -> str:
    """Return what would be right."""
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    text = str(fault["msg"])
    for formal, plain in _WORDS:
        text = text.replace(formal, plain)
    if fault["type"] == "literal_error":
        choices = [choice.strip(" '") for choice in fault["ctx"]["expected"].replace(" or ", ",").split(",")]
        text += nearest(str(fault["input"]), choices)
    return text
