"""Find the inputs that a scenario gives and nothing reads under its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from gpnde.scenario.address.names import row_names
from gpnde.scenario.schema import Scenario
from gpnde.scenario.unread.entry import Entry
from gpnde.scenario.unread.facts import Facts
from gpnde.scenario.unread.table import TABLE

Held = tuple[str, BaseModel]
"""A block with the name of the row that it belongs to, which is empty without one."""


class WithoutEffect(NamedTuple):
    """Inputs that were given and that nothing reads under the rules of their scenario."""

    path: str
    """Their path; * stands for the rows of a table."""
    rows: tuple[str, ...]
    """Names of the rows in which they were given, or their numbers where rows have no name."""
    reason: str
    remedy: str
    """What would make them count; empty where nothing would yet."""

    def __str__(self) -> str:
        """Return the line that tells of them."""
        count = f" ({len(self.rows):,} given)" if "*" in self.path else ""
        return ": ".join(filter(None, (f"{self.path}{count}", self.reason, self.remedy)))


def without_effect(scenario: Scenario) -> list[WithoutEffect]:
    """Return what a checked *scenario* gives, otherwise than by default, and nothing reads under its own rules.

    >>> from gpnde.scenario import load_scenario
    >>> str(without_effect(load_scenario("single-site", {"markets.customers.elasticity": 1.5}))[0])
    'markets.*.elasticity (1 given): the price of the product cannot move: give the product price_erosion_per_week, ...'
    """
    facts, found = Facts(scenario), dict[str, WithoutEffect]()
    for entry in TABLE:
        for each in _of_entry(facts, entry):
            found.setdefault(each.path, each)
    # Where a whole block is unread, its fields are not told one by one.
    return [each for each in found.values() if not any(each.path.startswith(f"{path}.") for path in found)]


def _of_entry(facts: Facts, entry: Entry) -> Iterator[WithoutEffect]:
    """Yield what was given of the fields of an entry."""
    parent, _, last = entry.path.rpartition(".")
    rows: dict[str, list[str]] = {}
    for name, block in _held(facts.scenario, parent.split(".") if parent else []):
        given = _given(block, last)
        if given and entry.is_unread(facts, name, block):
            for field in given:
                rows.setdefault(field, []).append(name)
    for field, names in rows.items():
        yield WithoutEffect(f"{parent}.{field}".lstrip("."), tuple(names), entry.reason, entry.remedy)


def _held(block: BaseModel, parts: list[str], name: str = "") -> Iterator[Held]:
    """Yield the blocks at a path, each with the name of its row."""
    if not parts:
        yield name, block
        return
    value, rest = getattr(block, parts[0], None), parts[1:]
    if isinstance(value, BaseModel):
        yield from _held(value, rest, name)
    elif value:
        for row_name, row in _rows(value):
            yield from _held(row, rest[1:], row_name)


def _rows(table: Any) -> Iterator[Held]:
    """Yield the rows of a table by name, or by number where they have none."""
    if isinstance(table, Mapping):
        yield from table.items()
    elif "name" in type(table[0]).model_fields:
        yield from ((row.name, row) for row in table)
    else:
        names = row_names(table)
        yield from ((name or str(number), row) for number, (name, row) in enumerate(zip(names, table, strict=True)))


def _given(block: BaseModel, last: str) -> list[str]:
    """Return which of the fields, joined by ``|`` or all but the switch (``*``), were given, and not as by default."""
    given = block.model_fields_set
    return [
        name
        for name, default in _fields(type(block), last)
        if name in given and (default is _NONE or getattr(block, name) != default)
    ]


_NONE = object()
"""Stands for the default of what is no field of a block, such as a parameter of a component."""


@cache
def _fields(kind: type[BaseModel], last: str) -> list[tuple[str, Any]]:
    """Return the fields that an entry names, each with its default."""
    fields = kind.model_fields
    named = [name for name in fields if name != "enabled"] if last == "*" else last.split("|")
    return [(name, fields[name].get_default(call_default_factory=True) if name in fields else _NONE) for name in named]
