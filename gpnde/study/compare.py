"""Compare the arms of a study: paired differences under common random numbers, and cost per effect."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gpnde.results.metrics.upgrading import TERMS
from gpnde.study.intervals import Estimate, Interval, Sample, estimate, point_means, ratio, signs_by_point

if TYPE_CHECKING:
    import polars as pl

    from gpnde.study.results import StudyResults

_ACCOUNTS = ("cost", "revenue")
"""Accounts of policies that are summed over the policies of a run (money)."""

BETTER, WORSE, NOT_SIGNIFICANT, UNDEFINED = "better", "worse", "not significant", "not defined"
"""Verdicts on an effect; one on a measure that knows no better is higher or lower."""

SAME = 1e-12
"""Differences smaller than this part of the values are rounding, and count as none."""

_PAIR = ["point", "replication"]
_EFFECT = {
    "arm": str, "control": str, "measure": str, "unit": str, "better": str, "control_mean": float, "mean": float,
    "difference": float, "low": float, "high": float, "relative": float, "pairs": int, "missing": int, "points": int,
    "replications": int, "higher": float, "lower": float, "not_significant": float, "holds": float,
    "same_sign": float, "verdict": str,
}  # fmt: skip
_MEAN = {
    "arm": str, "measure": str, "unit": str, "mean": float, "low": float, "high": float, "runs": int, "missing": int,
}  # fmt: skip
_COST = {
    "arm": str, "control": str, "measure": str, "unit": str, "better": str, "spending": float, "spending_low": float,
    "spending_high": float, "revenue": float, "net_cost": float, "difference": float, "verdict": str,
    "cost_per_effect": float, "low": float, "high": float,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Comparison:
    """The arms of a study beside their controls; null stands for an unknown value."""

    effects: pl.DataFrame
    """One row per arm and measure: arm, control, measure, unit, means, the paired difference with its interval
    (low, high), relative to the control's mean, and number of pairs. Shares of the points: where the difference is
    significantly higher, significantly lower or not significant, where the sign of the mean difference *holds* by an
    interval, and where the difference has at least the *same sign*. *better* is the direction that the measure declares
    (higher, lower or neither), *verdict* what the interval says of the mean difference: better, worse (higher or lower
    where neither is better), not significant, or not defined where no pair has the measure in both arms."""
    means: pl.DataFrame
    """One row per arm and measure: mean with its interval, null where no run of the arm defines it."""
    terms: pl.DataFrame
    """The same columns as *effects*, for the parts of the change of mean capability."""
    costs: pl.DataFrame
    """One row per arm and measure: spending, revenue and net cost of the policies of the arm, less those
    of its control, and the *spending* per unit of improvement; null where the effect is adverse or not significant. Per
    unit of change where the measure knows no better."""
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return all tables as plain data."""
        tables = {"effects": self.effects, "means": self.means, "terms": self.terms, "costs": self.costs}
        return {**{name: table.to_dicts() for name, table in tables.items()}, "notes": list(self.notes)}


def compare(results: StudyResults) -> Comparison:
    """Return each arm of a study beside its control, measure by measure.

    A pair are two runs of the same point and replication, with common random numbers. Means are over points, which all
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
    notes = (*results.notes, *filter(None, _notes(results)))
    return Comparison(effects, _table(_MEAN, _means(results)), terms, _table(_COST, _costs(results, effects)), notes)


def _notes(results: StudyResults) -> list[str]:
    return [results.missing_note(), results.absent_note(), results.undefined_note(), _alone(results)]


def _alone(results: StudyResults) -> str:
    return "" if len(results.study.arms) > 1 else "the study has one arm: there are means, and nothing to compare with"


def _table(columns: dict[str, type], rows: Iterator[dict[str, Any]]) -> pl.DataFrame:
    import polars as pl

    types = {str: pl.String, float: pl.Float64, int: pl.Int64}
    return pl.DataFrame(list(rows), schema={name: types[kind] for name, kind in columns.items()})


def _means(results: StudyResults) -> Iterator[dict[str, Any]]:
    planned = {arm: status.planned for arm, status in results.status_by_arm().items()}
    for arm in results.study.arms:
        values = values_of_arm(results, arm)
        for measure in results.measures:
            rows = _rows_of(values, measure)
            found = {} if rows.is_empty() else _ends(estimate(_sample(rows, "value")).interval())
            counts = {"runs": rows.height, "missing": planned[arm] - rows.height}
            yield {"arm": arm, "measure": measure, "unit": results.units[measure], **found, **counts}


def _effects(results: StudyResults, measures: list[str]) -> Iterator[dict[str, Any]]:
    planned = {arm: status.planned for arm, status in results.status_by_arm().items()}
    for arm, control, pairs in pairs_of_arms(results):
        for measure in measures:
            rows, better = _rows_of(pairs, measure), results.better(measure)
            found = _effect(rows) if rows.height else _unpaired(results, arm, control, measure)
            about = {"arm": arm, "control": control, "measure": measure, "unit": results.units[measure]}
            verdict = verdict_of(found, better)
            yield {**about, "better": better, **found, "missing": planned[arm] - rows.height, "verdict": verdict}


def _unpaired(results: StudyResults, arm: str, control: str, measure: str) -> dict[str, Any]:
    """Return the row of a measure that no pair has in both arms: the mean of the arm that has it."""
    both = {"mean": arm, "control_mean": control}
    rows = {name: _rows_of(values_of_arm(results, each), measure) for name, each in both.items()}
    means = {name: None if each.is_empty() else estimate(_sample(each, "value")).mean for name, each in rows.items()}
    return {**means, "pairs": 0, "points": 0, "replications": 0}


def verdict_of(effect: Mapping[str, Any], better: str) -> str:
    """Return the verdict on the interval of a difference, given the better direction of the measure.

    >>> verdict_of({"difference": -0.2, "low": -0.3, "high": -0.1}, "lower")
    'better'
    """
    if effect.get("difference") is None:
        return UNDEFINED
    low, high = effect["low"], effect["high"]
    if low is None or high is None or low <= 0 <= high:
        return NOT_SIGNIFICANT
    direction = "higher" if low > 0 else "lower"
    if better == "neither":
        return direction
    return BETTER if direction == better else WORSE


def _effect(rows: pl.DataFrame) -> dict[str, Any]:
    """Return the effect of one arm on one measure, from its pairs."""
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
    """Return the shares of points at which a difference is significantly positive, negative, or neither."""
    signs = signs_by_point(difference)
    shares = {
        name: float(np.mean(signs == sign)) for name, sign in (("higher", 1), ("lower", -1), ("not_significant", 0))
    }
    holds = {1.0: shares["higher"], -1.0: shares["lower"]}.get(float(np.sign(mean)), 0.0)
    return {**shares, "holds": holds, "same_sign": float(np.mean(np.sign(point_means(difference)) == np.sign(mean)))}


def _costs(results: StudyResults, effects: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the cost per effect of each arm whose policies have other spending or revenue than its control's."""
    for arm, control, pairs in pairs_of_arms(results):
        accounts = _account_differences(results, arm, control)
        if not any((accounts[name] != 0).any() for name in _ACCOUNTS):
            continue
        for effect in effects.filter(effects["pairs"] > 0, arm=arm, control=control).iter_rows(named=True):
            rows = _rows_of(pairs, effect["measure"]).join(accounts, on=_PAIR)
            about = {name: effect[name] for name in ("arm", "control", "measure", "better", "difference", "verdict")}
            yield {**about, "unit": _per(effect["unit"]), **_cost(rows, effect)}


def _account_differences(results: StudyResults, arm: str, control: str) -> pl.DataFrame:
    """Return the differences in spending and revenue between an arm's policies and its control's, pair by pair."""
    import polars as pl

    spending, revenue = (
        _pairs(*(_sum_of_accounts(results, each, name) for each in (arm, control))).select(
            *_PAIR, pl.col("difference").alias(name)
        )
        for name in _ACCOUNTS
    )
    return spending.join(revenue, on=_PAIR)


def _cost(rows: pl.DataFrame, effect: Mapping[str, Any]) -> dict[str, Any]:
    """Return spending and revenue, and the spending per unit of improvement."""
    spending, revenue = (estimate(_sample(rows, name)) for name in _ACCOUNTS)
    mean, low, high = spending.interval()
    per = _per_improvement(spending, estimate(_sample(rows, "difference")), effect["verdict"])
    return {
        **{"spending": mean, "spending_low": _known(low), "spending_high": _known(high)},
        **{"revenue": revenue.mean, "net_cost": mean - revenue.mean},
        **dict(zip(("cost_per_effect", "low", "high"), per or (None, None, None), strict=True)),
    }


def _per_improvement(spending: Estimate, effect: Estimate, verdict: str) -> Interval | None:
    """Return the spending per unit by which an effect is better, or has changed at all if no direction is better."""
    if verdict in (WORSE, NOT_SIGNIFICANT):
        return None
    size = -1.0 if effect.mean < 0 else 1.0
    return ratio(spending, Estimate(size * effect.mean, size * effect.errors))


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


def _sum_of_accounts(results: StudyResults, arm: str, account: str) -> pl.DataFrame:
    """Return the sum of an *account* over the policies of each run of an arm; 0 where there are none."""
    import polars as pl

    values = values_of_arm(results, arm).filter(pl.col("measure").str.contains(rf"^policy\..*\.{account}$"))
    sums = values.group_by(_PAIR, maintain_order=True).agg(pl.col("value").sum())
    runs = results.runs.filter(arm=arm, status="ok").select(_PAIR)
    # A run without policies has spent nothing, and must not drop out of the pairs.
    full = runs.join(sums, on=_PAIR, how="left")
    return full.with_columns(pl.col("value").fill_null(0.0), measure=pl.lit(account)).sort(_PAIR)


def _pairs(treated: pl.DataFrame, control: pl.DataFrame) -> pl.DataFrame:
    """Return one row per measure, point and replication that both arms have: value, control and their difference."""
    import polars as pl

    other = control.select(*_PAIR, "measure", control="value")
    # Sorted, since a join promises no order and sums depend on it in their last digits.
    pairs = treated.join(other, on=[*_PAIR, "measure"]).sort(["measure", *_PAIR])
    difference = pl.col("value") - pl.col("control")
    size = pl.max_horizontal(pl.col("value").abs(), pl.col("control").abs())
    return pairs.with_columns(difference=pl.when(difference.abs() > SAME * size).then(difference).otherwise(0.0))


def _rows_of(values: pl.DataFrame, measure: str) -> pl.DataFrame:
    return values.filter(measure=measure)


def _sample(rows: pl.DataFrame, column: str) -> Sample:
    return Sample(rows[column].to_numpy(), rows["point"].to_numpy(), rows["replication"].to_numpy())


def _ends(interval: Interval) -> dict[str, float | None]:
    return {"mean": interval.mean, "low": _known(interval.low), "high": _known(interval.high)}


def _known(value: float) -> float | None:
    """Return a number, or None where there is none, as tables and JSON have it."""
    return value if math.isfinite(value) else None
