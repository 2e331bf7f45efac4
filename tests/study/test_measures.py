"""Which metrics of a run are kept, and that unknown ones are refused before any run."""

from __future__ import annotations

from typing import Any

import pytest

import gpnde
from gpnde.errors import StudyError
from gpnde.study.measures import check_measures, measure
from gpnde.study.resolve import resolve
from tests.small_studies import small_study

SUBSIDY = {"subsidy": {"components": [{"use": "policy.effort-subsidy"}]}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"measures": ["flow.fil_rate"]}, "measures: 'flow.fil_rate': no such measure.*'flow.fill_rate'"),
        ({"measures": ["flw.*"]}, "measures: 'flw.*': no such measure"),
        ({"measures": ["policy.effort-subsidi.cost"], "arms": SUBSIDY}, "no such component in the study"),
        ({"measures": ["policy.effort-subsidy.cost"]}, "no such component in the study"),
        ({"replications": {"until": 0.1, "of": "tier_gab", "max": 9}}, "replications.of: 'tier_gab': no such measure"),
        ({"tables": ["tier"]}, "tables: 'tier': no such table.*tiers"),
    ],
)
def test_unknown_name_is_refused_with_the_nearest(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(StudyError, match=message):
        check_measures(resolve(small_study(**changes)))


@pytest.mark.parametrize(
    "changes",
    [
        {"measures": ["*"]},
        {"measures": ["flow.*", "tier_gap", "flow.fill_rate.europe"]},
        {"measures": ["policy.effort-subsidy.cost", "policy.*"], "arms": SUBSIDY},
        {"tables": ["tiers", "policies"]},
    ],
)
def test_known_names_are_accepted(changes: dict[str, Any]) -> None:
    check_measures(resolve(small_study(**changes)))


def test_measures_and_what_comparisons_need_are_kept() -> None:
    scenario = gpnde.load_scenario("small-open-economy", {"clock.days": 56})
    uses = [*scenario.components, {"use": "policy.effort-subsidy"}]
    run = gpnde.simulate(gpnde.Scenario.model_validate({**scenario.model_dump(), "components": uses}))
    kept = {metric.name: metric.value for metric in measure(run, small_study(measures=["flow.fill_rate"]))}
    assert kept["flow.fill_rate"] == run.metric("flow.fill_rate")
    assert {"policy.effort-subsidy.cost", "upgrading.within", "upgrading.exit"} <= kept.keys()
    assert "tier_gap" not in kept
    every = measure(run, small_study(measures=["*"]))
    assert len(every) == run.metrics.height


def test_measure_that_decides_on_precision_is_kept_too() -> None:
    run = gpnde.simulate(gpnde.load_scenario("single-site", {"clock.days": 14}))
    study = small_study(measures=["flow.pipeline"], replications={"until": 0.1, "of": "flow.fill_rate", "max": 9})
    assert "flow.fill_rate" in {metric.name for metric in measure(run, study)}
