"""What a plugin may import from `gpnde.plugin` beside hooks and records: words, types, equations and helpers."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import gpnde.plugin as door
from tools.odd.markdown import code, section, table
from tools.odd.sources import first_line

WORDS = {
    "CELLS": "Cells of specialisation by number, records with `name`, `type`, `process` and what the cell means.",
    "CONTRACTS": "Kinds of contract by number, as in the field `contract` of `view.lines`; the last is a sale.",
    "FUNCTIONS": "What firms perform, in the order of columns of knowledge: the ladder, then two side capabilities.",
    "INTRA_FIRM": "The number of the contract between sites of one firm.",
    "LADDER": "The functions of the ladder, from sales to system integration.",
    "MONTH_DAYS": "Days of the month in which rates, cash and credit are counted.",
    "YEAR_DAYS": "Days of a year of 52 weeks.",
}
"""What constants stand for."""

TYPES = {
    "CellName": "The name of a cell of specialisation, one of those in `CELLS`; for parameters.",
    "Flags": "An array of true and false.",
    "Floats": "An array of numbers.",
    "Function": "The name of a function, one of `FUNCTIONS`; for parameters.",
    "Group": "A group of firms: local, foreign, flagship or all; for parameters.",
    "InTransit": "What an outage does to goods on their way: none, delay or lose.",
    "Integers": "An array of whole numbers.",
    "Memory": "What a component remembers in a run, by name.",
    "Process": "A process: a generator that yields what it waits for.",
}
"""What types stand for."""

_ABOUT = """\
Plugins import from `gpnde` and `gpnde.plugin` alone. Beside what is above, `gpnde.plugin` has these. Equations take
numbers or arrays, which are broadcast."""


def door_in_markdown() -> str:
    """Return the tables of what plugins may import."""
    words = [(code(name), code(_shown(getattr(door, name))), said) for name, said in WORDS.items()]
    types = [(code(name), said) for name, said in TYPES.items()]
    functions = [(code(_call(name)), first_line(getattr(door, name))) for name in functions_of_the_door()]
    return section(
        2,
        "What plugins may import",
        _ABOUT,
        section(3, "Words", table(("Name", "Value", "Meaning"), words)),
        section(3, "Types", table(("Name", "Meaning"), types)),
        section(3, "Equations and helpers", table(("Function", "What it does"), functions)),
    )


def functions_of_the_door() -> Iterator[str]:
    """Yield the names of the functions that plugins may import, but for those that mark hooks and parameters."""
    declare = ("hookimpl", "param")
    found = (name for name in door.__all__ if name not in (*WORDS, *TYPES, *declare))
    return (name for name in found if not isinstance(getattr(door, name), type))


def _call(name: str) -> str:
    return f"{name}({', '.join(inspect.signature(getattr(door, name)).parameters)})"


def _shown(value: Any) -> str:
    """Return a constant in words; of records their names."""
    return ", ".join(str(getattr(each, "name", each)) for each in value) if isinstance(value, tuple) else f"{value:g}"
