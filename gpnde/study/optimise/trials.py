"""Trials of an optimisation, and the values of the runs that they are made of, read from committed parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from gpnde.study.folder import Folder
from gpnde.study.run_records import part_names, read_part

if TYPE_CHECKING:
    from gpnde.study.plan import RunSpec

State = Literal["running", "complete", "dropped", "failed"]


@dataclass
class Trial:
    """Settings that are tried, and what came out."""

    number: int
    """From 0, in the order in which they were chosen."""
    settings: dict[str, Any]
    known: int
    """How many trials were known when this one was chosen: those that it may be compared with."""
    specs: list[RunSpec] = field(default_factory=list)
    state: State = "running"
    reason: str = ""
    """Why it was dropped or has failed."""
    values: dict[str, list[float]] = field(default_factory=dict)
    """By metric, one for each replication."""

    @property
    def is_over(self) -> bool:
        """Whether no run of it is to come."""
        return self.state != "running"

    def end(self, state: State, reason: str = "") -> None:
        """End it in a state, for a reason."""
        self.state, self.reason = state, reason


class KnownValues:
    """The values of metrics of all runs that a folder holds, by the key of the run."""

    def __init__(self, folder: Folder, metrics: Iterable[str]) -> None:
        """Read what is committed."""
        self._folder, self._metrics = folder, list(metrics)
        self._read: set[str] = set()
        self._values: dict[str, dict[str, float]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read the parts that were committed since the last time."""
        for part in part_names(self._folder):
            if part not in self._read:
                self._read.add(part)
                self._take(part)

    def of(self, keys: Iterable[str]) -> dict[str, list[float]]:
        """Return the values of runs by metric, in the order of the keys.

        Raises
        ------
        KeyError
            A run does not define a metric, which the error names.
        """
        runs = [self._values.get(key, {}) for key in keys]
        return {name: [run[name] for run in runs] for name in self._metrics}

    def _take(self, part: str) -> None:
        import pyarrow.compute as compute

        table = read_part(self._folder, part)
        if table is None:
            return
        rows = table.filter(compute.is_in(table.column("measure"), compute_set(self._metrics)))
        rows = rows.select(["key", "measure", "value"]).drop_null()
        for key, name, value in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            self._values.setdefault(key, {})[name] = value


def compute_set(names: Iterable[str]) -> Any:
    """Return names as what Arrow looks them up in."""
    import pyarrow as pa

    return pa.array(list(names), pa.string())
