"""`gpnde scenarios`, `gpnde schema` and `gpnde plugins`: what there is to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gpnde.cli.printing import columns, json_option, print_answer, print_json
from gpnde.cli.shell import Command

if TYPE_CHECKING:
    from gpnde.scenario import Scenario


@click.command(cls=Command)
@json_option
def scenarios(as_json: bool) -> None:
    """List the scenarios that come with gpnde."""
    from gpnde.scenario import load_scenario, preset_names

    found = [load_scenario(name) for name in preset_names()]
    names = [(each.name, each.title) for each in found]
    print_answer(as_json, lambda: {"scenarios": [_as_row(each) for each in found]}, lambda: columns(names))


def _as_row(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "days": scenario.clock.days,
        "firms": len(scenario.firms),
        "sites": len(scenario.sites),
    }


@click.command(cls=Command)
def schema() -> None:
    """Print the JSON Schema of a scenario, with the components that are installed and their parameters."""
    from gpnde.plugin.host import plugin_host
    from gpnde.plugin.json_schema import with_components
    from gpnde.scenario import scenario_schema

    print_json(with_components(scenario_schema(), plugin_host().components))


@click.command(cls=Command)
@json_option
def plugins(as_json: bool) -> None:
    """List plugins and what each of them offers."""
    from gpnde.plugin.host import plugin_host

    found = plugin_host().listing()
    lines = [("name", "version", "status", "offers"), *map(_in_brief, found)]
    print_answer(as_json, lambda: {"plugins": found}, lambda: columns(lines))


def _in_brief(plugin: dict[str, Any]) -> tuple[str, str, str, str]:
    """Return a plugin in one line: what is wrong with it stands before what it offers."""
    said = "; ".join(filter(None, (plugin["cause"], ", ".join(plugin["offers"]))))
    return plugin["name"], f"{plugin['distribution']} {plugin['version']}", plugin["status"], said
