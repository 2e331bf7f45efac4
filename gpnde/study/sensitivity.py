"""Sensitivity of the results of a study: indices of Sobol' and of Morris, with intervals, by SALib."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gpnde.errors import StudyError
from gpnde.extras import require_extra
from gpnde.study.compare import pairs_of_arms, values_of_arm
from gpnde.study.design import problem, sample
from gpnde.study.intervals import LEVEL, Floats
from gpnde.study.schema import Morris, Sobol

if TYPE_CHECKING:
    import polars as pl

    from gpnde.study.results import StudyResults
    from gpnde.study.schema import Study

Kind = Literal["sobol", "morris"]

SOBOL = ("first", "total")
"""Share of the variance that a setting explains alone, and with all that it interacts in (Saltelli, 2002)."""

MORRIS = ("mu_star", "mu", "sigma")
"""Mean of the sizes of the elementary effects, their mean, and their standard deviation (Morris, 1991)."""

_MOST_RESAMPLES, _LEAST_RESAMPLES = 500, 100
_MOST_AT_ONCE = 20_000_000
"""Resampled values that are held at once."""

_SAME = 1e-12
"""A spread smaller than this part of the values is rounding."""

_INDEX = ("arm", "control", "measure", "unit", "setting", "index", "value", "low", "high")
_PAIR = ("arm", "control", "measure", "unit", "setting", "other", "value", "low", "high")


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Indices of all settings that a study varies."""

    kind: Kind
    indices: pl.DataFrame
    """One row per arm, measure, setting and index: value and 95 % interval; null stands for what there is not.
    *control* is set where the index is about the difference from that arm."""
    interactions: pl.DataFrame
    """One row per arm, measure and pair of settings: the share of the variance that only both together explain; no
    rows without ``second_order`` in the design."""
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return all indices as plain data."""
        tables = {"indices": self.indices.to_dicts(), "interactions": self.interactions.to_dicts()}
        return {"kind": self.kind, **tables, "notes": list(self.notes)}


def sensitivity(results: StudyResults, effects: bool = False) -> Sensitivity:
    """Return the indices of each measure of each arm or, with *effects*, of its difference from the control.

    The value at a point is the mean over the replications that all points have. Settings vary over 0 to 1 for Morris'
    effects, which are so in the unit of the measure. Equal results give equal indices, intervals included.

    Raises
    ------
    StudyError
        The design is of another kind, runs are not ok, or there is no control to differ from.
    MissingExtra
        The extra ``study``, which brings SALib, is not installed.
    """
    require_extra("study", "SALib")
    design = results.study.design
    if not isinstance(design, Sobol | Morris):
        kind = "none" if design is None else design.kind
        raise StudyError(
            where=results.name,
            expected=f"design {kind}: has no indices: use {{kind: sobol, samples: 256}} or morris",
        )
    if effects and len(results.study.arms) < 2:
        raise StudyError(where=results.name, expected="one arm only: there are no differences: leave effects out")
    _refuse_unfinished(results)
    analysis = _Analysis(results, effects)
    rows = list(analysis.rows())
    if not rows:
        raise StudyError(
            where=results.name, expected=f"no measure has a value at all points: {'; '.join(analysis.notes)}"
        )
    indices = _table(_INDEX, (row for row in rows if "index" in row))
    interactions = _table(_PAIR, (row for row in rows if "other" in row))
    return Sensitivity(design.kind, indices, interactions, (*results.notes, *analysis.notes))


def indices_of(study: Study, values: Floats) -> Iterator[dict[str, Any]]:
    """Yield the indices of *values*, one per point of the study's design, as rows without arm and measure.

    A value that is the same at all points depends on nothing; Sobol' shares of it are not defined and null.
    """
    flat = float(np.ptp(values)) <= _SAME * float(np.abs(values).max())
    analyse: Callable[[Study, Floats, bool], Iterator[dict[str, Any]]]
    analyse = _sobol if isinstance(study.design, Sobol) else _morris
    # Zeros in place of rounding errors, which would be taken for variation.
    yield from analyse(study, np.zeros_like(values) if flat else values, flat)


class _Analysis:
    """Computes indices by arm and measure, and notes which have none."""

    def __init__(self, results: StudyResults, effects: bool) -> None:
        self._results, self._effects = results, effects
        self.notes: list[str] = []

    def rows(self) -> Iterator[dict[str, Any]]:
        for arm, control, table in self._tables():
            for measure in self._results.measures:
                values = self._by_point(table.filter(measure=measure), f"arm {arm}: {measure}")
                if values is None:
                    continue
                about = {"arm": arm, "control": control, "measure": measure, "unit": self._results.units[measure]}
                yield from ({**about, **row} for row in indices_of(self._results.study, values))

    def _tables(self) -> Iterator[tuple[str, str | None, pl.DataFrame]]:
        import polars as pl

        if not self._effects:
            yield from ((arm, None, values_of_arm(self._results, arm)) for arm in self._results.study.arms)
            return
        for arm, control, pairs in pairs_of_arms(self._results):
            yield arm, control, pairs.with_columns(value=pl.col("difference"))

    def _by_point(self, rows: pl.DataFrame, where: str) -> Floats | None:
        """Return the mean at each point over the replications that all points have, or None where one has none."""
        import polars as pl

        counts = rows.group_by("replication").len()
        shared = counts.filter(pl.col("len") == self._results.points)["replication"].to_list()
        if not shared:
            self.notes.append(f"{where}: {self._lack(rows)}: left out")
            return None
        means = rows.filter(pl.col("replication").is_in(shared)).group_by("point").agg(pl.col("value").mean())
        return np.asarray(means.sort("point")["value"].to_numpy(), np.float64)

    def _lack(self, rows: pl.DataFrame) -> str:
        if rows.is_empty():
            return "not defined in any run"
        without = self._results.points - int(rows["point"].n_unique())
        if without:
            return f"not defined at {without} of {self._results.points} points"
        return "defined in no replication at all points"


def _refuse_unfinished(results: StudyResults) -> None:
    status = results.status()
    if status.ok < status.planned:
        raise StudyError(
            where=results.name,
            given=status.text(),
            expected="indices need all runs: give the same gpnde batch command again, "
            "with --retry-failed for those that failed",
        )


def _sobol(study: Study, values: Floats, flat: bool) -> Iterator[dict[str, Any]]:
    assert isinstance(study.design, Sobol)
    names, second = list(study.uncertainties), study.design.second_order
    if flat:
        yield from (_index(name, index, None, None) for name in names for index in SOBOL)
        return
    found = _analysed(study, values, second)
    for place, name in enumerate(names):
        for index, key in zip(SOBOL, ("S1", "ST"), strict=True):
            yield _index(name, index, found[key][place], found[f"{key}_conf"][place])
    for place, name in enumerate(names if second else ()):
        for after in range(place + 1, len(names)):
            value, half = found["S2"][place, after], found["S2_conf"][place, after]
            yield {"setting": name, "other": names[after], **_ends(value, half)}


def _analysed(study: Study, values: Floats, second_order: bool) -> dict[str, Any]:
    from SALib.analyze import sobol

    resamples = max(_LEAST_RESAMPLES, min(_MOST_RESAMPLES, _MOST_AT_ONCE // len(values)))
    with warnings.catch_warnings():
        # Part of the sample may be constant; SALib takes the indices to be 0 then, and so do we.
        warnings.simplefilter("ignore")
        found: dict[str, Any] = sobol.analyze(
            problem(study),
            values,
            calc_second_order=second_order,
            num_resamples=resamples,
            conf_level=LEVEL,
            # SALib takes a seed of 0 for none.
            seed=study.seed + 1,
        )
    return found


def _morris(study: Study, values: Floats, flat: bool) -> Iterator[dict[str, Any]]:
    from SALib.analyze import morris

    assert isinstance(study.design, Morris)
    found = morris.analyze(
        problem(study),
        sample(study),
        values,
        num_resamples=_MOST_RESAMPLES,
        conf_level=LEVEL,
        num_levels=study.design.levels,
        seed=study.seed,
    )
    for place, name in enumerate(study.uncertainties):
        for index in MORRIS:
            half = found["mu_star_conf"][place] if index == "mu_star" else None
            yield _index(name, index, found[index][place], half)


def _index(setting: str, index: str, value: Any, half: Any) -> dict[str, Any]:
    return {"setting": setting, "index": index, **_ends(value, half)}


def _ends(value: Any, half: Any) -> dict[str, float | None]:
    if value is None or half is None:
        return {"value": None if value is None else float(value), "low": None, "high": None}
    return {"value": float(value), "low": float(value - half), "high": float(value + half)}


def _table(columns: tuple[str, ...], rows: Iterator[dict[str, Any]]) -> pl.DataFrame:
    import polars as pl

    numbers = ("value", "low", "high")
    return pl.DataFrame(list(rows), schema={name: pl.Float64 if name in numbers else pl.String for name in columns})
