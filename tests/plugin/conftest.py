"""Plugins on disk, found as installed ones are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Install = Callable[..., None]

_HEAD = "from gpnde.plugin import Component, hookimpl, param\n"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that installs a distribution with one plugin, whose module is given by its source."""
    monkeypatch.syspath_prepend(tmp_path)
    names = []

    def write(name: str, source: str, version: str = "1.0") -> None:
        names.append(f"plugin_{name}")
        (tmp_path / f"plugin_{name}.py").write_text(_HEAD + source, encoding="utf-8")
        folder = tmp_path / f"gpnde_{name}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: gpnde-{name}\nVersion: {version}\n")
        (folder / "entry_points.txt").write_text(f"[gpnde]\n{name} = plugin_{name}\n")

    yield write
    for name in names:
        sys.modules.pop(name, None)
