"""The errors that a user meets: one line each, never a traceback; what the line says is there as fields, too."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, Self


class Owner(NamedTuple):
    """The plugin that brought something, and its distribution.

    >>> str(Owner("quota", "gpnde-quota", "1.0")), str(Owner())
    ("plugin 'quota' (gpnde-quota 1.0)", '')
    """

    plugin: str = ""
    distribution: str = ""
    """Name of the distribution; ``file`` or ``module`` where there is none."""
    version: str = ""

    def __str__(self) -> str:
        """Return the owner in words, nothing if it is not known."""
        return f"plugin {self.plugin!r} ({self.distribution} {self.version})" if self.plugin else ""


NOBODY = Owner()
"""The owner of what no plugin brought."""


class Origin(NamedTuple):
    """What an error comes from: a component, its owner, and where in a run; fields that do not apply are empty."""

    component: str = ""
    """Its label in the run: the name, and ``#2`` for the second use of one."""
    owner: Owner = NOBODY
    hook: str = ""
    day: float | None = None
    """Simulated day; None outside of a run."""

    @property
    def who(self) -> str:
        """The component and its owner, in words."""
        return f"{self.component} of {self.owner}" if self.owner.plugin else self.component

    @property
    def when(self) -> str:
        """The hook and the day, in words."""
        return f"{self.hook} on day {self.day or 0:g}"

    def __str__(self) -> str:
        """Return all of it in words.

        >>> str(Origin("policy.quota", Owner("quota", "gpnde-quota", "1.0"), "process", 412.0))
        "policy.quota of plugin 'quota' (gpnde-quota 1.0): process on day 412"
        """
        return f"{self.who}: {self.when}"


NOWHERE = Origin()
"""The origin of what comes from no component."""


class GpndeError(Exception):
    """A mistake that the user can fix: where it is, what was given and what would be right.

    The text is made of these three, unless there is a better one. All fields survive pickling.

    >>> error = GpndeError(where="clock.days", given="-3", expected="must be above 0")
    >>> str(error), error.where
    ('clock.days: -3: must be above 0', 'clock.days')
    >>> str(GpndeError("links.csv: no such file"))
    'links.csv: no such file'
    """

    # Of the class too, so that errors of plugins have them whose __init__ does not pass them on.
    where: str = ""
    given: str = ""
    expected: str = ""
    origin: Origin = NOWHERE

    def __init__(
        self, text: str = "", where: str = "", given: str = "", expected: str = "", origin: Origin = NOWHERE
    ) -> None:
        """Keep the fields, and make the text of *where*, *given* and *expected* if there is no other *text*."""
        self.where, self.given, self.expected, self.origin = where, given, expected, origin
        super().__init__(text or _joined(where, given, expected), *self._fields())

    def _fields(self) -> tuple[Any, ...]:
        """Return the fields as arguments, by which SimPy copies errors of processes; none where all are empty."""
        fields = (self.where, self.given, self.expected, self.origin)
        return fields if fields != ("", "", "", NOWHERE) else ()

    def __str__(self) -> str:
        """Return the text."""
        return str(self.args[0]) if self.args else ""

    @property
    def component(self) -> str:
        """Label of the component that the error comes from; empty if it comes from none."""
        return self.origin.component

    @property
    def component_name(self) -> str:
        """Name of that component, without the number of its use."""
        return self.component.partition("#")[0]

    @property
    def plugin(self) -> str:
        """Name of the plugin that brought the component."""
        return self.origin.owner.plugin

    @property
    def distribution(self) -> str:
        """Name of the distribution of that plugin."""
        return self.origin.owner.distribution

    @property
    def version(self) -> str:
        """Version of that distribution."""
        return self.origin.owner.version

    @property
    def hook(self) -> str:
        """The hook in which the component was."""
        return self.origin.hook

    @property
    def day(self) -> float | None:
        """The simulated day (days); None outside of a run."""
        return self.origin.day

    @classmethod
    def passing_on(cls, error: GpndeError, before: str = "", after: str = "") -> Self:
        """Return an error of this kind that has the fields of another, and its words between others.

        >>> error = GpndeError(where="clock.days", given="-3", expected="must be above 0")
        >>> str(StudyError.passing_on(error, "arm tax", "fix it"))
        'arm tax: clock.days: -3: must be above 0: fix it'
        """
        # Not by its __init__, which may be one of a plugin with other arguments.
        made = cls.__new__(cls)
        made.__dict__.update(vars(error))
        made.args = (_joined(before, str(error), after), *error._fields())
        return made


def _joined(*parts: str) -> str:
    return ": ".join(part for part in parts if part)


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


class BalanceError(RunFailure):
    """Goods, cash or knowledge came from nowhere or vanished."""


class ComponentFailure(ComponentError, RunFailure):
    """A component that failed in the middle of a run."""

    @classmethod
    def of(cls, origin: Origin, problem: str = "", *, given: str = "", expected: str = "") -> Self:
        """Return the error of a component for a *problem*, or for what it has *given* instead of what is *expected*.

        >>> origin = Origin("policy.quota", Owner("quota", "gpnde-quota", "1.0"), "process", 412.0)
        >>> str(ComponentFailure.of(origin, "KeyError: 'F7'"))
        "policy.quota of plugin 'quota' (gpnde-quota 1.0) failed in process on day 412: KeyError: 'F7'"
        """
        text = f"{origin.who} failed in {origin.when}: {_joined(problem, given, expected)}"
        return cls(text, given=given, expected=expected, origin=origin)


class ReadOnlyError(ComponentFailure):
    """A component wrote into what it may only read."""


class RandomnessError(ComponentFailure):
    """A component drew from a generator of random numbers that is not one of its streams."""


class HookInterrupted(KeyboardInterrupt):
    """The user interrupted a run while a component was at work; `origin` tells which, at which hook and day."""

    def __init__(self, origin: Origin) -> None:
        """Name what was interrupted."""
        super().__init__(origin)
        self.origin = origin

    def __str__(self) -> str:
        """Return where the run was, in words."""
        return str(self.origin)


class StudyFailure(StudyError, RunFailure):
    """A study whose workers could not do their work."""


def one_line(error: BaseException) -> str:
    """Return what went wrong in one line: the words of an error of gpnde, else its kind and what it can tell.

    >>> one_line(ValueError("this" + chr(10) + "that")), one_line(GpndeError("days: -3: must be above 0"))
    ('ValueError: this that', 'days: -3: must be above 0')
    """
    try:
        text = " ".join(str(error).split())
    except Exception:
        # The text of an error of a plugin may fail itself.
        text = ""
    if isinstance(error, GpndeError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def short(text: str, longest: int = 300) -> str:
    r"""Return a text in one line of so many characters at most, and a mark where it was cut.

    >>> short("one\ntwo   three", 10)
    'one two th…'
    """
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}…"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint with the known name that is nearest to *name*, or an empty text.

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
            expected = f"not in the scenario{nearest(name, known)}"
            raise ComponentError(where=where, given=repr(name), expected=expected)
