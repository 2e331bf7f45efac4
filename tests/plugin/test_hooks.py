"""The contract of the hooks is written where it is declared, works as its examples show, and is tested."""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gpnde.plugin import Component
from gpnde.plugin.hooks import HostHooks
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.plugin.spec import HOOK_KINDS, hook_names

TESTS = Path(__file__).resolve().parents[1]


def declared() -> Iterator[Any]:
    for kind in (HostHooks, *HOOK_KINDS):
        yield from (hook for _, hook in inspect.getmembers_static(kind, inspect.isfunction))


def shown(hook: Any) -> dict[str, Any]:
    """Return the names that are defined once the example of a hook has been run."""
    example = doctest.DocTestParser().get_doctest(inspect.getdoc(hook) or "", {"__file__": __file__}, "", None, None)
    runner = doctest.DocTestRunner(verbose=False)
    assert example.examples, f"{hook.__name__} shows no example"
    assert runner.run(example, clear_globs=False).failed == 0
    return example.globs


@pytest.mark.parametrize("hook", list(declared()), ids=lambda hook: str(hook.__name__))
def test_hook_says_when_it_is_called_what_it_returns_and_shows_an_example(hook: Any) -> None:
    text = inspect.getdoc(hook) or ""
    assert "When: " in text
    assert "Returns: " in text
    assert f"def {hook.__name__}(" in text
    assert hook.gpnde_spec is not None
    arguments = text.partition("Arguments: ")[2].partition("Returns: ")[0]
    asked = list(inspect.signature(hook).parameters)[1:]
    assert re.findall(r"\*(\w+)\*", arguments) == asked, "each argument once, in order, and no other"


@pytest.mark.parametrize("name", hook_names())
def test_the_example_of_a_hook_is_a_component_that_fills_it(name: str) -> None:
    hook = next(each for each in declared() if each.__name__ == name)
    kinds = [each for each in shown(hook).values() if isinstance(each, type) and issubclass(each, Component)]
    filling = [kind for kind in kinds if hasattr(getattr(kind, name, None), "gpnde_impl")]
    assert len(filling) == 1
    assert compile_hooks([filling[0]()]).labels == (filling[0].name,)


@pytest.mark.parametrize("hook", [each for each in declared() if each.__name__.startswith("gpnde_")])
def test_the_example_of_a_host_hook_gives_offers(hook: Any) -> None:
    assert len(list(shown(hook)[hook.__name__]())) == 1


@pytest.mark.parametrize("hook", [each for each in declared() if each.__name__.startswith("gpnde_")])
def test_host_hook_is_filled_by_a_test(hook: Any) -> None:
    # The tests of the host write modules that fill a hook with ``giving("NAME", ...)``; what hooks of a run do to its
    # results stands in test_hook_effects.
    use = re.compile(rf"(?:\bdef |giving\(\"){hook.__name__}[\"(]")
    sources = (path for path in sorted(TESTS.rglob("*.py")) if path != Path(__file__).resolve())
    assert any(use.search(path.read_text(encoding="utf-8")) for path in sources)
