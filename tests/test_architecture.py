"""Imports between rooms and files run in one direction only, and the plan of the house shows every room."""

from __future__ import annotations

import ast
import graphlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import gpnde

PACKAGE = Path(gpnde.__file__).parent
PLAN = Path(__file__).parents[1] / "docs" / "architecture.md"

GROUND_FLOOR = {"errors", "extras", "vocabulary", "cells", "contracts", "ownership", "registry"}
"""What is open to all rooms."""
PLUGINS = Path(__file__).parent.parent / "plugins"

MAY_IMPORT = {
    "numerics": {"numerics"},
    "mechanics": {"mechanics", "numerics"},
    "scenario": {"scenario", "mechanics", "numerics"},
    "world": {"scenario", "mechanics", "numerics", "world"},
    "plugin": {"scenario", "mechanics", "numerics", "world", "results", "plugin"},
    "results": {"scenario", "results"},
    "charts": {"results", "charts"},
    "engine": {"scenario", "mechanics", "numerics", "world", "plugin", "results", "engine"},
    "testing": {"scenario", "mechanics", "numerics", "world", "plugin", "results", "engine", "testing"},
    "study": {"scenario", "mechanics", "numerics", "world", "plugin", "results", "charts", "engine", "study"},
    "lab": {"scenario", "mechanics", "numerics", "world", "plugin", "results", "charts", "engine", "study", "lab"},
    "cli": {
        *("scenario", "mechanics", "numerics", "world", "plugin", "results", "charts", "engine", "testing", "study"),
        *("lab", "cli"),
    },
}
"""For each room, the rooms that it may import from."""


def modules() -> dict[str, Path]:
    """Return all files of the package by the name of the module."""
    paths = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}
    return {name.removesuffix(".__init__"): path for name, path in paths.items()}


MODULES = modules()


def imports(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield the modules of the package that statements import, ``from gpnde import x`` included."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "gpnde")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "gpnde":
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else str(node.module) for name in whole)


def imported_rooms(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from (name.split(".")[1] for name in imports(list(ast.walk(tree))) if "." in name)


def needed_to_load(path: Path) -> set[str]:
    """Return the modules that are imported when a file is loaded: not in functions, and not for types alone."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while waiting:
        node = waiting.pop()
        is_for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if not is_for_types and not isinstance(node, ast.FunctionDef):
            found |= set(imports([node]))
            waiting += list(ast.iter_child_nodes(node))
    return found & set(MODULES)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_room_imports_only_from_rooms_below(room: str) -> None:
    allowed = MAY_IMPORT[room] | GROUND_FLOOR
    strays = {
        f"{path.relative_to(PACKAGE)} imports {other}"
        for path in (PACKAGE / room).rglob("*.py")
        for other in imported_rooms(path)
        if other not in allowed
    }
    assert sorted(strays) == []


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


FIRST_PARTY = [path for path in PLUGINS.rglob("*.py") if "tests" not in path.parts]


def test_first_party_plugins_use_the_door_of_third_parties() -> None:
    strays = {
        f"{path.relative_to(PLUGINS)} imports {module}"
        for path in FIRST_PARTY
        for module in imported_modules(path)
        if module.partition(".")[0] == "gpnde" and module not in ("gpnde", "gpnde.plugin")
    }
    assert len(FIRST_PARTY) > 50
    assert sorted(strays) == []


_QUESTIONS = {"startswith", "endswith", "partition", "rpartition", "find", "index", "removeprefix", "removesuffix"}
_QUESTIONS |= {"match", "search", "fullmatch", "findall", "replace"}


def errors_in(tree: ast.AST) -> set[str]:
    """Return the names that errors have: those that are caught, and arguments of the type of one."""
    caught = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    given = [node for node in ast.walk(tree) if isinstance(node, ast.arg) and node.annotation]
    return caught | {node.arg for node in given if re.search(r"Error|Exception", ast.unparse(node.annotation or node))}


def questions_to_texts_of_errors(tree: ast.AST) -> Iterator[str]:
    """Yield the expressions that decide by the text of an error."""
    texts = {f"str({name})" for name in errors_in(tree)} | {f"{name}.args[0]" for name in errors_in(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            read = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _QUESTIONS:
            read = [node.func.value, *node.args]
        else:
            continue
        if any(ast.unparse(part) in texts for part in read):
            yield ast.unparse(node)


def test_no_code_reads_texts_of_errors() -> None:
    """Writing into a locked array has no class of its own in numpy: there the text has to tell."""
    files = [*MODULES.values(), *PLUGINS.rglob("*.py")]
    found = {text for path in files for text in questions_to_texts_of_errors(ast.parse(path.read_text("utf-8")))}
    assert found == {"'read-only' in str(error)"}


@pytest.mark.parametrize("question", ["'of' in str(error)", "str(error).startswith('a')", "re.search('a', str(error))"])
def test_question_to_the_text_of_an_error_is_seen(question: str) -> None:
    code = f"try:\n    act()\nexcept GpndeError as error:\n    is_known = {question}\n"
    assert list(questions_to_texts_of_errors(ast.parse(code))) == [question]


def test_every_room_has_its_rule() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert rooms == set(MAY_IMPORT)


def test_no_file_imports_one_that_imports_it() -> None:
    graph = {name: needed_to_load(path) - {name} for name, path in MODULES.items()}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) >= len(MODULES)


def test_import_of_a_module_from_its_package_is_seen() -> None:
    tree = ast.parse("from gpnde.engine import simulate\nfrom gpnde import charts")
    assert list(imports(tree.body)) == ["gpnde.engine.simulate", "gpnde.charts"]


def test_plan_lists_every_room_of_the_tree() -> None:
    listed = set(re.findall(r"^\| `gpnde/([\w/]+)`", PLAN.read_text(encoding="utf-8"), re.MULTILINE))
    folders = {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("__init__.py")} - {"."}
    inner = {"scenario/importers", "scenario/ordering", "scenario/ordering/catalogue", "scenario/unread", "plugin/spec"}
    assert listed == folders - inner
