"""Where the numbers of a scenario come from: chapter, derived, literature, assumption, or unmarked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, get_args

from pydantic import BaseModel

from gpnde.scenario.law import Law
from gpnde.scenario.network import Site
from gpnde.scenario.profiles import Profile, shipped_profiles
from gpnde.scenario.schema import Band, ComponentUse, Mark, Scenario, Target, current_mark

_FIRST_WORD = re.compile(r"^\s*(\w+)")
_WILD = re.compile(r"[*?\[]")
UNMARKED = "unmarked"
"""The mark of a number that no pattern covers."""

_LEFT_OUT = ("schema_version", "clock", "record", "provenance")
_Pattern = tuple[list[str], Mark]
"""The parts of a pattern, and the mark that it gives."""

_Found = tuple[str, float, tuple[str, str] | None]
"""The path of a number, its value, and the path and mark of the row that it stands in, if that has a mark."""


def numbers(scenario: Scenario) -> Iterator[tuple[str, float]]:
    """Iterate over the path and value of every number that the user gave, or took over from a profile of the package.

    Rows go by name, links and components by position. Defaults, the clock and what is recorded are left out; a fixed
    law counts as its value.

    >>> from gpnde.scenario.files import load_scenario
    >>> dict(numbers(load_scenario("single-site")))["sites.shop.ordering.level"]
    39.0
    """
    return ((path, value) for path, value, _ in _numbers(scenario))


def marks(scenario: Scenario) -> dict[str, str]:
    """Return the mark of every number by its path.

    The pattern that is most specific decides: part by part from the left, a name goes before a wildcard, and a
    longer pattern before a shorter one that it begins with. Of equals the later one decides. A pattern covers all
    that lies below it, and the mark of a row covers the row as a pattern of its path would.

    >>> from gpnde.scenario.files import load_scenario
    >>> marks(load_scenario("single-site"))["sites.shop.stock"]
    'derived'
    """
    patterns: list[_Pattern] = [(entry.path.split("."), entry.mark) for entry in scenario.provenance]
    # Patterns are sorted by block first, so that each number is held against few of them.
    of_block = {name: [each for each in patterns if fnmatchcase(name, each[0][0])] for name in Scenario.model_fields}
    return {path: _mark(path, row, of_block[path.partition(".")[0]]) for path, _, row in _numbers(scenario)}


def count_marks(scenario: Scenario) -> dict[str, int]:
    """Return how many numbers have each mark, marks without numbers included.

    >>> from gpnde.scenario.files import load_scenario
    >>> count_marks(load_scenario("serial-chain"))["unmarked"]
    0
    """
    counts = Counter(marks(scenario).values())
    return {mark: counts[mark] for mark in (*get_args(Mark), UNMARKED)}


def mark_of_text(text: str) -> str:
    """Return the mark that the provenance cell of a row begins with.

    >>> mark_of_text("chapter, section 4.1")
    'chapter'
    """
    return str(current_mark("".join(_FIRST_WORD.findall(text))))


def _mark(path: str, row: tuple[str, str] | None, patterns: list[_Pattern]) -> str:
    parts = path.split(".")
    best: tuple[int, ...] = ()
    mark = UNMARKED
    if row is not None:
        best, mark = (2,) * len(row[0].split(".")), row[1]
    for pattern, candidate in patterns:
        specific = _specificity(pattern, parts)
        if specific and specific >= best:
            best, mark = specific, candidate
    return mark


def _specificity(pattern: list[str], parts: list[str]) -> tuple[int, ...]:
    """Return 2 for each name in *pattern* and 1 for each wildcard, or nothing where it does not match."""
    if len(pattern) > len(parts):
        return ()
    ranks = tuple(map(_rank, pattern, parts))
    return () if 0 in ranks else ranks


def _rank(wanted: str, part: str) -> int:
    """Return 2 if a part of a pattern is the part of the path, 1 if it is a wildcard that matches it, and else 0."""
    if wanted == part:
        return 2
    return int(wanted == "*" or (_WILD.search(wanted) is not None and fnmatchcase(part, wanted)))


def _numbers(scenario: Scenario) -> Iterator[_Found]:
    for name in Scenario.model_fields:
        if name in scenario.model_fields_set and name not in _LEFT_OUT:
            yield from _walk(name, getattr(scenario, name), None)
    yield from _numbers_of_shipped_profiles(scenario)


def _numbers_of_shipped_profiles(scenario: Scenario) -> Iterator[_Found]:
    """Yield what the profiles of the package state that firms cite, as far as the scenario does not state it itself."""
    cited = {firm.profile for firm in scenario.firms}
    for name, shipped in shipped_profiles().items():
        if name in cited:
            own = scenario.profiles.get(name, Profile())
            for field in sorted(shipped.profile.model_fields_set - own.model_fields_set):
                path = f"profiles.{name}.{field}"
                yield from _walk(path, getattr(shipped.profile, field), (path, shipped.mark))


def _walk(path: str, value: Any, row: tuple[str, str] | None) -> Iterator[_Found]:
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int | float):
        yield path, value, row
    elif isinstance(value, Law) and value.value is not None:
        yield path, value.value, row
    else:
        row = _row_mark(path, value) or row
        for name, item in _parts(value):
            yield from _walk(f"{path}.{name}", item, row)


def _row_mark(path: str, value: Any) -> tuple[str, str] | None:
    if isinstance(value, Target | Band) and value.mark is not None:
        return path, value.mark
    if isinstance(value, Site) and value.provenance is not None:
        return path, mark_of_text(value.provenance)
    return None


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what the user gave inside a block, a mapping or a list, each with its name or position."""
    if isinstance(value, ComponentUse):
        yield from value.parameters.items()
    elif isinstance(value, BaseModel):
        yield from ((name, getattr(value, name)) for name in _given_fields(value))
    elif isinstance(value, tuple | list):
        yield from ((str(getattr(item, "name", i)), item) for i, item in enumerate(value))
    elif isinstance(value, Mapping):
        yield from ((str(key), item) for key, item in value.items())


def _given_fields(block: BaseModel) -> list[str]:
    """Return the fields that the user set, in the order of the schema, without the account of a law's origin."""
    given = block.model_fields_set
    return [name for name in type(block).model_fields if name in given and name != "origin"]
