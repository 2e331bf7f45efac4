"""A component in words: what it does, who brought it, which hooks it fills, and its parameters."""

from __future__ import annotations

import inspect
from typing import Any

from pydantic.errors import PydanticUserError

from gpnde.plugin.component import Component
from gpnde.plugin.hooks import PROJECT
from gpnde.plugin.host import Host
from gpnde.plugin.spec import hook_names
from gpnde.scenario.parameters import Parameter, parameters


def hooks_filled(component: type[Component]) -> list[str]:
    """Return the hooks that a component fills."""
    return [name for name in hook_names() if hasattr(getattr(component, name, None), f"{PROJECT}_impl")]


def describe_component(host: Host, name: str) -> dict[str, Any]:
    """Return what there is to know of a component, ready for JSON: parameters in words, and their schema.

    Raises
    ------
    ComponentError
        There is no such component, or it cannot be used.
    """
    component = host.component(name)
    plugin = next(plugin for plugin in host.plugins if name in plugin.offers)
    return {
        "name": name,
        "plugin": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "api": component.api,
        "results_version": component.results_version,
        "doc": _prose(component),
        "hooks": hooks_filled(component),
        "requires": list(component.requires),
        "parameters": [_described(each) for each in parameters(component)],
        "schema": _schema(component),
    }


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
