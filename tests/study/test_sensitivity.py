"""Indices of sensitivity against functions whose indices are known in closed form."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde.errors import StudyError
from gpnde.study.design import points
from gpnde.study.results import StudyResults
from gpnde.study.schema import Morris, Sobol, Study
from gpnde.study.sensitivity import sensitivity

ANGLE = {"low": -math.pi, "high": math.pi}
Function = Callable[[Mapping[str, float]], float]


def ishigami(at: Mapping[str, float], a: float = 7.0, b: float = 0.1) -> float:
    return math.sin(at["x.1"]) + a * math.sin(at["x.2"]) ** 2 + b * at["x.3"] ** 4 * math.sin(at["x.1"])


def ishigami_shares(a: float = 7.0, b: float = 0.1) -> tuple[list[float], list[float], float]:
    """Return first and total shares, and that of the first setting together with the third."""
    one, two = 0.5 * (1 + b * math.pi**4 / 5) ** 2, a**2 / 8
    both = b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + both
    return [one / whole, two / whole, 0.0], [(one + both) / whole, two / whole, both / whole], both / whole


def study_of(design: Sobol | Morris, names: tuple[str, ...] = ("x.1", "x.2", "x.3"), **more: Any) -> Study:
    axes = {name: ANGLE for name in names}
    given = {"name": "known", "scenario": "beer-game", "measures": ["y"], "uncertainties": axes, "design": design}
    return Study.model_validate(given | more)


def results_of(study: Study, functions: Mapping[str, Function], replications: int = 1) -> StudyResults:
    """Return what a study would have found if a measure of each arm were a known function of the settings."""
    runs, outcomes = [], []
    for arm, function in functions.items():
        for point, at in enumerate(points(study)):
            for replication in range(replications):
                key = f"{arm}-{point}-{replication}"
                run = {"key": key, "arm": arm, "point": point, "replication": replication, "seed": 1, **at}
                runs.append({**run, "status": "ok", "fingerprint": ""})
                noise = replication - (replications - 1) / 2
                outcomes.append({"key": key, "measure": "y", "value": function(at) + noise, "unit": "1"})
    return StudyResults(study, pl.DataFrame(runs), pl.DataFrame(outcomes))


def values_of(table: pl.DataFrame, index: str) -> list[float]:
    return table.filter(index=index)["value"].to_list()


def test_sobol_indices_of_the_ishigami_function_are_those_of_its_closed_form() -> None:
    study = study_of(Sobol(samples=4096, second_order=True))
    found = sensitivity(results_of(study, {"baseline": ishigami}))
    first, total, both = ishigami_shares()
    assert values_of(found.indices, "first") == pytest.approx(first, abs=0.02)
    assert values_of(found.indices, "total") == pytest.approx(total, abs=0.02)
    pairs = {(row["setting"], row["other"]): row for row in found.interactions.to_dicts()}
    assert pairs["x.1", "x.3"]["value"] == pytest.approx(both, abs=0.03)
    assert pairs["x.1", "x.2"]["low"] < 0 < pairs["x.1", "x.2"]["high"]


def test_intervals_of_sobol_indices_cover_the_closed_form_as_often_as_they_say() -> None:
    first, total, _ = ishigami_shares()
    covered = []
    for seed in range(30):
        study = study_of(Sobol(samples=256), seed=seed)
        table = sensitivity(results_of(study, {"baseline": ishigami})).indices
        for index, known in (("first", first), ("total", total)):
            rows = table.filter(index=index).to_dicts()
            covered += [row["low"] <= value <= row["high"] for row, value in zip(rows, known, strict=True)]
    # Points of Sobol' are more even than the random ones that the intervals are made for, so these are safe.
    assert np.mean(covered) >= 0.95


def test_morris_effects_of_a_plane_are_its_slopes() -> None:
    study = study_of(Morris(samples=10))
    found = sensitivity(results_of(study, {"baseline": lambda at: 3 * at["x.1"] - 2 * at["x.2"]})).indices
    assert values_of(found, "mu") == pytest.approx([6 * math.pi, -4 * math.pi, 0.0])
    assert values_of(found, "mu_star") == pytest.approx([6 * math.pi, 4 * math.pi, 0.0])
    assert values_of(found, "sigma") == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    stars = found.filter(index="mu_star").row(0, named=True)
    assert stars["low"] == pytest.approx(stars["high"])


def test_morris_tells_interaction_by_the_spread_of_effects() -> None:
    study = study_of(Morris(samples=20))
    found = sensitivity(results_of(study, {"baseline": lambda at: at["x.1"] * at["x.2"] + at["x.3"]})).indices
    spread = values_of(found, "sigma")
    assert min(spread[:2]) > 1 and spread[2] == pytest.approx(0.0, abs=1e-12)


def test_replications_are_averaged_before_anything_else() -> None:
    study = study_of(Sobol(samples=64))
    once, often = (sensitivity(results_of(study, {"baseline": ishigami}, count)) for count in (1, 3))
    assert values_of(once.indices, "first") == pytest.approx(values_of(often.indices, "first"))


def test_equal_results_give_equal_intervals_whatever_the_seed() -> None:
    results = results_of(study_of(Sobol(samples=64), seed=0), {"baseline": ishigami})
    assert sensitivity(results).indices.equals(sensitivity(results).indices)


def test_effects_are_what_the_difference_from_the_control_depends_on() -> None:
    study = study_of(Sobol(samples=512), arms={"baseline": {}, "subsidy": {}})
    results = results_of(study, {"baseline": ishigami, "subsidy": lambda at: ishigami(at) + at["x.2"]})
    found = sensitivity(results, effects=True).indices
    assert found.select("arm", "control").unique().rows() == [("subsidy", "baseline")]
    assert values_of(found, "first") == pytest.approx([0.0, 1.0, 0.0], abs=0.01)


def test_what_is_the_same_everywhere_has_no_shares() -> None:
    found = sensitivity(results_of(study_of(Sobol(samples=8)), {"baseline": lambda at: 0.1 + 0.2}))
    assert found.indices["value"].to_list() == [None] * 6
    assert sensitivity(results_of(study_of(Morris(samples=4)), {"baseline": lambda at: 5.0})).indices.height == 9


def test_other_designs_are_refused() -> None:
    study = Study(name="x", scenario="beer-game", measures=("y",))
    with pytest.raises(StudyError, match=r"^the study: design none: has no indices: use \{kind: sobol, samples: 256\}"):
        sensitivity(results_of(study, {"baseline": lambda at: 1.0}))


def test_runs_that_are_not_there_are_counted() -> None:
    results = results_of(study_of(Sobol(samples=4)), {"baseline": ishigami})
    status = pl.when(pl.col("point") < 3).then(pl.lit("missing")).otherwise(pl.col("status"))
    unfinished = StudyResults(results.study, results.runs.with_columns(status=status), results.outcomes)
    with pytest.raises(StudyError, match="17 of 20 runs ok, 0 failed, 3 missing: indices need all runs: give"):
        sensitivity(unfinished)


def test_a_measure_that_some_points_lack_is_left_out_and_named() -> None:
    results = results_of(study_of(Sobol(samples=4)), {"baseline": ishigami})
    other = results.outcomes.with_columns(measure=pl.lit("y.more"))
    study = results.study.model_copy(update={"measures": ("y", "y.more")})
    found = sensitivity(StudyResults(study, results.runs, pl.concat([results.outcomes, other[2:]])))
    assert found.indices["measure"].unique().to_list() == ["y"]
    assert found.notes == ("arm baseline: y.more: not defined at 2 of 20 points: left out",)
    with pytest.raises(StudyError, match="no measure has a value at all points: arm baseline: y: not defined at 1"):
        sensitivity(StudyResults(study, results.runs, results.outcomes[1:]))


def test_differences_need_two_arms() -> None:
    with pytest.raises(StudyError, match="one arm only: there are no differences: leave effects out"):
        sensitivity(results_of(study_of(Sobol(samples=4)), {"baseline": ishigami}), effects=True)
