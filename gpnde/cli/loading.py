"""Load a scenario as far as it can be known to be sound without a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gpnde.cli.printing import note

if TYPE_CHECKING:
    from gpnde.scenario import Scenario


def load_named(source: str, settings: Mapping[str, object] | None = None) -> Scenario:
    """Return the scenario of a preset name, a path, or a name under which a plugin offers one.

    Raises
    ------
    GpndeError
        There is no such scenario, or it is wrong.
    """
    from gpnde.plugin.host import plugin_host
    from gpnde.scenario import load_scenario

    return load_scenario(plugin_host().scenario_source(source), settings)


def load_sound(source: str, settings: Mapping[str, object] | None = None) -> Scenario:
    """Return the scenario that was named, after its components have been found and accepted as well.

    Raises
    ------
    GpndeError
        The scenario, what it requires, a component that it names or a parameter of one is wrong.
    """
    from gpnde.plugin.host import plugin_host

    scenario = load_named(source, settings)
    plugin_host().build(scenario.components, scenario.requires)
    note_of_broken_plugins()
    return scenario


def note_of_broken_plugins() -> None:
    """Tell of plugins that were imported and are broken, though nobody needs them now."""
    from gpnde.plugin.host import plugin_host

    for problem in plugin_host().problems_met:
        if not problem.offer:
            note(str(problem))
