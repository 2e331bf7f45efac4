"""The host: knows the plugins of this Python, imports them when they are needed and builds their components."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from gpnde.errors import NOBODY, ComponentError, Origin, Owner, ScenarioError, nearest
from gpnde.numerics.laws.catalogue import LAWS
from gpnde.numerics.laws.record import LawType
from gpnde.plugin.added import added_names, resolve, set_added_names
from gpnde.plugin.component import Component
from gpnde.plugin.loading import check_allowed_names, find_plugins, given_plugin, load_plugin
from gpnde.plugin.offers import Plugin, PluginProblem, ScenarioOffer, refuse_names_that_two_offer
from gpnde.plugin.requirements import check_installed
from gpnde.registry import Registry
from gpnde.results.chart import ChartKind
from gpnde.results.metric import MetricKind
from gpnde.results.register import taken_beginning
from gpnde.scenario.files import no_such_scenario
from gpnde.scenario.law import forget_law_texts
from gpnde.scenario.ordering import POLICIES, SUPPLIER_CHOICES, OrderingPolicy, SupplierChoice
from gpnde.scenario.presets import preset_names
from gpnde.scenario.schema import ComponentUse

__all__ = ["Host", "Plugin", "PluginProblem", "add_plugin", "additions_taken_back", "plugin_host"]

_REGISTRIES: dict[str, Registry[Any]] = {
    "laws": LAWS,
    "ordering_policies": POLICIES,
    "supplier_choices": SUPPLIER_CHOICES,
}
"""Where what plugins offer is entered, by the attribute of their record."""

_WORST_FIRST = ("broken", "incompatible", "ready", "disabled")


class Host:
    """Knows the plugins of this Python; looks up names at once and imports on the first need."""

    def __init__(self, plugins: Sequence[Plugin] | None = None) -> None:
        """Take these *plugins*, or read the names of those that there are; none is imported yet."""
        self._found = find_plugins() if plugins is None else plugins
        self._is_given = plugins is not None
        self.is_loading = self._is_loaded = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all plugins."""
        return tuple(plugin.name for plugin in self._found)

    @cached_property
    def plugins(self) -> Sequence[Plugin]:
        """All plugins, imported but for those switched off; a broken one holds its problem instead of its offers."""
        if not self._is_given:
            check_allowed_names(self._found)
        self.is_loading = True
        try:
            self._load()
        finally:
            self.is_loading = False
        if not self._is_given:
            _bring(self._found)
        self._is_loaded = True
        return self._found

    def _load(self) -> None:
        for plugin in self._found:
            if not plugin.switched_off and not plugin.problems:
                load_plugin(plugin)
        refuse_names_that_two_offer(self._found)

    @property
    def problems(self) -> tuple[PluginProblem, ...]:
        """What cannot be used, and why."""
        return tuple(problem for plugin in self.plugins for problem in plugin.problems)

    @property
    def problems_met(self) -> tuple[PluginProblem, ...]:
        """The problems of plugins that were imported so far; asking for them imports none."""
        return self.problems if self._is_loaded else ()

    @property
    def components(self) -> dict[str, type[Component]]:
        """All components that can be used, by name."""
        return dict(sorted(pair for plugin in self.plugins for pair in plugin.offers.items()))

    @property
    def scenarios(self) -> dict[str, ScenarioOffer]:
        """All scenarios that plugins offer, by name."""
        return dict(sorted(pair for plugin in self.plugins for pair in plugin.scenarios.items()))

    @property
    def charts(self) -> dict[str, ChartKind[...]]:
        """All charts that plugins offer, by name."""
        return dict(sorted(pair for plugin in self.plugins for pair in plugin.charts.items()))

    @property
    def metrics(self) -> dict[str, MetricKind[Any]]:
        """All metrics that plugins offer, by name; a run measures those that its scenario names."""
        return dict(sorted(pair for plugin in self.plugins for pair in plugin.metrics.items()))

    @property
    def laws(self) -> dict[str, LawType]:
        """All probability laws that plugins offer, by name."""
        return dict(sorted(pair for plugin in self.plugins for pair in plugin.laws.items()))

    @property
    def ordering_policies(self) -> dict[str, OrderingPolicy]:
        """All ordering policies that plugins offer, by name."""
        return dict(sorted(pair for plugin in self.plugins for pair in plugin.ordering_policies.items()))

    @property
    def supplier_choices(self) -> dict[str, SupplierChoice]:
        """All rules for choosing suppliers that plugins offer, by name."""
        return dict(sorted(pair for plugin in self.plugins for pair in plugin.supplier_choices.items()))

    def why_unknown(self, kind: str, name: str) -> str:
        """Return why no plugin brings a record of a registry, after whatever the error has said of it already."""
        problem = self._problem(f"{kind} {name}")
        return f": {problem.cause} ({problem.owner})" if problem is not None else self._unheard()

    def metrics_named(self, names: Sequence[str]) -> dict[MetricKind[Any], Owner]:
        """Return the metrics that a scenario names in ``record.metrics``, each with its owner.

        Raises
        ------
        ScenarioError
            No plugin offers such a metric.
        """
        owners = {name: plugin.owner for plugin in self.plugins for name in plugin.metrics} if names else {}
        known = self.metrics if names else {}
        for name in names:
            if name not in known:
                raise ScenarioError(where="record.metrics", given=repr(name), expected=self._no_such_metric(name))
        return {known[name]: owners[name] for name in sorted(set(names))}

    def _no_such_metric(self, name: str) -> str:
        """Return why there is no metric of that name to be asked for."""
        if taken_beginning(name):
            return "is measured in every run, or by its component: name metrics of plugins alone"
        problem = self._problem(f"metric {name}")
        if problem is not None:
            return problem.cause
        return f"no plugin offers it{nearest(name, self.metrics)}: 'gpnde metrics' lists them{self._unheard()}"

    def component(self, name: str) -> type[Component]:
        """Return the component of that name, or raise a `ComponentError` of one line."""
        known = self.components
        if name in known:
            return known[name]
        problem = self._problem(name)
        if problem is not None:
            # What is wrong with the class itself names it, and not yet its owner.
            text = f"{problem.cause} ({problem.owner})" if problem.where else f"{name}: {problem.cause}"
            raise ComponentError(text, where=problem.where or name, origin=Origin(name, problem.owner))
        hint = nearest(name, known) or ";"
        raise ComponentError(
            given=repr(name), expected=f"no such component{hint} run 'gpnde plugins' for the list{self._unheard()}"
        )

    def scenario_source(self, source: str | Path) -> str | Path:
        """Return where to load a scenario from: as given, or the path that a plugin gave under that name.

        Scenarios of gpnde, files and folders go before what plugins offer, and no plugin is imported for them.
        """
        if not isinstance(source, str) or source in preset_names() or _is_path(source):
            return source
        offered = self.scenarios
        if source in offered:
            return offered[source].path
        problem = self._problem(f"scenario {source}")
        if problem is not None:
            raise ScenarioError(problem.cause, origin=Origin(owner=problem.owner))
        raise no_such_scenario(source, [*preset_names(), *offered], self._unheard())

    def owner(self, name: str) -> Owner:
        """Return the plugin that brought a component or metric, one without names where none did."""
        owners = (plugin.owner for plugin in self.plugins if name in plugin.offers or name in plugin.metrics)
        return next(owners, NOBODY)

    def build(self, uses: Sequence[ComponentUse], requires: Sequence[str] = ()) -> list[Component]:
        """Return the components that are enabled, with their parameters, in an order that is not the scenario's.

        They are sorted by name, and by parameters where one component is used more than once. What the scenario
        *requires* to be installed is checked before any plugin is imported.
        """
        check_installed(requires)
        built = [self.component(use.use).of(use.parameters) for use in uses if use.enabled]
        _check_requirements(built)
        return sorted(built, key=lambda component: (component.name, component.model_dump_json()))

    def listing(self) -> list[dict[str, Any]]:
        """Return one row per plugin, broken ones first and those switched off last.

        A row holds name, distribution, version, api, status, cause, and the names of what it offers: components in
        offers, scenarios, charts, metrics, laws and ordering policies.
        """
        return [_row(plugin) for plugin in sorted(self.plugins, key=lambda each: _WORST_FIRST.index(each.status))]

    def _problem(self, offer: str) -> PluginProblem | None:
        """Return why an offer was refused, or None if it was not."""
        return next((problem for problem in self.problems if problem.offer == offer), None)

    def _unheard(self) -> str:
        """Return what is wrong with the plugins that could not tell what they offer, and which were not asked."""
        broken = "".join(f"; {problem}" for problem in self.problems if not problem.offer)
        return broken + "".join(f"; {why}: {', '.join(names)}" for why, names in _switched_off(self.plugins).items())


@cache
def _host_of_the_process() -> Host:
    return Host()


_stand_ins: list[Host] = []


def plugin_host() -> Host:
    """Return the host of this process, or the one that stands in for it."""
    # The innermost block counts, as blocks of isolation may be nested.
    return _stand_ins[-1] if _stand_ins else _host_of_the_process()


def forget_plugins() -> None:
    """Forget the plugins, so that the next use of the host looks for them again."""
    _host_of_the_process.cache_clear()
    _forget_records()


def _forget_records() -> None:
    """Forget what plugins brought, and what was read with it."""
    for registry in _REGISTRIES.values():
        registry.clear_added()
    # Laws that were read with a plugin would otherwise outlive it.
    forget_law_texts()


def _bring(plugins: Iterable[Plugin]) -> None:
    """Enter what plugins offer into the registries, in place of what others brought."""
    for kind, registry in _REGISTRIES.items():
        registry.clear_added()
        for plugin in plugins:
            for record in getattr(plugin, kind).values():
                registry.add(record, plugin.owner)


def seek(kind: str, name: str) -> str:
    """Import the plugins, which bring their records to all registries, and return why a name may still be unknown."""
    host = plugin_host()
    # A plugin that asks for a name while it is imported is too early: what plugins offer is not known yet.
    if host.is_loading:
        return ""
    _bring(host.plugins)
    return host.why_unknown(kind, name)


def add_plugin(plugin: str | Path) -> None:
    """Make a plugin that is not installed available to this process and those that it starts.

    *plugin* is a ``.py`` file, the folder of a package, or the name of a module, as for ``gpnde --plugin``. The host
    lists it last. A file or folder that was added before is read again, so that a notebook can change it and try again.

    Raises
    ------
    ComponentError
        There is no such thing.
    """
    name = resolve(str(plugin), plugin_host().names)
    set_added_names([*(each for each in added_names() if each != name), name])
    forget_plugins()


@contextmanager
def additions_taken_back() -> Iterator[None]:
    """Take back, at the end of the ``with`` block, what was added in it.

    >>> with additions_taken_back():
    ...     add_plugin("gpnde_policies")
    ...     added_names()[-1]
    'gpnde_policies'
    """
    before = added_names()
    try:
        yield
    finally:
        set_added_names(before)
        forget_plugins()


@contextmanager
def host_of(components: Iterable[type[Component]], metrics: Iterable[MetricKind[Any]] = ()) -> Iterator[Host]:
    """Put a host that offers *components* and *metrics*, and nothing else, in the place of that of this process."""
    host = Host([given_plugin(components, metrics)])
    _stand_ins.append(host)
    _forget_records()
    try:
        yield host
    finally:
        _stand_ins.remove(host)
        _forget_records()


def _is_path(source: str) -> bool:
    return os.path.exists(source) or len(Path(source).parts) > 1 or source.lower().endswith((".yaml", ".yml"))


def _switched_off(plugins: Iterable[Plugin]) -> Mapping[str, list[str]]:
    """Return the plugins that are not imported, by the reason."""
    found: dict[str, list[str]] = {}
    for plugin in plugins:
        if plugin.switched_off:
            found.setdefault(plugin.switched_off, []).append(plugin.name)
    return found


def _check_requirements(built: Sequence[Component]) -> None:
    names = {component.name for component in built}
    for component in built:
        for required in component.requires:
            if required not in names:
                raise ComponentError(
                    where=component.name,
                    given=f"needs {required}",
                    expected="add it to the components of the scenario",
                    origin=Origin(component.name),
                )


def _row(plugin: Plugin) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "api": plugin.api,
        "status": plugin.status,
        "offers": sorted(plugin.offers),
        "scenarios": sorted(plugin.scenarios),
        "charts": sorted(plugin.charts),
        "metrics": sorted(plugin.metrics),
        "ordering_policies": sorted(plugin.ordering_policies),
        "supplier_choices": sorted(plugin.supplier_choices),
        "laws": sorted(plugin.laws),
        "cause": "; ".join(filter(None, (plugin.switched_off, *(problem.cause for problem in plugin.problems)))),
    }
