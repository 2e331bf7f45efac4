"""The first run of a component, under watch: that it runs, what it draws, what it writes, and whether all balances."""

from __future__ import annotations

from collections.abc import Iterator

from gpnde.errors import BalanceError, GpndeError, RandomnessError, ReadOnlyError, one_line
from gpnde.testing.report import Check
from gpnde.testing.runs import Outcome, Subject
from gpnde.testing.watching import Watch, remembered, watched_global_draws
from gpnde.world.by_name import by_name

BALANCE = 1e-9
"""Relative error that a balance may have at most."""

_RULES: dict[type[GpndeError], str] = {
    BalanceError: "conservation",
    ReadOnlyError: "read-only",
    RandomnessError: "randomness",
}
"""The errors that a run ends with when a component breaks one of these rules."""


def watched_run(subject: Subject) -> tuple[list[Check], Outcome | None]:
    """Run the component under watch; return what was seen, and no outcome if the run failed."""
    watch, network, found = Watch(), by_name(subject.network()), None
    before, kept = network.model_dump_json(), remembered(subject.component)
    with watched_global_draws(subject.component) as draws:
        try:
            found = subject.run(network, component=watch.around(subject.component))
            ended = Check("run", True, f"{network.clock.days:g} days of {network.name}")
        except GpndeError as error:
            ended = _failure(error)
    faults = [f"{hook} writes into what it may only read: give an answer, or use act" for hook in watch.written]
    if network.model_dump_json() != before:
        faults.append("it changes the scenario: work on a copy")
    faults += _kept(kept, remembered(subject.component))
    checks = [_drawn(list(draws.used)), _written(faults), *([] if found is None else [_balanced(found)])]
    return [ended, *(check for check in checks if check.name != ended.name)], found


def _failure(error: GpndeError) -> Check:
    """Return the check that the failure of a run belongs to."""
    return Check(_RULES.get(type(error), "run"), False, one_line(error))


def _kept(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    for name, value in after.items():
        if before.get(name, value) != value:
            yield f"it changes {name}, which outlasts the run: keep it in memory or in local variables"


def _drawn(used: list[str]) -> Check:
    good = "it draws from its streams alone"
    return Check("randomness", not used, f"it draws from {', '.join(used)}: use streams.generator" if used else good)


def _written(faults: list[str]) -> Check:
    return Check("read-only", not faults, "; ".join(faults) or "it writes into nothing that it may only read")


def _balanced(found: Outcome) -> Check:
    # Asked so that NaN counts as out of balance.
    wrong = [f"{name} by {error:.3g}" for name, error in found.conservation.items() if not error < BALANCE]
    good = f"{', '.join(found.conservation)} are in balance"
    return Check("conservation", not wrong, f"out of balance: {', '.join(wrong)}" if wrong else good)
