"""The EMA Workbench reads results, and runs scenarios as its own models."""

from __future__ import annotations

import pickle
import warnings
from typing import Any

import numpy as np
import pytest

from gpnde import simulate
from gpnde.errors import StudyError
from gpnde.scenario import load_scenario
from gpnde.study.ema import ema_model, to_ema
from gpnde.study.schema import Study
from tests.small_studies import small_study
from tests.study.found import made_up

DAYS = {"clock.days": {"low": 14, "high": 35, "integer": True}}


@pytest.fixture(scope="module")
def workbench() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ema_workbench
    return ema_workbench


def found(point: int, replication: int) -> dict[str, float | None]:
    return {"y": point + 0.5 * replication, "z": None if point == 1 else 1.0}


def test_experiments_are_points_of_arms_and_outcomes_their_means() -> None:
    experiments, outcomes = to_ema(made_up({"baseline": found, "subsidy": found}, points=2, replications=3))
    assert list(experiments.columns) == ["clock.days", "scenario", "policy", "model"]
    assert experiments["policy"].tolist() == ["baseline", "subsidy"] * 2
    assert experiments["scenario"].tolist() == [0, 0, 1, 1]
    assert experiments["model"].unique().tolist() == ["madeup"]
    assert outcomes["y"].tolist() == [0.5, 0.5, 1.5, 1.5]
    assert np.isnan(outcomes["z"]).tolist() == [False, False, True, True]


def test_each_run_can_be_an_experiment_of_its_own() -> None:
    results = made_up({"baseline": found}, points=2, replications=3, status=lambda _, p, r: "ok" if r else "failed")
    experiments, outcomes = to_ema(results, each_run=True)
    assert experiments["replication"].tolist() == [1, 2, 1, 2]
    assert outcomes["y"].tolist() == [0.5, 1.0, 1.5, 2.0]


@pytest.mark.thorough
def test_the_workbench_finds_out_what_matters(workbench: Any) -> None:
    from ema_workbench.analysis import feature_scoring

    results = made_up({"baseline": found, "subsidy": lambda p, r: {"y": 100.0 + p}}, points=20, replications=1)
    experiments, outcomes = to_ema(results)
    scores = feature_scoring.get_feature_scores_all(
        experiments.drop(columns=["model", "scenario"]), {"y": outcomes["y"]}
    )
    assert scores["y"].idxmax() == "policy"


@pytest.mark.thorough
def test_a_scenario_is_a_model_of_the_workbench(workbench: Any) -> None:
    model = ema_model("single-site", uncertainties=DAYS, measures=["flow.fill_rate"], seed=3, replications=2)
    experiments, outcomes = workbench.perform_experiments(model, scenarios=3, log_progress=True)
    assert len(experiments) == 3 and experiments["clock.days"].between(14, 35).all()
    for days, value in zip(experiments["clock.days"], outcomes["flow.fill_rate"], strict=True):
        scenario = load_scenario("single-site", {"clock.days": int(days)})
        runs = [simulate(scenario, seed=3, replication=number).metric("flow.fill_rate") for number in (0, 1)]
        assert value == np.mean(runs)


def test_arms_of_a_study_are_a_lever(workbench: Any) -> None:
    longer = {"settings": {"clock.days": 28}}
    model = ema_model(small_study(arms={"baseline": {}, "longer": longer}, replications=1, measures=["flow.cover"]))
    assert [lever.name for lever in model.levers] == ["arm"]
    policies = [workbench.Policy(arm, arm=arm) for arm in ("baseline", "longer")]
    experiments, outcomes = workbench.perform_experiments(model, policies=policies)
    short, long = (
        simulate(load_scenario("single-site", {"clock.days": days}), seed=1).metric("flow.cover") for days in (14, 28)
    )
    assert dict(zip(experiments["policy"], outcomes["flow.cover"], strict=True)) == {"baseline": short, "longer": long}


def test_kinds_of_uncertainty_become_kinds_of_parameter(workbench: Any) -> None:
    axes: dict[str, Any] = {
        **DAYS,
        "ordering.safety_factor": {"low": 0.0, "high": 2.0},
        "ordering.policy": {"values": ["a", "b"]},
    }
    axes["ordering.fixed"] = {"values": [1]}
    design = {"kind": "latin-hypercube", "samples": 2}
    study = Study.model_validate(
        {
            "name": "a b-c",
            "scenario": "single-site",
            "measures": ["flow.cover"],
            "uncertainties": axes,
            "design": design,
        }
    )
    model = ema_model(study)
    assert model.name == "abc"
    kinds = {each.name: type(each).__name__ for each in model.uncertainties}
    assert kinds == {
        "clock.days": "IntegerParameter",
        "ordering.safety_factor": "RealParameter",
        "ordering.policy": "CategoricalParameter",
    }
    assert [(each.name, each.value) for each in model.constants] == [("ordering.fixed", 1)]


def test_models_can_be_sent_to_other_processes() -> None:
    model = ema_model("single-site", uncertainties=DAYS, measures=["flow.cover"])
    function = pickle.loads(pickle.dumps(model.function))
    assert function(**{"clock.days": 14}) == model.function(**{"clock.days": 14})


def test_wrong_models_are_refused() -> None:
    with pytest.raises(StudyError, match=r"measures: 'flow.\*': a model needs each of them by its full name"):
        ema_model(small_study(measures=["flow.*"]))
    with pytest.raises(StudyError, match="flow.fil_rate.*did you mean 'flow.fill_rate'"):
        ema_model("single-site", measures=["flow.fil_rate"])
    with pytest.raises(StudyError, match="has its own uncertainties, measures and settings: change them there"):
        ema_model(small_study(), measures=["flow.cover"])
    with pytest.raises(StudyError, match="nothing to evaluate yet"):
        to_ema(made_up({"baseline": found}, status=lambda *_: "missing"))
