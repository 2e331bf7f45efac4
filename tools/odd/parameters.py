"""The register of parameters: the fields of scenario blocks and components, with default, range, unit and meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from gpnde.scenario.model import Block
from gpnde.scenario.parameters import parameters, readings
from gpnde.scenario.schema import Scenario
from tools.odd.markdown import code, codes, section, table
from tools.odd.sources import prose


def blocks() -> dict[str, type[Block]]:
    """Return every block of a scenario by the path at which it is met first.

    >>> blocks()["knowledge.effort"].__name__
    'Effort'
    """
    found: dict[str, type[Block]] = {}
    for path, block in _walk("", Scenario):
        if block not in found.values():
            found[path] = block
    return found


def _walk(path: str, block: type[Block]) -> Iterator[tuple[str, type[Block]]]:
    """Yield the blocks inside a block, each before those inside of it."""
    for name, field in block.model_fields.items():
        for inner in _inner(field.annotation):
            where = f"{path}.{name}".lstrip(".")
            yield where, inner
            yield from _walk(where, inner)


def _inner(annotation: Any) -> Iterator[type[Block]]:
    for kind in readings(annotation):
        if isinstance(kind, type) and issubclass(kind, Block):
            yield kind
        elif get_origin(kind) in (tuple, dict):
            yield from (entry for entry in get_args(kind) if isinstance(entry, type) and issubclass(entry, Block))


def parameters_in_markdown(model: type[BaseModel]) -> str:
    """Return the table of the parameters of a block or component."""
    rows = [(code(each.name), *each[1:]) for each in parameters(model)]
    return table(("Name", "Default", "Range", "Unit", "Varied", "Source", "Meaning"), rows)


def blocks_in_markdown() -> str:
    """Return a section for each block of a scenario."""
    return "\n\n".join(
        section(4, f"{block.__name__}: {code(path)}", prose(block.__doc__ or ""), parameters_in_markdown(block))
        for path, block in blocks().items()
    )


def names_of_blocks() -> str:
    """Return the names of the parts of a scenario."""
    return codes(Scenario.model_fields)
