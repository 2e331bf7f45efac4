"""A study: a scenario in several arms, at many points of uncertain inputs, each replicated."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from gpnde.errors import nearest
from gpnde.numerics.seeds import LARGEST_SEED
from gpnde.scenario.address.grammar import Address, Name, parse_address
from gpnde.scenario.model import Block
from gpnde.scenario.schema import ComponentUse

if TYPE_CHECKING:
    from gpnde.study.status import StudyStatus


class Range(Block):
    """Numbers between two ends, which are included."""

    low: float
    high: float
    integer: bool = Field(False, description="Whole numbers only.")

    @model_validator(mode="after")
    def _check_ends(self) -> Self:
        if not self.low < self.high:
            raise ValueError(f"low {self.low:g} and high {self.high:g}: low must be below high")
        if self.integer and not (self.low.is_integer() and self.high.is_integer()):
            raise ValueError(f"{self.low:g} to {self.high:g}: the ends must be whole numbers, since integer is true")
        return self


class Values(Block):
    """A few values, taken as they are."""

    values: tuple[Any, ...] = Field(min_length=1)


def _kind_of_axis(given: object) -> str:
    if isinstance(given, Values) or isinstance(given, Mapping) and "values" in given:
        return "values"
    return "vary" if isinstance(given, str) else "range"


Axis = Annotated[
    Annotated[Range, Tag("range")] | Annotated[Values, Tag("values")] | Annotated[Literal["vary"], Tag("vary")],
    Discriminator(_kind_of_axis),
]
"""What a setting is varied over; ``vary``: over the range that its parameter declares."""


class Grid(Block):
    """All combinations; a range is cut into *levels* values at equal distances, its ends included."""

    kind: Literal["grid"] = "grid"
    levels: int = Field(3, ge=2, le=10_000)


class Zipped(Block):
    """The first values of all settings together, then the second, and so on."""

    kind: Literal["zipped"] = "zipped"


class Table(Block):
    """Points as they stand in a CSV file whose columns are settings, or in a list."""

    kind: Literal["table"] = "table"
    file: str | None = Field(None, description="CSV file, by its path from the study file.")
    points: tuple[dict[str, Any], ...] = ()

    @model_validator(mode="after")
    def _check_points(self) -> Self:
        if (self.file is None) == (not self.points):
            raise ValueError("give either file or points")
        columns = [sorted(point) for point in self.points]
        if any(each != columns[0] for each in columns):
            raise ValueError("points: all must give the same settings")
        return self


class LatinHypercube(Block):
    """One point in each of *samples* slices of every setting (McKay, Beckman and Conover, 1979)."""

    kind: Literal["latin-hypercube"] = "latin-hypercube"
    samples: int = Field(ge=2, le=1_000_000)


class Sobol(Block):
    """Points for variance-based indices (Saltelli, 2002): *samples* (D + 2), or (2 D + 2) with *second_order*."""

    kind: Literal["sobol"] = "sobol"
    samples: int = Field(ge=2, le=1_048_576, description="A power of 2.")
    second_order: bool = False

    @model_validator(mode="after")
    def _check_power(self) -> Self:
        if self.samples & (self.samples - 1):
            raise ValueError(f"samples: {self.samples}: must be a power of 2, such as {1 << self.samples.bit_length()}")
        return self


class Morris(Block):
    """Paths on which one setting changes at a time, *samples* (D + 1) points (Morris, 1991)."""

    kind: Literal["morris"] = "morris"
    samples: int = Field(ge=2, le=1_000_000, description="Number of paths.")
    levels: int = Field(4, ge=2, le=1000, multiple_of=2)


Design = Annotated[Grid | Zipped | Table | LatinHypercube | Sobol | Morris, Field(discriminator="kind")]


class Arm(Block):
    """One of the alternatives that are compared: its settings and components beside the scenario."""

    components: tuple[ComponentUse, ...] = Field((), description="Added to those of the scenario.")
    settings: dict[str, Any] = Field(default_factory=dict, description="Values that replace those of the scenario.")
    control: str | None = Field(None, description="Arm to compare with; left out: the first.")


class Precision(Block):
    """The wanted precision of the mean of a measure."""

    until: float = Field(gt=0, description="Half-width of the 95 % interval over the mean.")
    of: str = Field(description="Name of the measure.")
    max: int = Field(ge=2, description="Most replications.")
    min: int = Field(8, ge=2, description="Least replications.")

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min {self.min} and max {self.max}: min must be at most max")
        return self


def _kind_of_replications(given: object) -> str:
    return "precision" if isinstance(given, Mapping | Precision) else "number"


Replications = Annotated[
    Annotated[Annotated[int, Field(ge=1)], Tag("number")] | Annotated[Precision, Tag("precision")],
    Discriminator(_kind_of_replications),
]


def _with_empty_arms(given: Any) -> Any:
    """Read an arm without contents as an empty arm."""
    if isinstance(given, Mapping):
        return {name: {} if arm is None else arm for name, arm in given.items()}
    return given


class Study(Block):
    """A scenario in several arms, at the points of a design, each replicated under common random numbers.

    >>> study = Study(name="fill", scenario="beer-game", measures=["flow.fill_rate"])
    >>> list(study.arms), study.replications
    (['baseline'], 8)
    """

    name: str = Field(min_length=1)
    title: str = ""
    scenario: str | dict[str, Any] = Field(description="Preset, path from the study file, or a scenario in full.")
    seed: int = Field(1, ge=0, le=LARGEST_SEED, description="Seed of all runs and of the design.")
    replications: Replications = 8
    settings: dict[str, Any] = Field(default_factory=dict, description="Values that hold in all arms.")
    arms: Annotated[dict[str, Arm], Field(min_length=1), BeforeValidator(_with_empty_arms)] = {"baseline": Arm()}
    uncertainties: dict[str, Axis] = Field(default_factory=dict, description="What is varied, by setting.")
    design: Design | None = Field(None, description="Where in the space of uncertainties runs are made.")
    measures: tuple[str, ...] = Field(min_length=1, description="Metrics that are kept; flow.* takes all of flow.")
    tables: tuple[str, ...] = Field((), description="Tables of each run that are kept.")

    @model_validator(mode="after")
    def _check_parts(self) -> Self:
        for problem in (self._wrong_control(), self._wrong_design(), self._given_twice()):
            if problem:
                raise ValueError(problem)
        return self

    def control_of(self, arm: str) -> str | None:
        """Return the arm that *arm* is compared with; None for the first, which others are compared with."""
        first = next(iter(self.arms))
        return self.arms[arm].control or (first if arm != first else None)

    def run(self, out: str | os.PathLike[str], **options: Any) -> StudyStatus:
        """Do the runs that are not done yet into the folder *out*; *options* are those of `run_study`.

        Raises
        ------
        StudyError
            As `gpnde.study.runner.run_study`.
        """
        from gpnde.study.runner import run_study

        return run_study(self, out, **options)

    def _wrong_control(self) -> str:
        for name, arm in self.arms.items():
            if arm.control == name:
                return f"arms.{name}.control: {name!r}: must be another arm"
            if arm.control is not None and arm.control not in self.arms:
                return f"arms.{name}.control: {arm.control!r}: no such arm{nearest(arm.control, self.arms)}"
        return ""

    def _wrong_design(self) -> str:
        axes = self.uncertainties
        if isinstance(self.design, Table):
            return "uncertainties: a design by table gives them as columns: leave them out" if axes else ""
        if axes and self.design is None:
            return "design: missing: uncertainties need one, such as {kind: latin-hypercube, samples: 32}"
        if self.design is not None and not axes:
            return "uncertainties: missing: a design needs them, such as clock.days: {low: 364, high: 728}"
        if isinstance(self.design, Zipped):
            return _wrong_zip(axes)
        return ""

    def _given_twice(self) -> str:
        for name, arm in self.arms.items():
            given = [*arm.settings, *(f"{use.use}.{key}" for use in arm.components for key in use.parameters)]
            varied = {_parts(path) for path in self.uncertainties}
            twice = next((path for path in given if _parts(path) in varied), None)
            if twice:
                return f"arms.{name}: {twice}: is one of the uncertainties too: give it in one place"
        return ""


def _parts(address: str) -> Address:
    """Return the parts of an address, so that it is the same however it is quoted."""
    parts = parse_address(address)
    return parts[1:] if parts[0] == Name("components") and len(parts) > 1 else parts


def _wrong_zip(axes: Mapping[str, Any]) -> str:
    for name, axis in axes.items():
        if not isinstance(axis, Values):
            return f"uncertainties.{name}: a zipped design needs values, such as {{values: [1, 2]}}"
    lengths = {name: len(axis.values) for name, axis in axes.items()}
    if len(set(lengths.values())) > 1:
        return f"uncertainties: numbers of values differ ({lengths}): a zipped design needs equally many"
    return ""
