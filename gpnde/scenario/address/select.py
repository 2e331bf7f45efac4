"""Which rows or keys the next parts of an address name: one by name or number, all by a star, some by their fields."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel

from gpnde.errors import nearest
from gpnde.scenario.address.grammar import Address, Group, Name, Position
from gpnde.scenario.address.names import Key, all_forms, part_of
from gpnde.scenario.law import Law
from gpnde.scenario.tables import TABLES

_REFERENCES = {"firm": "firms", "cluster": "clusters"}
"""Fields of sites by which they have those of their firm and cluster, too."""


class NoMatch(ValueError):
    """An address that leads nowhere; the text says what there is not."""


class Selected(NamedTuple):
    """The keys or numbers that parts of an address name, and what follows them in the address."""

    keys: list[Any]
    rest: Address
    is_group: bool = False
    """Whether they were not named one by one."""


def unknown(name: str, known: Iterable[str]) -> NoMatch:
    """Return the error for a name that is not there, with the nearest one.

    >>> str(unknown("penag", ["penang"]))
    "no 'penag' in the scenario to set; did you mean 'penang'?"
    """
    return NoMatch(f"no {name!r} in the scenario to set{nearest(name, known)}")


def select(items: Any, parts: Address, kind: Any, whole: Any) -> Selected:
    """Return what the first of *parts* name among *items*, the rows or entries of a scenario *whole*.

    *kind* is the block of each item, if it is one; its defaults count as fields.

    >>> select([{"name": "a"}, {"name": "b"}], [Name("b"), Name("stock")], None, {}).keys
    [1]

    Raises
    ------
    NoMatch
        Nothing is named so, or more than one row where one is meant.
    """
    first = parts[0]
    if isinstance(first, Group):
        return _of_group(items, parts, _Fields(kind, whole))
    if isinstance(first, Position):
        if not isinstance(items, list | tuple) or first.number >= len(items):
            raise unknown(f"[{first.number}]", ())
        return Selected([first.number], parts[1:])
    return _of_name(_Index(items), parts, first)


class _Index:
    """The items of a table or mapping by each of their names."""

    def __init__(self, items: Any) -> None:
        self.is_table = not isinstance(items, Mapping)
        names = all_forms(items) if self.is_table else [(str(key),) for key in items]
        keys = range(len(items)) if self.is_table else list(items)
        self.count = len(names)
        self.holds_components = self.is_table and any(part_of(row, "use") is not None for row in items)
        self.keys: list[Any] = list(keys)
        self.forms = names
        self._by_form: dict[str, list[Any]] = defaultdict(list)
        written: dict[str, list[Any]] = defaultdict(list)
        for key, each in zip(keys, names, strict=True):
            for form in each:
                self._by_form[form].append(key)
            written[each[-1] if each else ""].append(key)
        # The form that is written names its row, though others go by it as well.
        self._by_form.update({form: found for form, found in written.items() if form})

    def named(self, text: str) -> list[Any]:
        return self._by_form.get(text, [])

    def like(self, text: str) -> list[Any]:
        """Return the items one of whose names fits a *text* with stars."""
        if text == "*":
            return self.keys
        fits = re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL).fullmatch
        return [key for key, each in zip(self.keys, self.forms, strict=True) if any(map(fits, each))]

    def names(self) -> list[str]:
        return [form for each in self.forms for form in each]


def _of_name(index: _Index, parts: Address, first: Name) -> Selected:
    """Return what a name means, which may hold dots: the longest first, as one may begin with another and a dot."""
    texts = joined(parts)
    for length in range(len(texts), 0, -1):
        if found := index.named(texts[length - 1]):
            return _one(found, texts[length - 1], index, parts[length:])
    for length, text in enumerate(texts, 1):
        if "*" in text and not first.is_quoted and (found := index.like(text)):
            return Selected(found, parts[length:], is_group=True)
    if index.is_table and first.text.isdecimal() and not first.is_quoted and int(first.text) < index.count:
        return Selected([int(first.text)], parts[1:])
    raise unknown(first.text, index.names())


def joined(parts: Address) -> list[str]:
    """Return the first name, then that joined with the next behind a dot, and so on as far as names are bare.

    >>> joined([Name("policy"), Name("tax"), Name("st. paul", is_quoted=True)])
    ['policy', 'policy.tax']
    """
    texts: list[str] = []
    for part in parts:
        if not isinstance(part, Name) or (texts and part.is_quoted):
            break
        texts.append(f"{texts[-1]}.{part.text}" if texts else part.text)
        if part.is_quoted:
            break
    return texts


def _one(found: list[Any], text: str, index: _Index, rest: Address) -> Selected:
    """Return the only item of a name; the uses of one component may be named together."""
    if len(found) == 1:
        return Selected(found, rest)
    if index.holds_components:
        return Selected(found, rest, is_group=True)
    names = ", ".join(index.forms[key][-1] for key in found)
    raise NoMatch(f"{text!r} names {len(found)} rows: name one of {names}")


class _Fields:
    """What the rows of a kind say in their fields, defaults included, and sites in those of their firm and cluster."""

    def __init__(self, kind: Any, whole: Any) -> None:
        self._kind: type[BaseModel] | None = kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
        self._whole = whole
        self._rows: dict[str, dict[Any, Any]] = {}

    def check(self, field: str, rows: Iterable[Any]) -> None:
        """Refuse a field that rows of this kind do not have."""
        known = self._own()
        others = [name for at, table in _REFERENCES.items() if at in known for name in TABLES[table].model_fields]
        if field in known or field in others or any(part_of(row, field) is not None for row in rows):
            return
        raise NoMatch(f"no field {field!r} by which to choose rows{nearest(field, [*known, *others])}")

    def value(self, row: Any, field: str) -> Any:
        """Return what a row says, or what the firm or cluster says that it names."""
        if field in self._own() or part_of(row, field) is not None:
            return _said(self._kind, row, field)
        for at, table in _REFERENCES.items():
            if at in self._own() and field in TABLES[table].model_fields:
                return _said(TABLES[table], self._row(table, part_of(row, at)), field)
        return None

    def _own(self) -> Sequence[str]:
        return list(self._kind.model_fields) if self._kind else ()

    def _row(self, table: str, name: Any) -> Any:
        if table not in self._rows:
            self._rows[table] = {part_of(row, "name"): row for row in part_of(self._whole, table) or ()}
        return self._rows[table].get(name)


def _said(kind: type[BaseModel] | None, row: Any, field: str) -> Any:
    value = part_of(row, field)
    if value is None and row is not None and kind is not None and field in kind.model_fields:
        info = kind.model_fields[field]
        return None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
    return value


def _of_group(items: Any, parts: Address, fields: _Fields) -> Selected:
    """Return the rows that meet all groups at the front of *parts*."""
    keys: list[Key] = list(items) if isinstance(items, Mapping) else list(range(len(items)))
    while parts and isinstance(parts[0], Group):
        for field, wanted in _wanted(parts[0]).items():
            keys = _that_say(items, keys, field, wanted, fields)
        parts = parts[1:]
    return Selected(keys, parts, is_group=True)


def _wanted(group: Group) -> dict[str, list[str]]:
    """Return the texts by field: one of those that are given for the same field is enough."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for field, text in group.conditions:
        wanted[field].append(text)
    return wanted


def _that_say(items: Any, keys: Sequence[Key], field: str, wanted: Sequence[str], fields: _Fields) -> list[Key]:
    fields.check(field, (items[key] for key in keys))
    said = {key: fields.value(items[key], field) for key in keys}
    found = [key for key in keys if any(_is(said[key], text) for text in wanted)]
    if not found:
        known = dict.fromkeys(_text(value) for value in said.values() if value is not None)
        texts = " or ".join(wanted)
        raise NoMatch(f"no row has the {field} {texts!r}{nearest(texts, known)}")
    return found


def _is(value: Any, text: str) -> bool:
    """Return whether a value is what a text says; numbers are the same however they are written."""
    if value is None:
        return False
    try:
        return float(_text(value)) == float(text)
    except ValueError:
        return _text(value) == text


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value.text()) if isinstance(value, Law) else str(value)
