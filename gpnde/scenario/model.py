"""What every block of a scenario has in common: it is frozen and refuses keys that it does not know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

from gpnde.errors import nearest

LARGEST = 1e30
"""The largest number, up or down, that a scenario may hold: sums and squares of such numbers are finite."""


def _bound_numbers(schema: Any) -> None:
    """Give every number in a schema the bounds that it has not."""
    if isinstance(schema, dict):
        if schema.get("type") == "float":
            schema.update({} if {"ge", "gt"} & schema.keys() else {"ge": -LARGEST})
            schema.update({} if {"le", "lt"} & schema.keys() else {"le": LARGEST})
        for key, part in schema.items():
            if key != "metadata":
                _bound_numbers(part)
    elif isinstance(schema, list):
        for part in schema:
            _bound_numbers(part)


class Block(BaseModel):
    """A part of a scenario: immutable, numbers within bounds only, unknown keys refused with the nearest known name."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, coerce_numbers_to_str=True, populate_by_name=True
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, given: Any) -> Any:
        # Pydantic would refuse them as well, but without the nearest known name.
        if isinstance(given, Mapping) and not given.keys() <= cls.model_fields.keys():
            known = [*cls.model_fields, *cls.further_fields(given)]
            unknown = next((key for key in given if key not in known), None)
            if unknown is not None:
                raise ValueError(f"unknown key {unknown!r}{nearest(str(unknown), known)}")
        return given

    @classmethod
    def further_fields(cls, given: Mapping[str, Any] | None = None) -> Mapping[str, FieldInfo]:
        """Return the fields that a block has beside those of its kind, for what is *given*, or in all cases without.

        Raises
        ------
        ValueError
            What is given chooses a rule that there is not.
        """
        return {}

    def unused(self) -> Collection[str]:
        """Return the names of the fields that have no effect with the rule that this block chooses."""
        return ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return what pydantic makes of the fields, every number within `LARGEST`."""
        schema = handler(source)
        _bound_numbers(schema)
        return schema


def refuse_unused(block: Block, chosen: str, users: Mapping[str, Collection[str]]) -> None:
    """Raise ValueError for the first field that was given and has no effect with the rule that *block* chooses.

    *chosen* says which rule that is; *users* are the rules that use each field. What stands at its default says
    nothing, so that a block can be written out whole and read again.
    """
    unused = block.unused()
    for name, field in type(block).model_fields.items():
        given = name in block.model_fields_set and getattr(block, name) != field.get_default(call_default_factory=True)
        if given and name in unused:
            others = " or ".join(users[name])
            raise ValueError(f"{name} was given, but {chosen} does not use it: leave it out, or choose {others}")
