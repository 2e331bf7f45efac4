"""The same run in another process, and why it gave other tables if it did."""

from __future__ import annotations

import os
from collections.abc import Iterator

from gpnde.errors import GpndeError
from gpnde.testing.process import OtherProcess, ProcessLost, other_process
from gpnde.testing.report import Check
from gpnde.testing.runs import Fingerprints, Outcome, Subject, differing

_FURTHER_SEEDS = ("3", "4")
"""Hash seeds that are tried when a run gave other tables, to find out whether they are the cause."""


class Elsewhere:
    """The run of a component in a process with another hash seed.

    It comes first: a component that hangs, or ends its process, does so there, where it can be ended without harm.
    """

    def __init__(self, subject: Subject) -> None:
        """Choose a hash seed that this process does not have."""
        self._seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
        self._subject = subject
        self._answer = self._of(other_process(self._seed))

    @property
    def lost(self) -> str:
        """Why the process came to no end of the run, so that the component is better not run here; else empty."""
        return str(self._answer) if isinstance(self._answer, ProcessLost) else ""

    def compared(self, first: Outcome) -> Iterator[Check]:
        """Yield whether another process gives the same, and whether another hash seed does.

        One run answers both questions where it gives the same tables; else further runs tell the causes apart.
        """
        tables = self._answer
        if isinstance(tables, GpndeError):
            yield Check("spawned", False, str(tables))
            return
        changed = differing(first.tables, tables)
        varies = self._varies_with_hash_seed(tables) if changed else False
        if changed and not varies:
            yield Check("spawned", False, f"another process gives other tables: {', '.join(changed)}")
            return
        yield Check("spawned", True, "another process gives the same tables")
        kind = "other" if changed else "the same"
        advice = f": {', '.join(changed)}; sort what comes out of a set" if changed else ""
        yield Check("hash-seed", not changed, f"another hash seed gives {kind} tables{advice}")

    def _varies_with_hash_seed(self, tables: Fingerprints) -> bool:
        """Return whether a second process with the same hash seed agrees, and one with a further seed does not."""
        return self._fresh(self._seed) == tables and any(self._fresh(seed) != tables for seed in _FURTHER_SEEDS)

    def _fresh(self, seed: str) -> Fingerprints | GpndeError:
        process = OtherProcess(seed)
        try:
            return self._of(process)
        finally:
            process.stop()

    def _of(self, process: OtherProcess) -> Fingerprints | GpndeError:
        """Return what a process gives, or why it gives nothing."""
        try:
            process.ask(self._subject.network(), [self._subject.component, *self._subject.others])
            return process.tables()
        except GpndeError as error:
            return error
