"""Fields that take the name of a record of a registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from gpnde.errors import ScenarioError
from gpnde.registry import Registry


@dataclass(frozen=True)
class OneOf:
    """Marks a text field that names a record of a registry.

    Its JSON Schema lists the records of gpnde alone, since what is published must not depend on what is installed.

    Examples
    --------
    >>> from typing import Annotated
    >>> from types import SimpleNamespace
    >>> from pydantic import TypeAdapter
    >>> shapes = Registry("shape")
    >>> square = shapes.register(SimpleNamespace(name="square"))
    >>> TypeAdapter(Annotated[str, OneOf(shapes)]).validate_python("square")
    'square'
    """

    registry: Registry[Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of a text that has to be the name of a record."""
        return core_schema.no_info_after_validator_function(self._known, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the JSON Schema of a text that is the name of a record of gpnde."""
        return {**handler(schema), "enum": list(self.own_names())}

    def own_names(self) -> tuple[str, ...]:
        """Return the names of the records of gpnde."""
        return tuple(name for name in self.registry.names() if self.registry.is_own(name))

    def _known(self, name: str) -> str:
        chosen(self.registry, name)
        return name


def chosen(registry: Registry[Any], name: str) -> Any:
    """Return the record that a scenario chooses.

    Raises
    ------
    ValueError
        There is none of that name; the text says why and which there are.

    Examples
    --------
    >>> chosen(Registry("shape"), "square")
    Traceback (most recent call last):
    ValueError: unknown shape 'square': must be one of
    """
    try:
        return registry.get(name)
    except ScenarioError as error:
        raise ValueError(f"{error}: must be {error.expected}".strip()) from None
