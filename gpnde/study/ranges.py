"""The range that a parameter declares for experiments, or else the bounds that it must stay in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from gpnde.errors import StudyError
from gpnde.scenario.address.find import names_component
from gpnde.scenario.address.grammar import Address, Name, parse_address
from gpnde.scenario.address.select import joined
from gpnde.scenario.model import Block
from gpnde.scenario.parameters import limits, range_to_vary, readings
from gpnde.scenario.schema import Scenario
from gpnde.study.schema import Range


def declared_range(path: str, components: Iterable[str], section: str = "uncertainties") -> Range:
    """Return the range of the parameter at *path*, of a scenario or of one of the *components*.

    *section* is where the study file asks for it.

    >>> declared_range("policy.effort-subsidy.start_day", ["policy.effort-subsidy"])
    Range(low=0.0, high=1820.0, integer=False)

    Raises
    ------
    StudyError
        It declares neither a range nor bounds on both sides.
    """
    field = _component_field(path, components) or _scenario_field(parse_address(path))
    ends = _ends(field) if field is not None else None
    if field is None or ends is None:
        raise StudyError(
            where=f"{section}.{path}",
            expected="'vary': the parameter declares no range: give one, such as {low: 0, high: 1}",
        )
    return Range(low=ends[0], high=ends[1], integer=int in readings(field.annotation))


def component_of(path: str, components: Iterable[str]) -> str | None:
    """Return which of the *components* the name of a metric begins with.

    >>> component_of("policy.tax.cost", ["policy.tax", "policy.tax-holiday"])
    'policy.tax'
    """
    return next((name for name in components if path.startswith(f"{name}.")), None)


def component_set(address: str, components: Iterable[str]) -> str | None:
    """Return into which of the *components* the address of a setting leads.

    >>> component_set("components.policy.tax#2.rate", ["policy.tax", "policy.tax-holiday"])
    'policy.tax'
    """
    found = _in_component(address, components)
    return found[0] if found else None


def _in_component(address: str, components: Iterable[str]) -> tuple[str, Address] | None:
    """Return one of the *components*, and what follows its name in an *address*."""
    parts = parse_address(address)
    if parts[0] == Name("components"):
        parts = parts[1:]
    elif not names_component(parts):
        return None
    named = {_without_number(text): parts[length:] for length, text in enumerate(joined(parts), 1)}
    return next(((name, named[name]) for name in components if name in named), None)


def _without_number(name: str) -> str:
    """Return the name of a component that one of its uses goes by."""
    return re.sub("#[0-9]+$", "", name)


def _component_field(path: str, components: Iterable[str]) -> FieldInfo | None:
    from gpnde.plugin.host import plugin_host

    found = _in_component(path, components)
    if found is None or len(found[1]) != 1 or not isinstance(found[1][0], Name):
        return None
    return plugin_host().component(found[0]).model_fields.get(found[1][0].text)


def _scenario_field(parts: Address, block: type[Block] = Scenario) -> FieldInfo | None:
    """Return the field at the end of an address, in which rows stand where rows are."""
    if not parts or not isinstance(parts[0], Name):
        return None
    field, rest = {**block.model_fields, **block.further_fields()}.get(parts[0].text), parts[1:]
    if field is None or not rest:
        return field
    inner = _block_in(field.annotation)
    if inner is not None:
        return _scenario_field(rest, inner)
    row = _row_block(field.annotation)
    # The name of a row may hold dots, so that its end is where a field begins.
    ends = range(1, len(rest)) if row else ()
    return next((found for end in ends if (found := _scenario_field(rest[end:], row or Scenario))), None)


def _block_in(annotation: Any) -> type[Block] | None:
    return next((kind for kind in readings(annotation) if isinstance(kind, type) and issubclass(kind, Block)), None)


def _row_block(annotation: Any) -> type[Block] | None:
    rows = (get_args(kind) for kind in readings(annotation) if get_origin(kind) in (tuple, dict))
    kinds = (kind for each in rows for kind in each)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Block)), None)


def _ends(field: FieldInfo) -> tuple[float, float] | None:
    bounds = limits(field)
    between = (bounds["ge"], bounds["le"]) if {"ge", "le"} <= bounds.keys() else None
    return range_to_vary(field) or between
