"""The record of a plugin: its distribution, what it offers, and what of that is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from packaging.utils import canonicalize_name

from gpnde.errors import ComponentError, Owner
from gpnde.numerics.laws.catalogue import LAWS
from gpnde.numerics.laws.record import LawType
from gpnde.plugin.component import API, Component
from gpnde.plugin.marked import check_hooks
from gpnde.results.chart import GROUPS, ChartKind
from gpnde.results.metric import DIRECTIONS, MetricKind
from gpnde.results.register import taken_beginning
from gpnde.scenario.files import FILE
from gpnde.scenario.law import COMMON, OPTIONS, Law
from gpnde.scenario.ordering import (
    POLICIES,
    SUPPLIER_CHOICES,
    OrderingPolicy,
    SupplierChoice,
    choice_fault,
    ordering_fault,
)
from gpnde.scenario.presets import preset_names
from gpnde.scenario.problems import shown

Status = Literal["ready", "broken", "incompatible", "disabled"]
"""All can be used; something is wrong; made for another gpnde; left out by the user."""

_COMPONENT_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PARAMETER_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_METRIC_NAME = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)*")
_LABELS = {
    "offers": "",
    "scenarios": "scenario ",
    "charts": "chart ",
    "metrics": "metric ",
    "laws": f"{LAWS.kind} ",
    "ordering_policies": f"{POLICIES.kind} ",
    "supplier_choices": f"{SUPPLIER_CHOICES.kind} ",
}
"""What a plugin may offer: the attribute of its record, and how an offer is called in a sentence."""


@dataclass(frozen=True)
class ScenarioOffer:
    """A scenario that a plugin brings: `gpnde run NAME` and `gpnde scenarios` know it."""

    name: str
    """Small letters, digits and hyphens, such as ``port-closure``."""
    path: Path | str
    """A YAML file, or a folder that holds scenario.yaml; best given from ``__file__`` of the plugin."""


@dataclass(frozen=True)
class PluginProblem:
    """Why a plugin, or one thing that it offers, cannot be used."""

    name: str
    distribution: str
    version: str
    cause: str
    status: Status = "broken"
    offer: str = ""
    """What is refused, such as ``policy.quota``, ``scenario port-closure``, ``chart cost-of-policies``, ``metric
    stock.peak``, ``law triangular`` or ``ordering policy min-max-days``; empty where it is the whole plugin."""
    where: str = ""
    """Which part of a component the cause names, such as ``policy.quota.proces``; empty where it names none."""

    @property
    def owner(self) -> Owner:
        """What errors name."""
        return Owner(self.name, self.distribution.strip("()"), self.version)

    def __str__(self) -> str:
        """Return the problem in one line."""
        return f"{self.owner} is {self.status}: {self.cause}"


@dataclass
class Plugin:
    """A plugin: its distribution, how to import it, and what it offers."""

    name: str
    module: str
    """Dotted name of its module."""
    distribution: str
    """Name of the distribution that brought it; ``(file)`` or ``(module)`` where ``--plugin`` did."""
    version: str
    load: Callable[[], object]
    """Imports the module and returns it, or what else the entry point names."""
    switched_off: str = ""
    """Why it is not imported at all; empty where it may be."""
    api: int | None = None
    """Highest version of the interfaces that its components were made for."""
    offers: dict[str, type[Component]] = field(default_factory=dict)
    scenarios: dict[str, ScenarioOffer] = field(default_factory=dict)
    charts: dict[str, ChartKind[...]] = field(default_factory=dict)
    metrics: dict[str, MetricKind[Any]] = field(default_factory=dict)
    laws: dict[str, LawType] = field(default_factory=dict)
    ordering_policies: dict[str, OrderingPolicy] = field(default_factory=dict)
    supplier_choices: dict[str, SupplierChoice] = field(default_factory=dict)
    problems: list[PluginProblem] = field(default_factory=list)

    @property
    def was_added(self) -> bool:
        """Whether it was named with ``--plugin`` and belongs to no distribution."""
        return self.distribution.startswith("(")

    @property
    def owner(self) -> Owner:
        """What errors name; the distribution is ``file`` or ``module`` where there is none."""
        return Owner(self.name, self.distribution.strip("()"), self.version)

    @property
    def status(self) -> Status:
        """Whether all that the plugin offers can be used."""
        if self.switched_off:
            return "disabled"
        statuses = [problem.status for problem in self.problems]
        return "ready" if not statuses else "broken" if "broken" in statuses else "incompatible"

    def clear(self) -> None:
        """Drop all that the plugin offers."""
        for kind in _LABELS:
            getattr(self, kind).clear()

    def refuse(self, cause: str, offer: str = "", status: Status = "broken", where: str = "") -> None:
        """Remember why the plugin, or one thing that it offers, cannot be used."""
        self.problems.append(PluginProblem(self.name, self.distribution, self.version, cause, status, offer, where))


def take_component(plugin: Plugin, component: Any) -> None:
    """Add a component to what a plugin offers, or remember why not."""
    if not (isinstance(component, type) and issubclass(component, Component)):
        plugin.refuse(f"gpnde_components gave {shown(component)}: must be classes that derive from gpnde.Component")
        return
    name = getattr(component, "name", "")
    if not _is_name(name, _COMPONENT_NAME):
        text = f"{component.__qualname__}.name = {name!r}: must be family.name, such as disruption.site-outage"
        plugin.refuse(text)
    elif (
        _says_what_is_better(plugin, component)
        and _is_for_this_interface(plugin, component)
        and _fits_its_hooks(plugin, component)
    ):
        _take(plugin, "offers", name, component)


def _fits_its_hooks(plugin: Plugin, component: type[Component]) -> bool:
    """Return whether all hooks that a component fills exist and are marked; refuse it if not."""
    try:
        check_hooks(component, component.name)
    except ComponentError as error:
        plugin.refuse(str(error), component.name, where=error.where)
        return False
    return True


def _says_what_is_better(plugin: Plugin, component: type[Component]) -> bool:
    """Return whether a component declares directions of its metrics that there are; refuse it if not."""
    declared: Any = component.better
    wrong = {"better": declared}
    if isinstance(declared, Mapping):
        wrong = {str(name): better for name, better in declared.items() if better not in DIRECTIONS}
    for name, better in wrong.items():
        text = f"{component.name}: better of {name} = {shown(better)}: must be {' or '.join(DIRECTIONS)}"
        plugin.refuse(text, component.name, where=component.name)
    return not wrong


def _is_for_this_interface(plugin: Plugin, component: type[Component]) -> bool:
    """Return whether a component was made for this version of the interfaces or the one before; refuse it if not."""
    api: Any = component.api
    if type(api) is not int:
        text = f"{component.name}: api = {api!r}: must be a whole number, such as {API}"
        plugin.refuse(text, component.name, where=component.name)
        return False
    plugin.api = max(api, plugin.api or 0)
    if api not in (API, API - 1):
        text = f"made for interface {api} of gpnde, this is {API}: install another version of {plugin.distribution}"
        plugin.refuse(text, component.name, "incompatible")
        return False
    return True


def take_scenario(plugin: Plugin, offer: Any) -> None:
    """Add a scenario to what a plugin offers, or remember why not; scenarios of gpnde keep their names."""
    if not isinstance(offer, ScenarioOffer):
        plugin.refuse(f"gpnde_scenarios gave {shown(offer)}: must be gpnde.ScenarioOffer")
    elif not _is_name(offer.name, _NAME):
        plugin.refuse(f"scenario {offer.name!r}: must be small letters, digits and hyphens, such as port-closure")
    elif offer.name in preset_names():
        text = f"scenario {offer.name} is offered by gpnde itself and {plugin.owner}: give it another name"
        plugin.refuse(text, f"scenario {offer.name}")
    elif not _file_of(offer).is_file():
        text = f"scenario {offer.name}: {offer.path}: no such file: give one relative to __file__ of the plugin"
        plugin.refuse(text, f"scenario {offer.name}")
    else:
        _take(plugin, "scenarios", offer.name, offer)


def _file_of(offer: ScenarioOffer) -> Path:
    path = Path(offer.path)
    return path / FILE if path.is_dir() else path


def take_chart(plugin: Plugin, offer: Any) -> None:
    """Add a chart to what a plugin offers, or remember why not."""
    if not isinstance(offer, ChartKind):
        plugin.refuse(f"gpnde_charts gave {shown(offer)}: must be functions under @gpnde.chart(...)")
    elif not _is_name(offer.name, _NAME):
        plugin.refuse(f"chart {offer.name!r}: must be small letters, digits and hyphens, such as cost-of-policies")
    elif offer.group not in GROUPS or offer.group == "study":
        groups = ", ".join(group for group in GROUPS if group != "study")
        plugin.refuse(f"chart {offer.name}: group {shown(offer.group)}: must be one of {groups}", f"chart {offer.name}")
    else:
        _take(plugin, "charts", offer.name, offer)


def take_metric(plugin: Plugin, offer: Any) -> None:
    """Add a metric to what a plugin offers, or remember why not; metrics of gpnde keep their names."""
    if not isinstance(offer, MetricKind):
        plugin.refuse(f"gpnde_metrics gave {shown(offer)}: must be functions under @gpnde.metric(...)")
    elif not _is_name(offer.name, _METRIC_NAME):
        plugin.refuse(f"metric {shown(offer.name)}: must be small letters, digits, dots and _ or -, such as stock.peak")
    elif taken := taken_beginning(offer.name):
        text = f"metric {offer.name}: names that begin with {taken} are taken by gpnde: give it another name"
        plugin.refuse(text, f"metric {offer.name}")
    elif offer.better not in DIRECTIONS:
        text = f"metric {offer.name}: better = {shown(offer.better)}: must be {' or '.join(DIRECTIONS)}"
        plugin.refuse(text, f"metric {offer.name}")
    else:
        _take(plugin, "metrics", offer.name, offer)


def take_law(plugin: Plugin, offer: Any) -> None:
    """Add a probability law to what a plugin offers, or remember why not; laws of gpnde keep their names."""
    if not isinstance(offer, LawType):
        plugin.refuse(f"gpnde_laws gave {shown(offer)}: must be functions under @gpnde.law(...)")
    elif not _is_name(offer.name, _NAME):
        plugin.refuse(f"law {shown(offer.name)}: must be small letters, digits and hyphens, such as triangular")
    elif LAWS.is_own(offer.name):
        text = f"law {offer.name} is offered by gpnde itself and {plugin.owner}: give it another name"
        plugin.refuse(text, f"law {offer.name}")
    elif wrong := _wrong_parameter(offer):
        plugin.refuse(f"law {offer.name}: {wrong}", f"law {offer.name}")
    else:
        _take(plugin, "laws", offer.name, offer)


def _wrong_parameter(offer: LawType) -> str:
    """Return what is wrong with a parameter of a law: it is an attribute of `gpnde.Law` and stands in texts."""
    for parameter in offer.parameters:
        name, common = parameter.name, COMMON.get(parameter.name)
        is_taken = common is None and (hasattr(Law, name) or name in Law.model_fields)
        if is_taken or not _is_name(name, _PARAMETER_NAME):
            return f"parameter {shown(name)}: must be small letters, digits and _, and no word of gpnde.Law"
        if common is not None and common.is_list != parameter.is_list:
            kind = "a list" if common.is_list else "a number"
            return f"parameter {name}: is {kind} in laws of gpnde: give it another name"
    unknown = [option for option in offer.options if option not in OPTIONS]
    return f"option {shown(unknown[0])}: must be {' or '.join(OPTIONS)}" if unknown else ""


def take_ordering_policy(plugin: Plugin, offer: Any) -> None:
    """Add an ordering policy to what a plugin offers, or remember why not; policies of gpnde keep their names."""
    if not isinstance(offer, OrderingPolicy):
        plugin.refuse(f"gpnde_ordering_policies gave {shown(offer)}: must be gpnde.OrderingPolicy")
        return
    label, fault = f"{POLICIES.kind} {offer.name}", ordering_fault(offer)
    if _is_free(plugin, label, offer.name, POLICIES.is_own(offer.name), "min-max-days", fault):
        _take(plugin, "ordering_policies", offer.name, offer)


def take_supplier_choice(plugin: Plugin, offer: Any) -> None:
    """Add a rule that chooses suppliers to what a plugin offers, or remember why not; gpnde keeps its names."""
    if not isinstance(offer, SupplierChoice):
        plugin.refuse(f"gpnde_supplier_choices gave {shown(offer)}: must be gpnde.SupplierChoice")
        return
    label, fault = f"{SUPPLIER_CHOICES.kind} {offer.name}", choice_fault(offer)
    if _is_free(plugin, label, offer.name, SUPPLIER_CHOICES.is_own(offer.name), "most-in-stock", fault):
        _take(plugin, "supplier_choices", offer.name, offer)


def _is_free(plugin: Plugin, label: str, name: str, is_own: bool, example: str, fault: str) -> bool:
    """Return whether a record may join its registry under its *name*; remember why not."""
    if not _is_name(name, _NAME):
        plugin.refuse(f"{label}: must be small letters, digits and hyphens, such as {example}")
    elif is_own:
        plugin.refuse(f"{label} is offered by gpnde itself and {plugin.owner}: give it another name", label)
    elif fault:
        plugin.refuse(f"{label}: {fault}", label)
    else:
        return True
    return False


def _is_name(name: object, form: re.Pattern[str]) -> bool:
    return isinstance(name, str) and form.fullmatch(name) is not None


def _take(plugin: Plugin, kind: str, name: str, offer: object) -> None:
    """Add an offer under its name, which a plugin may give only once."""
    taken, label = getattr(plugin, kind), _LABELS[kind] + name
    if name in taken:
        del taken[name]
        plugin.refuse(f"{label} is offered twice by {plugin.owner}: give each a name of its own", label)
    # A third offer of a name finds none in its place, only the refusal of the first two.
    elif all(problem.offer != label for problem in plugin.problems):
        taken[name] = offer


def refuse_plugins_of_one_name(plugins: Iterable[Plugin]) -> None:
    """Refuse plugins that share their name or, in several versions, their distribution; those switched off are none."""
    usable = [plugin for plugin in plugins if not plugin.switched_off]
    for plugin in usable:
        among = [each for each in usable if each.name == plugin.name]
        name = canonicalize_name(plugin.distribution)
        versions = sorted({each.version for each in usable if canonicalize_name(each.distribution) == name})
        if len(versions) > 1:
            text = f"{plugin.distribution} is installed more than once: {' and '.join(versions)}"
            plugin.refuse(f"{text}: uninstall all of them and install one: pip uninstall {plugin.distribution}")
        elif len(among) > 1:
            who = " and ".join(f"{each.owner.distribution} {each.version}" for each in among)
            plugin.refuse(f"plugins called {plugin.name!r} are brought by {who}: uninstall one of them")


def refuse_names_that_two_offer(plugins: Iterable[Plugin]) -> None:
    """Refuse what more than one plugin offers under a name, and name all of them."""
    for kind in _LABELS:
        owners: dict[str, list[Plugin]] = {}
        for plugin in plugins:
            for name in getattr(plugin, kind):
                owners.setdefault(name, []).append(plugin)
        for name, among in owners.items():
            if len(among) > 1:
                _refuse_all(among, kind, name)


def _refuse_all(among: Sequence[Plugin], kind: str, name: str) -> None:
    label = _LABELS[kind] + name
    who = " and ".join(str(plugin.owner) for plugin in among)
    for plugin in among:
        del getattr(plugin, kind)[name]
        plugin.refuse(f"{label} is offered by {who}: uninstall one of them", label)
