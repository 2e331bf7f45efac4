"""What plugins import from gpnde.plugin is there, and costs nothing where it is not used."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import gpnde.plugin as door


def test_names_are_sorted_and_each_can_be_imported() -> None:
    assert door.__all__ == sorted(door.__all__)
    for name in door.__all__:
        assert getattr(door, name) is not None
    assert set(door.__all__) <= set(dir(door))


def test_each_name_is_the_one_of_its_room() -> None:
    for name, room in door._ROOMS.items():
        assert getattr(door, name) is getattr(importlib.import_module(room), name)


def test_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="'pool_rat'"):
        door.pool_rat  # noqa: B018


def test_equations_are_imported_at_first_use() -> None:
    code = "import gpnde.plugin, sys; print(*(name for name in sys.modules if name.startswith('gpnde.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seen = done.stdout.split()
    assert "gpnde.plugin" in seen
    assert not [name for name in seen if name.startswith(("gpnde.mechanics.", "gpnde.numerics.groups"))]
