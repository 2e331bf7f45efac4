"""The rooms of the house know each other in one direction only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import gpnde

PACKAGE = Path(gpnde.__file__).parent

MAY_IMPORT = {
    "scenario": {"scenario", "mechanics", "numerics"},
    "mechanics": {"mechanics", "numerics"},
    "numerics": {"numerics"},
    "world": {"scenario", "mechanics", "numerics", "world"},
    "plugin": {"scenario", "world", "results", "plugin"},
    "results": {"scenario", "results"},
    "charts": {"results", "charts"},
    "engine": {"scenario", "mechanics", "numerics", "world", "plugin", "results", "engine"},
    "odd": {"scenario", "mechanics", "numerics", "world", "plugin", "results", "charts", "engine", "odd"},
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


def test_every_room_is_in_the_plan() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert rooms == set(MAY_IMPORT)
