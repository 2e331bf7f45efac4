"""`gpnde plugins check`: hold components and metrics against all that a run relies on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from gpnde.cli.printing import json_option, note, print_json
from gpnde.cli.run import read_settings
from gpnde.cli.shell import FAILED, GOOD, Command
from gpnde.errors import ComponentError, GpndeError, nearest

if TYPE_CHECKING:
    from gpnde.plugin import Component
    from gpnde.plugin.host import Plugin
    from gpnde.results.metric import MetricKind
    from gpnde.scenario import Scenario
    from gpnde.testing import Report

Components = Mapping[str, "type[Component]"]


class _Offers(NamedTuple):
    """What is checked, by name, and what is refused of the plugin if it is one."""

    components: Components = {}
    metrics: Mapping[str, MetricKind[Any]] = {}
    problems: Sequence[str] = ()


@click.command("check", cls=Command)
@click.argument("target", metavar="NAME|FILE")
@click.option("--set", "settings", metavar="PARAMETER=VALUE", multiple=True, help="Say disruption.strike.days=3.")
@click.option("--scenario", metavar="SCENARIO", help="Try them on this network; left out: a tiny one.")
@json_option
def check_plugin(target: str, settings: tuple[str, ...], scenario: str | None, as_json: bool) -> int:
    """Check a component or metric, all of a plugin, or those of a plugin in a .py file or package folder.

    Each check takes a line. The exit code is 0 if all passed and 1 if any failed.
    """
    from gpnde.cli.loading import load_named
    from gpnde.testing import tiny_network

    with _offered(target) as offers:
        parameters = _parameters(read_settings(settings), offers.components)
        network = tiny_network() if scenario is None else load_named(scenario)
        reports = []
        for report in _reports(offers, parameters, network):
            reports.append(report)
            if not as_json:
                _print(report, network)
    passed = not offers.problems and all(report.passed for report in reports)
    if as_json:
        checked = [report.to_json() for report in reports]
        print_json({"passed": passed, "problems": list(offers.problems), "components": checked})
    else:
        total = _total(reports, "component" if offers.components else "metric")
        click.echo("\n".join([*(f"refused: {problem}" for problem in offers.problems), total]))
    return GOOD if passed else FAILED


def _reports(offers: _Offers, parameters: Mapping[str, dict[str, object]], network: Scenario) -> Iterator[Report]:
    from gpnde.testing import check_metric

    yield from (_checked(component, parameters[name], network) for name, component in offers.components.items())
    yield from (check_metric(metric, scenario=network) for metric in offers.metrics.values())


def _checked(component: type[Component], parameters: Mapping[str, Any], network: Scenario) -> Report:
    """Return the report of a component; a parameter that it lacks is a failed check, so that others get theirs."""
    from gpnde.testing import Check, Report, check_component

    try:
        return check_component(component, parameters=parameters, scenario=network)
    except ComponentError as error:
        if parameters:
            raise
        return Report(component.name, (Check("run", False, f"{error}: give it with --set"),))


def _print(report: Report, network: Scenario) -> None:
    click.echo(f"{report}\n")
    if report.passed and not report.changes:
        remedy = "give parameters with --set, or a --scenario, with which it does something"
        note(f"{report.component}: changes nothing in {network.name}, so that its checks say little: {remedy}")


def _total(reports: Sequence[Report], what: str) -> str:
    """Return how many passed.

    >>> from gpnde.testing import Report
    >>> _total([Report("policy.quota", ())], "component")
    '1 of 1 component passed'
    """
    passed = sum(report.passed for report in reports)
    return f"{passed} of {len(reports)} {what}{'s' if len(reports) != 1 else ''} passed"


def _parameters(settings: Mapping[str, str], components: Components) -> dict[str, dict[str, object]]:
    """Return the parameters of each component; where there is only one, its name may be left out of *settings*."""
    from gpnde.scenario.yaml_text import parse_yaml

    found: dict[str, dict[str, object]] = {name: {} for name in components}
    for key, value in settings.items():
        component, _, parameter = key.rpartition(".")
        component = component or (next(iter(components)) if len(components) == 1 else "")
        if component not in components:
            hint = nearest(component, components) or f"; there are {', '.join(components)}"
            raise ComponentError(
                where=f"--set {key}={value}", expected=f"no component {component!r} is checked here{hint}"
            )
        found[component][parameter] = parse_yaml(value, key)
    return found


@contextmanager
def _offered(target: str) -> Iterator[_Offers]:
    """Find the components and metrics that *target* stands for, and what is refused of the plugin if it is one."""
    from gpnde.plugin.host import plugin_host

    host = plugin_host()
    plugins = {plugin.name: plugin for plugin in host.plugins}
    if target in plugins:
        yield _offers_of(plugins[target])
    elif target in host.metrics:
        yield _Offers(metrics={target: host.metrics[target]})
    elif target in host.components or not _looks_like_a_file(target):
        yield _Offers({target: _component(target, plugins)})
    else:
        with _added(target) as plugin:
            yield _offers_of(plugin)


def _component(name: str, plugins: Mapping[str, Plugin]) -> type[Component]:
    from gpnde.plugin.host import plugin_host

    try:
        return plugin_host().component(name)
    except ComponentError as error:
        hint = "" if "." in name else nearest(name, plugins)
        raise (
            ComponentError(given=repr(name), expected=f"no such plugin, component or file{hint}") if hint else error
        ) from None


def _looks_like_a_file(target: str) -> bool:
    return target.endswith(".py") or len(Path(target).parts) > 1 or Path(target).exists()


@contextmanager
def _added(file: str) -> Iterator[Plugin]:
    """Add the plugin in a *file* or package for the time being."""
    from gpnde.plugin.host import add_plugin, additions_taken_back, plugin_host

    with additions_taken_back():
        add_plugin(Path(file).expanduser().absolute())
        yield plugin_host().plugins[-1]


def _offers_of(plugin: Plugin) -> _Offers:
    if plugin.switched_off:
        raise GpndeError(given=repr(plugin.name), expected=f"the plugin is {plugin.switched_off}")
    problems = [problem.cause for problem in plugin.problems]
    if not plugin.offers and not plugin.metrics:
        raise ComponentError(where=str(plugin.owner), expected="; ".join(problems) or "offers no component")
    return _Offers(dict(sorted(plugin.offers.items())), dict(sorted(plugin.metrics.items())), problems)
