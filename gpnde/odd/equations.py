"""The register of equations: every public function of `gpnde.mechanics` under the number that its docstring names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from gpnde.mechanics.equations import EQUATIONS
from gpnde.odd.markdown import code, codes, section, table
from gpnde.odd.sources import docstrings, prose, sources

ROOM = "gpnde.mechanics"

USERS = ("gpnde.engine", "gpnde.results", "gpnde_diffusion")
"""Packages that put equations to work and say so in their docstrings."""

_BRACKETS = re.compile(r"\(([^()]*)\)")
_NUMBERS = re.compile(r"\bE(\d{1,2})\b(?: to E(\d{1,2})\b)?")
_AUTHORS = re.compile(r"(?:^|; )([A-Z][^,;]*, .+)$")


class Function(NamedTuple):
    """A function of the model: where it is, what it returns, and whose equation it is."""

    name: str
    module: str
    meaning: str
    cited: tuple[str, ...]
    numbers: tuple[str, ...]


def numbers(text: str) -> tuple[str, ...]:
    """Return the numbers of equations that a docstring names in brackets.

    >>> numbers("Learning (E5 to E7), and how it ends (E12; Ernst, section 4.3).")
    ('E5', 'E6', 'E7', 'E12')
    """
    found = [match for inside in _BRACKETS.findall(text) for match in _NUMBERS.findall(inside)]
    spans = [range(int(first), int(last or first) + 1) for first, last in found]
    return tuple(dict.fromkeys(f"E{number}" for span in spans for number in span))


def cited(text: str) -> tuple[str, ...]:
    """Return the works that a docstring cites in brackets.

    >>> cited("Return a logit (E3; McFadden, 1974), by place (firms, functions).")
    ('McFadden, 1974',)
    """
    inside = [_NUMBERS.sub("", " ".join(each.split())).strip(",; ") for each in _BRACKETS.findall(text)]
    return tuple(match[1] for each in inside if (match := _AUTHORS.search(each)))


@cache
def functions() -> tuple[Function, ...]:
    """Return all public functions of the room of equations, module by module.

    >>> next(each.numbers for each in functions() if each.name == "internalise")
    ('E13',)
    """
    return tuple(
        _function(node, source.name, numbers((ast.get_docstring(source.tree) or "").partition("\n")[0]))
        for source in sources(ROOM)
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    )


def _function(node: ast.FunctionDef, module: str, usual: tuple[str, ...]) -> Function:
    text = prose(ast.get_docstring(node) or "")
    meaning = _meaning(text.partition("\n")[0])
    return Function(node.name, module.removeprefix(f"{ROOM}."), meaning, cited(text), numbers(text) or usual)


def _meaning(line: str) -> str:
    """Return the first line of a docstring without what all of them begin with and without its numbers."""
    said = re.sub(r" \((E\d+(, )?)+\)", "", line).removeprefix("Return ")
    return re.sub(r"\((?:E\d+; )", "(", said[:1].upper() + said[1:])


def users(number: str) -> list[str]:
    """Return the modules of the run that say that they work by an equation.

    >>> "engine.selection" in users("E9")
    True
    """
    named = [source.name for room in USERS for source in sources(room) if _names(source.tree, number)]
    return [name.removeprefix("gpnde.") for name in named]


def _names(tree: ast.Module, number: str) -> bool:
    return any(number in numbers(text) for text in docstrings(tree))


def equations_in_markdown() -> str:
    """Return a section for each equation, and one for the functions that belong to none."""
    parts = [_equation(number, title) for number, title in EQUATIONS.items()]
    tools = _table(each for each in functions() if not each.numbers)
    return "\n\n".join([*parts, section(4, "Functions without a number: draws, laws and tools", tools)])


def _equation(number: str, title: str) -> str:
    acting = users(number)
    where = f"At work in {codes(acting)}." if acting else ""
    return section(4, f"{number}. {title}", where, _table(each for each in functions() if number in each.numbers))


def _table(chosen: Iterable[Function]) -> str:
    rows = [(code(f"{each.module}.{each.name}"), each.meaning, "; ".join(each.cited)) for each in chosen]
    return table(("Function", "What it returns", "Source"), rows) if rows else ""
