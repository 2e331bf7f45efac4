"""The examples in docstrings hold, in the packages as they are installed, and in what tests share."""

from __future__ import annotations

import doctest
import importlib
import importlib.metadata
import pkgutil
from collections.abc import Iterator

import pytest


def packages() -> list[str]:
    """Return the packages that the distribution ships: gpnde itself and the plugins behind its entry points."""
    offered = importlib.metadata.entry_points(group="gpnde")
    shipped = [entry.module.partition(".")[0] for entry in offered if entry.dist and entry.dist.name == "gpnde"]
    return ["gpnde", *dict.fromkeys(shipped)]


def modules() -> Iterator[str]:
    for package in packages():
        yield package
        path = importlib.import_module(package).__path__
        yield from (module.name for module in pkgutil.walk_packages(path, f"{package}."))


@pytest.mark.parametrize("name", [*sorted(modules()), "tests.example"])
def test_examples_hold(name: str) -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    if name.rpartition(".")[2] != "__main__":
        assert doctest.testmod(importlib.import_module(name), optionflags=flags).failed == 0
