"""YAML as scenarios use it: the plain types of YAML 1.2, no key twice, and errors of one line.

YAML 1.1 reads ``NO`` as false, ``1e5`` as text, ``010`` as 8 and ``12:30`` as 750; here they are the country, the
number, the text and the text that the user wrote.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, NodeEvent, ScalarEvent
from yaml.nodes import MappingNode, ScalarNode

from gpnde.errors import ScenarioError
from gpnde.scenario.reading import read_text

MOST_BYTES = 100_000_000
"""The largest YAML file that is read (bytes); large tables stand in CSV files, which are read much faster."""

MOST_DIGITS = 300
"""The longest whole number that is read (digits): more is beyond every number that can be represented."""

MOST_LEVELS = 100
"""How deeply lists and mappings may stand in each other; a scenario needs about ten levels."""

MOST_REPEATED = 1_000_000
"""How many values aliases may repeat in all: every reader of the scenario meets each of them again."""

try:
    from yaml import CSafeDumper as _Dumper
    from yaml import CSafeLoader as _Loader
except ImportError:
    from yaml import SafeDumper as _Dumper  # type: ignore[assignment]
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?$|[-+]?[0-9]+[eE][-+]?[0-9]+$"
    r"|[-+]?\.(inf|Inf|INF)$|\.(nan|NaN|NAN)$"
)
_PLAIN = "tag:yaml.org,2002:"
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)$")


class _ScenarioLoader(_Loader):
    """A safe loader that knows the plain types of YAML 1.2 and refuses a key that is given twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping of *node*, or say which of its keys is there twice."""
        if isinstance(node, MappingNode):
            _refuse_double_keys(node)
        return super().construct_mapping(node, deep)


def _refuse_double_keys(node: MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        # A mapping may merge several others, each by a key of its own.
        if isinstance(key, ScalarNode) and key.value != "<<":
            if key.value in seen:
                raise ConstructorError(None, None, f"key {key.value!r} is given twice", key.start_mark)
            seen.add(key.value)


# No resolver of YAML 1.1 is inherited, such as the one that reads NO as false.
_ScenarioLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", re.compile(r"(true|True|TRUE|false|False|FALSE)$"), "tTfF"),
    ("null", re.compile(r"(~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    ("int", _INT, "-+0123456789"),
    ("float", _FLOAT, "-+.0123456789"),
    ("merge", re.compile(r"<<$"), "<"),
):
    _ScenarioLoader.add_implicit_resolver(f"{_PLAIN}{_tag}", _pattern, list(_first))


class _BeyondBounds(ConstructorError):
    """YAML that is no mistake, and more than is read; its text says what would be right."""


def _construct_int(loader: _ScenarioLoader, node: ScalarNode) -> int:
    """Return a whole number, or say where it has more digits than any quantity."""
    if len(node.value) > MOST_DIGITS:
        said = f"a whole number of {len(node.value):,} digits: must have at most {MOST_DIGITS}"
        raise _BeyondBounds(None, None, said, node.start_mark)
    return int(node.value)


_ScenarioLoader.add_constructor(f"{_PLAIN}int", _construct_int)


class _Bounds:
    """What a YAML text would become, before it does: how deep it is, and how much its aliases repeat."""

    def __init__(self) -> None:
        self._open: list[tuple[str | None, int]] = []
        self._sizes: dict[str | None, int] = {}
        self._size = 0
        self._repeated = 0

    def meet(self, event: Event) -> None:
        """Take the next event, or say which bound it breaks."""
        if isinstance(event, AliasEvent):
            self._repeat(event)
        elif isinstance(event, CollectionEndEvent):
            anchor, before = self._open.pop()
            self._keep(anchor, self._size - before)
        elif isinstance(event, NodeEvent):
            self._begin(event)

    def _begin(self, event: NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _refused(event, f"tag {tag.replace(_PLAIN, '!!')}: leave it out, the value says what it is")
        if isinstance(event, ScalarEvent):
            self._keep(event.anchor, 1)
        elif isinstance(event, CollectionStartEvent):
            self._open.append((event.anchor, self._size))
            if len(self._open) > MOST_LEVELS:
                raise _refused(event, f"more than {MOST_LEVELS} levels of lists and mappings in each other")
        self._size += 1

    def _keep(self, anchor: str | None, size: int) -> None:
        if anchor is not None:
            self._sizes[anchor] = size

    def _repeat(self, event: AliasEvent) -> None:
        """Count what an alias repeats; an unknown alias is reported by the loader."""
        if any(anchor == event.anchor for anchor, _ in self._open):
            raise _refused(event, f"*{event.anchor} is a part that contains itself: write it out without the alias")
        size = self._sizes.get(event.anchor, 1)
        self._size += size
        self._repeated += size
        if self._repeated > MOST_REPEATED:
            raise _refused(event, f"aliases repeat more than {MOST_REPEATED:,} values: write them to a CSV file")


def _refused(event: Any, text: str) -> _BeyondBounds:
    return _BeyondBounds(None, None, text, event.start_mark)


class _ScenarioDumper(_Dumper):
    """A safe dumper without anchors that quotes whatever a reader of YAML 1.1 or 1.2 could take for another type."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write equal parts out in full each time."""
        return True


_ScenarioDumper.add_implicit_resolver(f"{_PLAIN}float", _FLOAT, list("-+.0123456789"))


def parse_yaml(text: str, where: str) -> Any:
    """Return what the YAML *text* says; *where* names it in errors.

    >>> parse_yaml("{days: 1e2, country: NO, code: 007}", "example")
    {'days': 100.0, 'country': 'NO', 'code': '007'}
    """
    try:
        bounds = _Bounds()
        # Before anything is built, since a few aliases can make a short text swell beyond all memory.
        for event in yaml.parse(text, _ScenarioLoader):
            bounds.meet(event)
        return yaml.load(text, _ScenarioLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        right = "" if isinstance(error, _BeyondBounds) else ": fix the YAML there"
        raise ScenarioError(where=f"{where}{place}", expected=f"{error.problem or error.context}{right}") from None
    except yaml.reader.ReaderError as error:
        raise ScenarioError(
            where=where,
            expected=f"character {_character(error)!r} at position {error.position}: YAML takes printable text only",
        ) from None
    except (RecursionError, ValueError) as error:
        raise ScenarioError(where=where, given=str(error), expected="write it more plainly") from None


def _character(error: yaml.reader.ReaderError) -> str:
    """Return the character, which the fast loader gives by its number."""
    return chr(error.character) if isinstance(error.character, int) else str(error.character)


def read_yaml(path: Path) -> Any:
    """Return what the YAML file at *path* says, or say in one line why it cannot be read."""
    return parse_yaml(read_text(path, MOST_BYTES), path.name)


def write_yaml(data: Any) -> str:
    """Return *data* as YAML text; the innermost lists and mappings stand on one line.

    >>> print(write_yaml({"name": "tiny", "sites": [{"name": "a", "stock": 3}]}), end="")
    name: tiny
    sites:
    - {name: a, stock: 3}
    """
    try:
        return yaml.dump(
            data, Dumper=_ScenarioDumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None
        )
    except yaml.representer.RepresenterError as error:
        raise ScenarioError(
            given=repr(error.args[1]), expected="cannot be written as YAML: give text, a number or a list"
        ) from None
