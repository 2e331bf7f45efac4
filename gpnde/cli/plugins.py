"""`gpnde plugins`: which plugins there are, whether they can be used, and what their components do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import click

from gpnde.cli.plugin_check import check_plugin
from gpnde.cli.printing import WIDTH, columns, json_option, note, print_answer, wrapped_columns
from gpnde.cli.shell import Commands
from gpnde.errors import ComponentError, GpndeError


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
        *(f"law {name}" for name in plugin["laws"]),
    ]
    said = "; ".join(filter(None, (plugin["cause"], ", ".join(offers))))
    api = "-" if plugin["api"] is None else str(plugin["api"])
    return plugin["name"], _brought_by(plugin), api, plugin["status"], said


def _brought_by(plugin: dict[str, Any]) -> str:
    return f"{plugin['distribution'].strip('()')} {plugin['version']}"


@plugins.command("show")
@click.argument("component")
@json_option
def show(component: str, as_json: bool) -> None:
    """Describe a COMPONENT: what it does, its plugin, and its parameters.

    COMPONENT is a name such as disruption.site-outage; 'gpnde plugins' lists them.
    """
    from gpnde.plugin.description import describe_component
    from gpnde.plugin.host import plugin_host

    host = plugin_host()
    try:
        described = describe_component(host, component)
    except ComponentError as error:
        raise _with_offers(component, host.listing()) or error from None
    print_answer(as_json, lambda: described, lambda: "\n".join(_lines(described)))


def _with_offers(name: str, rows: list[dict[str, Any]]) -> GpndeError | None:
    """Return what to say where a plugin is named in place of a component."""
    for row in rows:
        if row["name"] == name:
            offers = ", ".join(row["offers"]) or "no component"
            return ComponentError(given=repr(name), expected=f"a plugin: name a component of it; it offers {offers}")
    return None


def _lines(described: dict[str, Any]) -> Iterator[str]:
    yield described["name"]
    yield from _paragraphs(described["doc"] or "No documentation.")
    yield ""
    yield f"from     plugin {described['plugin']!r} ({_brought_by(described)})"
    yield f"api      {described['api']}; results version {described['results_version']}"
    yield f"hooks    {', '.join(described['hooks']) or 'none'}"
    yield f"needs    {', '.join(described['requires']) or 'no other component'}"
    yield ""
    yield from _parameters(described["parameters"])


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a text with an empty line between them."""
    wrapped = (textwrap.fill(" ".join(paragraph.split()), WIDTH) for paragraph in text.split("\n\n"))
    yield "\n\n".join(wrapped)


def _parameters(parameters: list[dict[str, str]]) -> Iterator[str]:
    """Yield a table of numbers with a line under each row that says what it means and where it comes from."""
    if not parameters:
        yield "no parameters"
        return
    head = ("parameter", "default", "unit", "range", "try")
    keys = ("name", "default", "unit", "range", "vary")
    first, *rows = columns([head, *([each[key] for key in keys] for each in parameters)]).splitlines()
    yield first
    for row, each in zip(rows, parameters, strict=True):
        yield row
        said = f"{each['doc']} Source: {each['source'] or 'not given'}."
        yield textwrap.fill(said, WIDTH, initial_indent="    ", subsequent_indent="    ")
