"""Load a scenario, with all checks that need no run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gpnde.cli.printing import note

REMARKS_TOLD = 5
"""Remarks on a scenario that are told before it is run."""

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

    return load_scenario(plugin_host().scenario_source(source), settings, tell=note)


def load_sound(source: str, settings: Mapping[str, object] | None = None) -> Scenario:
    """Return the scenario that was named, after its components have been found and accepted as well.

    Raises
    ------
    GpndeError
        The scenario, what it requires, a component or metric that it names or a parameter of one is wrong.
    """
    from gpnde.plugin.host import plugin_host

    scenario = load_named(source, settings)
    plugin_host().build(scenario.components, scenario.requires)
    plugin_host().metrics_named(scenario.record.metrics)
    note_of_broken_plugins()
    note_remarks(scenario)
    return scenario


def note_remarks(scenario: Scenario) -> None:
    """Print notes on effects of a scenario that may be unintended."""
    from gpnde.cli.notes import notes_on

    lines = notes_on(scenario)
    for line in lines[:REMARKS_TOLD]:
        note(line)
    if len(lines) > REMARKS_TOLD:
        note(f"and {len(lines) - REMARKS_TOLD:,} more such lines: gpnde doctor lists them all")


def note_of_broken_plugins() -> None:
    """Print a note on plugins that were imported and are broken, though the scenario does not use them."""
    from gpnde.plugin.host import plugin_host

    for problem in plugin_host().problems_met:
        if not problem.offer:
            note(str(problem))
