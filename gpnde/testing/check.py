"""The conformance check of one component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from gpnde.errors import ComponentError
from gpnde.plugin.component import Component
from gpnde.scenario.schema import Scenario
from gpnde.testing.behaviour import Findings, check_behaviour
from gpnde.testing.declaration import check_declaration, hook_faults
from gpnde.testing.imports import Loading
from gpnde.testing.network import tiny_network
from gpnde.testing.report import CHECKS, Check, Report
from gpnde.testing.runs import make_subject


def check_component(
    component: type[Component], *, parameters: Mapping[str, Any] | None = None, scenario: Scenario | None = None
) -> Report:
    """Check a component against everything that a run relies on; `gpnde.testing.CHECKS` tells what that is.

    Makes some seven short runs, one of them in another process, and loads the component's module in a fresh
    interpreter; the first call of a process takes a few seconds more than later ones.

    Parameters
    ----------
    component
        The class. It has to stand at the top of a module or of a file, where another process can find it.
    parameters
        Those that have no default, and those with which the component does something in the network.
    scenario
        The network to try it on, by default `gpnde.testing.tiny_network`, with seed 1. Other components that the
        scenario names or the component requires have to be installed.

    Examples
    --------
    In a test of a plugin::

        def test_my_policy_conforms():
            check_component(MyPolicy).raise_if_failed()

    Raises
    ------
    ComponentError
        The parameters given here do not suit the component, or another component that it needs is not installed.
    """
    given, network = dict(parameters or {}), scenario or tiny_network()
    # First, so that it works while this process makes its runs.
    loading = Loading(component)
    try:
        fault = _building_fault(component, given)
        if fault:
            return _report(component, [Check("bounds", False, f"the defaults build nothing: {fault}"), loading.check()])
        checks = check_declaration(component, given)
        can_run = not any(hook_faults(component, given))
        found = check_behaviour(make_subject(component, given, network)) if can_run else Findings([])
        return _report(component, [*checks, *found.checks, loading.check()], found.changes)
    finally:
        loading.stop()


def _report(component: type[Component], checks: list[Check], changes: tuple[str, ...] = ()) -> Report:
    order = list(CHECKS)
    return Report(component.name, tuple(sorted(checks, key=lambda check: order.index(check.name))), changes)


def _building_fault(component: type[Component], given: Mapping[str, Any]) -> str:
    """Return why defaults alone build no component, or raise where it is the parameters given that do not."""
    try:
        component.model_validate(dict(given))
    except ValidationError as error:
        missing = any(fault["type"] == "missing" for fault in error.errors(include_url=False))
        if given or missing:
            component.of(given)
        return "; ".join(fault["msg"] for fault in error.errors(include_url=False))
    except ComponentError:
        if given:
            raise
    return ""
