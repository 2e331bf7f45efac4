"""The errors that a user meets: one line each, never a traceback."""

from __future__ import annotations

import difflib
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


def check_names(where: str, names: Sequence[str], known: Collection[str]) -> None:
    """Refuse the first of *names* that is not among *known*; *where* is the parameter that gave it.

    >>> check_names("disruption.site-outage.sites", ["penag"], ["bangkok", "penang"])
    Traceback (most recent call last):
    gpnde.errors.ComponentError: disruption.site-outage.sites: 'penag': not in the scenario; did you mean 'penang'?
    """
    for name in names:
        if name not in known:
            raise ComponentError(f"{where}: {name!r}: not in the scenario{nearest(name, known)}")
