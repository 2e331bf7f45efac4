"""The section ``optimise`` of a study file: settings within bounds, objectives, constraints and the budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from gpnde.scenario.model import Block
from gpnde.study.schema import Study, Values

Direction = Literal["minimise", "maximise"]


class Bounds(Block):
    """Numbers between two ends, which are included."""

    low: float
    high: float
    integer: bool = Field(False, description="Whole numbers only.")
    step: float | None = Field(None, gt=0, description="Distance of the values that are tried, from low on.")
    log: bool = Field(False, description="Search evenly over orders of magnitude.")

    @model_validator(mode="after")
    def _check_ends(self) -> Self:
        if not self.low < self.high:
            raise ValueError(f"low {self.low:g} and high {self.high:g}: low must be below high")
        if self.integer and not all(float(each).is_integer() for each in (self.low, self.high, self.step or 1.0)):
            raise ValueError("low, high and step must be whole numbers, since integer is true")
        if self.log and (self.low <= 0 or self.step is not None):
            raise ValueError("log: needs low above 0 and no step")
        return self


def _kind_of_setting(given: object) -> str:
    if isinstance(given, Values) or isinstance(given, Mapping) and "values" in given:
        return "values"
    return "vary" if isinstance(given, str) else "bounds"


Setting = Annotated[
    Annotated[Bounds, Tag("bounds")] | Annotated[Values, Tag("values")] | Annotated[Literal["vary"], Tag("vary")],
    Discriminator(_kind_of_setting),
]
"""What a setting may be; ``vary``: anything in the range that its parameter declares."""


class Limit(Block):
    """A bound that the mean of a metric has to keep."""

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _check_side(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give either at_least or at_most")
        return self

    @property
    def bound(self) -> float:
        """The bound itself, in the unit of the metric."""
        return self.at_most if self.at_least is None else self.at_least  # type: ignore[return-value]

    @property
    def sign(self) -> float:
        """Return 1 where values must be low and -1 where they must be high.

        >>> Limit(at_least=0.97).sign, Limit(at_most=3).sign
        (-1.0, 1.0)
        """
        return 1.0 if self.at_least is None else -1.0

    def __str__(self) -> str:
        """Return the bound in words.

        >>> str(Limit(at_least=0.97))
        'at least 0.97'
        """
        return f"at {'most' if self.at_least is None else 'least'} {self.bound:g}"


class Search(Block):
    """What is searched, for what, and with how many runs."""

    settings: dict[str, Setting] = Field(min_length=1, description="What may be changed, by setting.")
    objectives: dict[str, Direction] = Field(min_length=1, max_length=3, description="Direction by metric.")
    constraints: dict[str, Limit] = Field(default_factory=dict, description="Bounds on metrics.")
    trials: int = Field(64, ge=1, le=100_000, description="Combinations of settings that are tried.")
    first: int = Field(4, ge=2, description="Replications after which hopeless trials are dropped.")
    together: int = Field(8, ge=1, le=1000, description="Trials under way at once, whatever the number of workers.")
    confirm: int = Field(8, ge=2, description="Fresh replications of the best trials, which judge them.")

    @model_validator(mode="after")
    def _check_metrics(self) -> Self:
        both = next((name for name in self.objectives if name in self.constraints), None)
        if both is not None:
            raise ValueError(f"constraints.{both}: is an objective, too: leave out one of them")
        return self

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that the search looks at, objectives first."""
        return (*self.objectives, *self.constraints)

    def sign(self, objective: str) -> float:
        """Return 1 where an objective is to be low and -1 where it is to be high."""
        return 1.0 if self.objectives[objective] == "minimise" else -1.0


@dataclass(frozen=True)
class Optimisation:
    """A study of one arm, and the search over its settings."""

    study: Study
    search: Search

    @property
    def replications(self) -> int:
        """Replications of a trial that is not dropped."""
        assert isinstance(self.study.replications, int)
        return self.study.replications

    def to_json(self) -> dict[str, Any]:
        """Return both as plain data."""
        return {"study": self.study.model_dump(mode="json"), "optimise": self.search.model_dump(mode="json")}
