"""Find the places of a checked scenario that an address names, and the values that stand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from gpnde.errors import ScenarioError
from gpnde.scenario.address.grammar import Address, Name, parse_address
from gpnde.scenario.address.names import Key
from gpnde.scenario.address.select import NoMatch, select, unknown
from gpnde.scenario.model import Block
from gpnde.scenario.schema import ComponentUse, Scenario


class Place(NamedTuple):
    """A place of a scenario and what stands there."""

    location: tuple[Key, ...]
    value: Any


def find(scenario: Scenario, address: str) -> list[Place]:
    """Return the places that an address names in a *scenario*, defaults included.

    >>> from gpnde.scenario import load_scenario
    >>> [place.value for place in find(load_scenario("beer-game"), "sites.*.unlimited")]
    [False, False, False, False]

    Raises
    ------
    ScenarioError
        It names nothing.
    """
    parts = parse_address(address)
    try:
        if names_component(parts):
            parts = (Name("components"), *parts)
        return list(_below(scenario, parts, (), scenario))
    except NoMatch as error:
        raise ScenarioError(where=address, expected=str(error)) from None


def names_component(parts: Address) -> bool:
    """Return whether an address begins with the name of a component, and not with a block of the scenario.

    >>> names_component(parse_address("policy.tax.rate")), names_component(parse_address("clock.days"))
    (True, False)
    """
    return not (isinstance(parts[0], Name) and parts[0].text in Scenario.model_fields)


def _below(value: Any, parts: Address, location: tuple[Key, ...], whole: Scenario) -> Iterator[Place]:
    """Yield the places at the *parts* of an address, from *value* at a *location* on."""
    if not parts:
        yield Place(location, value)
    elif isinstance(value, Block | ComponentUse):
        name = parts[0].text if isinstance(parts[0], Name) else ""
        fields = {**vars(value), **(value.model_extra or {})}
        if name not in fields:
            raise unknown(name, fields)
        yield from _below(fields[name], parts[1:], (*location, name), whole)
    elif isinstance(value, Mapping | list | tuple):
        kind = type(next(iter(value.values() if isinstance(value, Mapping) else value), None))
        found = select(value, parts, kind, whole)
        for key in found.keys:
            yield from _below(value[key], found.rest, (*location, key), whole)
    else:
        raise unknown(parts[0].text if isinstance(parts[0], Name) else str(parts[0]), ())
