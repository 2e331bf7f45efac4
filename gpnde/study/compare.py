"""Compare the arms of a study: paired differences under common random numbers, and what an effect costs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gpnde.study.intervals import Estimate, Interval, Sample, estimate, point_means, ratio, signs_by_point

if TYPE_CHECKING:
    import polars as pl

    from gpnde.study.results import StudyResults

TERMS = tuple(f"upgrading.{term}" for term in ("within", "between", "cross", "entry", "exit"))
"""Parts of the change of mean capability over a run: what suppliers learnt, shifts of shares, who came and left."""

FISCAL_COST = "fiscal cost"
"""What all policies of a run cost less what they took in (money)."""

_SAME = 1e-12
"""Differences smaller than this part of the values are rounding, and count as none."""

_PAIR = ["point", "replication"]
_EFFECT = {
    "arm": str, "control": str, "measure": str, "unit": str, "control_mean": float, "mean": float,
    "difference": float, "low": float, "high": float, "relative": float, "pairs": int, "missing": int, "points": int,
    "replications": int, "higher": float, "lower": float, "undecided": float, "holds": float,
    "same_sign": float,
}  # fmt: skip
_MEAN = {
    "arm": str, "measure": str, "unit": str, "mean": float, "low": float, "high": float, "runs": int, "missing": int,
}  # fmt: skip
_COST = {
    "arm": str, "control": str, "measure": str, "unit": str, "cost": float, "cost_low": float, "cost_high": float,
    "difference": float, "cost_per_effect": float, "low": float, "high": float,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Comparison:
    """The arms of a study beside their controls; null stands for what cannot be told."""

    effects: pl.DataFrame
    """One row per arm and measure: arm, control, measure, unit, means, the paired difference with its interval
    (low, high), relative to the control's mean, and number of pairs. Shares of the points: where the difference is
    decidedly higher, decidedly lower or undecided, where the sign of the mean difference *holds* by an interval, and
    where the difference has at least the *same sign*."""
    means: pl.DataFrame
    """One row per arm and measure: mean with its interval."""
    terms: pl.DataFrame
    """The same columns as *effects*, for the parts of the change of mean capability."""
    costs: pl.DataFrame
    """One row per arm and measure: what the policies of the arm cost more than those of its control, and that over the
    effect; null where the effect may be none."""
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return all tables as plain data."""
        tables = {"effects": self.effects, "means": self.means, "terms": self.terms, "costs": self.costs}
        return {**{name: table.to_dicts() for name, table in tables.items()}, "notes": list(self.notes)}


def compare(results: StudyResults) -> Comparison:
    """Return each arm of a study beside its control, measure by measure.

    A pair are two runs of the same point and replication, which meet the same luck. Means are over points, which all
    weigh the same; intervals are of 95 %, by Student's t over replications (over points where one of them has a
    single pair). Runs without a partner do not count.

    Raises
    ------
    StudyError
        No run is ok.
    """
    results.refuse_if_empty()
    effects = _table(_EFFECT, _effects(results, results.measures))
    terms = _table(_EFFECT, _effects(results, [name for name in TERMS if name in results.units]))
    notes = (*results.notes, *filter(None, [results.missing_note(), results.absent_note(), _alone(results)]))
    return Comparison(effects, _table(_MEAN, _means(results)), terms, _table(_COST, _costs(results, effects)), notes)


def _alone(results: StudyResults) -> str:
    return "" if len(results.study.arms) > 1 else "the study has one arm: there are means, and nothing to compare with"


def _table(columns: dict[str, type], rows: Iterator[dict[str, Any]]) -> pl.DataFrame:
    import polars as pl

    types = {str: pl.String, float: pl.Float64, int: pl.Int64}
    return pl.DataFrame(list(rows), schema={name: types[kind] for name, kind in columns.items()})


def _means(results: StudyResults) -> Iterator[dict[str, Any]]:
    planned = {arm: status.planned for arm, status in results.status_by_arm().items()}
    for arm in results.study.arms:
        for measure, sample in _samples(values_of_arm(results, arm), results.measures):
            found = _ends(estimate(sample).interval())
            counts = {"runs": len(sample.values), "missing": planned[arm] - len(sample.values)}
            yield {"arm": arm, "measure": measure, "unit": results.units[measure], **found, **counts}


def _effects(results: StudyResults, measures: list[str]) -> Iterator[dict[str, Any]]:
    planned = {arm: status.planned for arm, status in results.status_by_arm().items()}
    for arm, control, pairs in pairs_of_arms(results):
        for measure in measures:
            rows = _rows_of(pairs, measure)
            if rows.is_empty():
                continue
            about = {"arm": arm, "control": control, "measure": measure, "unit": results.units[measure]}
            yield {**about, **_effect(rows), "missing": planned[arm] - rows.height}


def _effect(rows: pl.DataFrame) -> dict[str, Any]:
    """Return what the pairs of one arm and measure tell."""
    before, after, difference = (_sample(rows, column) for column in ("control", "value", "difference"))
    mean, low, high = estimate(difference).interval()
    control = estimate(before).mean
    return {
        "control_mean": control,
        "mean": estimate(after).mean,
        "difference": mean,
        "low": _known(low),
        "high": _known(high),
        "relative": mean / abs(control) if control else None,
        "pairs": rows.height,
        "points": rows["point"].n_unique(),
        "replications": rows["replication"].n_unique(),
        **_shares(difference, mean),
    }


def _shares(difference: Sample, mean: float) -> dict[str, float]:
    """Return at which shares of the points the sign of a difference is known."""
    signs = signs_by_point(difference)
    shares = {name: float(np.mean(signs == sign)) for name, sign in (("higher", 1), ("lower", -1), ("undecided", 0))}
    holds = {1.0: shares["higher"], -1.0: shares["lower"]}.get(float(np.sign(mean)), 0.0)
    return {**shares, "holds": holds, "same_sign": float(np.mean(np.sign(point_means(difference)) == np.sign(mean)))}


def _costs(results: StudyResults, effects: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the cost per effect of each arm whose policies cost something else than those of its control."""
    for arm, control, pairs in pairs_of_arms(results):
        cost = _pairs(_fiscal(results, arm), _fiscal(results, control))
        if not (cost["difference"] != 0).any():
            continue
        shown = effects.filter(arm=arm, control=control).select("measure", "unit").iter_rows()
        for measure, unit in shown:
            rows = _rows_of(pairs, measure).join(cost.select(*_PAIR, cost="difference"), on=_PAIR)
            about = {"arm": arm, "control": control, "measure": measure, "unit": _per(unit)}
            yield {**about, **_cost(estimate(_sample(rows, "cost")), estimate(_sample(rows, "difference")))}


def _cost(cost: Estimate, effect: Estimate) -> dict[str, Any]:
    mean, low, high = cost.interval()
    each = ratio(cost, effect)
    per = (None, None, None) if each is None else each
    return {
        **{"cost": mean, "cost_low": _known(low), "cost_high": _known(high), "difference": effect.mean},
        **dict(zip(("cost_per_effect", "low", "high"), per, strict=True)),
    }


def _per(unit: str) -> str:
    return "money" if unit == "1" else f"money per {unit}"


def pairs_of_arms(results: StudyResults) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Yield each arm that has a control, that control, and their pairs.

    Pairs have one row per measure, point and replication that both arms have: value, control and difference.
    """
    for arm in results.study.arms:
        control = results.study.control_of(arm)
        if control is not None:
            yield arm, control, _pairs(values_of_arm(results, arm), values_of_arm(results, control))


def values_of_arm(results: StudyResults, arm: str) -> pl.DataFrame:
    """Return every measure of every run of an arm that is ok, as `StudyResults.values` does."""
    return results.values.filter(arm=arm)


def _fiscal(results: StudyResults, arm: str) -> pl.DataFrame:
    """Return what the policies of each run of an arm cost less what they took in; 0 where there are none."""
    import polars as pl

    accounts = values_of_arm(results, arm).filter(pl.col("measure").str.contains(r"^policy\..*\.(cost|revenue)$"))
    sign = pl.when(pl.col("measure").str.ends_with(".cost")).then(1.0).otherwise(-1.0)
    sums = accounts.group_by(_PAIR).agg((pl.col("value") * sign).sum())
    runs = results.runs.filter(arm=arm, status="ok").select(_PAIR)
    full = runs.join(sums, on=_PAIR, how="left").with_columns(
        pl.col("value").fill_null(0.0), measure=pl.lit(FISCAL_COST)
    )
    return full.sort(_PAIR)


def _pairs(treated: pl.DataFrame, control: pl.DataFrame) -> pl.DataFrame:
    """Return one row per measure, point and replication that both arms have: value, control and their difference."""
    import polars as pl

    other = control.select(*_PAIR, "measure", control="value")
    pairs = treated.join(other, on=[*_PAIR, "measure"]).sort(["measure", *_PAIR])
    difference = pl.col("value") - pl.col("control")
    size = pl.max_horizontal(pl.col("value").abs(), pl.col("control").abs())
    return pairs.with_columns(difference=pl.when(difference.abs() > _SAME * size).then(difference).otherwise(0.0))


def _samples(values: pl.DataFrame, measures: list[str]) -> Iterator[tuple[str, Sample]]:
    for measure in measures:
        rows = _rows_of(values, measure)
        if not rows.is_empty():
            yield measure, _sample(rows, "value")


def _rows_of(values: pl.DataFrame, measure: str) -> pl.DataFrame:
    return values.filter(measure=measure)


def _sample(rows: pl.DataFrame, column: str) -> Sample:
    return Sample(rows[column].to_numpy(), rows["point"].to_numpy(), rows["replication"].to_numpy())


def _ends(interval: Interval) -> dict[str, float | None]:
    return {"mean": interval.mean, "low": _known(interval.low), "high": _known(interval.high)}


def _known(value: float) -> float | None:
    """Return a number, or None where there is none, as tables and JSON have it."""
    return value if math.isfinite(value) else None
