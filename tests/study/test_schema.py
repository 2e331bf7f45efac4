"""A study says what is wrong with it before anything runs."""

from __future__ import annotations

from typing import Any

import pytest

from gpnde.errors import StudyError
from gpnde.study.files import make_study
from gpnde.study.schema import Morris, Precision, Range, Study, Values
from tests.small_studies import small_study

AXIS = {"ordering.review_days": {"low": 7, "high": 28, "integer": True}}


def wrong(**changes: Any) -> str:
    given = {"name": "x", "scenario": "beer-game", "measures": ["flow.fill_rate"]}
    with pytest.raises(StudyError) as caught:
        make_study(given | changes)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("seed", [10**30, -1, 2**63])
def test_a_seed_that_no_table_holds_is_refused(seed: int) -> None:
    assert wrong(seed=seed).startswith("seed: ")


def test_first_arm_is_the_control_of_those_that_name_none() -> None:
    study = small_study(arms={"none": None, "tax": {}, "more tax": {"control": "tax"}})
    assert [study.control_of(arm) for arm in study.arms] == [None, "none", "tax"]


def test_each_kind_of_axis_and_design_is_read() -> None:
    axes = {**AXIS, "ordering.policy": {"values": ["a", "b"]}, "clock.days": "vary"}
    study = small_study(uncertainties=axes, design={"kind": "morris", "samples": 4})
    assert [type(axis) for axis in study.uncertainties.values()] == [Range, Values, str]
    assert study.design == Morris(samples=4)
    assert small_study(replications={"until": 0.1, "of": "tier_gap", "max": 50}).replications == Precision(
        until=0.1, of="tier_gap", max=50
    )


def test_plain_data_of_a_study_read_back_give_an_equal_study() -> None:
    study = small_study(arms={"none": {}, "tax": {"components": [{"use": "policy.tax", "rate": 0.1}]}})
    assert Study.model_validate(study.model_dump(mode="json")) == study


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"replications": 0}, "replications: 0: must be at least 1"),
        ({"replications": {"until": 0.1, "of": "x", "max": 4, "min": 8}}, "min 8 and max 4: min must be at most max"),
        ({"measures": []}, "measures: .*must not be empty"),
        ({"mesures": ["x"]}, "unknown key 'mesures'.*measures"),
        ({"uncertainties": AXIS}, "design: missing: uncertainties need one"),
        ({"design": {"kind": "grid"}}, "uncertainties: missing: a design needs them"),
        ({"uncertainties": {"x": {"low": 2, "high": 1}}, "design": {"kind": "grid"}}, "low must be below high"),
        (
            {"uncertainties": AXIS, "design": {"kind": "sobol", "samples": 100}},
            "100: must be a power of 2, such as 128",
        ),
        ({"uncertainties": AXIS, "design": {"kind": "zipped"}}, "a zipped design needs values"),
        (
            {"uncertainties": {"a": {"values": [1]}, "b": {"values": [1, 2]}}, "design": {"kind": "zipped"}},
            "numbers of values differ",
        ),
        ({"design": {"kind": "table"}}, "give either file or points"),
        ({"design": {"kind": "table", "points": [{"a": 1}, {"b": 1}]}}, "all must give the same settings"),
        ({"arms": {"a": {}, "b": {"control": "c"}}}, "arms.b.control: 'c': no such arm"),
        ({"arms": {"a": {"control": "a"}}}, "must be another arm"),
        (
            {
                "arms": {"a": {"settings": {"ordering.review_days": 7}}},
                "uncertainties": AXIS,
                "design": {"kind": "grid"},
            },
            "arms.a: ordering.review_days: is one of the uncertainties too",
        ),
    ],
)
def test_wrong_study_is_refused_in_one_line(changes: dict[str, Any], message: str) -> None:
    import re

    assert re.search(message, wrong(**changes))
