"""Pairs of runs under common random numbers: what a treatment changes, with its interval, from one pair to many.

The intervals are those of `gpnde.study.compare` for a study of the same arms, seed and replications.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gpnde.results.courses import Course, courses_of
from gpnde.results.run import Run
from gpnde.scenario.schema import Scenario
from gpnde.study.compare import SAME
from gpnde.study.intervals import Floats, Interval, mean_interval, t_quantile

CAPABILITY = "capability"
"""The metrics that a run has where its scenario names them, and that effects are told of."""


class Reach(NamedTuple):
    """How many firms policies together served at most, and how many were their target group (firms)."""

    reached: float
    meant: float


class Outcome(NamedTuple):
    """What is kept of a run: data only."""

    metrics: dict[str, float]
    courses: dict[str, Course]
    reach: Reach


class Pair(NamedTuple):
    """Two runs of the same seed and replication."""

    control: Outcome
    treated: Outcome


class Band(NamedTuple):
    """A difference over time with its 95 % interval; each of shape (times,), the ends NaN for a single pair."""

    days: Floats
    mean: Floats
    low: Floats
    high: Floats


def outcome_of(run: Run) -> Outcome:
    """Return what is kept of a run; metrics that it does not define are left out."""
    rows = run.metrics.select("metric", "value").iter_rows()
    metrics = {name: float(value) for name, value in rows if value is not None and math.isfinite(value)}
    courses = courses_of(run)
    ends = {name: float(course.values[-1]) for name, course in courses.items()}
    return Outcome(ends | metrics, courses, _reach(run))


def simulated(scenario: Scenario, seed: int, replication: int) -> Outcome:
    """Run a scenario and return what is kept of it.

    >>> from gpnde.scenario import load_scenario
    >>> round(simulated(load_scenario("single-site"), 1, 0).metrics["flow.fill_rate"], 2) > 0.9
    True
    """
    from gpnde.engine import simulate

    return outcome_of(simulate(scenario, seed=seed, replication=replication))


def difference(after: float, before: float) -> float:
    """Return after - before, and 0 where that is rounding.

    >>> difference(0.1 + 0.2, 0.3), difference(3.0, 1.0)
    (0.0, 2.0)
    """
    given = after - before
    return given if abs(given) > SAME * max(abs(after), abs(before)) else 0.0


def differences(pairs: Sequence[Pair], metric: str) -> list[float]:
    """Return what a metric differs by in each pair that has it in both runs."""
    both = [(pair.treated.metrics, pair.control.metrics) for pair in pairs]
    return [difference(after[metric], before[metric]) for after, before in both if metric in after and metric in before]


def effect(pairs: Sequence[Pair], metric: str) -> Interval | None:
    """Return the mean difference of a metric with its interval; without ends (NaN) for one pair, None for none."""
    return interval_of(differences(pairs, metric))


def interval_of(found: Sequence[float]) -> Interval | None:
    """Return the mean of differences with its interval; without ends (NaN) for one, None for none.

    >>> interval_of([1.0]), interval_of([])
    (Interval(mean=1.0, low=nan, high=nan), None)
    """
    if len(found) > 1:
        return mean_interval(found)
    return Interval(found[0], math.nan, math.nan) if found else None


def band(pairs: Sequence[Pair], metric: str) -> Band | None:
    """Return how a difference comes about over time; None where no pair has the course of the metric."""
    both = [(pair.control.courses[metric], pair.treated.courses[metric]) for pair in pairs if _has(pair, metric)]
    if not both:
        return None
    days = both[0][0].days
    gaps = np.array([_at(days, after) - _at(days, before) for before, after in both])
    mean, count = gaps.mean(axis=0), len(gaps)
    if count == 1:
        unknown = np.full_like(mean, math.nan)
        return Band(days, mean, unknown, unknown)
    half = t_quantile(count - 1) * gaps.std(axis=0, ddof=1) / math.sqrt(count)
    return Band(days, mean, mean - half, mean + half)


def net_cost(pairs: Sequence[Pair]) -> Interval | None:
    """Return the cost of policies less their revenue, beside that of the control (money); None where nothing differs.

    >>> net_cost([])
    """
    costs = [_net_cost(pair.treated) - _net_cost(pair.control) for pair in pairs]
    return interval_of(costs) if any(costs) else None


def mean_reach(pairs: Sequence[Pair]) -> Reach | None:
    """Return how many firms policies reached in the mean of the treated runs; None where they have no target group."""
    reaches = [pair.treated.reach for pair in pairs]
    if not any(reach.meant for reach in reaches):
        return None
    return Reach(*(float(np.mean(column)) for column in zip(*reaches, strict=True)))


def _has(pair: Pair, metric: str) -> bool:
    return metric in pair.control.courses and metric in pair.treated.courses


def _at(days: Floats, course: Course) -> Floats:
    """Return the values of a course on *days*, which are its own unless the two runs record at different times."""
    return np.interp(days, course.days, course.values)


def _net_cost(outcome: Outcome) -> float:
    named = ((name, value) for name, value in outcome.metrics.items() if name.startswith("policy."))
    return math.fsum(value for name, value in named if name.endswith(".net_cost"))


def _reach(run: Run) -> Reach:
    """Return the greatest reach over time, policies added up: a firm that two policies serve counts twice."""
    table = run.tables.get("policies")
    if table is None or table.is_empty():
        return Reach(0.0, 0.0)
    most = table.group_by("policy").max()
    return Reach(float(most["reached"].sum()), float(most["meant"].sum()))
