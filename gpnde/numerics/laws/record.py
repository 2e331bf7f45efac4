"""What a probability law is: a record made of the function that turns its parameters into a row to draw from."""

from __future__ import annotations

import inspect
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpnde.numerics.laws.kinds import WITH_VALUES, LawRow

Floats = NDArray[np.float64]

Given = Mapping[str, Any]
"""Parameters by name, as the functions of a law take them: those that were given, and its options."""

_BOUNDS: Mapping[str, tuple[str, Callable[[float, float], bool]]] = {
    "ge": ("at least", operator.ge),
    "gt": ("above", operator.gt),
    "le": ("at most", operator.le),
    "lt": ("below", operator.lt),
}


@dataclass(frozen=True)
class LawParameter:
    """A parameter of a law: what it is called, means, and must keep to."""

    name: str
    doc: str
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None
    is_list: bool = False
    """Whether it is several numbers."""

    def bounds(self) -> dict[str, float]:
        """Return the bounds by kind: ge (at least), gt (above), le (at most), lt (below).

        >>> LawParameter("cv", "Spread.", ge=0).bounds()
        {'ge': 0}
        """
        given = {"ge": self.ge, "gt": self.gt, "le": self.le, "lt": self.lt}
        return {kind: bound for kind, bound in given.items() if bound is not None}

    def broken_bound(self, value: float) -> str:
        """Return what would be right, or an empty text where *value* is.

        >>> LawParameter("cv", "Spread.", ge=0).broken_bound(-1)
        'must be at least 0'
        """
        for kind, bound in self.bounds().items():
            words, holds = _BOUNDS[kind]
            if not holds(value, bound):
                return f"must be {words} {bound:g}"
        return ""


@dataclass(frozen=True, eq=False)
class LawType:
    """A probability law that users may name; made by `law`.

    The functions take the parameters that were given, and the options of the law, by name.
    """

    name: str
    doc: str
    source: str
    parameters: tuple[LawParameter, ...]
    row: Callable[..., LawRow]
    """What is drawn from."""
    sets: tuple[tuple[str, ...], ...]
    """Sets of parameters, any one of which defines the law."""
    options: tuple[str, ...] = ()
    """Words beside the parameters that the law takes: truncated, at_end."""
    check: Callable[..., None] | None = None
    """Raises ValueError where parameters do not go together."""
    reach: Callable[..., tuple[float, float]] | None = None
    above_zero: Callable[..., bool] | None = None
    by_chance: Callable[..., Floats] | None = None

    def parameter(self, name: str) -> LawParameter | None:
        """Return the parameter of that name, if the law has it."""
        return next((each for each in self.parameters if each.name == name), None)

    def bounds(self, given: Given) -> tuple[float, float]:
        """Return the lowest and the highest value that the law can draw, infinite where there is no end."""
        return self.reach(**given) if self.reach is not None else _ends(self.row(**given))

    def is_above_zero(self, given: Given) -> bool:
        """Return whether all that the law draws is above 0, but for what has no chance."""
        return self.bounds(given)[0] > 0 if self.above_zero is None else self.above_zero(**given)

    def draws(self, chances: Floats, given: Given, occurrence: int = 0) -> Floats:
        """Return a draw for each of *chances*, uniform numbers between 0 and 1 (both excluded); shape as given.

        A series is taken in turn: *occurrence* says which of its values it is.
        """
        if self.by_chance is not None:
            return self.by_chance(chances, **given)
        from gpnde.numerics.laws.quantiles import drawn

        return drawn(self.row(**given), chances, occurrence)


def _ends(row: LawRow) -> tuple[float, float]:
    """Return the least and the largest value of a row, minus and plus infinity where its kind does not tell."""
    return (min(row.values), max(row.values)) if row.kind in WITH_VALUES else (-math.inf, math.inf)


def law(
    name: str,
    *parameters: LawParameter,
    source: str,
    sets: Sequence[Sequence[str]] = (),
    options: Sequence[str] = (),
    check: Callable[..., None] | None = None,
    reach: Callable[..., tuple[float, float]] | None = None,
    above_zero: Callable[..., bool] | None = None,
    by_chance: Callable[..., Floats] | None = None,
) -> Callable[[Callable[..., LawRow]], LawType]:
    """Declare the function below to be a probability law, which scenarios may then name.

    The function takes the parameters that a user gave, as floats, and returns the row to draw from; `tabulated` makes
    one of any quantile function. Its docstring says what is drawn; "Draw" before it is left out.

    Parameters
    ----------
    name
        Small letters, digits and hyphens, such as ``triangular``.
    *parameters
        What defines the law.
    source
        Where the law is described: author and year, or "definition".
    sets
        Sets of names of parameters, any one of which is enough; without them all parameters are needed.
    options
        Words that the law takes: ``truncated`` or ``at_end``.
    check
        Takes what the function takes, and raises ValueError in one line where values do not go together.
    reach
        Returns the lowest and the highest value; read off the row if it is left out.
    above_zero
        Returns whether 0 has no chance; whether the lowest value is above 0 if it is left out.
    by_chance
        Takes an array of chances first and returns a draw for each; made from the row if it is left out.

    Raises
    ------
    ValueError
        A set names a parameter that is not declared.

    Examples
    --------
    >>> from gpnde.numerics.laws.kinds import DISCRETE
    >>> @law("coin", LawParameter("stake", "What is won.", gt=0), source="definition")
    ... def coin(stake):
    ...     '''Draw nothing or the stake, with equal chance.'''
    ...     return LawRow(DISCRETE, values=(0.0, stake), weights=(0.5, 0.5))
    >>> coin.doc, coin.bounds({"stake": 2.0})
    ('Nothing or the stake, with equal chance.', (0.0, 2.0))
    """
    known = [each.name for each in parameters]
    chosen = tuple(map(tuple, sets)) or (tuple(known),)
    for each in chosen:
        if not set(each) <= set(known):
            raise ValueError(f"law {name!r}: set {', '.join(each)}: must be of its parameters {', '.join(known)}")

    def declare(row: Callable[..., LawRow]) -> LawType:
        doc = " ".join(inspect.cleandoc(row.__doc__ or "").partition(">>>")[0].split()).removeprefix("Draw ")
        made = (tuple(parameters), row, chosen, tuple(options), check, reach, above_zero, by_chance)
        return LawType(name, doc[:1].upper() + doc[1:], source, *made)

    return declare


def each_parameter(laws: Sequence[LawType]) -> Iterator[LawParameter]:
    """Yield the parameters of all *laws*, each name once."""
    found: dict[str, LawParameter] = {}
    for each in laws:
        for parameter in each.parameters:
            found.setdefault(parameter.name, parameter)
    yield from found.values()
