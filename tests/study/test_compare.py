"""Arms beside their controls: known pairs give known differences, intervals, shares and costs."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.errors import StudyError
from gpnde.study.compare import Comparison, compare
from gpnde.study.intervals import mean_interval, paired_difference
from gpnde.study.results import open_study
from gpnde.study.runner import run_study
from tests.small_studies import small_study
from tests.study.found import Found, made_up

NOISE = np.random.default_rng(3).normal(0.0, 5.0, (9, 8))
MORE = np.random.default_rng(4).normal(1.0, 0.2, (9, 8))


def control(point: int, replication: int) -> Mapping[str, float | None]:
    return {"y": 10.0 + NOISE[point, replication]}


def better(point: int, replication: int) -> Mapping[str, float | None]:
    return {"y": 10.0 + NOISE[point, replication] + MORE[point, replication]}


def always(**values: float | None) -> Found:
    return lambda point, replication: values


def only_row(table: pl.DataFrame, **wanted: Any) -> dict[str, Any]:
    return table.filter(**wanted).row(0, named=True)


def test_one_point_gives_the_paired_interval_of_the_textbook() -> None:
    found = compare(made_up({"baseline": control, "subsidy": better}, replications=8))
    wanted = paired_difference([better(0, r)["y"] or 0 for r in range(8)], [control(0, r)["y"] or 0 for r in range(8)])
    row = only_row(found.effects)
    assert (row["arm"], row["control"], row["measure"], row["pairs"], row["missing"]) == (
        "subsidy",
        "baseline",
        "y",
        8,
        0,
    )
    assert (row["difference"], row["low"], row["high"]) == pytest.approx(tuple(wanted))
    alone = only_row(found.means, arm="baseline")
    assert (alone["mean"], alone["low"], alone["high"]) == pytest.approx(tuple(mean_interval(10 + NOISE[0])))


def test_random_numbers_that_a_pair_shares_do_not_widen_its_interval() -> None:
    found = compare(made_up({"baseline": control, "subsidy": better}, replications=8))
    row, alone = only_row(found.effects), only_row(found.means, arm="subsidy")
    assert row["high"] - row["low"] < 0.2 * (alone["high"] - alone["low"])
    assert row["low"] > 0


def test_replications_are_the_units_whatever_the_number_of_points() -> None:
    found = only_row(compare(made_up({"baseline": control, "subsidy": better}, points=9, replications=8)).effects)
    wanted = mean_interval(MORE.mean(axis=0).tolist())
    assert (found["difference"], found["low"], found["high"]) == pytest.approx(tuple(wanted))
    assert (found["points"], found["replications"], found["pairs"]) == (9, 8, 72)


def test_points_are_the_units_where_there_is_one_replication() -> None:
    found = only_row(compare(made_up({"baseline": control, "subsidy": better}, points=9, replications=1)).effects)
    wanted = mean_interval(MORE[:, 0].tolist())
    assert (found["difference"], found["low"], found["high"]) == pytest.approx(tuple(wanted))
    assert found["not_significant"] == 1.0
    assert found["same_sign"] == 1.0


def test_points_with_a_single_run_each_have_no_interval() -> None:
    def status(arm: str, point: int, replication: int) -> str:
        return "ok" if replication == point % 2 else "failed"

    results = made_up({"baseline": control, "subsidy": better}, points=6, replications=2, status=status)
    row = only_row(compare(results).effects)
    wanted = mean_interval([MORE[point, point % 2] for point in range(6)])
    assert (row["difference"], row["low"], row["high"]) == pytest.approx(tuple(wanted))


def test_a_single_pair_has_a_difference_and_no_interval() -> None:
    found = only_row(compare(made_up({"baseline": control, "subsidy": better}, replications=1)).effects)
    assert found["difference"] == pytest.approx(MORE[0, 0])
    assert found["low"] is found["high"] is None


@pytest.mark.thorough
def test_intervals_cover_the_effect_as_often_as_they_say_where_points_share_random_numbers() -> None:
    rng, covered = np.random.default_rng(8), []
    for _ in range(400):
        shared, own = rng.normal(0, 1, 6), rng.normal(0, 0.5, (5, 6))
        effect: Found = lambda p, r, s=shared, o=own: {"y": 2.0 + s[r] + o[p, r]}  # type: ignore[misc]  # noqa: E731
        row = only_row(compare(made_up({"a": always(y=0.0), "b": effect}, points=5, replications=6)).effects)
        covered.append(row["low"] <= 2.0 <= row["high"])
    assert np.mean(covered) == pytest.approx(0.95, abs=0.03)


def test_points_count_for_what_is_decided_there() -> None:
    def mixed(point: int, replication: int) -> Mapping[str, float]:
        return {"y": (1.0, 1.0, -1.0, (-1.0) ** replication)[point] + 1e-3 * replication}

    row = only_row(compare(made_up({"baseline": always(y=0.0), "subsidy": mixed}, points=4)).effects)
    assert (row["higher"], row["lower"], row["not_significant"]) == (0.5, 0.25, 0.25)
    assert (row["holds"], row["same_sign"]) == (0.5, 0.75)


def test_rounding_is_no_effect() -> None:
    row = only_row(compare(made_up({"baseline": always(y=0.3), "other": always(y=0.1 + 0.2)})).effects)
    assert (row["difference"], row["low"], row["high"], row["not_significant"]) == (0.0, 0.0, 0.0, 1.0)


def test_an_arm_is_compared_with_the_control_that_it_names() -> None:
    arms = {"baseline": {}, "subsidy": {}, "subsidy-high": {"control": "subsidy"}}
    values = {"baseline": always(y=1.0), "subsidy": always(y=2.0), "subsidy-high": always(y=5.0)}
    found = compare(made_up(values, arms=arms)).effects
    assert found.select("arm", "control", "difference", "relative").rows() == [
        ("subsidy", "baseline", 1.0, 1.0),
        ("subsidy-high", "subsidy", 3.0, 1.5),
    ]


def test_runs_without_a_partner_do_not_count_and_are_told() -> None:
    def status(arm: str, point: int, replication: int) -> str:
        return {("baseline", 0): "failed", ("subsidy", 1): "missing"}.get((arm, replication), "ok")

    found = compare(made_up({"baseline": control, "subsidy": better}, replications=6, status=status))
    row = only_row(found.effects)
    assert (row["pairs"], row["missing"]) == (4, 2)
    assert row["difference"] == pytest.approx(MORE[0, 2:6].mean())
    assert found.notes[0].startswith("10 of 12 runs ok, 1 failed, 1 missing: only the runs that are ok count")


def test_a_measure_that_a_run_lacks_is_missing_there_only() -> None:
    def some(point: int, replication: int) -> Mapping[str, float | None]:
        return {"y": 1.0, "z": None if replication else 2.0}

    found = compare(made_up({"baseline": some, "subsidy": always(y=1.0, z=3.0)})).effects
    assert found.select("measure", "pairs", "missing").rows() == [("y", 4, 0), ("z", 1, 3)]


def test_all_points_weigh_the_same_whatever_their_number_of_replications() -> None:
    def status(arm: str, point: int, replication: int) -> str:
        return "missing" if point == 0 and replication > 1 else "ok"

    effect: Found = lambda point, replication: {"y": float(point)}  # noqa: E731
    values = {"baseline": always(y=0.0), "subsidy": effect}
    assert only_row(compare(made_up(values, points=2, replications=8, status=status)).effects)["difference"] == 0.5


def accounts(rate: float) -> Found:
    def found(point: int, replication: int) -> Mapping[str, float]:
        cost = 100.0 * rate + 10.0 * replication
        return {"y": 5.0 + 2.0 * rate, "policy.tax.cost": cost, "policy.tax.revenue": 20.0, "policy.aid.cost": 1.0}

    return found


def test_cost_per_effect_is_spending_over_effect_and_revenue_stands_apart() -> None:
    found = compare(made_up({"baseline": always(y=5.0), "tax": accounts(1.0)}, measures=["y"]))
    row = only_row(found.costs)
    wanted = mean_interval([100.0 + 10 * r + 1.0 for r in range(4)])
    assert (row["spending"], row["spending_low"], row["spending_high"]) == pytest.approx(tuple(wanted))
    assert (row["revenue"], row["net_cost"]) == pytest.approx((20.0, wanted.mean - 20.0))
    # Where the effect is known exactly, the interval of the ratio is that of the cost, divided.
    assert (row["cost_per_effect"], row["low"], row["high"]) == pytest.approx(tuple(end / 2.0 for end in wanted))
    assert row["unit"] == "money"
    assert found.effects["measure"].to_list() == ["y"]


def test_cost_per_effect_is_not_told_where_the_effect_may_be_none() -> None:
    def unsure(point: int, replication: int) -> Mapping[str, float]:
        return {"y": (-1.0) ** replication, "policy.tax.cost": 100.0}

    row = only_row(compare(made_up({"baseline": always(y=0.0), "tax": unsure}, measures=["y"])).costs)
    assert (row["spending"], row["cost_per_effect"], row["low"]) == (100.0, None, None)


@pytest.mark.parametrize(
    ("measure", "change", "verdict", "per"),
    [
        ("flow.fill_rate", 0.5, "better", 200.0),
        ("flow.fill_rate", -0.5, "worse", None),
        ("flow.lost_sales", -0.5, "better", 200.0),
        ("flow.lost_sales", 0.5, "worse", None),
        ("space.hhi.sites", -0.5, "lower", 200.0),
        ("space.hhi.sites", 0.5, "higher", 200.0),
    ],
)
def test_spending_is_divided_by_improvements_only(measure: str, change: float, verdict: str, per: float | None) -> None:
    arms = {"baseline": always(**{measure: 1.0}), "aid": always(**{measure: 1.0 + change, "policy.aid.cost": 100.0})}
    found = compare(made_up(arms, measures=[measure]))
    assert only_row(found.effects)["verdict"] == verdict
    row = only_row(found.costs)
    assert (row["cost_per_effect"], row["verdict"]) == (per, verdict)


def test_policy_that_only_takes_in_has_spent_nothing() -> None:
    taxed = always(y=2.0, **{"policy.tax.cost": 0.0, "policy.tax.revenue": 70.0})
    row = only_row(compare(made_up({"baseline": always(y=1.0), "tax": taxed}, measures=["y"])).costs)
    assert (row["spending"], row["revenue"], row["net_cost"], row["cost_per_effect"]) == (0.0, 70.0, -70.0, 0.0)


def test_measure_of_one_arm_is_shown_and_not_compared() -> None:
    arms = {"baseline": always(y=1.0), "aid": always(y=1.0, z=4.0), "tax": always(y=2.0)}
    found = compare(made_up(arms))
    own = only_row(found.effects, arm="aid", measure="z")
    wanted = (4.0, None, None, 0, 4, "not defined")
    assert tuple(own[name] for name in ("mean", "control_mean", "difference", "pairs", "missing", "verdict")) == wanted
    assert only_row(found.effects, arm="tax", measure="z")["mean"] is None
    means = found.means.filter(measure="z").select("arm", "mean", "runs", "missing").rows()
    assert means == [("baseline", None, 0, 4), ("aid", 4.0, 4, 0), ("tax", None, 0, 4)]


def test_measure_of_the_control_only_is_shown_too() -> None:
    row = only_row(compare(made_up({"baseline": always(y=1.0, z=4.0), "aid": always(y=1.0)})).effects, measure="z")
    assert (row["control_mean"], row["mean"], row["difference"]) == (4.0, None, None)


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_value_that_is_not_defined_is_told_and_does_not_count(value: float | None) -> None:
    results = made_up({"baseline": always(y=1.0), "aid": always(y=3.0)})
    holes = pl.when(pl.col("key") == "aid-0-1").then(pl.lit(value, pl.Float64)).otherwise(pl.col("value"))
    results = dataclasses.replace(results, outcomes=results.outcomes.with_columns(value=holes))
    found = compare(results)
    assert only_row(found.effects)["pairs"] == 3
    assert found.notes == ("not defined: y in 1 of 8 runs: these runs do not count for it",)


def test_arms_whose_policies_cost_the_same_have_no_cost_per_effect() -> None:
    found = compare(made_up({"tax": accounts(1.0), "tax-too": accounts(1.0)}, measures=["y"]))
    assert found.costs.is_empty()


@pytest.mark.thorough
def test_ratio_covers_the_true_one_as_often_as_it_says() -> None:
    rng, covered = np.random.default_rng(2), []
    for _ in range(400):
        noise = rng.multivariate_normal([30.0, 3.0], [[9.0, 0.8], [0.8, 0.25]], 8)
        effect: Found = lambda p, r, n=noise: {"policy.x.cost": n[r, 0], "y": n[r, 1]}  # type: ignore[misc]  # noqa: E731
        row = only_row(compare(made_up({"a": always(y=0.0), "b": effect}, replications=8, measures=["y"])).costs)
        covered.append(row["low"] <= 10.0 <= row["high"])
    assert np.mean(covered) == pytest.approx(0.95, abs=0.03)


def test_terms_of_capability_add_up_to_the_difference_of_its_change() -> None:
    def terms(within: float) -> Found:
        return always(**{"upgrading.within": within, "upgrading.entry": 0.1, "upgrading.exit": 0.2, "y": 1.0})

    found = compare(made_up({"baseline": terms(0.1), "subsidy": terms(0.4)}, measures=["y"]))
    assert found.terms["measure"].to_list() == ["upgrading.within", "upgrading.entry", "upgrading.exit"]
    assert found.terms["difference"].sum() == pytest.approx(0.3)
    assert found.effects["measure"].to_list() == ["y"]


def test_one_arm_has_means_and_nothing_to_compare_with() -> None:
    found = compare(made_up({"baseline": control}))
    assert found.effects.is_empty() and found.means.height == 1
    assert found.notes == ("the study has one arm: there are means, and nothing to compare with",)


def test_nothing_done_is_refused() -> None:
    with pytest.raises(StudyError, match="0 of 4 runs ok, 0 failed, 4 missing: nothing to evaluate yet: give the same"):
        compare(made_up({"baseline": control}, status=lambda *_: "missing"))


def test_json_holds_no_number_that_json_cannot_hold() -> None:
    found = compare(made_up({"baseline": always(y=0.0), "tax": accounts(0.0)}, points=2, replications=1))
    assert all(_is_plain(value) for table in found.to_json().values() for row in table for value in _cells(row))


def _cells(row: Any) -> list[Any]:
    return list(row.values()) if isinstance(row, dict) else [row]


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int) or math.isfinite(value)


@pytest.mark.thorough
@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=2, max_size=8), st.floats(-50, 50))
def test_what_is_added_to_both_arms_changes_no_difference(pairs: list[tuple[float, float]], shift: float) -> None:
    def shifted(by: float) -> Comparison:
        arms: dict[str, Found] = {
            "a": lambda point, replication: {"y": pairs[replication][0] + by},
            "b": lambda point, replication: {"y": pairs[replication][1] + by},
        }
        return compare(made_up(arms, replications=len(pairs)))

    one, other = only_row(shifted(0.0).effects), only_row(shifted(shift).effects)
    for name in ("difference", "low", "high"):
        assert one[name] == pytest.approx(other[name], abs=1e-9)


def test_measure_that_no_run_has_is_told(tmp_path: Path) -> None:
    study = small_study(measures=["flow.fill_rate", "flow.fill_rate.nowhere"], replications=2)
    run_study(study, tmp_path / "out", jobs=1)
    (note,) = [note for note in compare(open_study(tmp_path / "out")).notes if "no run has" in note]
    assert note.startswith("no run has a value of flow.fill_rate.nowhere:")
