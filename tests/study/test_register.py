"""Every name that a run of any preset reports has its documentation, its unit, and can be a measure of a study."""

from __future__ import annotations

import pytest

import gpnde
from gpnde.results.register import describe
from gpnde.scenario import load_scenario, preset_names
from gpnde.study.measures import better_of, check_measures, measure
from gpnde.study.resolve import resolve
from tests.small_studies import small_study

_FREE_UNITS = ("space.start.", "policy.", "diffusion.", "disruption.", "metric.")
"""Beginnings of names whose unit the entry of a whole family cannot know."""


@pytest.mark.parametrize("preset", preset_names())
def test_reported_names_are_documented_and_known_to_studies(preset: str) -> None:
    scenario = load_scenario(preset, {"clock.days": 28})
    run = gpnde.simulate(scenario)
    units = dict(run.metrics.select("metric", "unit").iter_rows())
    assert units
    for name, unit in units.items():
        assert describe(name).unit == unit or name.startswith(_FREE_UNITS), name
    study = resolve(small_study(scenario=preset, measures=list(units), settings={"clock.days": 28}))
    check_measures(study)
    assert [metric.name for metric in measure(run, study)] == list(units)


def test_account_of_a_policy_is_documented_under_its_own_unit() -> None:
    uses = [{"use": "policy.effort-subsidy"}]
    plain_scenario = load_scenario("small-open-economy", {"clock.days": 56}).model_dump()
    run = gpnde.simulate(gpnde.Scenario.model_validate({**plain_scenario, "components": uses}))
    accounts = run.metrics.filter(run.metrics["metric"].str.starts_with("policy.effort-subsidy."))
    assert accounts.height == 6
    for name, unit in accounts.select("metric", "unit").iter_rows():
        assert describe(name).unit == unit, name
        assert describe(name).better != "neither", name
    assert run.metric("policy.effort-subsidy.net_cost") == run.metric("policy.effort-subsidy.cost")


def test_costs_are_measures_of_a_study() -> None:
    run = gpnde.simulate(load_scenario("beer-game", {"clock.days": 56}))
    study = small_study(scenario="beer-game", measures=["cost.total", "flow.full_service"])
    check_measures(resolve(study))
    kept = {metric.name: metric.value for metric in measure(run, study)}
    assert kept == {name: run.metric(name) for name in ("cost.total", "flow.full_service")}
    assert kept["cost.total"] > 0


def test_component_declares_which_values_of_its_own_metrics_are_better() -> None:
    brokers = ["policy.linkage-broker"]
    assert better_of("policy.linkage-broker.links-brokered", brokers) == "higher"
    assert better_of("policy.linkage-broker.else", brokers) == "neither"
    assert better_of("policy.linkage-broker.cost", brokers) == "lower"
    assert better_of("policy.nowhere.else", ["policy.nowhere"]) == "neither"
