"""Bounds and ranges of parameters are tried one at a time, and excluded bounds by their neighbours."""

from __future__ import annotations

import math
from typing import Any, Literal, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, create_model, model_validator

from gpnde.plugin import Component, hookimpl, param
from gpnde.plugin.marked import hook_methods
from gpnde.testing.declaration import bound_faults, documentation_faults, schema_faults


def bounded(kind: Any, **settings: Any) -> type[Component]:
    """Return a component with one parameter."""
    return create_model("Bounded", __base__=Component, amount=(kind, param(doc="Amount.", **settings)))


@given(low=st.floats(-1e6, 1e6), width=st.floats(1e-3, 1e6), share=st.floats(0, 1), excluded=st.booleans())
def test_default_within_its_bounds_builds(low: float, width: float, share: float, excluded: bool) -> None:
    high = low + width
    default = min(max(low + share * width, math.nextafter(low, math.inf)), math.nextafter(high, -math.inf))
    limits = {"gt": low, "lt": high} if excluded else {"ge": low, "le": high}
    assert list(bound_faults(bounded(float, default=default, **limits), {})) == []


def test_neighbour_of_an_excluded_bound_is_a_whole_number_where_the_parameter_is() -> None:
    assert list(bound_faults(bounded(int, default=3, gt=0, lt=5), {})) == []


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"default": -1.0, "ge": 0}, "default -1.0 of amount"),
        ({"default": 1.0, "le": 2, "vary": (0, 3)}, "vary[1] 3 of amount"),
        ({"default": "much"}, "default 'much' of amount"),
        ({"default": None}, "default None of amount"),
    ],
)
def test_value_that_does_not_build_is_named(settings: dict[str, Any], fault: str) -> None:
    (found,) = bound_faults(bounded(float, **settings), {})
    assert found.startswith(f"{fault}: ")


def test_parameter_without_default_has_only_its_bounds_tried() -> None:
    assert list(bound_faults(bounded(float, ge=0, le=1), {})) == []


class Window(Component):
    """Lasts from one day to another."""

    name = "test.window"

    begin: float = param(10.0, ge=0, le=100, unit="day", doc="First day.")
    end: float = param(20.0, ge=0, le=100, unit="day", doc="Last day.")

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.end < self.begin:
            raise ValueError("end before begin")
        return self

    @hookimpl
    def process(self) -> None:
        """Do nothing."""


def test_rule_about_two_parameters_may_refuse_the_bound_of_one() -> None:
    assert list(bound_faults(Window, {})) == []


def test_value_that_has_no_schema_is_named() -> None:
    class Opaque(Component):
        """Holds something that no schema describes."""

        model_config = {"arbitrary_types_allowed": True}
        thing: slice = param(slice(3), doc="Thing.")

    assert next(schema_faults(Opaque, {})).startswith("no JSON Schema: PydanticInvalidForJsonSchema")


def test_every_part_of_a_description_that_is_missing_is_named() -> None:
    class Bare(Window):
        """Says little."""

        name = "test.bare"
        kind: Literal["a", "b"] = Field("a", description="Kind.")

    assert list(documentation_faults(Bare, {})) == ["kind has no unit, source: declare it with gpnde.param"]


def test_docstring_of_a_base_does_not_count() -> None:
    class Silent(Window):
        name = "test.silent"

    assert list(documentation_faults(Silent, {})) == ["class Silent has no docstring"]


def test_hooks_of_a_base_count() -> None:
    class Longer(Window):
        """Lasts longer."""

    assert list(hook_methods(Longer)) == ["process"]
