"""A pair of runs, with and without an outage: when service falls and is back, and what is lost or late.

Time to survive and time to recover are those of Simchi-Levi, Schmidt, Wei, Zhang, Combs, Ge, Gusikhin, Sanders and
Zhang (2015), taken of simulated service: how long demand is met as without the outage, and how long until it is again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]

FATES = ("lost", "late", "waiting", "not-asked")
"""What became of units that were not sold from stock when due: lost, sent late, still waiting at the end, or never
asked for since buyers went elsewhere."""

_COLUMNS = ("demanded", "filled", "lost", "backlog", "price")
_ROUNDING = 1e-9
"""Units below which a shortfall is rounding, relative to demand."""


class Course(NamedTuple):
    """What markets asked for and got from a day on; arrays of records by markets, in units."""

    starts: Floats
    """Begin of each record (day), shape (n,)."""
    ends: Floats
    """End of each record (day), shape (n,)."""
    demanded: Floats
    filled: Floats
    lost: Floats
    backlog: Floats
    """What waits at the end of each record."""
    price: Floats
    """Price of a unit (money)."""

    @property
    def short(self) -> Floats:
        """What was not sold from stock when due (units)."""
        return self.demanded - self.filled


class Rules(NamedTuple):
    """When service counts as short, and as back."""

    tolerance: float
    """Share of demand by which it may differ."""
    hold_days: float
    """Time for which it has to be back (days)."""


class Times(NamedTuple):
    """How long service holds after the begin of an outage, and until it is back (days)."""

    survive: float | None
    """None: it never fell."""
    recover: float | None
    """0 where it never fell; None: it was not back when the run ended."""


def course_of(markets: pl.DataFrame, day: float) -> Course:
    """Return the course of a run after a *day*, from its table of markets.

    All markets have a row in every record, in the same order.
    """
    import polars as pl

    days = markets["day"].unique().sort().to_numpy()
    number = markets["market"].n_unique()
    later = markets.filter(pl.col("day") > day)
    ends = days[days > day]
    starts = np.concatenate([[day], ends[:-1]]) if len(ends) else ends
    arrays = (later[name].fill_null(0.0).to_numpy().astype(np.float64).reshape(-1, number) for name in _COLUMNS)
    return Course(starts, ends, *arrays)


def times(without: Course, outage: Course, rules: Rules) -> Times:
    """Return how long service holds and until it is back, in whole records.

    It is short in the first record in which some market misses more of its demand than without the outage, by more
    than the tolerance. It is back when no market does so over the time for which it has to hold, taken together.

    >>> from gpnde.study.resilience.pairs import Rules, made_course
    >>> usual, hit = made_course([10] * 9), made_course([10, 10, 0, 0, 5, 10, 10, 10, 10])
    >>> times(usual, hit, Rules(0.01, 3.0))
    Times(survive=2.0, recover=5.0)
    """
    asked = np.maximum(without.demanded, outage.demanded)
    extra = outage.short - without.short
    is_short = extra > (rules.tolerance + _ROUNDING) * asked
    if not is_short.any():
        return Times(None, 0.0)
    begin = without.starts[0]
    fell = np.flatnonzero(is_short.any(axis=0)).tolist()
    first = [int(np.argmax(is_short[:, market])) for market in fell]
    backs = [_back(extra[:, m], asked[:, m], without, rules, record) for m, record in zip(fell, first, strict=True)]
    known = [back for back in backs if back is not None]
    recover = float(max(known) - begin) if len(known) == len(backs) else None
    return Times(float(without.starts[min(first)] - begin), recover)


def _back(extra: Floats, asked: Floats, course: Course, rules: Rules, first: int) -> float | None:
    """Return the day on which a market's service is back after it fell in record *first*, or None."""
    ends = course.starts + rules.hold_days
    last = np.searchsorted(course.ends, ends - _ROUNDING, side="left")
    missed, due = (np.concatenate([[0.0], np.cumsum(values)]) for values in (extra, asked))
    for record in range(first + 1, len(extra)):
        until = last[record] + 1
        if until > len(extra):
            return None
        if missed[until] - missed[record] <= (rules.tolerance + _ROUNDING) * (due[until] - due[record]):
            return float(course.starts[record])
    return None


def fates(without: Course, outage: Course) -> Floats:
    """Return how many more units each market has of each fate than without the outage; shape (fates, markets).

    Lost, late and waiting together are what was not sold from stock when due. What buyers no longer ask for, as where
    they go to rivals, comes beside it.

    >>> usual, hit = made_course([10, 10]), made_course([10, 4], lost=[0, 2])
    >>> fates(usual, hit).ravel().tolist()
    [2.0, 4.0, 0.0, 0.0]
    """
    lost = (outage.lost - without.lost).sum(axis=0)
    waiting = outage.backlog[-1] - without.backlog[-1]
    late = (outage.short - without.short).sum(axis=0) - lost - waiting
    found = np.stack([lost, late, waiting, (without.demanded - outage.demanded).sum(axis=0)])
    return without_rounding(found, without)


def without_rounding(units: Floats, without: Course) -> Floats:
    """Return units of markets, shape (…, markets), with 0 in the place of what is rounding beside their demand."""
    return np.asarray(np.where(np.abs(units) > _ROUNDING * without.demanded.sum(axis=0), units, 0.0))


def prices(without: Course) -> Floats:
    """Return the mean price of each market without the outage, weighted by demand (money); shape (markets,)."""
    asked = without.demanded.sum(axis=0)
    paid = (without.demanded * without.price).sum(axis=0)
    return np.asarray(np.where(asked > 0, paid / np.where(asked > 0, asked, 1.0), without.price.mean(axis=0)))


def made_course(filled: list[float], demand: float = 10.0, lost: list[float] | None = None) -> Course:
    """Return the course of one market with one record a day, for examples and tests."""
    days = np.arange(float(len(filled)))
    sold = np.array(filled, dtype=np.float64)[:, None]
    gone = np.zeros_like(sold) if lost is None else np.array(lost, dtype=np.float64)[:, None]
    ones = np.ones_like(sold)
    return Course(days, days + 1, demand * ones, sold, gone, 0 * ones, ones)
