"""Pairs of runs: what they come to is what a study of the same seeds says, and holds against small cases by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from gpnde.engine import simulate
from gpnde.results.courses import MEASURES, Course
from gpnde.scenario import load_scenario
from gpnde.study.compare import compare
from gpnde.study.intervals import Interval, mean_interval
from gpnde.study.pairs import Outcome, Pair, Reach, band, effect, mean_reach, net_cost, outcome_of, simulated
from gpnde.study.results import StudyResults, open_study
from gpnde.study.runner import run_study
from gpnde.study.schema import Study
from gpnde.study.verdicts import ends, sentence

LOWER, DAYS, COUNT, POLICY = "capability.lower_tier", 182.0, 3, "policy.effort-subsidy"
NOBODY = Reach(0.0, 0.0)
_DAYS = np.array([0.0, 7.0])


def outcome(value: float, cost: float = 0.0, reach: Reach = NOBODY, start: float = 0.0) -> Outcome:
    return Outcome({"m": value, "policy.tax.net_cost": cost}, {"m": Course(_DAYS, np.array([start, value]))}, reach)


PAIRS = [Pair(outcome(1.0), outcome(value, 6.0, Reach(27.0, 30.0))) for value in (2.0, 3.0, 4.0)]


def test_effect_is_the_interval_of_the_paired_differences() -> None:
    assert effect(PAIRS, "m") == mean_interval([1.0, 2.0, 3.0])


def test_one_pair_has_a_difference_without_ends_and_none_has_nothing() -> None:
    found = effect(PAIRS[:1], "m")
    assert found is not None and found.mean == 1.0 and math.isnan(found.low) and math.isnan(found.high)
    assert effect([], "m") is None and effect(PAIRS, "unknown") is None


def test_band_ends_in_the_effect_and_begins_at_nought() -> None:
    found, last = band(PAIRS, "m"), effect(PAIRS, "m")
    assert found is not None and last is not None
    assert (found.mean[0], found.low[0], found.high[0]) == (0.0, 0.0, 0.0)
    assert (found.mean[-1], found.low[-1], found.high[-1]) == pytest.approx(tuple(last))


def test_band_narrows_where_pairs_agree() -> None:
    widths = []
    for count in (2, 4, 8):
        found = band([Pair(outcome(0.0), outcome(1.0 + 0.1 * (-1) ** place)) for place in range(count)], "m")
        assert found is not None
        widths.append(found.high[-1] - found.low[-1])
    assert widths == sorted(widths, reverse=True)


def test_runs_that_record_at_other_times_are_compared_on_the_days_of_the_control() -> None:
    other = Outcome({"m": 2.0}, {"m": Course(np.array([0.0, 14.0]), np.array([0.0, 2.0]))}, NOBODY)
    found = band([Pair(outcome(1.0), other)], "m")
    assert found is not None and found.mean.tolist() == [0.0, 0.0]


def test_money_and_firms_are_told_where_policies_differ_only() -> None:
    assert net_cost(PAIRS) == Interval(6.0, 6.0, 6.0)
    assert mean_reach(PAIRS) == Reach(27.0, 30.0)
    calm = [Pair(outcome(1.0, 5.0), outcome(2.0, 5.0))]
    assert net_cost(calm) is None and mean_reach(calm) is None


def test_outcome_that_is_kept_is_that_of_the_run() -> None:
    scenario = load_scenario("beer-game", {"clock.days": 91})
    run = simulate(scenario, seed=3, replication=2)
    kept = simulated(scenario, 3, 2)
    assert kept.metrics == outcome_of(run).metrics
    assert kept.metrics["flow.fill_rate"] == run.metric("flow.fill_rate")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> StudyResults:
    """Return a study of a policy in the small open economy, three replications of half a year."""
    folder: Path = tmp_path_factory.mktemp("study")
    given = {
        "name": "effect",
        "scenario": "small-open-economy",
        "seed": 1,
        "replications": COUNT,
        "settings": {"clock.days": DAYS},
        "arms": {"baseline": {}, "treated": {"components": [{"use": POLICY}]}},
        "measures": [LOWER, "flow.fill_rate", "tier_gap"],
    }
    run_study(Study.model_validate(given), folder, jobs=1)
    return open_study(folder)


def test_sentence_says_what_a_study_of_the_same_seeds_finds(study: StudyResults) -> None:
    control = load_scenario("small-open-economy", {"clock.days": DAYS})
    components = [use.model_dump() for use in control.components]
    treated = load_scenario("small-open-economy", {"clock.days": DAYS, "components": [*components, {"use": POLICY}]})
    pairs = [Pair(*(simulated(one, 1, place) for one in (control, treated))) for place in range(COUNT)]
    rows = {row["measure"]: row for row in compare(study).effects.iter_rows(named=True)}
    assert set(rows) == {LOWER, "flow.fill_rate", "tier_gap"}
    for name, row in rows.items():
        found = effect(pairs, name)
        assert found is not None
        assert tuple(found) == pytest.approx((row["difference"], row["low"], row["high"]), rel=1e-9, abs=1e-15)
        assert ends(Interval(row["difference"], row["low"], row["high"])) in sentence(pairs, MEASURES[name], DAYS)
    spending = compare(study).costs.filter(measure=LOWER)["net_cost"].to_list()
    paid = net_cost(pairs)
    assert paid is not None and [paid.mean] == pytest.approx(spending)
