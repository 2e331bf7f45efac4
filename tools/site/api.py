"""The reference of the Python interface: what `gpnde` and `gpnde.plugin` export, read off their docstrings."""

from __future__ import annotations

import importlib
from types import ModuleType

_INTRODUCTION = """\
# Python

All public names. They are imported from `gpnde`; what only authors of plugins need, from `gpnde.plugin`. Words of the
model and the equations that plugins may use stand in the [reference of hooks](../hooks.md)."""


def api_page() -> str:
    """Return the page: a directive of mkdocstrings for each public class and function."""
    return "\n\n".join([_INTRODUCTION, *_part("gpnde"), *_part("gpnde.plugin")]) + "\n"


def _part(room: str) -> list[str]:
    module = importlib.import_module(room)
    return [f"## {room}", *(f"::: {place}" for place in dict.fromkeys(_places(module)) if place)]


def _places(module: ModuleType) -> list[str]:
    return [_place(getattr(module, name)) for name in sorted(module.__all__)]


def _place(thing: object) -> str:
    """Return where a class or function is defined, or nothing for a word or a number.

    >>> _place(importlib.import_module("gpnde").simulate)
    'gpnde.engine.simulate.simulate'
    """
    name, room = getattr(thing, "__qualname__", ""), getattr(thing, "__module__", "")
    return f"{room}.{name}" if name and str(room).startswith("gpnde.") else ""
