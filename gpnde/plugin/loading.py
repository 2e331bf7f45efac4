"""Finding plugins without an import, and importing them so that a fault of one plugin harms no other."""

from __future__ import annotations

import contextlib
import importlib.metadata
import inspect
import os
import sys
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pluggy
from packaging.utils import NormalizedName, canonicalize_name

from gpnde.errors import ComponentError, nearest, one_line
from gpnde.plugin.added import added_names, added_plugin
from gpnde.plugin.component import Component
from gpnde.plugin.hooks import PROJECT, HostHooks, hookimpl
from gpnde.plugin.offers import (
    Plugin,
    refuse_plugins_of_one_name,
    take_chart,
    take_component,
    take_law,
    take_metric,
    take_ordering_policy,
    take_scenario,
    take_supplier_choice,
)
from gpnde.plugin.spec import hook_names
from gpnde.results.metric import MetricKind
from gpnde.scenario.problems import shown

ALLOWED = "GPNDE_PLUGINS"
"""Environment variable: names of the installed plugins, or of their distributions, that may be used, separated by
commas. Unset: all; empty: none. What ``--plugin`` names may be used in any case."""

_OFF = f"switched off by {ALLOWED}"
_TAKE = {
    "gpnde_components": take_component,
    "gpnde_scenarios": take_scenario,
    "gpnde_charts": take_chart,
    "gpnde_metrics": take_metric,
    "gpnde_ordering_policies": take_ordering_policy,
    "gpnde_supplier_choices": take_supplier_choice,
    "gpnde_laws": take_law,
}


def find_plugins() -> list[Plugin]:
    """Return the plugins that are installed or were named with ``--plugin``, without importing any."""
    installed = _installed_plugins()
    known = {name for plugin in installed for name in (plugin.name, plugin.module)}
    modules = {plugin.module for plugin in installed}
    added = {name: added_plugin(name, modules) for name in added_names() if name not in known}
    _switch_off(installed, {plugin.module: name for name, plugin in added.items()})
    refuse_plugins_of_one_name(installed)
    return [*installed, *added.values()]


def _installed_plugins() -> list[Plugin]:
    """Return the plugins of all distributions, by name; what lies on the path twice is one."""
    found: dict[tuple[str, ...], Plugin] = {}
    for entry in _entries():
        plugin = _installed(entry)
        found.setdefault((entry.name, entry.value, plugin.distribution, plugin.version), plugin)
    return [found[key] for key in sorted(found)]


def _entries() -> Iterator[importlib.metadata.EntryPoint]:
    """Yield what distributions offer; a checkout that was built is none where the same distribution is installed."""
    built, names = [], set()
    for distribution in importlib.metadata.distributions():
        entries = [*distribution.entry_points.select(group=PROJECT)]
        if entries and distribution.read_text("METADATA") is None:
            built += entries
        elif entries:
            names.add(_distribution(entries[0])[0])
            yield from entries
    yield from (entry for entry in built if _distribution(entry)[0] not in names)


def given_plugin(components: Iterable[type[Component]], metrics: Iterable[MetricKind[Any]] = ()) -> Plugin:
    """Return a plugin that offers *components* and *metrics* without a module of its own."""
    offered, measured = tuple(components), tuple(metrics)

    @hookimpl
    def gpnde_components() -> Iterable[type[Component]]:
        return offered

    @hookimpl
    def gpnde_metrics() -> Iterable[MetricKind[Any]]:
        return measured

    module = SimpleNamespace(gpnde_components=gpnde_components, gpnde_metrics=gpnde_metrics)
    return Plugin("given", "", "given", "0", lambda: module)


def _installed(entry: importlib.metadata.EntryPoint) -> Plugin:
    name, version = _distribution(entry)
    return Plugin(entry.name, entry.value.partition(":")[0].strip(), name, version, entry.load)


def _distribution(entry: importlib.metadata.EntryPoint) -> tuple[str, str]:
    """Return name and version of the distribution behind an entry point, as far as its metadata can be read."""
    try:
        return (str(entry.dist.name), str(entry.dist.version)) if entry.dist else ("unknown", "unknown")
    except (KeyError, TypeError, FileNotFoundError, importlib.metadata.PackageNotFoundError):
        return "unknown", "unknown"


def _switch_off(installed: Iterable[Plugin], replaced: dict[str, str]) -> None:
    """Switch off what ``GPNDE_PLUGINS`` leaves out, and what a file that was named takes the place of."""
    allowed, added = allowed_names(), added_names()
    for plugin in installed:
        names = {canonicalize_name(plugin.name), canonicalize_name(plugin.distribution)}
        if plugin.module in replaced:
            plugin.switched_off = f"replaced by --plugin {replaced[plugin.module]}"
        elif allowed is not None and not names & allowed and not {plugin.name, plugin.module} & {*added}:
            plugin.switched_off = _OFF


def allowed_names() -> set[NormalizedName] | None:
    """Return the names in ``GPNDE_PLUGINS`` as they are compared, or None where it is not set."""
    given = os.environ.get(ALLOWED)
    return None if given is None else {canonicalize_name(each.strip()) for each in given.split(",") if each.strip()}


def check_allowed_names(plugins: Iterable[Plugin]) -> None:
    """Refuse a name in ``GPNDE_PLUGINS`` that no plugin has."""
    known = sorted({name for plugin in plugins for name in (plugin.name, plugin.distribution)})
    for name in sorted(allowed_names() or ()):
        if name not in {canonicalize_name(each) for each in known}:
            hint = nearest(name, known)
            raise ComponentError(
                where=ALLOWED, given=repr(name), expected=f"no such plugin{hint}; there are {', '.join(known)}"
            )


def load_plugin(plugin: Plugin) -> None:
    """Import a plugin and take what it offers; whatever it raises becomes its problem."""
    try:
        # What a plugin prints must not get into the answer of a command.
        with contextlib.redirect_stdout(sys.stderr):
            _take_offers(plugin, plugin.load())
    except KeyboardInterrupt:
        raise
    # A plugin may even call `sys.exit` while it is imported.
    except BaseException as error:
        plugin.clear()
        plugin.refuse(one_line(error))


def _take_offers(plugin: Plugin, module: Any) -> None:
    """Ask every hook of a plugin's module, and only then take what they gave."""
    if plugin.was_added:
        plugin.version = str(getattr(module, "__version__", plugin.version))
    _check_hooks(module)
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(HostHooks)
    manager.register(module)
    given = {hook: [_listed(hook, answer) for answer in getattr(manager.hook, hook)()] for hook in _TAKE}
    for hook, answers in given.items():
        for offer in (offer for answer in answers for offer in answer):
            _TAKE[hook](plugin, offer)


def _check_hooks(module: Any) -> None:
    """Refuse a module that fills no hook, one that does not exist, or one without its mark."""
    filled = [name for name in dir(module) if _fills_a_hook(getattr(module, name, None))]
    if not filled:
        raise ComponentError(given="offers nothing", expected="mark a function gpnde_components with @gpnde.hookimpl")
    for name in filled:
        hook = getattr(module, name).gpnde_impl["specname"] or name
        if hook in hook_names():
            raise ComponentError(where=hook, expected="a hook of components: make it a method of one")
        if hook not in _TAKE:
            raise ComponentError(
                where=hook, expected=f"no such hook{nearest(hook, _TAKE)}; there are {', '.join(_TAKE)}"
            )
    for name in _TAKE:
        if inspect.isroutine(getattr(module, name, None)) and name not in filled:
            raise ComponentError(
                where=name, expected="is called like a hook and is not marked as one: put @gpnde.hookimpl above it"
            )


def _fills_a_hook(thing: Any) -> bool:
    return inspect.isroutine(thing) and isinstance(getattr(thing, f"{PROJECT}_impl", None), dict)


def _listed(hook: str, answer: Any) -> list[Any]:
    if not isinstance(answer, Iterable) or isinstance(answer, str):
        raise ComponentError(given=f"{hook} gave {shown(answer)}", expected="must be a list")
    return list(answer)
