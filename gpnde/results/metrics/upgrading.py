"""Metrics of upgrading: levels of suppliers, functions taken on and lost, stalls, and decomposition of the mean.

A level is the highest rung of the ladder that a firm performs, from 0 (sales and distribution) to 5 (system
integration); -1 for a firm that performs none. Suppliers are all firms but brand leaders and contract manufacturers.
"""

from __future__ import annotations

import math

import numpy as np

from gpnde.results.decomposition import Change, decompose_change
from gpnde.results.evidence import Evidence
from gpnde.results.history import KNOWLEDGE, RUNGS, TOP, Floats, History
from gpnde.results.metric import metric, ratio
from gpnde.results.windows import first_window, last_window, sums_in_order
from gpnde.vocabulary import FUNCTIONS, YEAR_DAYS

STALL_DAYS = 3 * YEAR_DAYS
"""A supplier below the top whose level has not risen for so long is stalled: its upgrading is truncated."""

EVENT_NAMES = {"upgrade": "up", "downgrade": "down"}

_FOSTER = "Foster, Haltiwanger and Krizan (2001)"

TERMS = tuple(f"upgrading.{term}" for term in Change._fields)
"""Metrics that are the parts of the change of mean capability over a run, and add up to it."""


@metric(
    "upgrading.level", unit="1", formula="mean(highest rung)", better="higher", source="definition", needs=KNOWLEDGE
)
def level(evidence: Evidence) -> dict[str, float]:
    """Return the mean level of the firms of a tier at the last record."""
    return _levels(evidence, -1)


@metric(
    "upgrading.level_change", unit="1", formula="end - start", better="higher", source="definition", needs=KNOWLEDGE
)
def level_change(evidence: Evidence) -> dict[str, float]:
    """Return the mean level of a tier at the last record less that on day 0."""
    start = _levels(evidence, 0)
    return {tier: end - start[tier] for tier, end in _levels(evidence, -1).items()}


def _levels(evidence: Evidence, time: int) -> dict[str, float]:
    history = evidence.history
    return {
        f"tier.{tier}": history.mean_level(time, history.tiers == tier) for tier in np.unique(history.tiers).tolist()
    }


@metric(
    "upgrading.share_at_level",
    unit="1",
    formula="n at level / n",
    better="neither",
    source="definition",
    needs=KNOWLEDGE,
)
def share_at_level(evidence: Evidence) -> dict[str, float]:
    """Return the share of suppliers at a level at the last record."""
    counts, there = level_counts(evidence.history)[-1].tolist(), suppliers_at_end(evidence.history)
    return {f"{rung}": ratio(count, there) for rung, count in enumerate(counts)}


def suppliers_at_end(history: History) -> int:
    """Return how many suppliers are there at the last record."""
    return int((history.suppliers & history.present[-1]).sum())


@metric("upgrading.events", unit="1", formula="count", better="neither", source="definition", needs=KNOWLEDGE)
def events(evidence: Evidence) -> dict[str, float]:
    """Return the functions taken on (up) and lost (down), and of each function how often it was taken on."""
    upgrades = evidence.tables["upgrades"]
    kinds, functions = upgrades["kind"].to_numpy(), upgrades["function"].to_numpy()
    moves = {name: float((kinds == kind).sum()) for kind, name in EVENT_NAMES.items()}
    taken_on = functions[kinds == "upgrade"]
    return moves | {function: float((taken_on == function).sum()) for function in FUNCTIONS}


@metric("upgrading.stall.share", unit="1", formula="n stalled / n", better="lower", source="chapter", needs=KNOWLEDGE)
def stalled_share(evidence: Evidence) -> float:
    """Return the share of suppliers that have not risen for at least three years at the last record.

    They have been below the top without a rise of their level for so long: truncated upgrading. Not measured in shorter
    runs.
    """
    found = evidence.part(_spells)
    if found is None:
        return math.nan
    return ratio(int((found[1] >= STALL_DAYS).sum()), suppliers_at_end(evidence.history))


@metric("upgrading.stall.mean_days", unit="day", formula="mean", better="lower", source="chapter", needs=KNOWLEDGE)
def mean_stall(evidence: Evidence) -> float:
    """Return the length of the spells of at least three years that suppliers spent without a rise of their level.

    They were below the top; a spell that still lasts counts up to the last record.
    """
    found = evidence.part(_spells)
    stalls = np.empty(0) if found is None else np.concatenate(found)
    stalls = stalls[stalls >= STALL_DAYS]
    return float(stalls.mean()) if len(stalls) else math.nan


def _spells(evidence: Evidence) -> tuple[Floats, Floats] | None:
    """Return the `spells` of a run; None where it is too short for a stall."""
    history = evidence.history
    return None if history.days[-1] - history.days[0] < STALL_DAYS else spells(history)


@metric(
    "upgrading.within",
    unit="1",
    formula="Σ s0 (c1 - c0), c = Σ over functions of day 0 / their number",
    better="higher",
    source=_FOSTER,
    needs=KNOWLEDGE,
)
def within(evidence: Evidence) -> float:
    """Return the change of mean capability of suppliers from what they learnt or forgot at the shares they had.

    Shares are those of sales in the first and the last year, or in half the run where it is shorter than two years;
    equal ones where nothing was sold. A firm's capability is its mean over the functions that it performed on day 0,
    at both ends: what it takes on or loses since does not move it, but the level and the events of upgrading.
    """
    return evidence.part(_change).within


@metric(
    "upgrading.between", unit="1", formula="Σ (s1 - s0) (c0 - C0)", better="higher", source=_FOSTER, needs=KNOWLEDGE
)
def between(evidence: Evidence) -> float:
    """Return the change of capability (as upgrading.within) from sales shifted to those above or below the mean."""
    return evidence.part(_change).between


@metric("upgrading.cross", unit="1", formula="Σ (s1 - s0) (c1 - c0)", better="higher", source=_FOSTER, needs=KNOWLEDGE)
def cross(evidence: Evidence) -> float:
    """Return the change of capability (as upgrading.within) from sales that shifted to suppliers that rose or fell."""
    return evidence.part(_change).cross


@metric("upgrading.entry", unit="1", formula="Σ s1 (c1 - C0)", better="higher", source=_FOSTER, needs=KNOWLEDGE)
def entry(evidence: Evidence) -> float:
    """Return the change of capability (as upgrading.within) from suppliers that came."""
    return evidence.part(_change).entry


@metric("upgrading.exit", unit="1", formula="Σ s0 (C0 - c0)", better="higher", source=_FOSTER, needs=KNOWLEDGE)
def exit_(evidence: Evidence) -> float:
    """Return the change of capability (as upgrading.within) from suppliers that left."""
    return evidence.part(_change).exit


def level_counts(history: History) -> Floats:
    """Return how many suppliers are at each level at each time; shape (times, levels)."""
    levels = np.where(history.suppliers & history.present, history.levels, -1)
    return np.array([(levels == rung).sum(axis=1) for rung in range(RUNGS)], dtype=np.float64).T


def spells(history: History) -> tuple[Floats, Floats]:
    """Return the lengths (days) of the spells below the top without a rise: those that ended, and those that last.

    A spell begins with the first record, with entry, with a rise that stays below the top or with a fall from the top;
    it ends with a rise or when the supplier leaves.
    """
    below = history.suppliers & history.present & (history.levels < TOP)
    rose = np.diff(history.levels, axis=0) > 0
    since = np.full(len(history.firms), history.days[0])
    ended: list[Floats] = []
    for time in range(1, len(history.days)):
        broken = below[time - 1] & (rose[time - 1] | ~below[time])
        ended.append(history.days[time] - since[broken])
        since[broken | ~below[time - 1]] = history.days[time]
    return np.concatenate([np.empty(0), *ended]), history.days[-1] - since[below[-1]]


def _change(evidence: Evidence) -> Change:
    """Return what moved the mean capability of suppliers, weighted by sales; NaN where none is there."""
    history, firms = evidence.history, evidence.tables["firms"]
    then, now = (np.where(history.suppliers, history.mean_capability[time], np.nan) for time in (0, -1))
    if not np.isfinite(then).any() or not np.isfinite(now).any():
        return Change(*[math.nan] * len(Change._fields))
    sold_then, sold_now = (
        sums_in_order(window, "firm", "revenue", history.firms)
        for window in (
            first_window(firms, evidence.horizon, evidence.start),
            last_window(firms, evidence.horizon, evidence.start),
        )
    )
    return decompose_change(_shares(sold_then, then), then, _shares(sold_now, now), now)


def _shares(sold: Floats, known: Floats) -> Floats:
    """Return the share of each firm in sales, of those that are *known*; equal shares where none sold anything."""
    weight = np.where(np.isfinite(known), sold, 0.0)
    if weight.sum() <= 0:
        weight = np.isfinite(known).astype(np.float64)
    return np.asarray(weight / weight.sum())
