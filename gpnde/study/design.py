"""Designs: the points in the space of uncertainties at which runs are made."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpnde.errors import StudyError
from gpnde.extras import require_extra
from gpnde.study.schema import Axis, Grid, LatinHypercube, Morris, Range, Sobol, Study, Table, Values, Zipped

Floats = NDArray[np.float64]

MOST_POINTS = 1_000_000
MOST_RUNS = 5_000_000
"""A study with more is refused before any point is made: its list of runs would fill the memory."""


def points(study: Study) -> list[dict[str, Any]]:
    """Return the points of a resolved study, each as settings with their values; one empty point without a design.

    >>> axes = {"clock.days": Range(low=364, high=728), "ordering.policy": Values(values=["base-stock", "s-S"])}
    >>> study = Study(name="x", scenario="beer-game", measures=["*"], uncertainties=axes, design=Grid(levels=2))
    >>> points(study)[1]
    {'clock.days': 364.0, 'ordering.policy': 's-S'}
    """
    if study.design is None:
        return [{}]
    if isinstance(study.design, Table):
        return [dict(point) for point in study.design.points]
    return [dict(zip(study.uncertainties, row, strict=True)) for row in _rows(study)]


def count_points(study: Study) -> int:
    """Return how many points a resolved study has, without making any.

    >>> axes = {"clock.days": Range(low=28, high=364), "ordering.policy": Values(values=["base-stock", "s-S"])}
    >>> count_points(Study(name="x", scenario="y", measures=["*"], uncertainties=axes, design=Grid(levels=1000)))
    2000
    """
    design, axes = study.design, list(study.uncertainties.values())
    if isinstance(design, Table):
        return len(design.points)
    if isinstance(design, Grid):
        return math.prod(_level_count(axis, design.levels) for axis in axes)
    if isinstance(design, Zipped):
        return len(axes[0].values) if isinstance(axes[0], Values) else 0
    if isinstance(design, Sobol):
        return design.samples * (2 * len(axes) + 2 if design.second_order else len(axes) + 2)
    if isinstance(design, Morris):
        return design.samples * (len(axes) + 1)
    return design.samples if isinstance(design, LatinHypercube) else 1


def refuse_too_large(study: Study) -> None:
    """Raise an error for a study with too many points or runs for memory.

    Raises
    ------
    StudyError
        There are too many; the error says how many, how many there may be, and what to use instead.
    """
    points, wanted = count_points(study), study.replications
    if points > MOST_POINTS and study.design is not None:
        advice = "fewer samples"
        if isinstance(study.design, Grid | Table | Zipped):
            advice = "{kind: sobol, samples: 1024} or {kind: latin-hypercube, samples: 1000}"
        given = f"{study.design.kind} of {points:,} points"
        raise StudyError(where="design", given=given, expected=f"must be at most {MOST_POINTS:,}: use {advice}")
    replications = wanted if isinstance(wanted, int) else wanted.max
    runs = points * replications * len(study.arms)
    if runs > MOST_RUNS:
        counts = f"{len(study.arms):,} arms x {points:,} points x {replications:,} replications"
        advice = "use fewer replications, or until a precision, as in {until: 0.05, of: MEASURE, max: 100}"
        raise StudyError(
            where="replications",
            given=f"{counts} are {runs:,} runs",
            expected=f"must be at most {MOST_RUNS:,}: {advice}",
        )


def _rows(study: Study) -> Iterable[Sequence[Any]]:
    """Return the values of all settings at each point."""
    design, axes = study.design, list(study.uncertainties.values())
    if isinstance(design, Grid):
        return product(*(_levels(axis, design.levels) for axis in axes))
    if isinstance(design, Zipped):
        return zip(*(axis.values for axis in axes if isinstance(axis, Values)), strict=True)
    return ([value_at(axis, u) for axis, u in zip(axes, row, strict=True)] for row in sample(study))


def problem(study: Study) -> dict[str, Any]:
    """Return the problem for SALib: every setting varies over 0 to 1, from which `value_at` makes its values."""
    names = list(study.uncertainties)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def sample(study: Study) -> Floats:
    """Return the points of a sampled design in the unit cube, of shape (points, settings).

    Equal studies give equal points: all randomness comes from the seed of the study.

    Raises
    ------
    MissingExtra
        The extra ``study``, which brings SALib, is not installed.
    """
    require_extra("study", "SALib")
    return _SAMPLERS[type(study.design)](study.design, problem(study), study.seed)


def value_at(axis: Axis, u: float) -> Any:
    """Return the value at the share *u*, from 0 to 1, of an axis; whole numbers and values have equal shares.

    >>> value_at(Range(low=7, high=28), 0.5), value_at(Range(low=1, high=4, integer=True), 1.0)
    (17.5, 4)
    >>> value_at(Values(values=["a", "b"]), 0.49)
    'a'
    """
    if isinstance(axis, Values):
        return axis.values[_slot(u, len(axis.values))]
    if not isinstance(axis, Range):
        raise TypeError(f"{axis!r}: resolve the study first")
    if axis.integer:
        return int(axis.low) + _slot(u, int(axis.high - axis.low) + 1)
    return axis.low + float(u) * (axis.high - axis.low)


def _slot(u: float, count: int) -> int:
    # A share of 1 belongs to the last slot, as both ends of an axis are included.
    return min(int(u * count), count - 1)


def _level_count(axis: Axis, count: int) -> int:
    if isinstance(axis, Values):
        return len(axis.values)
    if isinstance(axis, Range) and axis.integer:
        # Of few whole numbers none is taken twice.
        return min(count, int(axis.high - axis.low) + 1)
    return count


def _levels(axis: Axis, count: int) -> list[Any]:
    if isinstance(axis, Values):
        return list(axis.values)
    if isinstance(axis, Range) and axis.integer:
        steps = np.linspace(axis.low, axis.high, _level_count(axis, count))
        return [int(round(step)) for step in steps]
    return [value_at(axis, u) for u in np.linspace(0.0, 1.0, count)]


def _latin_hypercube(design: LatinHypercube, problem: dict[str, Any], seed: int) -> Floats:
    from SALib.sample import latin

    return np.asarray(latin.sample(problem, design.samples, seed=seed))


def _sobol(design: Sobol, problem: dict[str, Any], seed: int) -> Floats:
    from SALib.sample import sobol

    return np.asarray(sobol.sample(problem, design.samples, calc_second_order=design.second_order, seed=seed))


def _morris(design: Morris, problem: dict[str, Any], seed: int) -> Floats:
    from SALib.sample import morris

    return np.asarray(morris.sample(problem, design.samples, num_levels=design.levels, seed=seed))


_SAMPLERS: dict[type, Callable[[Any, dict[str, Any], int], Floats]] = {
    LatinHypercube: _latin_hypercube,
    Sobol: _sobol,
    Morris: _morris,
}
