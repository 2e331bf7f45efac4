"""The range that a parameter declares for experiments, or else the bounds that it must stay in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from gpnde.errors import StudyError
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
    field = _component_field(path, components) or _scenario_field(path.split("."))
    ends = _ends(field) if field is not None else None
    if field is None or ends is None:
        raise StudyError(
            where=f"{section}.{path}",
            expected="'vary': the parameter declares no range: give one, such as {low: 0, high: 1}",
        )
    return Range(low=ends[0], high=ends[1], integer=int in readings(field.annotation))


def component_of(path: str, components: Iterable[str]) -> str | None:
    """Return which of the *components* the path of a setting leads into.

    >>> component_of("policy.tax.rate", ["policy.tax", "policy.tax-holiday"])
    'policy.tax'
    """
    return next((name for name in components if path.startswith(f"{name}.")), None)


def _component_field(path: str, components: Iterable[str]) -> FieldInfo | None:
    from gpnde.plugin.host import plugin_host

    name = component_of(path, components)
    return plugin_host().component(name).model_fields.get(path.removeprefix(f"{name}.")) if name else None


def _scenario_field(parts: Sequence[str]) -> FieldInfo | None:
    """Return the field at the end of a path, in which the names of rows stand where rows are."""
    block: type[Block] = Scenario
    for position, part in enumerate(parts):
        field = {**block.model_fields, **block.further_fields()}.get(part)
        if field is None or position == len(parts) - 1:
            return field
        inner = _block_in(field.annotation)
        if inner is None:
            row = _row_block(field.annotation)
            return row.model_fields.get(parts[-1]) if row else None
        block = inner
    return None


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
