"""Sentences that titles are made of: what moved, by how much, and who is first, each rule written once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from gpnde.results.headline import number

TITLE_LETTERS = 84
"""Letters of a title that fit in a line as wide as a chart."""

SUBTITLE_LETTERS = 108
"""Letters of a subtitle that do."""

_STILL = 0.02
_BREAKS = re.compile(" (?!%)")
"""Where a line may end: a number and its per cent stay together."""


def counted(count: float, one: str, many: str = "") -> str:
    """Return how many things there are, in words.

    >>> counted(1, "firm"), counted(1200, "firm"), counted(2, "country", "countries"), counted(0, "firm")
    ('1 firm', '1,200 firms', '2 countries', 'no firms')
    """
    what = one if count == 1 else many or f"{one}s"
    return f"{count:,.0f} {what}" if count else f"no {what}"


def course(what: str, first: float, last: float, text: Callable[[float], str] = number) -> str:
    """Return in words how a quantity went from its *first* to its *last* value; a fiftieth of it counts as still.

    >>> from gpnde.results.headline import percent
    >>> course("the gap", 0.12, 0.19), course("the fill rate", 0.9, 0.6, percent), course("stock", 100.0, 101.0)
    ('The gap grew from 0.12 to 0.19', 'The fill rate fell from 90 % to 60 %', 'Stock hardly moved: 100, then 101')
    """
    ends = text(first), text(last)
    if ends[0] == ends[1]:
        return sentence(f"{what} stayed at {ends[0]}")
    if abs(last - first) <= _STILL * max(abs(first), abs(last)):
        return sentence(f"{what} hardly moved: {ends[0]}, then {ends[1]}")
    return sentence(f"{what} {'grew' if last > first else 'fell'} from {ends[0]} to {ends[1]}")


def sentence(text: str) -> str:
    """Return a text with a capital at its start, names that begin otherwise included.

    >>> sentence("the gap is small")
    'The gap is small'
    """
    return text[:1].upper() + text[1:]


def first_of(amounts: Mapping[str, float]) -> tuple[str, float]:
    """Return the name with the largest amount, of equals the first, and its share of the sum, 0 where that is 0.

    >>> first_of({"formal": 3.0, "informal": 1.0}), first_of({})
    (('formal', 0.75), ('', 0.0))
    """
    whole = sum(amounts.values())
    name = max(amounts, key=amounts.__getitem__, default="")
    return name, amounts[name] / whole if whole > 0 else 0.0


def wrapped(text: str, letters: int, *, even: bool = True) -> str | list[str]:
    """Return a text, or its lines where it is longer than so many *letters*; wide letters count as two.

    Lines that are to be *even* are about equally long, so that no word is left alone on the last one.

    >>> wrapped("one two three four five six", 22), wrapped("one", 8)
    (['one two three', 'four five six'], 'one')
    """
    lines = _lines(text, letters)
    if len(lines) == 1 or not even:
        return lines if len(lines) > 1 else text
    enough = (less for less in range(letters // 3, letters) if len(_lines(text, less)) == len(lines))
    return _lines(text, next(enough, letters))


def _lines(text: str, letters: int) -> list[str]:
    lines = [""]
    for word in _BREAKS.split(text):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and breadth(longer) > letters:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def breadth(text: str) -> int:
    """Return how many narrow letters a text is as wide as.

    >>> breadth("abc"), breadth("半導體")
    (3, 6)
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
