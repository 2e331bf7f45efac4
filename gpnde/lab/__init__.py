"""The lab: a dashboard of controls and charts in a notebook or a page of its own.

The package can be called: ``gpnde.lab("hdd-southeast-asia")`` shows the dashboard of a scenario.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gpnde.lab.dashboard import Dashboard
    from gpnde.scenario.schema import Scenario

FIRST = "hdd-southeast-asia"
"""The scenario that is shown if none is named."""


class _Lab(ModuleType):
    """A package that can be called."""

    def __call__(self, scenario: str | Path | Scenario = FIRST, **options: Any) -> Dashboard:
        """Return the dashboard of a scenario, ready to be shown; *options* are those of `Dashboard`.

        Raises
        ------
        GpndeError
            There is no such scenario, it is wrong, or what the lab needs is not installed.
        """
        from gpnde.extras import require_extra

        require_extra("lab", "anywidget", "vl_convert")
        from gpnde.lab.dashboard import Dashboard

        return Dashboard(scenario, **options)


sys.modules[__name__].__class__ = _Lab
