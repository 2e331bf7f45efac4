"""Designs: at which points of the space of uncertainties runs are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpnde.study.schema import Axis, Grid, LatinHypercube, Morris, Range, Sobol, Study, Table, Values, Zipped

Floats = NDArray[np.float64]


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


def _rows(study: Study) -> Iterable[Sequence[Any]]:
    """Return the values of all settings at each point."""
    design, axes = study.design, list(study.uncertainties.values())
    if isinstance(design, Grid):
        return product(*(_levels(axis, design.levels) for axis in axes))
    if isinstance(design, Zipped):
        return zip(*(axis.values for axis in axes if isinstance(axis, Values)), strict=True)
    return ([value_at(axis, u) for axis, u in zip(axes, row, strict=True)] for row in sample(study))


def problem(study: Study) -> dict[str, Any]:
    """Return what SALib wants to know: every setting varies over 0 to 1, from which `value_at` makes its values."""
    names = list(study.uncertainties)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def sample(study: Study) -> Floats:
    """Return the points of a sampled design in the unit cube, of shape (points, settings).

    Equal studies give equal points: all randomness comes from the seed of the study.
    """
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
    return min(int(u * count), count - 1)


def _levels(axis: Axis, count: int) -> list[Any]:
    if isinstance(axis, Values):
        return list(axis.values)
    if isinstance(axis, Range) and axis.integer:
        steps = np.linspace(axis.low, axis.high, min(count, int(axis.high - axis.low) + 1))
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
