"""`gpnde scenarios`, `gpnde metrics`, `gpnde laws` and `gpnde schema`: what there is to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gpnde.cli.folders import refuse_unusable
from gpnde.cli.loading import note_of_broken_plugins
from gpnde.cli.printing import columns, json_option, print_answer, print_json, wrapped_columns
from gpnde.cli.shell import Command, Commands
from gpnde.errors import GpndeError

if TYPE_CHECKING:
    from gpnde.numerics.laws.record import LawParameter, LawType
    from gpnde.results.metric import MetricKind


scenarios = Commands("scenarios", alone="list", help="List scenarios, or copy one to edit it.")


@scenarios.command("list")
@json_option
def list_scenarios(as_json: bool) -> None:
    """List the scenarios that come with gpnde and those that plugins offer; so does the group alone."""
    from gpnde.scenario import preset_names

    rows = [*(_row(name, name, "gpnde") for name in preset_names()), *_offered_rows()]
    print_answer(as_json, lambda: {"scenarios": rows}, lambda: columns([(row["name"], _title(row)) for row in rows]))
    note_of_broken_plugins()


@scenarios.command("copy")
@click.argument("name")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def copy_scenario(name: str, directory: Path) -> None:
    """Copy the scenario NAME with the files that it cites to the new folder DIR, to edit it there."""
    from gpnde.plugin.host import plugin_host
    from gpnde.scenario.copies import copy_scenario as copied

    refuse_unusable(directory)
    files = copied(plugin_host().scenario_source(name), directory)
    click.echo(f"{directory}: {', '.join(files)}: edit what you want, then 'gpnde run {directory}'")


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
@click.argument("names", metavar="[NAME]...", nargs=-1)
@json_option
def metrics(names: tuple[str, ...], as_json: bool) -> None:
    """List what runs are measured by, or say what the metrics NAME are.

    A run measures all metrics of gpnde, and those of plugins that its scenario names, as in
    --set record.metrics=[NAME].
    """
    from gpnde.plugin.host import plugin_host
    from gpnde.results.register import describe, metric_kinds

    plugins = plugin_host().plugins
    owners = {name: str(plugin.owner) for plugin in plugins for name in plugin.metrics}
    kinds = {**metric_kinds(), **plugin_host().metrics}
    chosen = [describe(name, plugin_host().metrics) for name in names] if names else list(kinds.values())
    rows = [_metric(kind, owners.get(kind.name, "gpnde")) for kind in chosen]
    print_answer(as_json, lambda: {"metrics": rows}, lambda: wrapped_columns([_METRIC_HEAD, *map(_in_brief, rows)]))
    note_of_broken_plugins()


_METRIC_HEAD = ("metric", "unit", "better", "what it is")


def _metric(kind: MetricKind[Any], owner: str) -> dict[str, Any]:
    from gpnde.plugin.description import metric_facts

    return {**metric_facts(kind), "owner": owner}


def _in_brief(row: dict[str, Any]) -> tuple[str, ...]:
    owner = "" if row["owner"] == "gpnde" else f" [{row['owner']}]"
    return row["name"], row["unit"], row["better"], f"{row['doc'].partition('. ')[0].removesuffix('.')}.{owner}"


@click.command(cls=Command)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@json_option
def laws(names: tuple[str, ...], as_json: bool) -> None:
    """List the probability laws that scenarios may name, or say what the laws NAME are.

    A law is written as in --set links.0.lead_time=gamma(mean=10,cv=0.3).
    """
    from gpnde.numerics.laws.catalogue import LAWS
    from gpnde.plugin.host import plugin_host

    _ = plugin_host().plugins
    chosen = [LAWS.get(name) for name in names] if names else list(LAWS)
    rows = [_law(each, str(LAWS.owner(each.name)) or "gpnde") for each in chosen]
    print_answer(as_json, lambda: {"laws": rows}, lambda: wrapped_columns([_LAW_HEAD, *map(_law_in_brief, rows)]))
    note_of_broken_plugins()


_LAW_HEAD = ("law", "given by", "what is drawn")


def _law(law: LawType, owner: str) -> dict[str, Any]:
    from gpnde.plugin.description import law_facts

    return {**law_facts(law), "parameters": [_law_parameter(each) for each in law.parameters], "owner": owner}


def _law_parameter(parameter: LawParameter) -> dict[str, Any]:
    return {"name": parameter.name, "doc": parameter.doc, "is_list": parameter.is_list, **parameter.bounds()}


def _law_in_brief(row: dict[str, Any]) -> tuple[str, ...]:
    owner = "" if row["owner"] == "gpnde" else f" [{row['owner']}]"
    return row["name"], " or ".join(", ".join(names) for names in row["sets"]), f"{row['doc']}{owner}"


@click.command(cls=Command)
def schema() -> None:
    """Print the JSON Schema of a scenario, with the components, metrics, laws and policies installed."""
    from gpnde.plugin.host import plugin_host
    from gpnde.plugin.json_schema import (
        with_components,
        with_laws,
        with_metrics,
        with_ordering_policies,
        with_supplier_choices,
    )
    from gpnde.scenario import scenario_schema

    host = plugin_host()
    known = with_laws(with_components(scenario_schema(), host.components), host.laws.values())
    known = with_ordering_policies(with_metrics(known, host.metrics), host.ordering_policies)
    print_json(with_supplier_choices(known, host.supplier_choices))
