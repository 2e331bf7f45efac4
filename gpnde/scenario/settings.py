"""Settings: values that replace those of a scenario, by dotted path, before the scenario is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard, get_args, get_origin

from pydantic.fields import FieldInfo

from gpnde.errors import ScenarioError, nearest
from gpnde.scenario.law import Law, parse_law
from gpnde.scenario.model import Block
from gpnde.scenario.problems import shown
from gpnde.scenario.schema import Scenario
from gpnde.scenario.yaml_text import parse_yaml


def apply_settings(given: dict[str, Any], settings: Mapping[str, object]) -> None:
    """Put each setting into the raw scenario *given*; a text value is read as YAML.

    A path names keys and rows, such as ``clock.days`` or ``sites.bangkok.capacity_per_day``, or a parameter of a
    component in the scenario, such as ``disruption.site-outage.mean_up_days``. A block that was left out comes into
    being, so that ``selection.threshold`` also switches selection on.

    >>> given = {"sites": [{"name": "penang"}]}
    >>> apply_settings(given, {"clock.days": "28", "sites.penang.stock": 5})
    >>> given
    {'sites': [{'name': 'penang', 'stock': 5}], 'clock': {'days': 28}}
    """
    for path, setting in settings.items():
        value = parse_yaml(setting, path) if isinstance(setting, str) else setting
        if not _set_component_parameter(given, path, value):
            _Setting(path, value, given).put(given, Scenario, path.split("."))


def _set_component_parameter(given: Mapping[str, Any], path: str, value: object) -> bool:
    """Set the parameter of every use of the component that *path* names; return whether there is one."""
    found = False
    for use in _components(given):
        if path.startswith(f"{use.get('use')}."):
            *inner, last = path.removeprefix(f"{use['use']}.").split(".")
            holder = use
            for key in inner:
                # Targets are assigned from the left: the holder gets the copy, which then becomes the holder.
                holder[key] = holder = _opened(path, holder.get(key), key)
            holder[last] = value
            found = True
    return found


def _components(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    uses = given.get("components")
    return [use for use in uses if isinstance(use, dict)] if isinstance(uses, list) else []


def _opened(path: str, raw: Any, key: str) -> dict[str, Any]:
    """Return a copy of the raw block under *key*, which may be left out, so that it can be changed."""
    if raw is not None and not isinstance(raw, Mapping):
        raise ScenarioError(where=path, given=f"{key} is {shown(raw)}", expected="must be a mapping in the scenario")
    return dict(raw or {})


class _Setting:
    """One setting on its way down to the key that it replaces."""

    def __init__(self, path: str, value: object, given: Mapping[str, Any]) -> None:
        self._path = path
        self._value = value
        self._given = given

    def put(self, holder: dict[str, Any], block: type[Block], parts: list[str]) -> None:
        """Set the value in the raw block *holder*, at the path whose rest is *parts*."""
        name, *rest = parts
        fields = self._fields(holder, block, name)
        if name not in fields:
            raise self._unknown(name, fields) if block is not Scenario else self._unknown_block(name)
        if not rest:
            holder[name] = self._value
            return
        kinds = _kinds(fields[name].annotation)
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Block)), None)
        if inner is not None:
            holder[name] = child = self._block(holder.get(name), inner, name)
            self.put(child, inner, rest)
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

    def _add_word(self, holder: dict[str, Any], name: str, field: FieldInfo, rest: list[str]) -> None:
        """Add what is set to a mapping whose keys are words of a list, such as contracts: each may be left out."""
        words, kind = next(
            (get_args(each) for each in _kinds(field.annotation) if get_origin(each) is dict), (None, None)
        )
        items = holder.get(name)
        if not get_args(words) or (isinstance(items, Mapping) and rest[0] in items):
            return
        if rest[0] not in get_args(words):
            raise self._unknown(rest[0], get_args(words))
        given = (field.get_default(call_default_factory=True) or {}) if items is None else items
        if isinstance(given, Mapping):
            holder[name] = {**given, rest[0]: {} if _is_block(kind) else None}

    def _put_in_collection(self, holder: dict[str, Any], name: str, kinds: Iterable[Any], rest: list[str]) -> None:
        items = holder.get(name)
        rows = next((get_args(kind)[0] for kind in kinds if get_origin(kind) is tuple), None)
        entries = next((get_args(kind)[1] for kind in kinds if get_origin(kind) is dict), None)
        if isinstance(items, Mapping) and entries is not None:
            holder[name] = entered = dict(items)
            self._put_in_item(entered, {str(key): key for key in entered}, entries, rest)
        elif isinstance(items, list) and rows is not None:
            holder[name] = copied = list(items)
            self._put_in_item(copied, _row_names(copied), rows, rest)
        else:
            raise self._unknown(".".join(rest), ())

    def _put_in_item(self, items: Any, names: Mapping[str, Any], kind: Any, rest: list[str]) -> None:
        """Set the value in the item whose name, which may hold dots, begins *rest*."""
        # The longest name first, since one may begin with another and a dot.
        for length in range(len(rest), 0, -1):
            name, deeper = ".".join(rest[:length]), rest[length:]
            if name in names and not deeper:
                items[names[name]] = self._value
                return
            if name in names and _is_block(kind):
                items[names[name]] = child = self._block(items[names[name]], kind, name)
                return self.put(child, kind, deeper)
        raise self._unknown(rest[0], names)

    def _block(self, raw: Any, block: type[Block], key: str) -> dict[str, Any]:
        """Return a copy of a raw block that can be changed; a law in its short form is written out."""
        if block is Law and isinstance(raw, str | int | float):
            raw = self._written_out(raw)
        return _opened(self._path, raw, key)

    def _written_out(self, law: object) -> Mapping[str, Any]:
        try:
            return parse_law(str(law))
        except ValueError as error:
            raise ScenarioError(where=self._path, expected=str(error)) from None

    def _unknown_block(self, name: str) -> ScenarioError:
        """Take all but the last part of the path for a component, whose names hold dots themselves."""
        known = [*Scenario.model_fields, *(str(use.get("use")) for use in _components(self._given))]
        return self._unknown(self._path.rpartition(".")[0] or name, known)

    def _unknown(self, name: str, known: Iterable[str]) -> ScenarioError:
        return ScenarioError(where=self._path, expected=f"no {name!r} in the scenario to set{nearest(name, known)}")


def _is_block(kind: Any) -> TypeGuard[type[Block]]:
    return isinstance(kind, type) and issubclass(kind, Block)


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """Return the readings of a union, or the annotation itself."""
    return (annotation,) if get_origin(annotation) in (None, tuple, dict) else get_args(annotation)


def _row_names(rows: list[Any]) -> dict[str, int]:
    """Return the position of each row by its name, or by its number where rows have no name."""
    return {str(row["name"]) if isinstance(row, Mapping) and "name" in row else str(i): i for i, row in enumerate(rows)}
