"""Checks of what a component does in runs, each compared with another run that has to give the same tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gpnde.errors import GpndeError
from gpnde.plugin import Clock, Process, Streams, hookimpl
from gpnde.plugin.component import Component
from gpnde.scenario.schema import Scenario
from gpnde.testing.elsewhere import Elsewhere
from gpnde.testing.report import Check
from gpnde.testing.runs import Outcome, Subject, differing
from gpnde.testing.watched_run import watched_run


class EarlyBystander(Component):
    """Draws random numbers now and then, and changes nothing; its turn comes before that of other components."""

    name = "aside.bystander"

    @hookimpl
    def process(self, clock: Clock, streams: Streams) -> Process:
        """Draw every three days."""
        while True:
            streams.generator("aside", f"{clock.now:g}").random(7)
            yield clock.wait(3)


class LateBystander(EarlyBystander):
    """Does the same after all other components."""

    name = "zealous.bystander"


class Findings(NamedTuple):
    """What the runs of a component showed."""

    checks: list[Check]
    changes: tuple[str, ...] = ()
    """Tables that differ from those of the network without the component."""


def check_behaviour(subject: Subject) -> Findings:
    """Run a component in several ways, here and in another process.

    Raises
    ------
    GpndeError
        The network cannot be run without the component either.
    """
    absent = subject.run(subject.network_without())
    elsewhere = Elsewhere(subject)
    if elsewhere.lost:
        return Findings([Check("run", False, elsewhere.lost)])
    checks, first = watched_run(subject)
    if first is None:
        return Findings(checks)
    changes = differing(absent.tables, first.tables)
    checks.append(_compared("same-bytes", first, _run(subject, subject.network()), "the same seed"))
    if checks[-1].passed:
        checks += [*_compared_runs(subject, absent, first), *elsewhere.compared(first)]
    return Findings(checks, changes)


def _compared_runs(subject: Subject, absent: Outcome, first: Outcome) -> Iterator[Check]:
    """Yield the checks that compare runs of this process."""
    both = EarlyBystander, LateBystander
    off = _run(subject, subject.network(enabled=False))
    beside = _run(subject, subject.network(*both), *both)
    turned = _run(subject, subject.network(*both, reverse=True), *both)
    yield _compared("disabled", absent, off, "switched off, it")
    yield _compared("order", beside, turned, "another order of components")
    yield _compared("streams", first, beside, "beside components that only draw, it")


def _run(subject: Subject, network: Scenario, *beside: type[Component]) -> Outcome | GpndeError:
    """Run the component; return the error with which the run ends if it does."""
    try:
        return subject.run(network, *beside)
    except GpndeError as error:
        return error


def _compared(name: str, one: Outcome | GpndeError, other: Outcome | GpndeError, what: str) -> Check:
    """Compare two runs that have to give the same tables."""
    if isinstance(one, GpndeError) or isinstance(other, GpndeError):
        failed = one if isinstance(one, GpndeError) else other
        return Check(name, False, f"{what} ends the run: {failed}")
    tables = differing(one.tables, other.tables)
    found = f"other tables: {', '.join(tables)}" if tables else "the same tables"
    return Check(name, not tables, f"{what} gives {found}")
