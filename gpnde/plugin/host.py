"""The host: finds plugins through entry points, imports them when they are needed and builds their components."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import ModuleType
from typing import Any, Literal

import pluggy

from gpnde.errors import ComponentError, nearest
from gpnde.plugin.component import API, Component
from gpnde.plugin.hooks import PROJECT, HostHooks
from gpnde.scenario.schema import ComponentUse

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z][a-z0-9]*(-[a-z0-9]+)*")

Status = Literal["ready", "broken", "incompatible"]


@dataclass(frozen=True)
class PluginProblem:
    """Why a plugin, or one of its components, cannot be used."""

    name: str
    distribution: str
    version: str
    cause: str
    status: Status = "broken"
    component: str = ""
    """The component that is refused; empty where it is the whole plugin."""


@dataclass
class Plugin:
    """An entry point: who offers it, and what came of it."""

    entry: importlib.metadata.EntryPoint
    offers: dict[str, type[Component]] = field(default_factory=dict)
    problems: list[PluginProblem] = field(default_factory=list)

    @property
    def distribution(self) -> str:
        """Name of the distribution that brought the plugin."""
        return self.entry.dist.name if self.entry.dist else "unknown"

    @property
    def version(self) -> str:
        """Version of that distribution."""
        return self.entry.dist.version if self.entry.dist else "unknown"

    @property
    def owner(self) -> str:
        """Who is to blame, in words."""
        return f"plugin {self.entry.name!r} ({self.distribution} {self.version})"

    @property
    def status(self) -> Status:
        """Whether all that the plugin offers can be used."""
        statuses = [problem.status for problem in self.problems]
        return "ready" if not statuses else "broken" if "broken" in statuses else "incompatible"

    def refuse(self, cause: str, component: str = "", status: Status = "broken") -> None:
        """Remember why the plugin, or one component, cannot be used."""
        name = self.entry.name
        self.problems.append(PluginProblem(name, self.distribution, self.version, cause, status, component))


class Host:
    """Knows the plugins of this Python; looks up names at once and imports on the first need."""

    def __init__(self) -> None:
        """Read the names of the entry points, without importing anything."""
        found = importlib.metadata.entry_points(group=PROJECT)
        self._found = [Plugin(entry) for entry in sorted(found, key=lambda entry: (entry.name, entry.value))]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all plugins."""
        return tuple(plugin.entry.name for plugin in self._found)

    @cached_property
    def plugins(self) -> Sequence[Plugin]:
        """All plugins, imported; a broken one holds its problem instead of its components."""
        for plugin in self._found:
            _load(plugin)
        _refuse_names_that_two_offer(self._found)
        return self._found

    @property
    def problems(self) -> tuple[PluginProblem, ...]:
        """What cannot be used, and why."""
        return tuple(problem for plugin in self.plugins for problem in plugin.problems)

    @property
    def components(self) -> dict[str, type[Component]]:
        """All components that can be used, by name."""
        return dict(sorted(pair for plugin in self.plugins for pair in plugin.offers.items()))

    def component(self, name: str) -> type[Component]:
        """Return the component of that name, or raise a `ComponentError` of one line."""
        known = self.components
        if name in known:
            return known[name]
        for problem in self.problems:
            if problem.component == name:
                raise ComponentError(f"{name}: {problem.cause}")
        hint = nearest(name, known) or ";"
        raise ComponentError(f"{name!r}: no such component{hint} run 'gpnde plugins' for the list{self._broken()}")

    def owner(self, component: str) -> str:
        """Return who brought a component, such as ``plugin 'disruptions' (gpnde 0.1.0)``, or an empty text."""
        return next((plugin.owner for plugin in self.plugins if component in plugin.offers), "")

    def build(self, uses: Sequence[ComponentUse]) -> list[Component]:
        """Return the components that are enabled, with their parameters, in an order that is not the scenario's.

        They are sorted by name, and by parameters where one component is used more than once.
        """
        built = [self.component(use.use).of(use.parameters) for use in uses if use.enabled]
        _check_requirements(built)
        return sorted(built, key=lambda component: (component.name, component.model_dump_json()))

    def listing(self) -> list[dict[str, Any]]:
        """Return one row per plugin: plugin, distribution, version, api, status, offers and cause."""
        return [_row(plugin) for plugin in self.plugins]

    def _broken(self) -> str:
        """Return what is wrong with the plugins that could not tell what they offer."""
        causes = [(problem.name, problem.cause) for problem in self.problems if not problem.component]
        return "".join(f"; plugin {name!r} is broken: {cause}" for name, cause in causes)


@cache
def _own_host() -> Host:
    return Host()


_stand_ins: list[Host] = []


def plugin_host() -> Host:
    """Return the host of this process, or the one that stands in for it."""
    return _stand_ins[-1] if _stand_ins else _own_host()


@contextmanager
def host_of(components: Iterable[type[Component]]) -> Iterator[Host]:
    """Let a host that offers *components* and nothing else stand in for that of this process."""
    host = Host()
    plugin = Plugin(importlib.metadata.EntryPoint("given", "given", PROJECT))
    for component in components:
        _take(plugin, component)
    host._found = host.plugins = [plugin]
    _stand_ins.append(host)
    try:
        yield host
    finally:
        _stand_ins.remove(host)


def _load(plugin: Plugin) -> None:
    """Import a plugin and take what it offers; whatever it raises becomes its problem."""
    try:
        offered = list(_offered(plugin.entry.load()))
    except (Exception, SystemExit) as error:
        plugin.refuse(_one_line(error))
        return
    for component in offered:
        _take(plugin, component)


def _offered(module: ModuleType) -> Iterator[type[Component]]:
    """Yield what the hook of a plugin's module gives."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(HostHooks)
    manager.register(module)
    manager.check_pending()
    for components in manager.hook.gpnde_components():
        yield from components


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _take(plugin: Plugin, component: Any) -> None:
    """Add a component to what a plugin offers, or remember why not."""
    if not (isinstance(component, type) and issubclass(component, Component)):
        plugin.refuse(f"gpnde_components gave {component!r}: must be classes that derive from gpnde.Component")
        return
    name = getattr(component, "name", "")
    if not _NAME.fullmatch(name):
        text = f"{component.__qualname__}.name = {name!r}: must be family.name, such as disruption.site-outage"
        plugin.refuse(text)
    elif name in plugin.offers:
        plugin.refuse(f"{name} is offered twice by {plugin.owner}: give each component a name of its own", name)
        del plugin.offers[name]
    elif component.api not in (API, API - 1):
        text = f"made for interface {component.api} of gpnde, this is {API}: install another version of"
        plugin.refuse(f"{text} {plugin.distribution}", name, "incompatible")
    else:
        plugin.offers[name] = component


def _refuse_names_that_two_offer(plugins: Iterable[Plugin]) -> None:
    owners: dict[str, list[Plugin]] = {}
    for plugin in plugins:
        for name in plugin.offers:
            owners.setdefault(name, []).append(plugin)
    for name, among in owners.items():
        if len(among) > 1:
            who = " and ".join(plugin.owner for plugin in among)
            for plugin in among:
                del plugin.offers[name]
                plugin.refuse(f"{name} is offered by {who}: uninstall one of them", name)


def _check_requirements(built: Sequence[Component]) -> None:
    names = {component.name for component in built}
    for component in built:
        for required in component.requires:
            if required not in names:
                raise ComponentError(f"{component.name}: needs {required}: add it to the components of the scenario")


def _row(plugin: Plugin) -> dict[str, Any]:
    versions = [component.api for component in plugin.offers.values()]
    return {
        "name": plugin.entry.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "api": max(versions, default=None),
        "status": plugin.status,
        "offers": sorted(plugin.offers),
        "cause": "; ".join(problem.cause for problem in plugin.problems),
    }
