"""Designs put their points where they promise to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.errors import StudyError
from gpnde.study.design import count_points, points, problem, sample, value_at
from gpnde.study.plan import Plan
from gpnde.study.schema import Range, Study, Values
from tests.small_studies import small_study

AXES: dict[str, Any] = {"a": {"low": 0, "high": 10}, "b": {"low": 1, "high": 4, "integer": True}, "c": {"values": "xy"}}


def designed(kind: str, axes: dict[str, Any] = AXES, **options: Any) -> Study:
    axes = {name: {**axis, "values": list(axis["values"])} if "values" in axis else axis for name, axis in axes.items()}
    return small_study(uncertainties=axes, design={"kind": kind, **options})


def test_study_without_a_design_has_one_point_without_settings() -> None:
    assert points(small_study()) == [{}]


def test_grid_crosses_the_levels_of_all_settings() -> None:
    found = points(designed("grid", levels=3))
    assert len(found) == 3 * 3 * 2
    assert sorted({point["a"] for point in found}) == [0, 5, 10]
    assert {point["c"] for point in found} == {"x", "y"}
    assert all(isinstance(point["b"], int) for point in found)


def test_zipped_settings_go_together() -> None:
    axes = {"a": {"values": [1, 2]}, "b": {"values": [3, 4]}}
    assert points(designed("zipped", axes)) == [{"a": 1, "b": 3}, {"a": 2, "b": 4}]


def test_table_gives_its_points_as_they_stand() -> None:
    rows = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
    assert points(small_study(design={"kind": "table", "points": rows})) == rows


def test_latin_hypercube_has_one_point_in_each_slice_of_each_setting() -> None:
    places = sample(designed("latin-hypercube", samples=20))
    assert (np.sort(np.floor(places * 20), axis=0) == np.arange(20)[:, None]).all()


def test_sobol_and_morris_have_as_many_points_as_their_estimators_need() -> None:
    assert len(points(designed("sobol", samples=8))) == 8 * (3 + 2)
    assert len(points(designed("sobol", samples=8, second_order=True))) == 8 * (2 * 3 + 2)
    assert len(points(designed("morris", samples=5))) == 5 * (3 + 1)


def test_one_setting_changes_at_a_time_on_the_paths_of_morris() -> None:
    paths = sample(designed("morris", samples=6)).reshape(6, 4, 3)
    assert ((np.diff(paths, axis=1) != 0).sum(axis=2) == 1).all()


def test_equal_seeds_give_equal_points_and_others_do_not() -> None:
    for kind in ("latin-hypercube", "sobol", "morris"):
        study = designed(kind, samples=8)
        assert points(study) == points(study)
        assert points(study) != points(study.model_copy(update={"seed": 2}))


def test_problem_names_the_settings_in_the_order_of_the_columns() -> None:
    assert problem(designed("morris", samples=2)) == {
        "num_vars": 3,
        "names": ["a", "b", "c"],
        "bounds": [[0.0, 1.0]] * 3,
    }


@given(st.floats(0, 1), st.integers(-50, 50), st.integers(1, 50))
def test_values_stay_between_the_ends(u: float, low: int, width: int) -> None:
    whole = value_at(Range(low=low, high=low + width, integer=True), u)
    assert isinstance(whole, int) and low <= whole <= low + width
    assert low <= value_at(Range(low=low, high=low + width), u) <= low + width + 1e-9
    assert value_at(Values(values=tuple(range(width))), u) in range(width)


def test_whole_numbers_have_equal_shares() -> None:
    found = [value_at(Range(low=1, high=4, integer=True), u) for u in np.linspace(0, 1, 4000, endpoint=False)]
    assert np.bincount(found)[1:].tolist() == [1000] * 4


AXES = {f"axis-{number}": {"low": 0, "high": 1} for number in range(3)}
WHOLE = {"axis-0": {"low": 1, "high": 3, "integer": True}, "axis-1": {"values": ["a", "b"]}}


@pytest.mark.parametrize(
    ("axes", "design"),
    [
        (AXES, {"kind": "grid", "levels": 4}),
        (WHOLE, {"kind": "grid", "levels": 10}),
        ({"axis-0": {"values": [1, 2, 3]}}, {"kind": "zipped"}),
        ({}, {"kind": "table", "points": [{"axis-0": 1}, {"axis-0": 2}]}),
        (AXES, {"kind": "latin-hypercube", "samples": 5}),
        (AXES, {"kind": "sobol", "samples": 8}),
        (AXES, {"kind": "sobol", "samples": 8, "second_order": True}),
        (AXES, {"kind": "morris", "samples": 4}),
        ({}, None),
    ],
)
def test_points_are_counted_without_making_any(axes: dict[str, Any], design: dict[str, Any] | None) -> None:
    study = small_study(uncertainties=axes, design=design)
    assert count_points(study) == len(points(study))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"uncertainties": AXES, "design": {"kind": "grid", "levels": 10_000}},
            "design: grid of 1,000,000,000,000 points: must be at most 1,000,000: use {kind: sobol, samples: 1024} or",
        ),
        (
            {"uncertainties": AXES, "design": {"kind": "sobol", "samples": 1_048_576}},
            "design: sobol of 5,242,880 points: must be at most 1,000,000: use fewer samples",
        ),
        (
            {"uncertainties": AXES, "design": {"kind": "morris", "samples": 1_000_000}},
            "design: morris of 4,000,000 points: must be at most 1,000,000",
        ),
        (
            {"replications": 10**12},
            "1 points x 1,000,000,000,000 replications are 1,000,000,000,000 runs: must be",
        ),
        ({"replications": {"until": 0.1, "of": "tier_gap", "max": 10**12}}, "1,000,000,000,000 runs: must be at most"),
        (
            {"uncertainties": AXES, "design": {"kind": "latin-hypercube", "samples": 1_000_000}},
            "1 arms x 1,000,000 points x 6 replications are 6,000,000 runs: must be at most 5,000,000",
        ),
    ],
)
def test_more_than_memory_holds_is_refused_before_any_point_is_made(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(StudyError) as caught:
        Plan(small_study(**changes))
    assert message in str(caught.value)
