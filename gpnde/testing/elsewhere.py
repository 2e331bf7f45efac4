"""The same run in another process, and why it gave other tables if it did."""

from __future__ import annotations

import os
from collections.abc import Iterator

from gpnde.errors import GpndeError
from gpnde.testing.process import OtherProcess, other_process
from gpnde.testing.report import Check
from gpnde.testing.runs import Fingerprints, Outcome, Subject, differing

_FURTHER_SEEDS = ("3", "4")
"""Hash seeds that are tried when a run gave other tables, to find out whether they are the cause."""


class Elsewhere:
    """The run of a component in a process with another hash seed, which goes on beside this one."""

    def __init__(self, subject: Subject) -> None:
        """Choose a hash seed that this process does not have."""
        self._seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
        self._subject = subject
        self._process = other_process(self._seed)

    def __enter__(self) -> Elsewhere:
        """Ask for the run."""
        self._ask(self._process)
        return self

    def __exit__(self, *_: object) -> None:
        """Leave no answer behind for the next one to ask."""
        self._process.forget()

    def compared(self, first: Outcome) -> Iterator[Check]:
        """Yield whether another process gives the same, and whether another hash seed does.

        One run answers both questions where it gives the same tables; else further runs tell the causes apart.
        """
        try:
            tables = self._process.tables()
            changed = differing(first.tables, tables)
            varies = self._varies_with_hash_seed(tables) if changed else False
        except GpndeError as error:
            yield Check("spawned", False, str(error))
            return
        if changed and not varies:
            yield Check("spawned", False, f"another process gives other tables: {', '.join(changed)}")
            return
        yield Check("spawned", True, "another process gives the same tables")
        told = f"another one gives other tables: {', '.join(changed)}: sort what comes out of a set, do not use hash()"
        yield Check("hash-seed", not changed, told if changed else "another one gives the same tables")

    def _varies_with_hash_seed(self, tables: Fingerprints) -> bool:
        """Return whether a second process with the same hash seed agrees, and one with a further seed does not."""
        return self._fresh(self._seed) == tables and any(self._fresh(seed) != tables for seed in _FURTHER_SEEDS)

    def _fresh(self, seed: str) -> Fingerprints:
        process = OtherProcess(seed)
        try:
            self._ask(process)
            return process.tables()
        finally:
            process.stop()

    def _ask(self, process: OtherProcess) -> None:
        process.ask(self._subject.network(), [self._subject.component, *self._subject.others])
