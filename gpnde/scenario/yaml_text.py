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
from yaml.nodes import MappingNode, ScalarNode

from gpnde.errors import ScenarioError

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
        if isinstance(key, ScalarNode) and key.value != "<<":
            if key.value in seen:
                raise ConstructorError(None, None, f"key {key.value!r} is given twice", key.start_mark)
            seen.add(key.value)


_ScenarioLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", re.compile(r"(true|True|TRUE|false|False|FALSE)$"), "tTfF"),
    ("null", re.compile(r"(~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    ("int", _INT, "-+0123456789"),
    ("float", _FLOAT, "-+.0123456789"),
    ("merge", re.compile(r"<<$"), "<"),
):
    _ScenarioLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", _pattern, list(_first))


class _ScenarioDumper(_Dumper):
    """A safe dumper without anchors that quotes whatever a reader of YAML 1.1 or 1.2 could take for another type."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write equal parts out in full each time."""
        return True


_ScenarioDumper.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, list("-+.0123456789"))


def parse_yaml(text: str, where: str) -> Any:
    """Return what the YAML *text* says; *where* names it in errors.

    >>> parse_yaml("{days: 1e2, country: NO, code: 007}", "example")
    {'days': 100.0, 'country': 'NO', 'code': '007'}
    """
    try:
        return yaml.load(text, _ScenarioLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ScenarioError(f"{where}{place}: {error.problem or error.context}: mend the YAML there") from None
    except yaml.reader.ReaderError as error:
        raise ScenarioError(
            f"{where}: character {_character(error)!r} at position {error.position}: YAML takes printable text only"
        ) from None
    except (RecursionError, ValueError) as error:
        raise ScenarioError(f"{where}: {error}: write it more plainly") from None


def _character(error: yaml.reader.ReaderError) -> str:
    """Return the character, which the fast loader gives by its number."""
    return chr(error.character) if isinstance(error.character, int) else str(error.character)


def read_text(path: Path) -> str:
    """Return the text of the UTF-8 file at *path*, or say in one line why it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: byte {error.start} is not UTF-8: save the file as UTF-8 text") from None
    except OSError as error:
        raise ScenarioError(f"{path}: {error.strerror}: give a file that can be read") from None


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
        raise ScenarioError(f"{error.args[1]!r}: cannot be written as YAML: give text, a number or a list") from None
