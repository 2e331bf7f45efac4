"""A scenario as plain data: mappings, lists, texts and numbers, without what is left at its default."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from gpnde.scenario.law import Law


def as_data(block: BaseModel) -> dict[str, Any]:
    """Return the fields of *block* that differ from their defaults; laws are in short form where that is short.

    >>> from gpnde.scenario.network import Link
    >>> as_data(Link(buyer="a", supplier="b", lead_time="gamma(mean=10, cv=0.3)"))
    {'buyer': 'a', 'supplier': 'b', 'lead_time': 'gamma(mean=10, cv=0.3)'}
    """
    given = vars(block)
    fields = {
        name: _value(given[name])
        for name, default in _defaults(type(block)).items()
        if given[name] is not default and given[name] != default
    }
    return {**fields, **(block.model_extra or {})}


_FEW_VALUES = 8
_REQUIRED = object()


@cache
def _defaults(kind: type[BaseModel]) -> dict[str, Any]:
    return {
        name: _REQUIRED if field.is_required() else field.get_default(call_default_factory=True, validated_data={})
        for name, field in kind.model_fields.items()
    }


def _value(value: Any) -> Any:
    if isinstance(value, Law):
        return _law(value)
    if isinstance(value, BaseModel):
        return as_data(value)
    if isinstance(value, Mapping):
        return {key: _value(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_value(item) for item in value]
    return _number(value)


def _number(value: Any) -> Any:
    """Write whole numbers without a point, as people do; both read back as the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _law(law: Law) -> Any:
    """Write a law in its short form; only a mapping can tell an origin, and it suits many values better."""
    if law.law == "fixed":
        return _number(law.value)
    if law.origin is not None or len(law.values or ()) > _FEW_VALUES:
        return {"law": law.law, **as_data(law)}
    return law.text()
