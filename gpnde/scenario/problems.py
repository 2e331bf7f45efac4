"""What is wrong with a scenario, in one line: *where: what was given: what would be right*."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from gpnde.errors import ScenarioError, nearest, number_hint
from gpnde.scenario.address.names import Key, text_of

Location = tuple[Key, ...]
"""The way to a part of a scenario: ``("sites", 3, "capacity_per_day")``."""

_LONGEST = 60
_LONG = 1e15
"""Numbers from here on are told by their power of ten."""


@dataclass(frozen=True)
class Rows:
    """The CSV file that a table came from, and the line of each row."""

    file: str
    lines: Sequence[int]


@dataclass(frozen=True)
class Locations:
    """Where each part of a scenario was written, so that an error can name it.

    >>> Locations({"sites": [{"name": "penang"}, {}]}).text(("sites", 0, "stock"))
    'sites.penang.stock'
    >>> Locations({"sites": [{"name": "penang"}, {}]}).text(("sites", 1, "stock"))
    'sites[1].stock'
    >>> Locations({"links": [{"buyer": "assembly", "supplier": "boards"}]}).text(("links", 0, "share"))
    'links.assembly<boards.share'
    """

    given: Any
    files: Mapping[str | int, Rows] = field(default_factory=dict)
    whole: str = "scenario"
    """What all of it is called."""
    _written: dict[Location, list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """How the rows of each table that was asked for are written."""

    def text(self, location: Location) -> str:
        """Return the file and line of a row of a CSV file, else the address, which names rows."""
        if len(location) > 1 and location[0] in self.files and isinstance(location[1], int):
            rows = self.files[location[0]]
            place = f"{rows.file} line {rows.lines[location[1]]}"
            return f"{place}, {text_of(None, location[2:])}" if location[2:] else place
        return text_of(self.given, location, self._written) or self.whole


class Misfit(ValueError):
    """What is wrong with a *part* of a block, found by the block as a whole."""

    def __init__(self, part: Location, text: str) -> None:
        """Say what is wrong, and what would be right."""
        super().__init__(text)
        self.part = part


def shown(value: Any) -> str:
    """Return the text of a value for an error, cut where it is long.

    >>> shown("x" * 100)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."
    """
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def summary(lines: Sequence[Any]) -> str:
    """Return the first line, with the number of the others.

    >>> summary(["a: 1: must be 2", "b", "c"])
    'a: 1: must be 2 (and 2 more)'
    """
    return str(lines[0]) if len(lines) == 1 else f"{lines[0]} (and {len(lines) - 1} more)"


def refusal(error: ValidationError, places: Locations) -> ScenarioError:
    """Return the one-line error for what pydantic found wrong."""
    found = _without_echoes(error.errors(include_url=False))
    where, given, right = _parts(found[0], places)
    return ScenarioError(where=where, given=given, expected=summary([right, *found[1:]]))


def _without_echoes(errors: Sequence[Any]) -> list[Any]:
    """Leave out what pydantic says again: that a list lacks its faulty items, or is not the mapping that it may be."""
    own = [one for one in errors if one["type"] != "too_short" or not one["input"]]
    kept = [one for one in own if _reading(one) is None or one["type"] not in ("dict_type", "tuple_type")]
    # Something has to be told, even if all that there is are echoes.
    return kept or own[:1]


_WRONG_KEY = "[key]"
"""What pydantic adds to the location of a key that may not stand in a mapping."""


def _reading(one: Any) -> int | None:
    """Return where in the location pydantic names the reading that it tried, such as ``dict[str,float]``."""
    return next((i for i, part in enumerate(one["loc"]) if str(part).startswith(("dict[", "tuple["))), None)


def _parts(one: Any, places: Locations) -> tuple[str, str, str]:
    """Return where something is wrong, what was given and what would be right."""
    location = tuple(one["loc"])
    reading = _reading(one)
    if reading is not None:
        location = location[:reading] + location[reading + 1 :]
    if location[-1:] == (_WRONG_KEY,):
        # The key itself is what was given.
        location = location[:-2]
    if one["type"] == "value_error":
        found = one["ctx"]["error"]
        part = found.part if isinstance(found, Misfit) else ()
        return places.text((*location, *part)), "", str(found)
    if one["type"] == "missing":
        what = "key" if isinstance(location[-1], str) else "entry"
        return places.text(location), "missing", f"this {what} is required"
    right = _either(one) if reading is not None and one["type"].endswith("_type") else _right(one)
    return places.text(location), shown(one["input"]), right


def _either(one: Any) -> str:
    return _right(one) if one["type"] not in ("dict_type", "tuple_type") else "must be a list or a mapping"


_WORDS = {
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "must be a finite number, neither NaN nor infinite",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "too_long": "must have at most {max_length}",
    "literal_error": "must be {expected}",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping of keys to values",
    "date_type": "must be a date such as 1990-01-31",
    "date_parsing": "must be a date such as 1990-01-31",
    "date_from_datetime_parsing": "must be a date such as 1990-01-31",
    "date_from_datetime_inexact": "must be a date without a time",
}


def _right(one: Any) -> str:
    context = {name: _number(value) for name, value in one.get("ctx", {}).items()}
    words = _WORDS.get(one["type"])
    if words is None:
        return str(one["msg"]).replace("Input should be", "must be")
    hint = nearest(str(one["input"]), _choices(context["expected"])) if one["type"] == "literal_error" else ""
    hint = number_hint(one["input"]) if one["type"] in ("float_parsing", "int_parsing") else hint
    return words.format(**context) + hint


def _choices(expected: str) -> list[str]:
    return [choice.strip("' ") for choice in expected.replace(" or ", ", ").split(",")]


def _number(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < _LONG:
        value = int(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
