"""What the metrics of a run are measured from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from numpy.typing import NDArray

from gpnde.errors import ResultsError
from gpnde.results.history import KNOWLEDGE, History, history_of
from gpnde.results.warm_up import measured_from

if TYPE_CHECKING:
    import polars as pl

_Part = TypeVar("_Part")


def horizon_of(scenario: Mapping[str, Any]) -> float:
    """Return the length of the run (days)."""
    return float(scenario["clock"]["days"])


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a run leaves behind for its metrics."""

    scenario: Mapping[str, Any]
    """The resolved scenario as plain data."""
    tables: Mapping[str, pl.DataFrame]
    """All tables of the contract in `gpnde.results.columns` but the metrics."""
    statistics: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    """Sums per site that the flow keeps: those of `gpnde.results.metrics.flow.bullwhip_ratios`, ``claimed`` and
    ``served`` (instants), and ``cost_`` with each kind of cost (money); empty where nothing was simulated."""
    dropouts: Mapping[str, int] = field(default_factory=dict)
    """Outages and drop-outs by cause, which are counted even where no events are recorded."""
    accounts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Last account of each policy, by its label."""
    reported: Mapping[str, float] = field(default_factory=dict)
    """What components report of their own, by the full name of the metric."""
    parts: dict[Callable[[Evidence], Any], Any] = field(default_factory=dict)
    """What `part` has found so far, by function; what is put here beforehand is taken as found."""

    @property
    def horizon(self) -> float:
        """The length of the run (days)."""
        return horizon_of(self.scenario)

    @property
    def start(self) -> float:
        """The day from which on metrics count: 0, or the end of the warm-up; tables have no rows before it."""
        return measured_from(self.scenario)

    @property
    def measured_days(self) -> float:
        """The length of the part of the run that is measured (days)."""
        return self.horizon - self.start

    @cached_property
    def history(self) -> History:
        """What firms knew over time; only where the `KNOWLEDGE` tables have rows, which a metric of it needs."""
        found = history_of(self.tables)
        if found is None:
            raise ResultsError(
                where="history", expected=f"the run has no knowledge: declare the metric with needs={KNOWLEDGE}"
            )
        return found

    def has(self, tables: Collection[str]) -> bool:
        """Return whether all of these *tables* have rows."""
        return all(name in self.tables and not self.tables[name].is_empty() for name in tables)

    def part(self, function: Callable[[Evidence], _Part]) -> _Part:
        """Return what a *function* finds in this evidence; several metrics share it, and it is worked out once.

        >>> Evidence({"clock": {"days": 7}}, {}).part(lambda evidence: 2 * evidence.horizon)
        14.0
        """
        if function not in self.parts:
            self.parts[function] = function(self)
        found: _Part = self.parts[function]
        return found
