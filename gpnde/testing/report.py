"""The report on a component: named checks, each with a reason of one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from gpnde.errors import GpndeError

CHECKS = {
    "schema": "the parameters have a JSON Schema, and a component written down and read back is the same",
    "documentation": "class and parameters say what they mean, in what unit and from which source; the hooks exist",
    "bounds": "the default of every parameter, its bounds and the ends of its range build a component",
    "pickling": "the component and the errors that it raises can be sent to another process",
    "import": "its module loads in under 50 ms on top of gpnde, of a processor of today",
    "run": "it takes part in a run",
    "randomness": "it draws from its streams alone",
    "read-only": "it changes the network through actions and answers alone, and keeps nothing from run to run",
    "conservation": "goods, cash and knowledge stay in balance",
    "same-bytes": "the same seed gives the same tables twice",
    "disabled": "switched off it leaves the tables as they are without it",
    "order": "the order of components in the scenario does not matter",
    "streams": "components beside it that draw leave its random numbers as they are",
    "spawned": "another process gives the same tables",
    "hash-seed": "another PYTHONHASHSEED gives the same tables",
}
"""Every check and what it finds to be true of a good component."""


class Check(NamedTuple):
    """One check of a component."""

    name: str
    """One of `CHECKS`."""
    passed: bool
    reason: str
    """What was found, in one line."""


class ConformanceError(GpndeError, AssertionError):
    """A component failed checks; the text has one line for each of them."""


@dataclass(frozen=True)
class Report:
    """The checks of one component, in the order of `CHECKS`.

    Checks that compare runs are left out where the component cannot run, or gives other tables at every run.

    >>> report = Report("policy.fair", (Check("run", False, "ZeroDivisionError: division by zero"),))
    >>> report.passed
    False
    >>> print(report)
    policy.fair
      failed  run  ZeroDivisionError: division by zero
    """

    component: str
    """Name of the component."""
    checks: tuple[Check, ...]
    changes: tuple[str, ...] = ()
    """Tables that the component changes in the network it was tried on; without any the checks say little."""

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return not self.failures

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if not check.passed)

    def raise_if_failed(self) -> None:
        """Raise a `ConformanceError` with one line per failed check, if there is any."""
        if self.failures:
            lines = [f"{self.component}: {check.name}: {check.reason}" for check in self.failures]
            raise ConformanceError("\n".join(lines))

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        checks = [check._asdict() for check in self.checks]
        return {"component": self.component, "passed": self.passed, "changes": list(self.changes), "checks": checks}

    def __str__(self) -> str:
        """Return the report as text, one line per check."""
        width = max((len(check.name) for check in self.checks), default=0)
        words = {True: "ok    ", False: "failed"}
        rows = [f"  {words[each.passed]}  {each.name.ljust(width)}  {each.reason}" for each in self.checks]
        return "\n".join([self.component, *rows])
