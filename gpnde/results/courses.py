"""Courses: what a few measures of a run came to day by day, up to what they come to at its end.

They show when an effect sets in. The last value of each is the metric of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gpnde.results.history import TOP, Floats, History
from gpnde.results.metric import sums_by
from gpnde.results.metrics.divide import mean_course, tier_gaps

if TYPE_CHECKING:
    from gpnde.results.run import Run

SMALLEST_SHARE = 0.01
"""Differences below this share of the scale of a measure are too small to matter, where it declares nothing else."""


class Course(NamedTuple):
    """Values of a measure over time; both of shape (times,)."""

    days: Floats
    values: Floats


@dataclass(frozen=True)
class Measure:
    """A metric whose course is known, in the words in which an effect on it is told."""

    metric: str
    """Name of the metric that the course ends in."""
    label: str
    of: Callable[[Run], Course | None]
    """How the course is read off a run; None where the run does not define it."""
    scale: float
    """Distance between the worst and the best value that it can have, in its unit."""
    matters: float | None = None
    """Smallest difference that matters; None: `SMALLEST_SHARE` of the scale."""
    unit: str = "1"

    @property
    def smallest(self) -> float:
        """The smallest difference that matters, in the unit of the measure.

        >>> MEASURES["flow.fill_rate"].smallest
        0.01
        """
        return SMALLEST_SHARE * self.scale if self.matters is None else self.matters


def _of_history(run: Run, values: Callable[[History], Floats]) -> Course | None:
    history = run.history
    return None if history is None else Course(history.days, values(history))


def _level(history: History) -> Floats:
    return np.array([history.mean_level(time, history.suppliers) for time in range(len(history.days))])


def filled(run: Run) -> Course | None:
    """Return the share of demand that was filled from stock when due, from day 0 up to each day (1)."""
    sums = sums_by("day", run.tables["markets"], "filled", "demanded")
    asked = np.cumsum(sums["demanded"].to_numpy())
    known = asked > 0
    share = np.cumsum(sums["filled"].to_numpy())[known] / asked[known]
    return Course(sums["day"].to_numpy()[known], share) if known.any() else None


_ALL = (
    Measure(
        "capability.lower_tier",
        "Lower-tier capability",
        lambda run: _of_history(run, lambda history: mean_course(history, history.lower)),
        scale=1.0,
    ),
    Measure(
        "capability.higher_tier",
        "Higher-tier capability",
        lambda run: _of_history(run, lambda history: mean_course(history, history.higher)),
        scale=1.0,
    ),
    Measure("tier_gap", "Capability gap between tiers", lambda run: _of_history(run, tier_gaps), scale=1.0),
    Measure(
        "upgrading.functional", "Functional level of suppliers", lambda run: _of_history(run, _level), scale=float(TOP)
    ),
    Measure("flow.fill_rate", "Share of demand filled", filled, scale=1.0),
)

MEASURES: dict[str, Measure] = {each.metric: each for each in _ALL}
"""All measures whose course is known, by metric, the first one that a run defines being the one to look at first.

>>> list(MEASURES)[0]
'capability.lower_tier'
"""


def courses_of(run: Run) -> dict[str, Course]:
    """Return the course of each measure that a run defines, by metric.

    >>> import gpnde
    >>> run = gpnde.simulate("single-site")
    >>> round(float(courses_of(run)["flow.fill_rate"].values[-1] - run.metric("flow.fill_rate")), 9)
    0.0
    """
    found = ((name, measure.of(run)) for name, measure in MEASURES.items())
    return {name: course for name, course in found if course is not None and np.isfinite(course.values[-1])}
