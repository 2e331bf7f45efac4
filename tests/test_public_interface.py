"""The names that users import from gpnde."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import gpnde


def test_names_are_sorted_and_each_can_be_imported() -> None:
    assert gpnde.__all__ == sorted(gpnde.__all__)
    for name in gpnde.__all__:
        assert getattr(gpnde, name) is not None
    assert set(gpnde.__all__) <= set(dir(gpnde))


def test_each_name_is_the_one_of_its_room() -> None:
    for name, room in gpnde._ROOMS.items():
        assert getattr(gpnde, name) is getattr(importlib.import_module(room), name)


def test_type_checkers_see_the_names_that_python_imports() -> None:
    tree = ast.parse(Path(gpnde.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == gpnde._ROOMS
    assert {*seen, "__version__"} == set(gpnde.__all__)


def test_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="'simulat'"):
        gpnde.simulat  # noqa: B018


def test_import_is_light() -> None:
    code = "import gpnde, sys; print(*(name for name in sys.modules if name.startswith('gpnde')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["gpnde"]
