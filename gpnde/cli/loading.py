"""Load a scenario as far as it can be known to be sound without a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gpnde.scenario import Scenario


def load_sound(source: str, settings: Mapping[str, object] | None = None) -> Scenario:
    """Return the scenario of a preset name or path, after its components have been found and accepted as well.

    Raises
    ------
    GpndeError
        The scenario, a component that it names or a parameter of one is wrong.
    """
    from gpnde.plugin.host import plugin_host
    from gpnde.scenario import load_scenario

    scenario = load_scenario(source, settings)
    plugin_host().build(scenario.components)
    return scenario
