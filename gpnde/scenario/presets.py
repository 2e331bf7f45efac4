"""Scenarios that come with the package, by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gpnde.errors import ScenarioError, nearest

_FOLDER = Path(__file__).parent / "presets"


def preset_names() -> tuple[str, ...]:
    """Return the names of the scenarios in the package, sorted.

    >>> "beer-game" in preset_names()
    True
    """
    return tuple(sorted(_presets()))


def preset_path(name: str) -> Path:
    """Return the YAML file of the scenario *name* of the package."""
    if name not in _presets():
        known = ", ".join(preset_names())
        raise ScenarioError(where=name, expected=f"no such preset: give one of {known}{nearest(name, preset_names())}")
    return _presets()[name]


@cache
def _presets() -> dict[str, Path]:
    files = {path.stem: path for path in _FOLDER.glob("*.yaml")}
    folders = {path.parent.name: path for path in _FOLDER.glob("*/scenario.yaml")}
    return {**files, **folders}
