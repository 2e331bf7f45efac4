"""Moments of lead times in whole ticks: what the laws come to once every due time is rounded up to the tick."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from gpnde.numerics.laws import kinds
from gpnde.numerics.laws.kinds import LawRow
from gpnde.numerics.laws.quantiles import drawn, quantiles
from gpnde.numerics.laws.sampling import Laws
from gpnde.world.layout import DEMAND, LATEST, ORDER, RECEIVE, SUPPLY, Floats, Integers, Records, State

_POINTS = 1024
"""Quantiles at which the rounding of a law is looked at: they miss its mean by less than a thousandth of a tick."""

_CHANCES = (np.arange(_POINTS) + 0.5) / _POINTS
"""The middles of equally likely parts."""


class Moments(NamedTuple):
    """Mean and variance."""

    mean: float
    variance: float


def rounded_moments(laws: Laws, number: int, tick_days: float) -> Moments:
    """Return the moments of law *number*, a duration in days, in ticks to which it is rounded up.

    >>> from gpnde.numerics.laws.table import LawTable
    >>> table = LawTable()
    >>> number = table.add(kinds.FIXED, 10.0)
    >>> rounded_moments(table.build(), number, 7.0)
    Moments(mean=2.0, variance=0.0)
    """
    row = laws.rows[number]
    if row.kind in (kinds.DISCRETE, kinds.EMPIRICAL, kinds.SERIES):
        return _of_values(laws, number, tick_days)
    if row.sd == 0.0:
        return Moments(float(in_ticks(np.array([row["mean"]]), tick_days)[0]), 0.0)
    mean, sd = float(row["mean"]), float(row["sd"])
    if row.kind == kinds.QUANTILE:
        values = laws.values[row.start : row.stop].tolist()
        return _rounded(drawn(LawRow(kinds.QUANTILE, values=values), _CHANCES), mean, sd, tick_days)
    return _of_parameters(int(row.kind), float(row.a), float(row.b), mean, sd, tick_days)


def in_ticks(days: Floats, tick_days: float) -> Floats:
    """Return durations in whole ticks, rounded up as the flow rounds them.

    >>> in_ticks(np.array([0.0, 10.0, 14.0]), 7.0).tolist()
    [0.0, 2.0, 2.0]
    """
    # Times of 0 are rounded up to -0.0, which adding 0 turns into 0.0.
    return np.ceil(np.minimum(np.maximum(days, 0.0) / tick_days - 1e-9, LATEST)) + 0.0


def _of_values(laws: Laws, number: int, tick_days: float) -> Moments:
    row = laws.rows[number]
    cumulative = laws.cumulative[row.start : row.stop]
    weights = np.diff(cumulative, prepend=0.0) / cumulative[-1]
    ticks = in_ticks(laws.values[row.start : row.stop], tick_days)
    mean = float(weights @ ticks)
    return Moments(mean, float(weights @ (ticks - mean) ** 2))


@lru_cache(maxsize=4096)
def _of_parameters(kind: int, a: float, b: float, mean: float, sd: float, tick_days: float) -> Moments:
    return _rounded(quantiles(kind, a, b, _CHANCES), mean, sd, tick_days)


def _rounded(days: Floats, mean: float, sd: float, tick_days: float) -> Moments:
    """Return what rounding adds to the moments that the table holds: only the former needs quantiles.

    The addition lies between 0 and 1 tick, so that quantiles give it well even where the tail of a law is long.
    """
    ticks = days / tick_days
    added = in_ticks(ticks, 1.0) - ticks
    mean, sd = mean / tick_days, sd / tick_days
    together = np.mean((ticks - ticks.mean()) * (added - added.mean()))
    return Moments(mean + float(added.mean()), max(0.0, sd * sd + 2.0 * float(together) + float(added.var())))


def table_of_moments(laws: Laws, numbers: Integers, tick_days: float) -> Floats:
    """Return mean and variance, in ticks, of the laws named by *numbers*; shape (laws, 2), 0 for all others."""
    moments = np.zeros((len(laws.rows), 2))
    for number in np.unique(numbers).tolist():
        moments[number] = rounded_moments(laws, number, tick_days)
    return moments


def set_work_moments(state: State) -> None:
    """Write into every site what its law says of the time that a batch is in production (ticks)."""
    laws = state.sites["processing"]
    moments = table_of_moments(state.laws, laws, float(state.clock[0].tick_days))[laws]
    state.sites["work_mean"], state.sites["work_variance"] = moments[:, 0], moments[:, 1]


def step_ticks(steps: Sequence[int], is_delayed: bool, inside: bool) -> int:
    """Return by how many ticks the order of *steps* lengthens the time to cover beyond one review and the lead time.

    An order, known when goods arrive (*is_delayed*) or at once, waits a tick where its supplier, if a site (*inside*),
    has sent goods before in that instant. With a review of R ticks and a lead time of L ticks it has to serve R + L - 1
    ticks of demand and that tick; one more where demand comes after the order, one more where goods come after they
    could be sent on, and one less where demand comes too late to be served at once. R + L are covered in any case.

    >>> step_ticks([RECEIVE, DEMAND, SUPPLY, ORDER], is_delayed=False, inside=True)
    0
    >>> step_ticks([DEMAND, SUPPLY, ORDER, RECEIVE], is_delayed=False, inside=True)
    1
    """
    order, demand, supply, receive = (steps.index(step) for step in (ORDER, DEMAND, SUPPLY, RECEIVE))
    wait = int(inside and supply < (receive if is_delayed else order))
    return max(0, wait - 1 + int(order < demand) + int(supply < receive) - int(supply < demand))


def set_line_moments(state: State, numbers: Integers) -> None:
    """Write into the lines *numbers* what their laws say of the time from order to receipt.

    This is the way of the order, the transport and, where the supplier makes to order, its own time to get and to make
    the goods. A supplier that holds stock sends from it.
    """
    rows, lines = state.lines[numbers], state.lines
    moments = table_of_moments(state.laws, rows["lead_time"], float(state.clock[0].tick_days))[rows["lead_time"]]
    inside, is_delayed = rows["supplier"] >= 0, rows["delay"] > 0
    lines["lead_mean"][numbers] = rows["delay"] + moments[:, 0]
    lines["lead_variance"][numbers] = moments[:, 1]
    for delayed, site in itertools.product((False, True), repeat=2):
        alike = numbers[(is_delayed == delayed) & (inside == site)]
        lines["step_ticks"][alike] = step_ticks(state.steps.tolist(), delayed, site)
    to_order = inside & (state.sites["makes_to_order"][rows["supplier"]] == 1)
    _add_making_to_order(state, numbers[to_order])


def _add_making_to_order(state: State, numbers: Integers) -> None:
    """Add the time in which suppliers get and make what is ordered to lines from suppliers that make to order."""
    # Upstream first, since a supplier may have to wait for one that makes to order itself.
    rank = np.argsort(state.upstream_first)
    for number in numbers[np.argsort(rank[state.lines["supplier"][numbers]], kind="stable")].tolist():
        site = state.sites[state.lines["supplier"][number]]
        mean, variance = _making(state, site)
        state.lines["lead_mean"][number] += mean
        state.lines["lead_variance"][number] += variance


def _making(state: State, site: np.record) -> Moments:
    """Return the moments of the time (ticks) from an order at a site that makes to order until it can be sent.

    An order comes at any time between two reviews.
    """
    review = max(1, int(site.review))
    items = range(site.first_input, site.last_input)
    slowest = max((_getting(state, item) for item in items), default=Moments(0.0, 0.0))
    mean = 0.5 * (review - 1) + slowest.mean + site.work_mean
    return Moments(mean, (review * review - 1) / 12.0 + slowest.variance + site.work_variance)


def _getting(state: State, item: int) -> Moments:
    record = state.inputs[item]
    lines = state.lines[state.in_lines[record.first_line : record.last_line]]
    mean, variance = over_suppliers(lines, np.zeros(len(lines), dtype=np.int64), 1)
    return Moments(float(mean[0]), float(variance[0]))


def over_suppliers(lines: Records, items: Integers, count: int) -> tuple[Floats, Floats]:
    """Return mean and variance of the lead time of each of *count* items, of which *lines* deliver *items*.

    Each order is split by the shares w, and lead times are independent: the means add up to sum(w L), the variances to
    sum(w^2 v).
    """
    weight = np.bincount(items, lines["share"], count)
    share = lines["share"] / np.where(weight > 0.0, weight, 1.0)[items]
    mean = np.bincount(items, share * (lines["lead_mean"] + lines["step_ticks"]), count)
    variance = np.bincount(items, share**2 * lines["lead_variance"], count)
    return mean.astype(np.float64), variance.astype(np.float64)
