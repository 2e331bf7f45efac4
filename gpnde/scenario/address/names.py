"""Names of rows: their own, ``buyer<supplier`` of a link, ``first+second`` of peers, the component that is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from gpnde.scenario.address.grammar import beginnings, written, written_component
from gpnde.vocabulary import OUTSIDE

Key = str | int
"""A key of a mapping or the number of a row."""


def part_of(given: Any, part: Key) -> Any:
    """Return the item, key or field *part* of *given*, or None where there is none.

    >>> part_of({"stock": 3}, "stock"), part_of([1, 2], 1), part_of([], 4)
    (3, 2, None)
    """
    if isinstance(given, Mapping):
        return given.get(part)
    if isinstance(given, list | tuple):
        return given[part] if isinstance(part, int) and part < len(given) else None
    return getattr(given, str(part), None)


def forms(row: Any) -> tuple[str, ...]:
    """Return the names that a row goes by, the shortest first; none where its kind has none.

    >>> forms({"buyer": "assembly", "product": "steel"})
    ('assembly<outside', 'assembly<outside/steel')
    """
    for key in ("name", "use"):
        if isinstance(name := part_of(row, key), str | int | float) and name != "":
            return (str(name),)
    if (buyer := part_of(row, "buyer")) is not None:
        pair = f"{buyer}<{part_of(row, 'supplier') or OUTSIDE}"
        product = part_of(row, "product")
        return (pair,) if product is None else (pair, f"{pair}/{product}")
    first, second = part_of(row, "first"), part_of(row, "second")
    return () if first is None or second is None else (f"{first}+{second}",)


def row_names(rows: Iterable[Any]) -> list[str | None]:
    """Return the name of each row, which no other has; None where only its number tells it apart.

    Links of one pair are told apart by product; what still has the same name is numbered from 1 in the order of rows.

    >>> row_names([{"use": "policy.tax"}, {"use": "policy.tax"}, {"use": "policy.quota"}, {"value": 1}])
    ['policy.tax#1', 'policy.tax#2', 'policy.quota', None]
    """
    names = [numbered[-1] if numbered else None for numbered in all_forms(rows)]
    counts = Counter(names)
    return [name if counts[name] == 1 else None for name in names]


def all_forms(rows: Iterable[Any]) -> list[tuple[str, ...]]:
    """Return all names of each row; the last is the one to write.

    >>> all_forms([{"buyer": "a", "supplier": "b", "product": "c"}, {"buyer": "a", "supplier": "b"}])
    [('a<b', 'a<b/c'), ('a<b',)]
    >>> all_forms([{"buyer": "a", "supplier": "b", "product": "c"}])
    [('a<b/c', 'a<b')]
    """
    found = [forms(row) for row in rows]
    pairs = Counter(each[0] for each in found if each)
    chosen = [each[::-1] if each and pairs[each[0]] == 1 else each for each in found]
    return _numbered(chosen)


def _numbered(found: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Add ``#1``, ``#2`` and so on to rows that are to be written alike."""
    counts = Counter(each[-1] for each in found if each)
    seen: Counter[str] = Counter()
    names = []
    for each in found:
        if each and counts[each[-1]] > 1:
            seen[each[-1]] += 1
            each = (*each, f"{each[-1]}#{seen[each[-1]]}")
        names.append(each)
    return names


def written_rows(rows: Sequence[Any]) -> list[str]:
    """Return how each row stands in an address behind its table: by name, or by number where it has none.

    >>> written_rows([{"name": "penang"}, {"use": "policy.tax"}, {}])
    ['.penang', '.policy.tax', '[2]']
    """
    names = row_names(rows)
    begun = beginnings(name for name in names if name)
    return [_row(name, number, row, begun) for number, (name, row) in enumerate(zip(names, rows, strict=True))]


def _row(name: str | None, number: int, row: Any, begun: Collection[str]) -> str:
    if name is None:
        return f"[{number}]"
    return f".{(written if part_of(row, 'use') is None else written_component)(name, begun)}"


def text_of(given: Any, location: Sequence[Key], known: dict[tuple[Key, ...], list[str]] | None = None) -> str:
    """Return the address of a *location* in the scenario *given*: names of rows, or numbers where rows have none.

    *known* keeps how the rows of the tables that were met are written.

    >>> text_of({"links": [{"buyer": "assembly", "supplier": "boards"}]}, ("links", 0, "share"))
    'links.assembly<boards.share'
    """
    known = {} if known is None else known
    text = ""
    for depth, part in enumerate(location):
        text += _step(given, location[: depth + 1], known)
        given = part_of(given, part)
    return text.removeprefix(".")


_OF_ADDRESSES = ("settings", "uncertainties")
"""Mappings of a study whose keys are addresses themselves."""


def _step(given: Any, location: Sequence[Key], known: dict[tuple[Key, ...], list[str]]) -> str:
    """Return the last part of a *location*, which lies in *given*, as it is written."""
    part = location[-1]
    if isinstance(part, str):
        is_address = len(location) > 1 and location[-2] in _OF_ADDRESSES
        return f".{part if is_address else written(part, _begun(given))}"
    table = tuple(location[:-1])
    if table not in known:
        known[table] = written_rows(given) if isinstance(given, list | tuple) else []
    return known[table][part] if part < len(known[table]) else f"[{part}]"


def _begun(given: Any) -> Collection[str]:
    return beginnings(map(str, given)) if isinstance(given, Mapping) else ()
