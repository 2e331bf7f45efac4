"""Where the numbers of a scenario come from: chapter, derived, literature, assumption, or unmarked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from gpnde.scenario.address.grammar import Name, Position, beginnings, parse_address, written
from gpnde.scenario.address.names import row_names, written_rows
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


class _Place(NamedTuple):
    """Where a number stands."""

    address: str = ""
    parts: tuple[tuple[str, ...], ...] = ()
    """The names that each part of the address goes by."""

    def below(self, text: str, *names: str) -> _Place:
        """Return what goes by some *names* in this place, written as *text*."""
        return _Place(f"{self.address}{text}".removeprefix("."), (*self.parts, names))


_Found = tuple[_Place, float, tuple[int, str] | None]
"""The place of a number, its value, and the depth and mark of the row that it stands in, if that has a mark."""


def numbers(scenario: Scenario) -> Iterator[tuple[str, float]]:
    """Iterate over the address and value of every number that the user gave, or took over from a profile of gpnde.

    Defaults, the clock and what is recorded are left out; a fixed law counts as its value.

    >>> from gpnde.scenario.files import load_scenario
    >>> dict(numbers(load_scenario("single-site")))["sites.shop.ordering.level"]
    39.0
    """
    return ((place.address, value) for place, value, _ in _numbers(scenario))


def marks(scenario: Scenario) -> dict[str, str]:
    """Return the mark of every number by its address.

    The pattern that is most specific decides: part by part from the left, a name goes before a wildcard, and a
    longer pattern before a shorter one that it begins with. Of equals the later one decides. A pattern covers all
    that lies below it, and the mark of a row covers the row as a pattern of its path would. Rows go by name or number.

    >>> from gpnde.scenario.files import load_scenario
    >>> marks(load_scenario("single-site"))["sites.shop.stock"]
    'derived'
    """
    patterns: list[_Pattern] = [(_pattern(entry.path), entry.mark) for entry in scenario.provenance]
    # Patterns are sorted by block first, so that each number is held against few of them.
    of_block = {name: [each for each in patterns if fnmatchcase(name, each[0][0])] for name in Scenario.model_fields}
    return {place.address: _mark(place, row, of_block[place.parts[0][0]]) for place, _, row in _numbers(scenario)}


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


def _pattern(path: str) -> list[str]:
    """Return the parts of a pattern as texts; what a group is cannot be told of a number."""
    parts = parse_address(path)
    texts = [part.text if isinstance(part, Name) else str(part.number) for part in parts if isinstance(part, _SINGLE)]
    return texts if len(texts) == len(parts) else path.split(".")


_SINGLE = (Name, Position)


def _mark(place: _Place, row: tuple[int, str] | None, patterns: list[_Pattern]) -> str:
    best: tuple[int, ...] = ()
    mark = UNMARKED
    if row is not None:
        best, mark = (2,) * row[0], row[1]
    readings = _readings(place)
    for pattern, candidate in patterns:
        specific = max(_specificity(pattern, parts) for parts in readings)
        if specific and specific >= best:
            best, mark = specific, candidate
    return mark


def _readings(place: _Place) -> list[Sequence[tuple[str, ...]]]:
    """Return the parts of a place, and again with those that hold dots in pieces, as they stand without quotes."""
    apart = [piece for names in place.parts for piece in _pieces(names)]
    return [place.parts] if len(apart) == len(place.parts) else [place.parts, apart]


def _pieces(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [(piece,) for piece in names[0].split(".")] if "." in names[0] else [names]


def _specificity(pattern: list[str], parts: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
    """Return 2 for each name in *pattern* and 1 for each wildcard, or nothing where it does not match."""
    if len(pattern) > len(parts):
        return ()
    ranks = tuple(max(_rank(wanted, name) for name in names) for wanted, names in zip(pattern, parts, strict=False))
    return () if 0 in ranks else ranks


def _rank(wanted: str, part: str) -> int:
    """Return 2 if a part of a pattern is the part of the path, 1 if it is a wildcard that matches it, and else 0."""
    if wanted == part:
        return 2
    return int(wanted == "*" or (_WILD.search(wanted) is not None and fnmatchcase(part, wanted)))


def _numbers(scenario: Scenario) -> Iterator[_Found]:
    for name in Scenario.model_fields:
        if name in scenario.model_fields_set and name not in _LEFT_OUT:
            yield from _walk(_Place().below(name, name), getattr(scenario, name), None)
    yield from _numbers_of_shipped_profiles(scenario)


def _numbers_of_shipped_profiles(scenario: Scenario) -> Iterator[_Found]:
    """Yield what the profiles of the package state that firms cite, as far as the scenario does not state it itself."""
    cited = {firm.profile for firm in scenario.firms}
    for name, shipped in shipped_profiles().items():
        if name in cited:
            own = scenario.profiles.get(name, Profile())
            profile = _Place().below("profiles", "profiles").below(f".{written(name)}", name)
            for field in sorted(shipped.profile.model_fields_set - own.model_fields_set):
                value = getattr(shipped.profile, field)
                yield from _walk(profile.below(f".{field}", field), value, (3, shipped.mark))


def _walk(place: _Place, value: Any, row: tuple[int, str] | None) -> Iterator[_Found]:
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int | float):
        yield place, value, row
    elif isinstance(value, Law) and value.value is not None:
        yield place, value.value, row
    else:
        mark = _row_mark(value)
        row = (len(place.parts), mark) if mark else row
        for inner, item in _parts(place, value):
            yield from _walk(inner, item, row)


def _row_mark(value: Any) -> str | None:
    if isinstance(value, Target | Band):
        return value.mark
    return mark_of_text(value.provenance) if isinstance(value, Site) and value.provenance is not None else None


def _parts(place: _Place, value: Any) -> Iterator[tuple[_Place, Any]]:
    """Yield what the user gave inside a block, a mapping or a list, each with its place."""
    if isinstance(value, ComponentUse):
        yield from _entries(place, value.parameters)
    elif isinstance(value, BaseModel):
        yield from ((place.below(f".{name}", name), getattr(value, name)) for name in _given_fields(value))
    elif isinstance(value, tuple | list):
        yield from _rows(place, value)
    elif isinstance(value, Mapping):
        yield from _entries(place, value)


def _entries(place: _Place, entries: Mapping[Any, Any]) -> Iterator[tuple[_Place, Any]]:
    begun = beginnings(map(str, entries))
    yield from ((place.below(f".{written(str(key), begun)}", str(key)), item) for key, item in entries.items())


def _rows(place: _Place, rows: Sequence[Any]) -> Iterator[tuple[_Place, Any]]:
    for number, (text, name, row) in enumerate(zip(written_rows(rows), row_names(rows), rows, strict=True)):
        yield place.below(text, *([name] if name is not None else []), str(number)), row


def _given_fields(block: BaseModel) -> list[str]:
    """Return the fields that the user set, in the order of the schema, without the account of a law's origin."""
    given = block.model_fields_set
    return [name for name in type(block).model_fields if name in given and name != "origin"]
