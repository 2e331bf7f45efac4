"""Probability laws as a user writes them: ``{law: gamma, mean: 10, cv: 0.3}``, ``gamma(mean=10, cv=0.3)`` or ``10``.

Which laws there are, and what defines them, stands in `gpnde.numerics.laws.catalogue`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator

from gpnde.errors import ComponentError, Owner, ScenarioError, nearest, number_hint, one_line
from gpnde.numerics.laws.catalogue import LAWS
from gpnde.numerics.laws.checks import spread_of
from gpnde.numerics.laws.kinds import LawRow
from gpnde.numerics.laws.record import Floats, LawParameter, LawType, each_parameter
from gpnde.scenario.choice import OneOf
from gpnde.scenario.model import LARGEST, Block
from gpnde.scenario.problems import Locations, refusal

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


COMMON = {each.name: each for each in each_parameter([law for law in LAWS if LAWS.is_own(law.name)])}
"""The parameters of the laws of gpnde."""


OPTIONS = ("truncated", "at_end")
"""Words beside the parameters, which some laws take."""


def _common(name: str) -> Any:
    """Return the field of a parameter that laws of gpnde have."""
    said = COMMON[name]
    return Field(None, ge=said.ge, gt=said.gt, le=said.le, lt=said.lt, description=said.doc)


class Law(Block):
    """A probability law of a duration (days) or a quantity (units); a bare number is a fixed value.

    A law that a plugin brings may take parameters of its own.

    >>> Law.model_validate(3).text()
    '3'
    >>> Law.model_validate("gamma(mean=10, cv=0.3)").mean
    10.0
    """

    # Parameters of plugins' laws are extra keys; the check before validation refuses all others.
    model_config = ConfigDict(extra="allow")

    law: Annotated[str, OneOf(LAWS)] = Field("fixed", description="What is drawn.")
    value: float | None = _common("value")
    mean: float | None = _common("mean")
    sd: float | None = _common("sd")
    cv: float | None = _common("cv")
    median: float | None = _common("median")
    sigma: float | None = _common("sigma")
    low: float | None = _common("low")
    high: float | None = _common("high")
    shape: float | None = _common("shape")
    values: tuple[float, ...] | None = _common("values")
    weights: tuple[float, ...] | None = _common("weights")
    truncated: bool = Field(
        True,
        description="Normal law only: draws below 0 count as 0; mean and deviation hold for what is drawn then.",
    )
    at_end: AtEnd = Field(
        "repeat", description="Series only: after the last value it starts again, is 0, or stays at the last value."
    )
    origin: Column | None = Field(None, description="The CSV column that values were taken from.")

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        kind = law_type(str(given.get("law", "fixed")))
        own = {str(key): value for key, value in given.items() if key not in cls.model_fields}
        for key in own:
            if kind.parameter(key) is None:
                known = [*cls.model_fields, *(each.name for each in kind.parameters)]
                raise ValueError(f"unknown key {key!r}{nearest(key, known)}")
        return {
            **given,
            **{each.name: _own_value(each, own[each.name]) for each in kind.parameters if each.name in own},
        }

    @model_validator(mode="after")
    def _has_one_complete_set_of_parameters(self) -> Law:
        kind = self.kind
        for option in OPTIONS:
            if option not in kind.options and getattr(self, option) != Law.model_fields[option].default:
                takers = " or ".join(each.name for each in LAWS if option in each.options)
                raise ValueError(f"law {self.law!r} was given {option}: only {takers} takes it")
        given = {name for name in (*COMMON, *(self.model_extra or ())) if getattr(self, name) is not None}
        if not any(given == set(wanted) for wanted in kind.sets):
            choices = " or ".join(", ".join(wanted) for wanted in kind.sets)
            raise ValueError(f"law {self.law!r} was given {', '.join(sorted(given)) or 'nothing'}: it takes {choices}")
        _check(kind, self.given())
        return self

    # Defined after the check, and so around it: a law that rows share is not checked again for each of them.
    @model_validator(mode="wrap")
    @classmethod
    def _read_short_forms(cls, given: Any, validate: ModelWrapValidatorHandler[Law]) -> Law:
        if isinstance(given, bool):
            # Pydantic makes an error of its own out of a ValueError alone.
            raise ValueError(f"{given!r}: give a number or a law such as gamma(mean=10, cv=0.3)")  # noqa: TRY004
        if isinstance(given, int | float):
            return validate({"law": "fixed", "value": given})
        return _law_of_text(given) if isinstance(given, str) else validate(given)

    @property
    def kind(self) -> LawType:
        """The record of the law."""
        return law_type(self.law)

    def given(self) -> dict[str, Any]:
        """Return the parameters that were given and the options of the law, as its record takes them.

        >>> Law.model_validate("normal(mean=9, sd=3)").given()
        {'mean': 9.0, 'sd': 3.0, 'truncated': True}
        """
        kind = self.kind
        parameters = {each.name: getattr(self, each.name, None) for each in kind.parameters}
        options = {name: getattr(self, name) for name in kind.options}
        return {**{name: value for name, value in parameters.items() if value is not None}, **options}

    def spread(self) -> float:
        """Return the standard deviation that a law was given directly or as a coefficient of variation; 0 for none."""
        return spread_of(self.mean or 0.0, self.sd, self.cv)

    def row(self) -> LawRow:
        """Return what the compiled steps draw from."""
        return self.kind.row(**self.given())

    def draws(self, chances: Floats, occurrence: int = 0) -> Floats:
        """Return a draw for each of *chances*, uniform numbers between 0 and 1 (both excluded); shape as given.

        Each depends on its own chance alone. A series is taken in turn: *occurrence* says which of its values it is.

        >>> import numpy as np
        >>> Law.model_validate("uniform(low=2, high=4)").draws(np.array([0.25, 0.5])).tolist()
        [2.5, 3.0]
        """
        return self.kind.draws(chances, self.given(), occurrence)

    def lowest(self) -> float:
        """Return the smallest value that the law can draw (minus infinity for an untruncated normal law)."""
        return float(self.kind.bounds(self.given())[0])

    def highest(self) -> float:
        """Return the largest value that the law can draw, which is infinity for a law without an upper end."""
        return float(self.kind.bounds(self.given())[1])

    def is_above_zero(self) -> bool:
        """Return whether all that the law draws is above 0, but for what has no chance."""
        return self.kind.is_above_zero(self.given())

    def text(self) -> str:
        """Return the short form that a CSV cell holds; `parse_law` reads it back."""
        if self.law == "fixed":
            return f"{self.value!r}".removesuffix(".0")
        defaults = {name: Law.model_fields[name].default for name in self.kind.options}
        given = {key: value for key, value in self.given().items() if value != defaults.get(key)}
        return f"{self.law}({', '.join(f'{key}={_write(value)}' for key, value in given.items())})"


def law_of(where: str, name: str, **parameters: float) -> Law:
    """Return a law of parameters that stand elsewhere, at *where* in errors.

    >>> law_of("disruption.strike.days", "gamma", mean=10.0, cv=0.3).text()
    'gamma(mean=10, cv=0.3)'
    >>> law_of("disruption.strike.days", "gamma", mean=0.0, cv=0.3)
    Traceback (most recent call last):
    gpnde.errors.ComponentError: disruption.strike.days: mean 0 of law 'gamma': must be above 0

    Raises
    ------
    ComponentError
        There is no such law, or it cannot have these parameters.
    """
    given = {"law": name, **parameters}
    wrong = wrong_law(given)
    if wrong:
        raise ComponentError(where=where, expected=wrong)
    return Law.model_validate(given)


def wrong_law(given: Any) -> str:
    """Return what is wrong with a law in any of its forms, or an empty text.

    >>> wrong_law("gama(mean=1)"), wrong_law(3)
    ("unknown law 'gama'; did you mean 'gamma'?", '')
    """
    try:
        Law.model_validate(given)
    except ValidationError as error:
        wrong = refusal(error, Locations(given))
        return str(wrong) if error.errors()[0]["loc"] else wrong.expected
    return ""


def law_type(name: str) -> LawType:
    """Return the record of a law, or raise a ValueError, which pydantic takes for one of the block.

    >>> law_type("gama")
    Traceback (most recent call last):
    ValueError: unknown law 'gama'; did you mean 'gamma'?
    """
    try:
        return LAWS.get(name)
    except ScenarioError as error:
        raise ValueError(str(error)) from None


def _own_value(parameter: LawParameter, given: Any) -> Any:
    if parameter.is_list and isinstance(given, tuple | list):
        return tuple(_number(parameter, each) for each in given)
    return _number(parameter, given)


def _number(parameter: LawParameter, given: Any) -> float:
    is_number = isinstance(given, int | float) and not isinstance(given, bool) and abs(given) <= LARGEST
    if not is_number:
        wanted = "a list of numbers" if parameter.is_list else "a number"
        raise ValueError(f"{parameter.name}={given!r}: must be {wanted}{number_hint(given)}")
    return float(given)


def _check(kind: LawType, given: Mapping[str, Any]) -> None:
    """Refuse parameters that a law cannot have."""
    for parameter in kind.parameters:
        value = given.get(parameter.name)
        wrong = [] if value is None else [number for number in _numbers(value) if parameter.broken_bound(number)]
        if wrong:
            text = f"{parameter.name} {wrong[0]:g} of law {kind.name!r}"
            raise ValueError(f"{text}: {parameter.broken_bound(wrong[0])}")
    if LAWS.is_own(kind.name):
        if kind.check is not None:
            kind.check(**given)
    else:
        _check_added(kind, given)


def _numbers(value: Any) -> tuple[float, ...]:
    return value if isinstance(value, tuple) else (value,)


def _check_added(kind: LawType, given: Mapping[str, Any]) -> None:
    """Make the row of a plugin's law, so that its faults are reported before a run."""
    try:
        if kind.check is not None:
            kind.check(**given)
        row = kind.row(**given)
    except ValueError:
        # The law says itself what is wrong with its parameters; any other error is a fault of its code.
        raise
    except Exception as error:
        raise ValueError(f"law {kind.name!r} of {LAWS.owner(kind.name)}: {one_line(error)}") from error
    if not isinstance(row, LawRow):
        raise ValueError(f"law {kind.name!r} of {LAWS.owner(kind.name)}: gave {row!r}: must be a row, as of tabulated")


@lru_cache(maxsize=4096)
def _law_of_text(text: str) -> Law:
    """Share one law among the many rows of a table that spell it alike."""
    return Law.model_validate(parse_law(text))


def added_laws(*given: Any) -> dict[str, Owner]:
    """Return the laws of plugins that stand anywhere in blocks, components or lists of them, and their owners."""
    if not LAWS.added():
        return {}
    return {name: LAWS.owner(name) for name in sorted(set(_names_in(given))) if not LAWS.is_own(name)}


def _names_in(value: Any) -> Iterator[str]:
    if isinstance(value, Law):
        yield value.law
    elif isinstance(value, BaseModel):
        yield from _names_in(vars(value))
    elif isinstance(value, Mapping | list | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _names_in(part)


def forget_law_texts() -> None:
    """Forget what was read, so that names of laws are looked up again."""
    _law_of_text.cache_clear()


def fixed(value: float) -> Law:
    """Return the law that always draws *value*, shared by all callers.

    >>> fixed(0) is fixed(0)
    True
    """
    # By way of the text, since laws are shared by what they are spelt like.
    return _law_of_text(repr(float(value)))


_CALL = re.compile(r"^\s*([a-z][a-z0-9-]*)\s*\((.*)\)\s*$", re.DOTALL)


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
    known = {**COMMON, **{each.name: each for each in law_type(name).parameters}}
    return {"law": name, **dict(_parse_pair(pair, known) for pair in inside.split(",") if pair.strip())}


def _parse_pair(pair: str, known: Mapping[str, LawParameter]) -> tuple[str, Any]:
    key, _, value = pair.partition("=")
    key, words = key.strip(), value.split()
    if key in ("truncated", "at_end"):
        return key, value.strip().lower()
    if key not in known:
        raise ValueError(f"unknown parameter {key!r} of a law{nearest(key, known)}")
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        raise ValueError(f"{key}={value.strip()!r}: must be a number{number_hint(value)}") from None
    return key, numbers if known[key].is_list else (numbers[0] if len(numbers) == 1 else value)
