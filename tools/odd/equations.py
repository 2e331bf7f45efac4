"""The register of equations: every public function of `gpnde.mechanics` under the number that its docstring names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import gpnde.plugin as door
from gpnde.mechanics.equations import EQUATIONS
from tools.odd.markdown import code, codes, section, table
from tools.odd.sources import prose, sources, without_return

ROOM = "gpnde.mechanics"

CALLERS = ("gpnde", "gpnde_diffusion", "gpnde_disruptions")
"""Packages whose modules call the functions."""

_BRACKETS = re.compile(r"\(([^()]*)\)")
_NUMBERS = re.compile(r"\bE(\d{1,2})\b(?: to E(\d{1,2})\b)?")
_AUTHORS = re.compile(r"(?:^|; )([A-Z]\w[^,;]*, .+)$")


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
    """Return the first line of a docstring without what all of them begin with, its numbers and its sources."""
    for inside in _BRACKETS.findall(line):
        if numbers(f"({inside})") or cited(f"({inside})"):
            line = line.replace(f" ({inside})", "")
    return without_return(line)


@cache
def callers() -> dict[str, tuple[str, ...]]:
    """Return the modules that use each function of the room, by ``module.function``.

    >>> callers()["transfer.effective_days"]
    ('engine.knowledge.learning',)
    """
    found: dict[str, list[str]] = {}
    users = (source for package in CALLERS for source in sources(package) if source.name != door.__name__)
    for source in users:
        for used in sorted(_used(source.tree)):
            found.setdefault(used, []).append(source.name.removeprefix("gpnde."))
    return {used: tuple(names) for used, names in found.items()}


def _used(tree: ast.Module) -> set[str]:
    """Return what a module imports from the room, as ``module.function``."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    homes = [(_home(str(node.module), alias.name), alias.name) for node in imports for alias in node.names]
    used = {f"{home.removeprefix(f'{ROOM}.')}.{name}" for home, name in homes if home.startswith(f"{ROOM}.")}
    whole = {alias.asname or alias.name: alias.name for node in imports if node.module == ROOM for alias in node.names}
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    owners = [(getattr(node.value, "id", ""), node.attr) for node in attributes]
    return used | {f"{whole[owner]}.{name}" for owner, name in owners if owner in whole}


def _home(module: str, name: str) -> str:
    """Return the module of what is imported; plugins get equations through their door."""
    found = getattr(door, name, None) if module == door.__name__ else None
    return module if found is None else str(getattr(found, "__module__", module))


def equations_in_markdown() -> str:
    """Return a section for each equation, and one for the functions that belong to none."""
    parts = [_equation(number, title) for number, title in EQUATIONS.items()]
    tools = _table(each for each in functions() if not each.numbers)
    return "\n\n".join([*parts, section(4, "Functions without a number: draws, laws and tools", tools)])


def _equation(number: str, title: str) -> str:
    return section(4, f"{number}. {title}", _table(each for each in functions() if number in each.numbers))


def _table(chosen: Iterable[Function]) -> str:
    return table(("Function", "What it returns", "Source", "Called by"), [_row(each) for each in chosen])


def _row(each: Function) -> tuple[str, str, str, str]:
    name = f"{each.module}.{each.name}"
    return code(name), each.meaning, "; ".join(each.cited), codes(callers().get(name, ()))
