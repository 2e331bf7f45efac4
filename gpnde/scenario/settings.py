"""Settings: values that replace those of a scenario, by address, before the scenario is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard, get_args, get_origin

from pydantic.fields import FieldInfo

from gpnde.errors import ScenarioError
from gpnde.scenario.address.find import names_component
from gpnde.scenario.address.grammar import Address, Group, Name, Position, parse_address
from gpnde.scenario.address.names import Key
from gpnde.scenario.address.select import NoMatch, Selected, select, unknown
from gpnde.scenario.law import Law, parse_law
from gpnde.scenario.model import Block
from gpnde.scenario.problems import shown
from gpnde.scenario.schema import ComponentUse, Scenario
from gpnde.scenario.yaml_text import parse_yaml

_COMPONENTS = "components"


def apply_settings(given: dict[str, Any], settings: Mapping[str, object]) -> dict[str, int]:
    """Put each setting into the raw scenario *given*; a text value is read as YAML. Later ones go over earlier ones.

    An address names keys and rows, such as ``clock.days`` or ``links.assembly<boards.share``, all rows of a group,
    such as ``sites.tier=2.stock`` or ``sites.*.stock``, or a parameter of a component in the scenario, such as
    ``disruption.site-outage.mean_up_days``. A block that was left out comes into being, so that
    ``selection.threshold`` also switches selection on.

    Returns
    -------
    counts
        In how many places each address of a group set its value.

    >>> given = {"sites": [{"name": "penang"}, {"name": "bangkok"}]}
    >>> apply_settings(given, {"clock.days": "28", "sites.penang.stock": 5, "sites.*.servers": 1})
    {'sites.*.servers': 2}
    >>> given["sites"][0], given["clock"]
    ({'name': 'penang', 'stock': 5, 'servers': 1}, {'days': 28})
    """
    counts = {}
    for path, setting in settings.items():
        value = parse_yaml(setting, path) if isinstance(setting, str) else setting
        each = _Setting(path, value, given)
        each.apply()
        if each.is_group:
            counts[path] = each.places
    return counts


def told(counts: Mapping[str, int]) -> list[str]:
    """Return a line on each address of a group and the number of places that it has set.

    >>> told({"sites.*.servers": 2})
    ['sites.*.servers: set in 2 places']
    """
    return [f"{path}: set in {count:,} place{'s' if count != 1 else ''}" for path, count in counts.items()]


class _Setting:
    """One setting on its way down to the places whose value it replaces."""

    def __init__(self, path: str, value: object, given: dict[str, Any]) -> None:
        self._path = path
        self._value = value
        self._given = given
        self.is_group = False
        self.places = 0

    def apply(self) -> None:
        """Set the value.

        Raises
        ------
        ScenarioError
            There is no such place.
        """
        parts = parse_address(self._path)
        try:
            if names_component(parts):
                self._put_in_components(parts)
            elif len(parts) > 1 and parts[0] == Name(_COMPONENTS):
                self._put_in_components(parts[1:])
            else:
                self._put(self._given, Scenario, parts)
        except NoMatch as error:
            raise ScenarioError(where=self._path, expected=str(error)) from None

    def _put_in_components(self, parts: Address) -> None:
        """Set the value in every use of a component that *parts* name."""
        uses = self._given.get(_COMPONENTS)
        uses = list(uses) if isinstance(uses, list) else []
        try:
            found = self._select(uses, parts, ComponentUse)
        except NoMatch:
            raise self._unknown_block(parts, uses) from None
        if not found.rest:
            raise self._unknown_block(parts, uses)
        for key in found.keys:
            uses[key] = self._replaced(uses[key], found.rest)
        self._given[_COMPONENTS] = uses

    def _replaced(self, raw: Any, parts: Address, key: Key = "") -> Any:
        """Return a copy of a part of a component with the value in it, at the place whose rest is *parts*."""
        if not parts:
            return self._taken()
        part, rest = parts[0], parts[1:]
        if isinstance(part, Group):
            raise NoMatch("a group of rows stands behind the name of a table only")
        if isinstance(raw, list):
            position = select(raw, parts, None, self._given).keys[0]
            return [*raw[:position], self._replaced(raw[position], rest, position), *raw[position + 1 :]]
        name = part.text if isinstance(part, Name) else str(part.number)
        holder = self._opened(raw, key)
        return {**holder, name: self._replaced(holder.get(name), rest, name)}

    def _put(self, holder: dict[str, Any], block: type[Block], parts: Address) -> None:
        """Set the value in the raw block *holder*, at the place whose rest is *parts*."""
        name, rest = _key(parts[0]), parts[1:]
        fields = self._fields(holder, block, name)
        if name not in fields:
            raise unknown(name, fields)
        if not rest:
            holder[name] = self._taken()
            return
        kinds = _kinds(fields[name].annotation)
        inner = next((kind for kind in kinds if _is_block(kind)), None)
        if inner is not None:
            holder[name] = child = self._block(holder.get(name), inner, name)
            self._put(child, inner, rest)
        else:
            self._add_word(holder, name, fields[name], rest)
            self._put_in_collection(holder, name, kinds, rest)

    def _fields(self, holder: Mapping[str, Any], block: type[Block], name: str) -> Mapping[str, FieldInfo]:
        """Return the fields of a block among which *name* is looked for; others than those of its kind if need be."""
        if name in block.model_fields:
            return block.model_fields
        try:
            return {**block.model_fields, **block.further_fields(holder)}
        except ValueError as error:
            raise ScenarioError(where=self._path, expected=str(error)) from None

    def _add_word(self, holder: dict[str, Any], name: str, field: FieldInfo, rest: Address) -> None:
        """Add what is set to a mapping whose keys are words of a list, such as contracts: each may be left out."""
        words, kind = next(
            (get_args(each) for each in _kinds(field.annotation) if get_origin(each) is dict), (None, None)
        )
        items, word = holder.get(name), _key(rest[0])
        if not get_args(words) or not _is_single(rest[0]) or (isinstance(items, Mapping) and word in items):
            return
        if word not in get_args(words):
            raise unknown(word, get_args(words))
        given = (field.get_default(call_default_factory=True) or {}) if items is None else items
        if isinstance(given, Mapping):
            holder[name] = {**given, word: {} if _is_block(kind) else None}

    def _put_in_collection(self, holder: dict[str, Any], name: str, kinds: Iterable[Any], rest: Address) -> None:
        items = holder.get(name)
        rows = next((get_args(kind)[0] for kind in kinds if get_origin(kind) is tuple), None)
        entries = next((get_args(kind)[1] for kind in kinds if get_origin(kind) is dict), None)
        copied: Any
        if isinstance(items, Mapping) and entries is not None:
            copied, kind = dict(items), entries
        elif isinstance(items, list) and rows is not None:
            copied, kind = list(items), rows
        else:
            raise unknown(".".join(map(_key, rest)), ())
        found = self._select(copied, rest, kind)
        for key in found.keys:
            copied[key] = self._put_in_item(copied[key], kind, found.rest, str(key))
        holder[name] = copied

    def _put_in_item(self, raw: Any, kind: Any, rest: Address, name: str) -> Any:
        """Return an item with the value in it, or the value in its place."""
        if not rest:
            return self._taken()
        if not _is_block(kind):
            raise unknown(_key(rest[0]), ())
        child = self._block(raw, kind, name)
        self._put(child, kind, rest)
        return child

    def _select(self, items: Any, parts: Address, kind: Any) -> Selected:
        found = select(items, parts, kind, self._given)
        self.is_group |= found.is_group
        return found

    def _taken(self) -> object:
        """Return the value, for one place more."""
        self.places += 1
        return self._value

    def _block(self, raw: Any, block: type[Block], key: str) -> dict[str, Any]:
        """Return a copy of a raw block that can be changed; a law in its short form is written out."""
        if block is Law and isinstance(raw, str | int | float):
            raw = self._written_out(raw)
        return self._opened(raw, key)

    def _opened(self, raw: Any, key: Key) -> dict[str, Any]:
        """Return a copy of the raw block under *key*, which may be left out, so that it can be changed."""
        if raw is not None and not isinstance(raw, Mapping):
            right = "must be a mapping in the scenario"
            raise ScenarioError(where=self._path, given=f"{key} is {shown(raw)}", expected=right)
        return dict(raw or {})

    def _written_out(self, law: object) -> Mapping[str, Any]:
        try:
            return parse_law(str(law))
        except ValueError as error:
            raise ScenarioError(where=self._path, expected=str(error)) from None

    def _unknown_block(self, parts: Address, uses: Iterable[Any]) -> NoMatch:
        """Take all but the last part of the path for a component, whose names hold dots themselves."""
        known = [*Scenario.model_fields, *(str(use.get("use")) for use in uses if isinstance(use, Mapping))]
        return unknown(".".join(map(_key, parts[:-1])) or _key(parts[0]), known)


def _key(part: Name | Position | Group) -> str:
    """Return a part of an address as the key of a block, as far as it is one."""
    if isinstance(part, Name):
        return part.text
    if isinstance(part, Position):
        return f"[{part.number}]"
    return ",".join(f"{field}={text}" for field, text in part.conditions)


def _is_single(part: Name | Position | Group) -> bool:
    return isinstance(part, Name) and not part.is_wild


def _is_block(kind: Any) -> TypeGuard[type[Block]]:
    return isinstance(kind, type) and issubclass(kind, Block)


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """Return the readings of a union, or the annotation itself."""
    return (annotation,) if get_origin(annotation) in (None, tuple, dict) else get_args(annotation)
