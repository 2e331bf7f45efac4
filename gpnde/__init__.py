"""Simulate global production networks: firms that order, ship, fail and are dropped.

The names below are the public interface. Each is imported from its room when it is first used, so that importing
gpnde is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gpnde.engine import open_run, restore, simulate
    from gpnde.errors import GpndeError
    from gpnde.lab.play import play
    from gpnde.plugin import (
        Component,
        Creation,
        Credit,
        Entrant,
        Evidence,
        Factors,
        Forgetting,
        Law,
        LawParameter,
        OrderingPolicy,
        Policy,
        ScenarioOffer,
        SupplierChoice,
        Transfer,
        chart,
        hookimpl,
        law,
        metric,
        param,
        tabulated,
    )
    from gpnde.plugin.host import add_plugin
    from gpnde.results import Run, load_run
    from gpnde.scenario import Scenario, load_scenario, save_scenario
    from gpnde.study.compare import compare
    from gpnde.study.files import load_study
    from gpnde.study.results import open_study
    from gpnde.study.schema import Study
    from gpnde.study.sensitivity import sensitivity

__version__ = "0.2.0"

__all__ = [
    "Component",
    "Creation",
    "Credit",
    "Entrant",
    "Evidence",
    "Factors",
    "Forgetting",
    "GpndeError",
    "Law",
    "LawParameter",
    "OrderingPolicy",
    "Policy",
    "Run",
    "Scenario",
    "ScenarioOffer",
    "Study",
    "SupplierChoice",
    "Transfer",
    "__version__",
    "add_plugin",
    "chart",
    "compare",
    "hookimpl",
    "law",
    "load_run",
    "load_scenario",
    "load_study",
    "metric",
    "open_run",
    "open_study",
    "param",
    "play",
    "restore",
    "save_scenario",
    "sensitivity",
    "simulate",
    "tabulated",
]

_ROOMS = {
    "Component": "gpnde.plugin",
    "Creation": "gpnde.plugin",
    "Credit": "gpnde.plugin",
    "Entrant": "gpnde.plugin",
    "Evidence": "gpnde.plugin",
    "Factors": "gpnde.plugin",
    "Forgetting": "gpnde.plugin",
    "GpndeError": "gpnde.errors",
    "Law": "gpnde.plugin",
    "LawParameter": "gpnde.plugin",
    "OrderingPolicy": "gpnde.plugin",
    "Policy": "gpnde.plugin",
    "Run": "gpnde.results",
    "Scenario": "gpnde.scenario",
    "ScenarioOffer": "gpnde.plugin",
    "Study": "gpnde.study.schema",
    "SupplierChoice": "gpnde.plugin",
    "Transfer": "gpnde.plugin",
    "add_plugin": "gpnde.plugin.host",
    "chart": "gpnde.plugin",
    "compare": "gpnde.study.compare",
    "hookimpl": "gpnde.plugin",
    "law": "gpnde.plugin",
    "load_run": "gpnde.results",
    "load_scenario": "gpnde.scenario",
    "load_study": "gpnde.study.files",
    "metric": "gpnde.plugin",
    "open_run": "gpnde.engine",
    "open_study": "gpnde.study.results",
    "param": "gpnde.plugin",
    "play": "gpnde.lab.play",
    "restore": "gpnde.engine",
    "save_scenario": "gpnde.scenario",
    "sensitivity": "gpnde.study.sensitivity",
    "simulate": "gpnde.engine",
    "tabulated": "gpnde.plugin",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its room at first use."""
    if name == "lab":
        # The package itself can be called.
        return importlib.import_module("gpnde.lab")
    if name not in _ROOMS:
        raise AttributeError(f"module 'gpnde' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_ROOMS[name]), name)
    return value


def __dir__() -> list[str]:
    """List the public names without importing them."""
    return sorted({*globals(), *__all__})
