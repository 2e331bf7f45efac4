"""What was given and has no effect with the rule that was chosen is refused in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gpnde.errors import ScenarioError
from gpnde.lab.fields import scenario_fields
from gpnde.scenario import Scenario, load_scenario, preset_names, save_scenario
from gpnde.scenario.law import Law
from gpnde.scenario.markets import Demand
from gpnde.scenario.model import Block
from gpnde.scenario.ordering import POLICIES as RECORDS
from gpnde.scenario.ordering import Forecast, Ordering
from gpnde.scenario.settings import apply_settings

POLICIES = [policy.name for policy in RECORDS]
NEEDED: dict[str, dict[str, Any]] = {
    "base-stock": {"level": 9},
    "echelon-base-stock": {"level": 9},
    "s-S": {"reorder_point": 3, "level": 9},
    "r-Q": {"reorder_point": 3, "quantity": 9},
}
VALUES: dict[str, Any] = {
    "safety_factor": 2,
    "forecast": {"alpha": 0.3},
    "protection_days": 7,
    "level": 9,
    "reorder_point": 3,
    "quantity": 9,
    "smoothing": 0.4,
    "review_days": 7,
    "first_review_day": 0,
    "supplier_down": "wait",
}


@pytest.mark.parametrize("name", sorted(VALUES))
@pytest.mark.parametrize("policy", POLICIES)
def test_a_field_of_an_ordering_rule_is_used_or_refused(policy: str, name: str) -> None:
    given = {"policy": policy, **NEEDED.get(policy, {}), name: VALUES[name]}
    unused = Ordering.model_validate({"policy": policy, **NEEDED.get(policy, {})}).unused()
    if name not in unused:
        Ordering.model_validate(given)
        return
    with pytest.raises(ValidationError, match=f"{name} was given, but policy '{policy}' does not use it"):
        Ordering.model_validate(given)


@pytest.mark.parametrize("name", preset_names())
def test_a_dump_of_a_whole_scenario_can_be_read_again(name: str) -> None:
    scenario = load_scenario(name)
    assert Scenario.model_validate(scenario.model_dump()) == scenario


def test_every_field_of_an_ordering_rule_is_looked_at() -> None:
    assert VALUES.keys() | {"policy", "supplier_choice"} == Ordering.model_fields.keys()


@pytest.mark.parametrize(
    ("block", "given", "complaint"),
    [
        (
            Ordering,
            {"policy": "order-up-to", "level": 500},
            "level was given, .* choose base-stock or echelon-base-stock",
        ),
        (Forecast, {"window": 4}, "window was given, but method 'exponential-smoothing' .* choose moving-average"),
        (Forecast, {"method": "moving-average", "alpha": 0.1}, "alpha was given"),
        (Forecast, {"method": "fixed", "mean": 3, "lead_time_alpha": 0.0}, "lead_time_alpha was given"),
        (Law, {"law": "gamma", "mean": 3, "cv": 0.1, "truncated": False}, "gamma' was given truncated: only normal"),
        (Law, "poisson(mean=3, truncated=false)", "poisson' was given truncated: only normal"),
        (Demand, {"law": 3, "arrivals": "poisson", "arrivals_per_day": 1, "every_days": 2}, "every_days was given"),
    ],
)
def test_a_field_of_another_rule_is_refused_with_its_rule(block: type[Block], given: Any, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        block.model_validate(given)


def test_the_refusal_names_the_place_in_one_line() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("beer-game", {"ordering.safety_factor": 2})
    text = "ordering: safety_factor was given, but policy 'base-stock' does not use it: "
    assert str(caught.value) == f"{text}leave it out, or choose order-up-to or smoothed"


def test_another_policy_can_be_set_as_a_whole_block() -> None:
    scenario = load_scenario("hdd-southeast-asia", {"ordering": "{policy: base-stock, level: 500}"})
    assert scenario.ordering.level == 500


@pytest.mark.parametrize("name", preset_names())
def test_what_is_saved_can_be_read_again(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name)
    save_scenario(scenario, tmp_path / "saved")
    assert load_scenario(tmp_path / "saved") == scenario


@pytest.mark.parametrize("name", preset_names())
def test_a_scenario_that_is_written_out_with_all_defaults_is_read_again(name: str) -> None:
    scenario = load_scenario(name)
    assert Scenario.model_validate(scenario.model_dump()) == scenario


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", preset_names())
def test_the_lab_offers_nothing_that_would_be_refused(name: str) -> None:
    scenario = load_scenario(name)
    for field in scenario_fields(scenario):
        given: dict[str, Any] = scenario.model_dump(exclude_unset=True)
        apply_settings(given, {field.path: field.value})
        Scenario.model_validate(given)
