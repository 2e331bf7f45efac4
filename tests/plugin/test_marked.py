"""Methods that are called like hooks bear the mark, and fill hooks that there are."""

from __future__ import annotations

import pytest

from gpnde.errors import ComponentError
from gpnde.plugin import Component, Policy, hookimpl, param
from gpnde.plugin.marked import check_hooks, hook_methods
from gpnde.plugin.run_hooks import compile_hooks


class Slow(Component):
    """Fills a hook and has parameters and methods of other names."""

    name = "test.slow"

    demand: float = param(1.0, doc="Called like a hook, but no method.")

    @hookimpl
    def lead_time(self) -> float:
        return self.longer()

    def longer(self) -> float:
        return 2.0


class Forgetful(Slow):
    """Forgets the mark beside a method that has it."""

    def capacity(self) -> float:
        return 0.5


class Overriding(Slow):
    """Forgets the mark when it overrides a method that had it, so that it would fill nothing."""

    def lead_time(self) -> float:
        return 3.0


def fault(kind: type[Component]) -> str:
    with pytest.raises(ComponentError) as caught:
        check_hooks(kind, kind.name)
    assert str(caught.value) in str(pytest.raises(ComponentError, compile_hooks, [kind()]).value)
    return str(caught.value)


def test_what_is_marked_or_called_otherwise_is_left_alone() -> None:
    check_hooks(Slow, "test.slow")
    check_hooks(Policy, "policy")
    assert list(hook_methods(Slow)) == ["lead_time"]


@pytest.mark.parametrize(("kind", "hook"), [(Forgetful, "capacity"), (Overriding, "lead_time")])
def test_method_that_is_called_like_a_hook_and_lacks_the_mark_is_told(kind: type[Component], hook: str) -> None:
    said = f"{kind.__name__}.{hook} is called like a hook and is not marked as one"
    assert fault(kind) == f"test.slow.{hook}: {said}: put @gpnde.hookimpl above it, or give it another name"
