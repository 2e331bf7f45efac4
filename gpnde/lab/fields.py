"""Fields: what can be changed in the lab, read off the declarations of the scenario and of the components."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from gpnde.plugin.component import Component
from gpnde.scenario.law import Law
from gpnde.scenario.model import Block
from gpnde.scenario.parameters import limits, parameter, range_to_vary, readings, words_of
from gpnde.scenario.schema import Scenario

Kind = Literal["number", "whole", "choice", "flag", "law"]
Group = Literal["Run", "Firm behaviour", "Knowledge diffusion", "Policies", "Shocks"]

GROUPS: tuple[Group, ...] = get_args(Group)

_BLOCKS: dict[str, Group] = {
    "ordering": "Firm behaviour",
    "selection": "Firm behaviour",
    "finance": "Firm behaviour",
    "location": "Firm behaviour",
    "outsourcing": "Firm behaviour",
    "knowledge": "Knowledge diffusion",
}
_FAMILIES: dict[str, Group] = {"diffusion": "Knowledge diffusion", "policy": "Policies", "disruption": "Shocks"}

_WIDEST = 20.0
"""Bounds that are this many times as far apart as the value is large give no slider on which it could be set."""

_STEPS = 100
"""A slider has about so many steps, or more where its value would else lie between two."""


class Field(NamedTuple):
    """Something that can be changed, with all that a control needs to know of it."""

    path: str
    """As for ``--set``."""
    label: str
    group: Group
    kind: Kind
    value: Any
    """Its value in the scenario, or its default in a component; a law as text."""
    low: float = -math.inf
    """Least value that may be typed."""
    high: float = math.inf
    """Greatest value that may be typed."""
    span: tuple[float, float] | None = None
    """Ends of a slider; None where a slider would not help."""
    choices: tuple[str, ...] = ()
    unit: str = ""
    doc: str = ""

    @property
    def step(self) -> float:
        """The step of a slider: a round number on whose grid the value lies, since a slider holds no other."""
        if self.kind == "whole" or self.span is None:
            return 1.0
        low, high = self.span
        return next(step for step in _round_steps((high - low) / _STEPS) if _is_on_grid((self.value - low) / step))


def _round_steps(largest: float) -> Iterator[float]:
    """Yield 1, 2 or 5 times powers of ten, from the largest that is at most *largest* downwards."""
    power = math.floor(math.log10(largest))
    for exponent in range(power, power - 6, -1):
        yield from (float(f"{digit}e{exponent}") for digit in (5, 2, 1) if float(f"{digit}e{exponent}") <= largest)


def _is_on_grid(steps: float) -> bool:
    return abs(steps - round(steps)) < 1e-6


def scenario_fields(scenario: Scenario) -> list[Field]:
    """Return the fields of the blocks that a scenario has, in the order of groups.

    >>> from gpnde.scenario import load_scenario
    >>> [(field.path, field.value) for field in scenario_fields(load_scenario("beer-game"))][:2]
    [('clock.days', 252.0), ('ordering.policy', 'base-stock')]
    """
    days = _field("clock.days", "Run", type(scenario.clock).model_fields["days"], scenario.clock.days)
    found = [days] if days else []
    for name, group in _BLOCKS.items():
        block = getattr(scenario, name)
        if block is not None:
            found += _fields_of(block, name, group)
    return found


def component_groups(components: Mapping[str, type[Component]]) -> dict[Group, list[str]]:
    """Return the names of the components that can be switched, by group; of other families there is nothing to switch.

    >>> from gpnde.plugin.host import plugin_host
    >>> component_groups(plugin_host().components)["Shocks"][0]
    'disruption.calendar'
    """
    found: dict[Group, list[str]] = {}
    for name in components:
        group = _FAMILIES.get(name.partition(".")[0])
        if group:
            found.setdefault(group, []).append(name)
    return found


def component_fields(component: type[Component], given: Mapping[str, Any]) -> list[Field]:
    """Return the fields of a component, whose values are those *given* or else the defaults."""
    group = _FAMILIES[component.name.partition(".")[0]]
    found = []
    for name, info in component.model_fields.items():
        default = None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
        found.append(_field(f"{component.name}.{name}", group, info, given.get(name, default)))
    return [field for field in found if field]


def left_out(component: type[Component]) -> list[str]:
    """Return the parameters of a component that have no control, since they are lists, names or files."""
    shown = {field.path.rpartition(".")[2] for field in component_fields(component, {})}
    return [name for name in component.model_fields if name not in shown]


def _fields_of(block: Block, path: str, group: Group) -> Iterator[Field]:
    unused = block.unused()
    for name, info in {**type(block).model_fields, **block.further_fields(vars(block))}.items():
        if name in unused:
            continue
        value = getattr(block, name)
        if isinstance(value, Block) and not isinstance(value, Law):
            yield from _fields_of(value, f"{path}.{name}", group)
            continue
        field = _field(f"{path}.{name}", group, info, value)
        if field:
            yield field


def _field(path: str, group: Group, info: FieldInfo, value: Any) -> Field | None:
    """Return the field at a path, or None if its value is nothing that a control could hold."""
    name = path.rpartition(".")[2]
    said = parameter(name, info)
    plain = Field(path, name.replace("_", " ").capitalize(), group, "flag", value, unit=said.unit, doc=said.meaning)
    kinds = readings(info.annotation)
    words = tuple(map(str, words_of(info)))
    if bool in kinds and isinstance(value, bool):
        return plain
    if Law in kinds and value is not None:
        return plain._replace(kind="law", value=_law_text(value))
    if words and value in words:
        return plain._replace(kind="choice", choices=words)
    if isinstance(value, int | float) and not isinstance(value, bool) and {int, float} & set(kinds):
        return _number(plain._replace(kind="number" if float in kinds else "whole"), info)
    return None


def _law_text(value: Any) -> str:
    """Return a law as one types it; what is none yet stays as it was given."""
    try:
        return Law.model_validate(value).text()
    except ValidationError:
        return str(value)


def _number(field: Field, info: FieldInfo) -> Field:
    """Return the field with its bounds and the ends of its slider; an end that is excluded is as good as included."""
    bounds, value = limits(info), float(field.value)
    low = bounds.get("ge", bounds.get("gt", -math.inf))
    high = bounds.get("le", bounds.get("lt", math.inf))
    found = field._replace(low=low, high=high, span=_span(range_to_vary(info), low, high, value))
    fits = found.span is None or found.kind == "whole" or _finest_fits(found.span, value)
    return found if fits else found._replace(span=None)


def _finest_fits(span: tuple[float, float], value: float) -> bool:
    """Return whether some step of a slider meets the value."""
    return any(_is_on_grid((value - span[0]) / step) for step in _round_steps((span[1] - span[0]) / _STEPS))


def _span(varied: tuple[float, float] | None, low: float, high: float, value: float) -> tuple[float, float] | None:
    """Return the ends of a slider: the range to vary, or bounds that are not too far apart, with the value in it."""
    if varied is not None:
        return min(varied[0], value), max(varied[1], value)
    # A value of 0 has no size to compare the bounds with.
    size = max(abs(value), 1e-9)
    return (low, high) if math.isfinite(high - low) and high - low <= _WIDEST * size else None
