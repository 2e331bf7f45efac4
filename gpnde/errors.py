"""The errors that a user meets: one line each, never a traceback."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence


class GpndeError(Exception):
    """A mistake that the user can mend; its text says where, what was given and what would be right.

    >>> str(GpndeError("clock.days: -3: must be above 0"))
    'clock.days: -3: must be above 0'
    """


class ScenarioError(GpndeError):
    """A scenario that cannot be read, is incomplete or contradicts itself."""


class ComponentError(GpndeError):
    """A component that is missing, cannot be loaded or failed during a run."""


class ResultsError(GpndeError):
    """A results folder that cannot be written, read or repeated."""


class StudyError(GpndeError):
    """A study that cannot be read, planned, carried out or evaluated."""


class RunFailure(GpndeError):
    """A run or its workers failed under way: nothing that the user gave was wrong beforehand."""


class ComponentFailure(ComponentError, RunFailure):
    """A component that failed in the middle of a run."""


class StudyFailure(StudyError, RunFailure):
    """A study whose workers could not do their work."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint that names what *name* may have meant, or an empty text.

    >>> nearest("capcity", ["capacity_per_day", "capacity"])
    "; did you mean 'capacity'?"
    >>> nearest("zzz", ["capacity"])
    ''
    """
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {matches[0]!r}?" if matches else ""


_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?"
_WITH_UNIT = re.compile(rf"\s*({_NUMBER})\s*([a-z%].*?)\s*", re.IGNORECASE)
_THOUSANDS = re.compile(r"\s*[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?\s*")
_TIMES = ("hour", "week", "month", "quarter", "year", "min", "h", "w", "y")


def number_hint(text: object) -> str:
    """Return how to write a number that was given with its unit or with commas, or an empty text.

    >>> number_hint("10 days"), number_hint("95%"), number_hint("1,000"), number_hint("ten")
    ("; write 10 without 'days'", '; write 0.95', '; write 1000', '')
    >>> number_hint("2 weeks")
    '; write the number alone, in the unit of this key'
    """
    given = str(text)
    if _THOUSANDS.fullmatch(given):
        return f"; write {given.strip().replace(',', '')}"
    found = _WITH_UNIT.fullmatch(given)
    if found is None:
        return ""
    number, unit = found.groups()
    if unit == "%":
        return f"; write {float(number) / 100:g}"
    is_other_time = unit.lower().rstrip("s") in _TIMES
    return (
        "; write the number alone, in the unit of this key" if is_other_time else f"; write {number} without {unit!r}"
    )


def check_names(where: str, names: Sequence[str], known: Collection[str]) -> None:
    """Refuse the first of *names* that is not among *known*; *where* is the parameter that gave it.

    >>> check_names("disruption.site-outage.sites", ["penag"], ["bangkok", "penang"])
    Traceback (most recent call last):
    gpnde.errors.ComponentError: disruption.site-outage.sites: 'penag': not in the scenario; did you mean 'penang'?
    """
    for name in names:
        if name not in known:
            raise ComponentError(f"{where}: {name!r}: not in the scenario{nearest(name, known)}")
