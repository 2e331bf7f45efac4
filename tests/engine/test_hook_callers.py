"""Every hook that is declared has a caller: a run in which everything is switched on calls what fills it."""

from __future__ import annotations

import doctest
import functools
import inspect
from importlib.resources import files
from typing import Any

import pytest

from gpnde.engine.capacity.sites import Sites
from gpnde.engine.run import Simulation
from gpnde.plugin import Component
from gpnde.plugin.host import plugin_host
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.plugin.spec import hook_declared, hook_names
from gpnde.scenario import load_scenario
from gpnde.world.build import build_world
from gpnde.world.new_sites import NewSite

AT_QUOTATIONS = ("bid_score", "certification", "choose_supplier")
"""Hooks that are called where a supplier has been dismissed."""

TINY = str(files("gpnde.testing") / "tiny-network.yaml")


def example(hook: str) -> type[Component]:
    """Return the component by which the declaration of a hook shows how to fill it."""
    text = inspect.getdoc(hook_declared(hook)) or ""
    shown = doctest.DocTestParser().get_doctest(text, {"__file__": __file__}, "", None, None)
    doctest.DocTestRunner(verbose=False).run(shown, clear_globs=False)
    kinds = [each for each in shown.globs.values() if isinstance(each, type) and issubclass(each, Component)]
    return next(kind for kind in kinds if hasattr(getattr(kind, hook, None), "gpnde_impl"))


def counting(kind: type[Component], hook: str, calls: list[str]) -> type[Component]:
    """Return a component that notes whenever its hook is called, and does the same as *kind*."""
    original = getattr(kind, hook)

    @functools.wraps(original)
    def noted(self: Component, *given: Any, **named: Any) -> Any:
        calls.append(hook)
        return original(self, *given, **named)

    @functools.wraps(original)
    def noted_as_wrapper(self: Component, *given: Any, **named: Any) -> Any:
        calls.append(hook)
        return (yield from original(self, *given, **named))

    wraps = inspect.isgeneratorfunction(original)
    return type(
        kind.__name__,
        (kind,),
        {hook: noted_as_wrapper if wraps else noted, "__doc__": kind.__doc__, "__module__": __name__},
    )


@pytest.mark.parametrize("hook", hook_names())
def test_what_fills_a_hook_is_called(hook: str) -> None:
    """One policy is in force; where bids matter, all suppliers are dismissed at the first scorecard.

    Firms may also build elsewhere.
    """
    calls: list[str] = []
    policy = plugin_host().components["policy.effort-subsidy"]()
    component = counting(example(hook), hook, calls)()
    strict = {"selection.threshold": 1} if hook in AT_QUOTATIONS else {}
    world = build_world(load_scenario(TINY, {"location.opens_sites": True, **strict}))
    simulation = Simulation(world, compile_hooks([policy, component]), 1, 0)
    if hook == "new_sites":
        simulation.part(Sites).build([NewSite("annex", like=0, firm=0, cluster=0)])
    simulation.finish()
    simulation.metrics()
    assert calls, f"no caller of {hook}"
