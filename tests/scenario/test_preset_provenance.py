"""Provenance of the presets that stand for an industry: each number is marked, by exactly one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest

from gpnde.scenario import Scenario, load_scenario

pytestmark = pytest.mark.parametrize("name", ["hdd-southeast-asia", "small-open-economy", "taiwan-oem-pc"])


@cache
def preset(name: str) -> Scenario:
    return load_scenario(name)


def numbers(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every number that the preset gives; rows go by name, links by position."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from numbers(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for position, item in enumerate(value):
            name = item.get("name", position) if isinstance(item, Mapping) else position
            yield from numbers(item, f"{path}.{name}")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path.removeprefix(".")


@cache
def given_numbers(name: str) -> tuple[str, ...]:
    marked = {"schema_version", "provenance", "targets", "plausibility"}
    given = preset(name).model_dump(exclude_unset=True, exclude=marked)
    return tuple(numbers(given))


def test_every_number_is_marked_once(name: str) -> None:
    patterns = [entry.path for entry in preset(name).provenance]
    for path in given_numbers(name):
        alike = [pattern for pattern in patterns if ("by_function" in path) == ("by_function" in pattern)]
        assert sum(fnmatchcase(path, pattern) for pattern in alike) == 1, path


def test_no_mark_is_idle(name: str) -> None:
    for entry in preset(name).provenance:
        assert any(fnmatchcase(path, entry.path) for path in given_numbers(name)), entry.path
