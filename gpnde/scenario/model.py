"""What every block of a scenario has in common: it is frozen and refuses keys that it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from gpnde.errors import nearest


class Block(BaseModel):
    """A part of a scenario: immutable, finite numbers only, unknown keys refused with the nearest known name."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, coerce_numbers_to_str=True, populate_by_name=True
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and not given.keys() <= (known := cls.model_fields).keys():
            unknown = next(key for key in given if key not in known)
            raise ValueError(f"unknown key {unknown!r}{nearest(str(unknown), known)}")
        return given
