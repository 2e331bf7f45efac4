"""What firms knew and did over time, as arrays: the tables of knowledge in the form that measures and charts need."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from gpnde.results.names import positions
from gpnde.vocabulary import FLAGSHIPS, FUNCTIONS, LADDER, LEAD_SUPPLIER

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
_Array = TypeVar("_Array", Floats, Flags)

RUNGS = len(LADDER)
TOP = RUNGS - 1
"""The highest level."""

FIRST_INTANGIBLE = FUNCTIONS.index("engineering")
"""From here on functions rest on knowledge more than on equipment."""

KNOWLEDGE = ("knowledge", "learners")
"""Tables without which nothing is known of what firms know."""


@dataclass(frozen=True, eq=False)
class History:
    """Firms over time; functions in the order of `FUNCTIONS`, times and firms in the order of their first rows."""

    days: Floats
    firms: list[str]
    tiers: Integers
    roles: list[str]
    clusters: list[str]
    present: Flags
    """Whether each firm is in the network; shape (times, firms)."""
    capability: Floats
    """Shape (times, firms, functions)."""
    performed: Flags
    """Shape (times, firms, functions)."""

    @cached_property
    def suppliers(self) -> Flags:
        """Which firms are no flagships; shape (firms,)."""
        return ~np.isin(self.roles, FLAGSHIPS)

    @cached_property
    def higher(self) -> Flags:
        """Which firms are suppliers of the higher tier: lead suppliers, or tier 1 where no firm has that role."""
        lead = np.isin(self.roles, [LEAD_SUPPLIER])
        return lead if lead.any() else self.suppliers & (self.tiers == 1)

    @cached_property
    def lower(self) -> Flags:
        """Which firms are suppliers below the higher tier; shape (firms,)."""
        return self.suppliers & ~self.higher

    @cached_property
    def levels(self) -> Integers:
        """The highest rung that each firm performs, from 0, or -1 for none; shape (times, firms)."""
        rungs = self.performed[:, :, :RUNGS]
        return np.asarray(np.where(rungs, np.arange(RUNGS), -1).max(axis=2), dtype=np.int64)

    @property
    def opening(self) -> Flags:
        """Functions that each firm performs at the first record, also if it enters later; shape (firms, functions)."""
        return np.asarray(self.performed[0])

    @cached_property
    def stays(self) -> Flags:
        """Which firms are there at the first and at the last record; shape (firms,)."""
        return np.asarray(self.present[0] & self.present[-1])

    @cached_property
    def mean_capability(self) -> Floats:
        """Mean over the functions of `opening`; NaN for firms without any or away; shape (times, firms).

        The functions of a firm are the same at all times, so that the mean moves by what it learns and forgets alone.
        """
        count = np.broadcast_to(self.opening.sum(axis=1), self.present.shape)
        total = np.where(self.opening, self.capability, 0.0).sum(axis=2)
        known = self.present & (count > 0)
        return np.asarray(np.divide(total, count, out=np.full(count.shape, np.nan), where=known))

    def mean_level(self, time: int, chosen: Flags) -> float:
        """Return the mean level of the *chosen* firms that are there at a time; NaN where none is."""
        levels = self.levels[time][chosen & self.present[time]]
        return float(levels.mean()) if len(levels) else math.nan


def history_of(tables: Mapping[str, pl.DataFrame]) -> History | None:
    """Return what firms knew over time; None for a run without knowledge."""
    knowledge, learners = tables.get("knowledge"), tables.get("learners")
    if knowledge is None or learners is None or knowledge.is_empty() or learners.is_empty():
        return None
    days = np.unique(learners["day"].to_numpy())
    # In the order of rows: left to itself polars gives an order of its own.
    firsts = learners.unique("firm", keep="first", maintain_order=True)
    firms = firsts["firm"].to_list()
    shape = len(days), len(firms), len(FUNCTIONS)
    where = _places(learners, days, firms)
    cells = (*_places(knowledge, days, firms), positions(knowledge["function"], FUNCTIONS))
    return History(
        days=days,
        firms=firms,
        tiers=firsts["tier"].to_numpy(),
        roles=firsts["role"].to_list(),
        clusters=firsts["cluster"].to_list(),
        present=_spread(learners["present"], where, np.zeros(shape[:2], dtype=np.bool_)),
        capability=_spread(knowledge["capability"], cells, np.zeros(shape)),
        performed=_spread(knowledge["performed"], cells, np.zeros(shape, dtype=np.bool_)),
    )


def _places(table: pl.DataFrame, days: Floats, firms: list[str]) -> tuple[Integers, Integers]:
    """Return the numbers of time and firm of each row."""
    return np.searchsorted(days, table["day"].to_numpy()), positions(table["firm"], firms)


def _spread(values: pl.Series, where: tuple[Integers, ...], blank: _Array) -> _Array:
    """Return *blank* with the values of a column at the places of their rows."""
    blank[where] = values.to_numpy()
    return blank
