"""`gpnde plugins`: which plugins there are, whether they can be used, and what their components do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import click

from gpnde.cli.plugin_check import check_plugin
from gpnde.cli.printing import WIDTH, columns, json_option, note, print_answer, wrapped_columns
from gpnde.cli.shell import Commands


class _ListingCommands(Commands):
    """A group that lists when no command is named; options without a command are those of the list."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        first = arguments[0] if arguments else "-"
        if first.startswith("-") and first not in context.help_option_names:
            arguments = ["list", *arguments]
        return super().parse_args(context, arguments)


plugins = _ListingCommands("plugins", help="List plugins, or say what one offers. Without a command: list.")
plugins.add_command(check_plugin)


@plugins.command("list")
@click.option("--all", "with_disabled", is_flag=True, help="Also those that are switched off.")
@json_option
def list_plugins(with_disabled: bool, as_json: bool) -> None:
    """List plugins, broken ones first, with what each of them offers."""
    from gpnde.plugin.host import plugin_host

    found = plugin_host().listing()
    shown = [row for row in found if with_disabled or row["status"] != "disabled"]
    print_answer(as_json, lambda: {"plugins": shown}, lambda: _table(shown))
    left_out = len(found) - len(shown)
    if left_out:
        note(f"{left_out} switched off: 'gpnde plugins --all' lists {'it' if left_out == 1 else 'them'} too")


def _table(rows: list[dict[str, Any]]) -> str:
    head = ("plugin", "version", "api", "status", "offers")
    return wrapped_columns([head, *map(_in_brief, rows)])


def _in_brief(plugin: dict[str, Any]) -> tuple[str, ...]:
    """Return a plugin in one line: what is wrong with it stands before what it offers."""
    offers = [
        *plugin["offers"],
        *(f"scenario {name}" for name in plugin["scenarios"]),
        *(f"chart {name}" for name in plugin["charts"]),
        *(f"metric {name}" for name in plugin["metrics"]),
        *(f"ordering policy {name}" for name in plugin["ordering_policies"]),
        *(f"supplier choice {name}" for name in plugin["supplier_choices"]),
        *(f"law {name}" for name in plugin["laws"]),
    ]
    said = "; ".join(filter(None, (plugin["cause"], ", ".join(offers))))
    api = "-" if plugin["api"] is None else str(plugin["api"])
    return plugin["name"], _brought_by(plugin), api, plugin["status"], said


def _brought_by(plugin: dict[str, Any]) -> str:
    return f"{plugin['distribution'].strip('()')} {plugin['version']}"


@plugins.command("show")
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Describe the component, metric, law or ordering policy NAME of a plugin: what it does, and its parameters.

    NAME is one such as disruption.site-outage; 'gpnde plugins' lists them.
    """
    from gpnde.plugin.description import describe
    from gpnde.plugin.host import plugin_host

    described = describe(plugin_host(), name)
    print_answer(as_json, lambda: described, lambda: "\n".join(_lines(described)))


def _lines(described: dict[str, Any]) -> Iterator[str]:
    yield described["name"]
    yield from _paragraphs(described["doc"] or "No documentation.")
    yield ""
    yield f"from     plugin {described['plugin']!r} ({_brought_by(described)})"
    facts = _FACTS[described["kind"]](described)
    yield from (f"{label.ljust(8)} {fact}" for label, fact in facts.items() if fact)
    if "parameters" in described:
        yield ""
        yield from _parameters(described["parameters"])


def _facts_of_component(described: dict[str, Any]) -> dict[str, str]:
    return {
        "api": f"{described['api']}; results version {described['results_version']}",
        "hooks": ", ".join(described["hooks"]) or "none",
        "needs": ", ".join(described["requires"]) or "no other component",
    }


def _facts_of_metric(described: dict[str, Any]) -> dict[str, str]:
    return {
        "unit": described["unit"],
        "better": described["better"],
        "formula": described["formula"],
        "source": described["source"],
        "needs": ", ".join(described["needs"]) or "no table with rows",
    }


def _facts_of_law(described: dict[str, Any]) -> dict[str, str]:
    return {
        "given by": " or ".join(", ".join(names) for names in described["sets"]),
        "options": ", ".join(described["options"]),
        "source": described["source"],
    }


def _facts_of_policy(described: dict[str, Any]) -> dict[str, str]:
    return {
        "orders": described["orders"],
        "needs": ", ".join(described["needs"]),
        "uses": ", ".join(described["uses"]),
        "sets": ", ".join(f"{name} {value:g}" for name, value in described["sets"].items()),
        "source": described["source"],
    }


_FACTS = {
    "component": _facts_of_component,
    "metric": _facts_of_metric,
    "law": _facts_of_law,
    "ordering policy": _facts_of_policy,
}
"""What to say of each kind of offer, by label; what is empty is left out."""


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a text with an empty line between them."""
    wrapped = (textwrap.fill(" ".join(paragraph.split()), WIDTH) for paragraph in text.split("\n\n"))
    yield "\n\n".join(wrapped)


def _parameters(parameters: list[dict[str, str]]) -> Iterator[str]:
    """Yield a table of numbers with a line under each row that says what it means and where it comes from."""
    if not parameters:
        yield "no parameters"
        return
    titles = {"name": "parameter", "default": "default", "unit": "unit", "range": "range", "vary": "try"}
    keys = [key for key in titles if key in parameters[0]]
    head = [titles[key] for key in keys]
    first, *rows = columns([head, *([each[key] for key in keys] for each in parameters)]).splitlines()
    yield first
    for row, each in zip(rows, parameters, strict=True):
        yield row
        source = f" Source: {each['source'] or 'not given'}." if "source" in each else ""
        said = f"{each['doc']}{source}"
        yield textwrap.fill(said, WIDTH, initial_indent="    ", subsequent_indent="    ")
