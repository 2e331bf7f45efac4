"""The conformance kit: what authors of plugins test their components with.

The names below are imported when they are first used, so that a process that only loads a component stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gpnde.testing.check import check_component
    from gpnde.testing.isolation import isolated_plugins
    from gpnde.testing.metric import check_metric
    from gpnde.testing.network import tiny_network
    from gpnde.testing.report import CHECKS, Check, ConformanceError, Report

__all__ = [
    "CHECKS",
    "Check",
    "ConformanceError",
    "Report",
    "check_component",
    "check_metric",
    "isolated_plugins",
    "tiny_network",
]

_MODULES = {
    "CHECKS": "report",
    "Check": "report",
    "ConformanceError": "report",
    "Report": "report",
    "check_component": "check",
    "check_metric": "metric",
    "isolated_plugins": "isolation",
    "tiny_network": "network",
}


def __getattr__(name: str) -> Any:
    """Import a public name at its first use."""
    if name not in _MODULES:
        raise AttributeError(f"module 'gpnde.testing' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f"gpnde.testing.{_MODULES[name]}"), name)
    return value


def __dir__() -> list[str]:
    """List the public names without importing them."""
    return sorted({*globals(), *__all__})
