"""Probability laws as a user writes them: ``{law: gamma, mean: 10, cv: 0.3}``, ``gamma(mean=10, cv=0.3)`` or ``10``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field, ModelWrapValidatorHandler, model_validator

from gpnde.errors import nearest, number_hint
from gpnde.scenario.model import LARGEST, Block

PARAMETERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "fixed": (("value",),),
    "normal": (("mean", "sd"), ("mean", "cv")),
    "gamma": (("mean", "cv"), ("mean", "sd")),
    "lognormal": (("median", "sigma"), ("mean", "cv")),
    "uniform": (("low", "high"),),
    "exponential": (("mean",),),
    "weibull": (("mean", "shape"),),
    "poisson": (("mean",),),
    "beta": (("mean", "sd"),),
    "discrete": (("values", "weights"),),
    "empirical": (("values",),),
    "series": (("values",),),
}
"""Every law with the sets of parameters, any one of which defines it."""

LawName = Literal[
    "fixed",
    "normal",
    "gamma",
    "lognormal",
    "uniform",
    "exponential",
    "weibull",
    "poisson",
    "beta",
    "discrete",
    "empirical",
    "series",
]


LEAST = 1e-30
"""The least positive mean or median of a law."""

MOST_POISSON = 1e15
"""The largest mean of a Poisson law: up to here a number holds every count."""

SPREADS = (1e-7, 1000.0)
"""The least spread, in means, that can be drawn around a mean, and the largest of a law that is never below 0."""

MOST_ROWS = 10_000_000
"""The largest number of rows that a law can come from."""

AtEnd = Literal["repeat", "zero", "hold"]
Gaps = Literal["refuse", "zero", "hold"]


class Column(Block):
    """Where the values of a law were taken from, and what became of rows without a number."""

    file: str
    column: str
    where: dict[str, str] = Field(default_factory=dict, description="Other columns that must hold these texts.")
    rows_used: int = Field(0, ge=0, le=MOST_ROWS)
    rows_dropped: int = Field(0, ge=0, le=MOST_ROWS)
    dates: str | None = Field(None, description="The column that held the date of each row of a series.")
    step_days: float | None = Field(None, gt=0, description="Time from row to row of a series with dates (days).")
    gaps: Gaps = Field("refuse", description="What was put in the place of blank cells and missing dates of a series.")
    cells_filled: int = Field(0, ge=0, le=MOST_ROWS, description="Blank cells that were filled.")
    dates_filled: int = Field(0, ge=0, le=MOST_ROWS, description="Missing dates that were filled.")


class Law(Block):
    """A probability law of a duration (days) or a quantity (units); a bare number is a fixed value.

    >>> Law.model_validate(3).text()
    '3'
    >>> Law.model_validate("gamma(mean=10, cv=0.3)").mean
    10.0
    """

    law: LawName = "fixed"
    value: float | None = None
    mean: float | None = None
    sd: float | None = Field(None, ge=0)
    cv: float | None = Field(None, ge=0, le=1000)
    median: float | None = Field(None, gt=0)
    sigma: float | None = Field(None, ge=0, le=20)
    low: float | None = None
    high: float | None = None
    shape: float | None = Field(None, ge=0.02, le=1000)
    values: tuple[float, ...] | None = None
    weights: tuple[float, ...] | None = Field(None, description="Chance of each value, relative to the others.")
    truncated: bool = Field(
        True,
        description="Normal law only: draws below 0 count as 0; mean and deviation hold for what is drawn then.",
    )
    at_end: AtEnd = Field(
        "repeat", description="Series only: after the last value it starts again, is 0, or stays at the last value."
    )
    origin: Column | None = Field(None, description="The CSV column that values were taken from.")

    @model_validator(mode="after")
    def _has_one_complete_set_of_parameters(self) -> Law:
        given = {name for name in _ALL_PARAMETERS if getattr(self, name) is not None}
        if not self.truncated and self.law != "normal":
            raise ValueError(f"law {self.law!r} was given truncated: only normal takes it")
        if self.at_end != "repeat" and self.law != "series":
            raise ValueError(f"law {self.law!r} was given at_end: only series takes it")
        if not any(given == set(wanted) for wanted in PARAMETERS[self.law]):
            choices = " or ".join(", ".join(wanted) for wanted in PARAMETERS[self.law])
            raise ValueError(f"law {self.law!r} was given {', '.join(sorted(given)) or 'nothing'}: it takes {choices}")
        if not self.truncated and self.law != "normal":
            raise ValueError(f"truncated was given, but law {self.law!r} does not use it: leave it out")
        self._check_values()
        return self

    # Defined after the check, and so around it: a law that rows share is not checked anew for each of them.
    @model_validator(mode="wrap")
    @classmethod
    def _read_short_forms(cls, given: Any, validate: ModelWrapValidatorHandler[Law]) -> Law:
        if isinstance(given, bool):
            # Pydantic makes an error of its own out of a ValueError alone.
            raise ValueError(f"{given!r}: give a number or a law such as gamma(mean=10, cv=0.3)")  # noqa: TRY004
        if isinstance(given, int | float):
            return validate({"law": "fixed", "value": given})
        return _law_of_text(given) if isinstance(given, str) else validate(given)

    def _check_values(self) -> None:
        if self.values is not None and not self.values:
            raise ValueError(f"law {self.law!r} has no values: give at least one")
        if self.weights is not None and len(self.weights) != len(self.values or ()):
            raise ValueError(
                f"{len(self.weights)} weights for {len(self.values or ())} values: give one weight per value"
            )
        if self.weights is not None and (min(self.weights) < 0 or sum(self.weights) <= 0):
            raise ValueError(f"weights {self.weights}: must be at least 0 and not all 0")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}: exchange them")
        if self.mean is not None or self.median is not None:
            self._check_mean()

    def _check_mean(self) -> None:
        mean = self.mean
        if mean is not None and mean <= 0 and self.law in ("gamma", "lognormal", "weibull"):
            raise ValueError(f"mean {mean:g} of law {self.law!r}: must be above 0")
        if mean is not None and mean < 0 and (self.law in ("exponential", "poisson") or self.cv is not None):
            raise ValueError(f"mean {mean:g} of law {self.law!r}: must be at least 0")
        if mean is not None and mean > MOST_POISSON and self.law == "poisson":
            raise ValueError(f"mean {mean:g} of law 'poisson': must be at most {MOST_POISSON:g}")
        for name, size in (("mean", mean), ("median", self.median)):
            if size is not None and 0 < abs(size) < LEAST:
                raise ValueError(f"{name} {size:g} of law {self.law!r}: must be at least {LEAST:g}")
        self._check_spread()

    def _check_spread(self) -> None:
        """Refuse parameters whose spread no number holds, or no law of this name has."""
        if self.median is not None and math.log(self.median) + (self.sigma or 0) ** 2 > math.log(LARGEST):
            text = f"median {self.median:g} with sigma {self.sigma:g} of law 'lognormal'"
            raise ValueError(f"{text}: the spread is above {LARGEST:g}: give smaller ones")
        if self.law == "beta" and not _is_beta(self.mean or 0.0, self.sd or 0.0):
            raise ValueError(
                f"mean {self.mean:g} and sd {self.sd:g} of law 'beta': "
                "the mean must be between 0 and 1, and sd above 0 and below the root of mean * (1 - mean)"
            )
        if self.law in ("gamma", "lognormal", "beta") or (self.law == "normal" and self.truncated):
            self._check_spread_above_zero(self.mean, self.spread())

    def _check_spread_above_zero(self, mean: float | None, spread: float) -> None:
        """Refuse what no law can have whose draws are never below 0."""
        if mean is None or mean == spread == 0:
            return
        if mean <= 0:
            text = f"mean {mean:g} and sd {spread:g} of law {self.law!r}: draws below 0 count as 0"
            raise ValueError(f"{text}, so that the mean must be above 0; or say truncated=false")
        least, most = SPREADS[0] if self.law != "normal" else 0.0, SPREADS[1] if self.law != "beta" else math.inf
        cv = self.cv if self.cv is not None else spread / mean
        if cv != 0 and not least <= cv <= most:
            given = f"cv {self.cv:g}" if self.cv is not None else f"sd {spread:g} for mean {mean:g}"
            raise ValueError(f"{given} of law {self.law!r}: must be 0, or {SPREADS[0]:g} to {SPREADS[1]:,.0f} means")

    def spread(self) -> float:
        """Return the standard deviation that a law was given directly or as a coefficient of variation; 0 for none."""
        return self.sd if self.sd is not None else (self.cv or 0.0) * abs(self.mean or 0.0)

    def _listed(self) -> tuple[float, ...]:
        """Return the values that the law can draw."""
        return (*(self.values or ()), *((0.0,) if self.at_end == "zero" else ()))

    def lowest(self) -> float:
        """Return the smallest value that the law can draw (minus infinity for an untruncated normal law)."""
        if self.law in ("discrete", "empirical", "series"):
            return min(self._listed())
        if self.law == "uniform":
            return float(self.low or 0.0)
        if self.law == "fixed":
            return float(self.value or 0.0)
        return 0.0 if self.truncated or self.law != "normal" else float("-inf")

    def highest(self) -> float:
        """Return the largest value that the law can draw, which is infinity for a law without an upper end."""
        if self.law in ("discrete", "empirical", "series"):
            return max(self._listed())
        if self.law in ("uniform", "fixed"):
            return float((self.high if self.law == "uniform" else self.value) or 0.0)
        return 1.0 if self.law == "beta" else float("inf")

    def text(self) -> str:
        """Return the short form that a CSV cell holds; `parse_law` reads it back."""
        if self.law == "fixed":
            return f"{self.value!r}".removesuffix(".0")
        given = {k: v for k, v in self.model_dump(exclude_none=True, exclude_defaults=True).items() if k != "law"}
        given.pop("origin", None)
        return f"{self.law}({', '.join(f'{key}={_write(value)}' for key, value in given.items())})"


@lru_cache(maxsize=4096)
def _law_of_text(text: str) -> Law:
    """Share one law among the many rows of a table that spell it alike."""
    return Law.model_validate(parse_law(text))


def fixed(value: float) -> Law:
    """Return the law that always draws *value*, shared by all who ask for it.

    >>> fixed(0) is fixed(0)
    True
    """
    return _law_of_text(repr(float(value)))


_ALL_PARAMETERS = tuple(dict.fromkeys(name for sets in PARAMETERS.values() for wanted in sets for name in wanted))
_CALL = re.compile(r"^\s*([a-z]+)\s*\((.*)\)\s*$", re.DOTALL)


def _is_beta(mean: float, sd: float) -> bool:
    """Return whether a beta law can have these moments."""
    return 0.0 < mean < 1.0 and sd > 0.0 and mean * (1.0 - mean) / sd**2 > 1.0


def _write(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple | list):
        return " ".join(_write(item) for item in value)
    return repr(value).removesuffix(".0").lower() if isinstance(value, bool) else repr(value).removesuffix(".0")


def parse_law(text: str) -> Mapping[str, Any]:
    """Read ``gamma(mean=10, cv=0.3)`` or ``discrete(values=1 2, weights=0.8 0.2)`` or a plain number.

    >>> parse_law("discrete(values=1 2, weights=0.8 0.2)")["values"]
    [1.0, 2.0]
    """
    try:
        return {"law": "fixed", "value": float(text)}
    except ValueError:
        pass
    call = _CALL.match(text)
    if call is None:
        right = "write a number or a law such as gamma(mean=10, cv=0.3)"
        raise ValueError(f"{text!r} is not a law: {right}{number_hint(text)}")
    name, inside = call.groups()
    if name not in PARAMETERS:
        raise ValueError(f"unknown law {name!r}{nearest(name, PARAMETERS)}")
    return {"law": name, **dict(_parse_pair(pair) for pair in inside.split(",") if pair.strip())}


def _parse_pair(pair: str) -> tuple[str, Any]:
    key, _, value = pair.partition("=")
    key, words = key.strip(), value.split()
    if key in ("truncated", "at_end"):
        return key, value.strip().lower()
    if key not in _ALL_PARAMETERS:
        raise ValueError(f"unknown parameter {key!r} of a law{nearest(key, _ALL_PARAMETERS)}")
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        raise ValueError(f"{key}={value.strip()!r}: must be a number{number_hint(value)}") from None
    return key, numbers if key in ("values", "weights") else (numbers[0] if len(numbers) == 1 else value)
