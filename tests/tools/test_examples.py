"""The examples in the docstrings of the tools hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import tools


@pytest.mark.parametrize("name", [module.name for module in pkgutil.walk_packages(tools.__path__, "tools.")])
def test_examples_of_tools_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS).failed == 0
