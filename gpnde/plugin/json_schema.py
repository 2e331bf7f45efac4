"""The JSON Schema of a scenario with the components, metrics, laws and ordering policies that are installed here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.errors import PydanticUserError

from gpnde.numerics.laws.record import LawType
from gpnde.plugin.component import Component
from gpnde.scenario.json_schema import form_of_law
from gpnde.scenario.ordering import OrderingPolicy


def with_metrics(schema: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the *schema* of a scenario in which `record.metrics` takes the *names* of metrics that plugins offer.

    >>> from gpnde.scenario import scenario_schema
    >>> schema = with_metrics(scenario_schema(), ["stock.peak"])
    >>> schema["$defs"]["Record"]["properties"]["metrics"]["items"]
    {'type': 'string', 'enum': ['stock.peak']}
    """
    record = schema["$defs"]["Record"]
    metrics = {**record["properties"]["metrics"], "items": {"type": "string", "enum": list(names)}}
    known = {**record, "properties": {**record["properties"], "metrics": metrics}}
    return {**schema, "$defs": {**schema["$defs"], "Record": known}}


def with_ordering_policies(schema: Mapping[str, Any], policies: Mapping[str, OrderingPolicy]) -> dict[str, Any]:
    """Return the *schema* of a scenario in which `ordering.policy` takes *policies* too, with their parameters.

    >>> from gpnde.plugin import param
    >>> from gpnde.scenario import scenario_schema
    >>> share = {"share": param(0.5, ge=0, le=1, doc="Share of the gap.")}
    >>> half = OrderingPolicy("half", doc="Half.", source="definition", parameters=share, levels=len)
    >>> schema = with_ordering_policies(scenario_schema(), {"half": half})
    >>> schema["$defs"]["Ordering"]["properties"]["policy"]["enum"][-1]
    'half'
    """
    ordering = schema["$defs"]["Ordering"]
    policy = ordering["properties"]["policy"]
    users = {name: [each.name for each in policies.values() if name in each.parameters] for name in _own(policies)}
    properties = {
        **ordering["properties"],
        "policy": {**policy, "enum": [*policy["enum"], *policies]},
        **dict.fromkeys(users, {}),
    }
    rules = [*map(_if_chosen, policies.values()), *(_only_for(name, chosen) for name, chosen in users.items())]
    known = {**ordering, "properties": properties, "allOf": rules}
    return {**schema, "$defs": {**schema["$defs"], "Ordering": known}}


def with_supplier_choices(schema: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the *schema* of a scenario in which `ordering.supplier_choice` takes the *names* of plugins too.

    >>> from gpnde.scenario import scenario_schema
    >>> schema = with_supplier_choices(scenario_schema(), ["nearest"])
    >>> schema["$defs"]["Ordering"]["properties"]["supplier_choice"]["enum"][-1]
    'nearest'
    """
    ordering = schema["$defs"]["Ordering"]
    choice = ordering["properties"]["supplier_choice"]
    properties = {**ordering["properties"], "supplier_choice": {**choice, "enum": [*choice["enum"], *names]}}
    return {**schema, "$defs": {**schema["$defs"], "Ordering": {**ordering, "properties": properties}}}


def _own(policies: Mapping[str, OrderingPolicy]) -> list[str]:
    return sorted({name for policy in policies.values() for name in policy.parameters})


def _if_chosen(policy: OrderingPolicy) -> dict[str, Any]:
    """Return that a policy takes its own parameters as they are declared."""
    own = policy.own.model_json_schema()
    then = {key: own[key] for key in ("properties", "required") if key in own}
    return {"if": _has_policy([policy.name]), "then": then}


def _only_for(parameter: str, policies: list[str]) -> dict[str, Any]:
    """Return that a parameter is for some policies alone."""
    return {"if": {"required": [parameter]}, "then": _has_policy(policies)}


def _has_policy(names: list[str]) -> dict[str, Any]:
    return {"properties": {"policy": {"enum": names}}, "required": ["policy"]}


def with_laws(schema: Mapping[str, Any], laws: Iterable[LawType]) -> dict[str, Any]:
    """Return the *schema* of a scenario in which *laws* that plugins offer may be given as mappings, too.

    >>> from gpnde.plugin import LawParameter, law, tabulated
    >>> from gpnde.scenario import scenario_schema
    >>> @law("power", LawParameter("high", "Largest value.", gt=0), source="definition")
    ... def power(high):
    ...     return tabulated(lambda chances: high * chances**2)
    >>> with_laws(scenario_schema(), [power])["$defs"]["Law"]["anyOf"][-1]["title"]
    'power'
    """
    own = schema["$defs"]["Law"]
    known = {**own, "anyOf": [*own["anyOf"], *map(form_of_law, laws)]}
    return {**schema, "$defs": {**schema["$defs"], "Law": known}}


def with_components(schema: Mapping[str, Any], components: Mapping[str, type[Component]]) -> dict[str, Any]:
    """Return the *schema* of a scenario in which a component has to be one of *components*, with its parameters.

    The schema that is published leaves them out, since it must not depend on what is installed.

    >>> from gpnde.plugin import param
    >>> from gpnde.scenario import scenario_schema
    >>> class Strike(Component):
    ...     name = "disruption.strike"
    ...     days: float = param(7, gt=0, unit="day", doc="Length of a strike.")
    >>> schema = with_components(scenario_schema(), {"disruption.strike": Strike})
    >>> schema["$defs"]["disruption.strike"]["properties"]["days"]["unit"]
    'day'
    """
    use = schema["$defs"]["ComponentUse"]
    names = {**use["properties"]["use"], "enum": list(components)}
    known = {
        **use,
        "properties": {**use["properties"], "use": names},
        "allOf": [_if_named(name) for name in components],
    }
    parameters = {name: _parameters(component, use) for name, component in components.items()}
    return {**schema, "$defs": {**schema["$defs"], "ComponentUse": known, **parameters}}


def _if_named(name: str) -> dict[str, Any]:
    named = {"properties": {"use": {"const": name}}, "required": ["use"]}
    return {"if": named, "then": {"$ref": f"#/$defs/{name}"}}


def _parameters(component: type[Component], use: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a use of *component*; one whose parameters have no JSON form takes any."""
    try:
        schema = component.model_json_schema(ref_template=f"#/$defs/{component.name}/$defs/{{model}}")
    except PydanticUserError:
        return {"title": component.name, "type": "object"}
    if "Law" in schema.get("$defs", {}):
        schema["$defs"]["Law"] = {"$ref": "#/$defs/Law"}
    return {**schema, "title": component.name, "properties": {**use["properties"], **schema.get("properties", {})}}
