"""A walk over everything that a scenario can say: fields, the words that they are chosen from, and components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from gpnde.plugin import Component
from gpnde.plugin.host import plugin_host
from gpnde.scenario.choice import OneOf
from gpnde.scenario.schema import Scenario

OWN = ("diffusion.", "disruption.", "policy.")
"""Families of the components that gpnde brings."""


def fields() -> tuple[str, ...]:
    """Return every field of a scenario by the block that it stands in, such as ``Site.stock``."""
    return tuple(f"{model.__name__}.{name}" for model in blocks() for name in model.model_fields)


def words() -> dict[str, tuple[Any, ...]]:
    """Return the words of every field of a scenario that must be one of several words."""
    return {f"{model.__name__}.{name}": found for model in blocks() for name, found in words_of(model).items()}


def words_of(model: type[BaseModel]) -> dict[str, tuple[Any, ...]]:
    """Return the words of every field of one block or component that must be one of several words."""
    found: dict[str, tuple[Any, ...]] = {}
    for name, info in model.model_fields.items():
        listed = [mark.own_names() for mark in info.metadata if isinstance(mark, OneOf)]
        listed += [get_args(kind) for kind in _inside(info.annotation) if get_origin(kind) is Literal]
        if listed:
            found[name] = listed[0]
    return found


def components() -> Mapping[str, type[Component]]:
    """Return the components of gpnde by name."""
    return {name: kind for name, kind in plugin_host().components.items() if name.startswith(OWN)}


def parameters(component: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """Return the parameters of a component by name, those of what it lists included, such as ``duties.rate``."""
    found: dict[str, FieldInfo] = {}
    for name, info in component.model_fields.items():
        found[name] = info
        for inner in _models_in(info.annotation):
            found |= {f"{name}.{each}": field for each, field in inner.model_fields.items()}
    return found


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    return [kind for kind in _inside(annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]


def blocks() -> tuple[type[BaseModel], ...]:
    """Return every kind of block, the scenario first."""
    found: list[type[BaseModel]] = []
    waiting: list[type[BaseModel]] = [Scenario]
    while waiting:
        model = waiting.pop(0)
        if model not in found:
            found.append(model)
            waiting += [kind for info in model.model_fields.values() for kind in _models_in(info.annotation)]
    return tuple(found)


def _inside(kind: Any) -> Iterator[Any]:
    """Yield an annotation and all that stands inside it."""
    yield kind
    if get_origin(kind) is not Literal:
        for inner in get_args(kind):
            yield from _inside(inner)
