"""What the source code says of itself: docstrings of modules, functions, classes and of what stands before a text."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import textwrap
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple


class Source(NamedTuple):
    """A module: its dotted name without the package, and its syntax tree."""

    name: str
    tree: ast.Module


@cache
def sources(package: str) -> tuple[Source, ...]:
    """Return all modules of a package by name, without importing them.

    >>> "gpnde.mechanics.transfer" in [source.name for source in sources("gpnde.mechanics")]
    True
    """
    found = importlib.util.find_spec(package)
    folder = Path((found.submodule_search_locations or [""])[0]) if found else Path()
    paths = sorted(folder.rglob("*.py"))
    return tuple(Source(_dotted(package, folder, path), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def _dotted(package: str, folder: Path, path: Path) -> str:
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join((package, *(part for part in parts if part != "__init__")))


def first_line(thing: object) -> str:
    """Return the first line of the docstring of a class, function or module.

    >>> first_line(first_line)
    'Return the first line of the docstring of a class, function or module.'
    """
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def without_return(line: str) -> str:
    """Return the first line of a docstring as a phrase of its own.

    >>> without_return("Return the price.")
    'The price.'
    """
    said = line.removeprefix("Return ")
    return said[:1].upper() + said[1:]


def prose(text: str) -> str:
    r"""Return a docstring up to its first example.

    >>> prose("Sum.\n\nOf two numbers.\n\n>>> 1 + 1\n2")
    'Sum.\n\nOf two numbers.'
    """
    return inspect.cleandoc(text).partition(">>>")[0].partition("Examples\n---")[0].strip()


def attribute_docs(owner: type | ModuleType) -> dict[str, str]:
    """Return what is said of each attribute of a class or module, in the text right after it; empty if nothing is."""
    body = ast.parse(textwrap.dedent(inspect.getsource(owner))).body
    if isinstance(owner, type) and isinstance(body[0], ast.ClassDef):
        body = body[0].body
    following = [*body[1:], ast.Pass()]
    return {name: _text(after) for node, after in zip(body, following, strict=True) for name in _assigned(node)}


def _assigned(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _text(node: ast.stmt) -> str:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return " ".join(str(node.value.value).split()) if is_text else ""  # type: ignore[attr-defined]
