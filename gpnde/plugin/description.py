"""What plugins offer, in words: components, metrics, laws and ordering policies, their owners and parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from pydantic.errors import PydanticUserError

from gpnde.errors import ComponentError
from gpnde.numerics.laws.record import LawParameter, LawType
from gpnde.plugin.component import Component
from gpnde.plugin.hooks import PROJECT
from gpnde.plugin.host import Host, Plugin
from gpnde.plugin.spec import hook_names
from gpnde.results.metric import MetricKind
from gpnde.scenario.ordering import OrderingPolicy, SupplierChoice
from gpnde.scenario.parameters import Parameter, parameters, range_in_words


def hooks_filled(component: type[Component]) -> list[str]:
    """Return the hooks that a component fills."""
    return [name for name in hook_names() if hasattr(getattr(component, name, None), f"{PROJECT}_impl")]


def describe(host: Host, name: str) -> dict[str, Any]:
    """Return what there is to know of something that a plugin offers, ready for JSON.

    It is a component, metric, law or ordering policy, which ``kind`` tells. Parameters are in words; those of a
    component have a schema, too.

    Raises
    ------
    ComponentError
        No plugin offers anything of that name, or it cannot be used.

    >>> from gpnde.plugin.host import plugin_host
    >>> describe(plugin_host(), "disruption.site-outage")["kind"]
    'component'
    """
    for plugin in host.plugins:
        for kind, offers, told in _records(plugin):
            if name in offers:
                return {"kind": kind, **_owner(plugin), **told(offers[name])}
        if name == plugin.name:
            raise _plugin_instead(plugin)
    component = host.component(name)
    owner = next(plugin for plugin in host.plugins if name in plugin.offers)
    return {"kind": "component", **_owner(owner), **_component(component)}


def _records(plugin: Plugin) -> list[tuple[str, Mapping[str, Any], Callable[[Any], dict[str, Any]]]]:
    """Return what a plugin offers beside components: the kind, the offers, and what to tell of one."""
    return [
        ("metric", plugin.metrics, metric_facts),
        ("law", plugin.laws, _law),
        ("ordering policy", plugin.ordering_policies, _ordering_policy),
        ("supplier choice", plugin.supplier_choices, _supplier_choice),
    ]


def _owner(plugin: Plugin) -> dict[str, str]:
    return {"plugin": plugin.name, "distribution": plugin.distribution, "version": plugin.version}


def _plugin_instead(plugin: Plugin) -> ComponentError:
    """Return the error for the name of a plugin in place of one of its offers."""
    names = [*plugin.offers, *(name for _, offers, _ in _records(plugin) for name in offers)]
    offers = ", ".join(sorted(names)) or "nothing that can be described"
    return ComponentError(given=repr(plugin.name), expected=f"a plugin: name one of its offers: {offers}")


def _component(component: type[Component]) -> dict[str, Any]:
    return {
        "name": component.name,
        "api": component.api,
        "results_version": component.results_version,
        "doc": _prose(component),
        "hooks": hooks_filled(component),
        "requires": list(component.requires),
        "parameters": [_described(each) for each in parameters(component)],
        "schema": _schema(component),
    }


def metric_facts(metric: MetricKind[Any]) -> dict[str, Any]:
    """Return what a metric is: name, meaning, unit, better direction, formula, source, and the tables it needs."""
    return {
        "name": metric.name,
        "doc": metric.doc,
        "unit": metric.unit,
        "better": metric.better,
        "formula": metric.formula,
        "source": metric.source,
        "needs": list(metric.needs),
    }


def law_facts(law: LawType) -> dict[str, Any]:
    """Return what a law is: name, meaning, source, the sets of parameters that give it, and its options."""
    return {
        "name": law.name,
        "doc": law.doc,
        "source": law.source,
        "sets": [list(names) for names in law.sets],
        "options": list(law.options),
    }


def _law(law: LawType) -> dict[str, Any]:
    return {**law_facts(law), "parameters": [_law_parameter(each) for each in law.parameters]}


def _law_parameter(parameter: LawParameter) -> dict[str, str]:
    kind = "numbers" if parameter.is_list else "number"
    return {"name": parameter.name, "range": range_in_words(parameter.bounds()) or kind, "doc": parameter.doc}


def _ordering_policy(policy: OrderingPolicy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "doc": policy.doc,
        "source": policy.source,
        "orders": "up to levels of its own" if policy.levels is not None else policy.rule,
        "needs": list(policy.needs),
        "uses": list(policy.uses),
        "sets": dict(policy.sets),
        "parameters": [_described(each) for each in parameters(policy.own)],
    }


def _supplier_choice(choice: SupplierChoice) -> dict[str, Any]:
    return {"name": choice.name, "doc": choice.doc, "source": choice.source, "chooses": choice.rule}


def _schema(component: type[Component]) -> dict[str, Any]:
    """Return the JSON Schema of the parameters; empty where they have no JSON form."""
    try:
        return component.model_json_schema()
    except PydanticUserError:
        return {}


def _prose(component: type[Component]) -> str:
    """Return the docstring up to its first example, without that of a parent."""
    text = inspect.cleandoc(component.__dict__.get("__doc__") or "")
    return text.partition(">>>")[0].partition("Examples\n---")[0].strip()


def _described(parameter: Parameter) -> dict[str, str]:
    return {
        "name": parameter.name,
        "default": parameter.default,
        "range": parameter.range,
        "unit": parameter.unit or "1",
        "vary": parameter.varied,
        "source": parameter.source,
        "doc": parameter.meaning,
    }
