"""Progress of a study: planned, ok, failed and missing runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gpnde.study.plan import RunSpec
    from gpnde.study.run_records import RunRecords


@dataclass(frozen=True)
class StudyStatus:
    """Counts of a study's runs; a run that two arms share counts in both."""

    planned: int
    ok: int
    failed: int
    missing: int
    simulated: int = 0
    """Runs that were done by this call, of which each counts once."""
    stopped: str = ""
    """Why the call ended before all runs were done; empty if it did not."""

    def to_json(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        return asdict(self)

    def text(self) -> str:
        """Return the counts in one line.

        >>> StudyStatus(planned=12, ok=9, failed=1, missing=2).text()
        '9 of 12 runs ok, 1 failed, 2 missing'
        """
        return f"{self.ok} of {self.planned} runs ok, {self.failed} failed, {self.missing} missing"


def status_of(specs: Iterable[RunSpec], records: RunRecords, simulated: int = 0, stopped: str = "") -> StudyStatus:
    """Return how many of the planned runs are in the records."""
    entries = (records.entries.get(spec.key) for spec in specs)
    return count(("missing" if entry is None else entry.status for entry in entries), simulated, stopped)


def count(statuses: Iterable[str], simulated: int = 0, stopped: str = "") -> StudyStatus:
    """Return how many of the runs have each status.

    >>> count(["ok", "missing", "ok"]).text()
    '2 of 3 runs ok, 0 failed, 1 missing'
    """
    found = Counter(statuses)
    return StudyStatus(found.total(), found["ok"], found["failed"], found["missing"], simulated, stopped)
