"""The contract of the hooks is written where it is declared."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from gpnde.plugin.hooks import HostHooks
from gpnde.plugin.spec import KINDS


def declared() -> Iterator[Any]:
    for kind in (HostHooks, *KINDS):
        yield from (hook for _, hook in inspect.getmembers_static(kind, inspect.isfunction))


@pytest.mark.parametrize("hook", list(declared()), ids=lambda hook: str(hook.__name__))
def test_hook_says_when_it_is_called_what_it_returns_and_shows_an_example(hook: Any) -> None:
    text = inspect.getdoc(hook) or ""
    assert "When: " in text
    assert "Returns: " in text
    assert f"def {hook.__name__}(" in text
    assert hook.gpnde_spec is not None
    for name in list(inspect.signature(hook).parameters)[1:]:
        assert f"*{name}*" in text
