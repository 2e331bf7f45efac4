"""Parameters as a reader sees them: the fields of scenario blocks and components in words."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from gpnde.scenario.choice import OneOf
from gpnde.scenario.law import Law
from gpnde.scenario.model import Block

_UNIT = re.compile(r"\s\(([a-z1][a-z0-9/ ]*)\)(?=\.?$)")
_BOUNDS = (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"))
_WORDS = {bool: "true or false", Law: "law"}


class Parameter(NamedTuple):
    """A parameter as a reader sees it; texts that do not apply are empty."""

    name: str
    default: str
    range: str
    unit: str
    varied: str
    source: str
    meaning: str


def parameters(model: type[BaseModel]) -> list[Parameter]:
    """Return the parameters of a block or component in their order.

    >>> from gpnde.scenario.rules import Clock
    >>> parameters(Clock)[1]
    Parameter(name='days', default='364', range='> 0, ≤ 1,000,000', unit='days', ..., meaning='Horizon.')
    """
    return [parameter(name, field) for name, field in model.model_fields.items()]


def parameter(name: str, field: FieldInfo) -> Parameter:
    """Return one parameter of a block or component."""
    more = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    said = field.description or ""
    unit = str(more.get("unit", "")) or next(iter(_UNIT.findall(said)), "")
    return Parameter(
        name=name,
        default=_default(field),
        range=", ".join(filter(None, (_bounds(field), _choices(field)))),
        unit="" if unit == "1" else unit,
        varied=" to ".join(_text(end) for end in _ends(more.get("vary"))),
        source=str(more.get("source", "")),
        meaning=_UNIT.sub("", said) if "unit" not in more else said,
    )


def range_to_vary(field: FieldInfo) -> tuple[float, float] | None:
    """Return the range that a field declares for experiments, or None.

    >>> from gpnde.scenario.rules import Clock
    >>> range_to_vary(Clock.model_fields["days"])
    """
    more = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    ends = [float(str(end)) for end in _ends(more.get("vary"))]
    return (ends[0], ends[1]) if len(ends) == 2 else None


def limits(field: FieldInfo) -> dict[str, float]:
    """Return the bounds of a field by their kind: ge, gt, le, lt.

    >>> from gpnde.scenario.rules import Clock
    >>> limits(Clock.model_fields["days"])
    {'gt': 0.0, 'le': 1000000.0}
    """
    found = {key: getattr(each, key, None) for key, _ in _BOUNDS for each in field.metadata if hasattr(each, key)}
    return {key: float(bound) for key, bound in found.items() if bound is not None}


def _ends(vary: object) -> list[object]:
    return list(vary) if isinstance(vary, list) else []


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    return "" if isinstance(value, Block) and not isinstance(value, Law) else _text(value)


def _text(value: object) -> str:
    """Return a value as a reader writes it.

    >>> _text(("a", "b")), _text(0.25), _text(1000000), _text(None), _text({"x": 1.0})
    ('a, b', '0.25', '1,000,000', 'left out', 'x 1')
    """
    if value is None:
        return "left out"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Law):
        return value.text()
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(entry)}" for key, entry in value.items()) or "none"
    if isinstance(value, tuple):
        return ", ".join(_text(entry) for entry in value) or "none"
    return str(value) or "empty"


def range_in_words(limits: Mapping[str, float]) -> str:
    """Return bounds by their kind (ge, gt, le, lt) as a reader sees them.

    >>> range_in_words({"ge": 0, "le": 1}), range_in_words({"gt": 0})
    ('0 to 1', '> 0')
    """
    shown = {sign: _text(limits[key]) for key, sign in _BOUNDS if key in limits}
    if shown.keys() == {"≥", "≤"}:
        return f"{shown['≥']} to {shown['≤']}"
    return ", ".join(f"{sign} {limit}" for sign, limit in shown.items())


def _bounds(field: FieldInfo) -> str:
    return range_in_words(
        {key: getattr(each, key) for key, _ in _BOUNDS for each in field.metadata if hasattr(each, key)}
    )


def _choices(field: FieldInfo) -> str:
    """Return the words that may be chosen, or what kind of value it is where bounds do not say so."""
    kinds = readings(field.annotation)
    plain = [_WORDS[kind] for kind in kinds if kind in _WORDS]
    blocks = [kind.__name__ for kind in kinds if _is_block(kind)]
    return ", ".join([*map(str, words_of(field)), *plain, *(f"see {name}" for name in blocks)])


def words_of(field: FieldInfo) -> tuple[Any, ...]:
    """Return the words that a field is chosen from, those of plugins that were imported included; or none.

    >>> from gpnde.scenario.rules import Selection
    >>> words_of(Selection.model_fields["fill_order"])
    ('shares', 'higher-tier-first')
    """
    literal = [word for kind in readings(field.annotation) if get_origin(kind) is Literal for word in get_args(kind)]
    named = [name for mark in field.metadata if isinstance(mark, OneOf) for name in mark.registry.names()]
    return (*literal, *named)


def readings(annotation: Any) -> tuple[Any, ...]:
    """Return the kinds of a union without None, or the annotation itself.

    >>> readings(int | None)
    (<class 'int'>,)
    """
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(kind for kind in get_args(annotation) if kind is not types.NoneType)
    return (annotation,)


def _is_block(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Block) and kind is not Law
