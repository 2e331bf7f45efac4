"""The rooms of the house know each other in one direction only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import gpnde

PACKAGE = Path(gpnde.__file__).parent
PLUGINS = Path(__file__).parent.parent / "plugins"

MAY_IMPORT = {
    "scenario": {"scenario", "mechanics", "numerics"},
    "mechanics": {"mechanics", "numerics"},
    "numerics": {"numerics"},
    "world": {"scenario", "mechanics", "numerics", "world"},
    "plugin": {"scenario", "mechanics", "numerics", "world", "plugin"},
    "results": {"scenario", "results"},
    "charts": {"results", "charts"},
    "engine": {"scenario", "mechanics", "numerics", "world", "plugin", "results", "engine"},
    "odd": {"scenario", "mechanics", "numerics", "world", "plugin", "results", "engine", "odd"},
    "testing": {"scenario", "mechanics", "numerics", "world", "plugin", "results", "engine", "testing"},
    "study": {"scenario", "mechanics", "numerics", "world", "plugin", "results", "charts", "engine", "study"},
    "lab": {"scenario", "mechanics", "numerics", "world", "plugin", "results", "charts", "engine", "lab"},
    "cli": {
        *("scenario", "mechanics", "numerics", "world", "plugin", "results", "charts", "engine", "testing", "study"),
        *("lab", "cli"),
    },
}
"""For each room, the rooms that it may import from; the errors and the package itself are open to all."""


def imported_rooms(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        yield from (name.split(".")[1] for name in names if name.startswith("gpnde."))


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_room_imports_only_from_rooms_below(room: str) -> None:
    allowed = MAY_IMPORT[room] | {"errors"}
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


def test_every_room_is_in_the_plan() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert rooms == set(MAY_IMPORT)
