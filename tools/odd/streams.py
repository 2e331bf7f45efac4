"""The register of random streams, found where the code asks for them by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from gpnde.world.layout import PURPOSES
from tools.odd.markdown import code, codes, table
from tools.odd.sources import sources

ENGINE = "engine"
"""Whose streams the flow draws from, one for each purpose of `gpnde.world.layout`."""


class Stream(NamedTuple):
    """A stream: its owner, its purpose, and the module that draws from it."""

    owner: str
    purpose: str
    module: str


def streams() -> list[Stream]:
    """Return all named streams of the flow, of the rest of the engine and of first-party components.

    >>> Stream("selection", "certification", "engine.trade.quotations") in streams()
    True
    """
    flow = [Stream(ENGINE, purpose, "engine.kernel") for purpose in PURPOSES]
    found = {
        Stream(owner, purpose, source.name.removeprefix("gpnde."))
        for room in ("gpnde.engine", "gpnde_diffusion", "gpnde_disruptions", "gpnde_policies")
        for source in sources(room)
        for owner, purpose in asked_for(source.tree)
    }
    return flow + sorted(found)


def asked_for(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield owner and purpose of every stream that a module asks for."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for call in _calls(function, ("stream", "stream_key", "generator", "uniforms", "normals", "draws")):
                yield from _named(tree, function, call)


def _calls(tree: ast.AST, names: tuple[str, ...]) -> Iterator[ast.Call]:
    """Yield the calls of functions and methods of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names:
            yield node


def _named(tree: ast.Module, function: ast.FunctionDef, call: ast.Call) -> Iterator[tuple[str, str]]:
    """Yield owner and purpose of a stream; a purpose that is an argument is what callers give for it."""
    texts = _texts(call)
    given = [purpose for each in _calls(tree, (function.name,)) for purpose in _texts(each)[:1]]
    if isinstance(call.func, ast.Attribute) and call.func.attr != "stream":
        yield from (("the component", purpose) for purpose in texts[:1] or given)
    elif len(texts) > 1:
        yield texts[0], texts[1]
    elif texts:
        yield from ((texts[0], purpose) for purpose in given)


def _texts(call: ast.Call) -> list[str]:
    """Return the arguments of a call that are texts."""
    return [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def streams_in_markdown() -> str:
    """Return the table of streams: one row per owner and module."""
    rows: dict[tuple[str, str], list[str]] = {}
    for stream in streams():
        rows.setdefault((stream.owner, stream.module), []).append(stream.purpose)
    return table(
        ("Owner", "Purposes", "Drawn in"),
        [(owner, codes(purposes), code(module)) for (owner, module), purposes in rows.items()],
    )
