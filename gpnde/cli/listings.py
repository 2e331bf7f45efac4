"""`gpnde scenarios` and `gpnde schema`: what there is to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from gpnde.cli.loading import note_of_broken_plugins
from gpnde.cli.printing import columns, json_option, print_answer, print_json
from gpnde.cli.shell import Command
from gpnde.errors import GpndeError


@click.command(cls=Command)
@json_option
def scenarios(as_json: bool) -> None:
    """List the scenarios that come with gpnde and those that plugins offer."""
    from gpnde.scenario import preset_names

    rows = [*(_row(name, name, "gpnde") for name in preset_names()), *_offered_rows()]
    print_answer(as_json, lambda: {"scenarios": rows}, lambda: columns([(row["name"], _title(row)) for row in rows]))
    note_of_broken_plugins()


def _offered_rows() -> Iterator[dict[str, Any]]:
    """Yield a row for each scenario of a plugin; one that cannot be read tells why."""
    from gpnde.plugin.host import plugin_host

    for plugin in plugin_host().plugins:
        for name, offer in plugin.scenarios.items():
            try:
                yield _row(name, offer.path, str(plugin.owner))
            except GpndeError as error:
                yield {"name": name, "title": "", "owner": str(plugin.owner), "problem": str(error)}


def _row(name: str, source: str | Path, owner: str) -> dict[str, Any]:
    from gpnde.scenario import load_scenario

    scenario = load_scenario(source)
    return {
        "name": name,
        "title": scenario.title,
        "days": scenario.clock.days,
        "firms": len(scenario.firms),
        "sites": len(scenario.sites),
        "owner": owner,
    }


def _title(row: dict[str, Any]) -> str:
    """Return what to say of a scenario: its title, the plugin that offers it, and what is wrong."""
    owner = "" if row["owner"] == "gpnde" else f" [{row['owner']}]"
    return f"{row['title']}{owner}{row.get('problem', '') and ': ' + row['problem']}".strip()


@click.command(cls=Command)
def schema() -> None:
    """Print the JSON Schema of a scenario, with the components that are installed and their parameters."""
    from gpnde.plugin.host import plugin_host
    from gpnde.plugin.json_schema import with_components
    from gpnde.scenario import scenario_schema

    print_json(with_components(scenario_schema(), plugin_host().components))
