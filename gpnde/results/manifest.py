"""What run.json says of a run, as ``docs/schema/run-1.json`` publishes it, checked before any of it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gpnde.errors import ResultsError, ScenarioError
from gpnde.results.storage import SCHEMA_VERSION
from gpnde.scenario.address.names import part_of
from gpnde.scenario.check import check_scenario
from gpnde.scenario.law import Law
from gpnde.scenario.problems import Location, Locations, refusal, shown
from gpnde.scenario.schema import Scenario

_Count = Annotated[int, Field(ge=0)]
_Number = Annotated[float, Field(ge=0)]
_TABLES = frozenset({"firms", "sites", "tiers", "links", "markets", "orders", "sales", "events", "metrics"})
_COUNTS = frozenset({"days", "firms", "sites", "links", "orders"})


class _Strict(BaseModel):
    """A part of run.json: every value has the type that is published, and no number is NaN or infinite."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class UsedComponent(_Strict):
    """A component in force, where it comes from, as far as that was noted, and its parameters."""

    model_config = ConfigDict(extra="allow")

    name: str
    distribution: str = ""
    version: str = ""
    parameters: dict[str, Any]


class RunManifest(_Strict):
    """What run.json says; the tables lie beside it."""

    schema_version: Literal[1]
    fingerprint: str = Field(pattern="^[0-9a-f]{16}$")
    tables: dict[str, _Count]
    notes: list[str]
    scenario: dict[str, Any]
    seed: int
    replication: _Count
    counts: dict[str, _Number]
    conservation: dict[str, float | None]
    dropouts: dict[str, _Count]
    components: list[UsedComponent]
    provenance: dict[str, _Count]
    software: dict[str, str]
    seconds: dict[str, float | None]


def checked_manifest(path: Path, given: Any) -> dict[str, Any]:
    """Return what run.json at *path* holds, after it was found to be what a run writes.

    Raises
    ------
    ResultsError
        It is of another version, or a key is missing or not of its type; the line names file, key, given and wanted.
    """
    version = part_of(given, "schema_version") if isinstance(given, Mapping) else given
    # Strictly, since True and 1.0 equal 1 in Python.
    if type(version) is not int or version != SCHEMA_VERSION:
        raise ResultsError(
            where=str(path), expected=f"schema_version {shown(version)}: this version of gpnde reads {SCHEMA_VERSION}"
        )
    try:
        RunManifest.model_validate(given)
        _check_scenario(given["scenario"])
    except ValidationError as error:
        raise ResultsError.passing_on(refusal(error, Locations(None)), str(path)) from None
    except ScenarioError as error:
        raise ResultsError.passing_on(error, f"{path}: scenario") from None
    for key, needed in (("tables", _TABLES), ("counts", _COUNTS)):
        for name in sorted(needed - given[key].keys()):
            raise ResultsError(
                where=str(path), given=f"{key}.{name}", expected="missing: not a complete run, repeat it"
            )
    return dict(given)


def _check_scenario(given: dict[str, Any]) -> None:
    """Refuse a scenario that is none, also where a text could be read as the number that stood there."""
    try:
        scenario = Scenario.model_validate(given)
    except ValidationError as error:
        raise refusal(error, Locations(given)) from None
    for place, value, right in _of_another_type(given, scenario, ()):
        raise ScenarioError(where=Locations(given).text(place), given=shown(value), expected=f"must be {right}")
    check_scenario(scenario)


def _of_another_type(given: Any, read: Any, place: Location) -> Iterator[tuple[Location, Any, str]]:
    """Yield place, value and right type of what is of another type than what was *read* from it."""
    if isinstance(read, Law):
        return
    if isinstance(given, Mapping) and isinstance(read, Mapping | BaseModel):
        for key, value in given.items():
            yield from _of_another_type(value, part_of(read, key), (*place, key))
    elif isinstance(given, list) and isinstance(read, list | tuple):
        for number, value in enumerate(given):
            yield from _of_another_type(value, part_of(read, number), (*place, number))
    elif _type_of(given) != _type_of(read):
        yield place, given, _type_of(read)


def _type_of(value: Any) -> str:
    """Return the type of a value as JSON knows it."""
    if value is None:
        return "left out"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, list | tuple):
        return "a list"
    return "a mapping" if isinstance(value, Mapping | BaseModel) else "text"
