"""Policies that serve some rungs of the ladder."""

from __future__ import annotations

from typing import Any

import pytest
from gpnde_policies.linkage_mix import LinkageMix

from gpnde.errors import ComponentError

from ...learners import three_firms
from .offices import opened
from .wrapping import both_policies, targets

EVERYBODY = [1.0, 0.5, 1.0]


def mix(*stages: tuple[str, int, int], **parameters: Any) -> LinkageMix:
    given = [{"policy": policy, "lowest": lowest, "highest": highest} for policy, lowest, highest in stages]
    return LinkageMix.of({"stages": given, **parameters})


def test_firms_off_the_rungs_of_a_policy_are_left_out() -> None:
    """The flagship integrates systems (5), the lead supplier assembles (1), the lower one makes components (2)."""
    policy = mix(("policy.courses", 1, 2), ("policy.grants", 2, 5))
    office = opened(policy, both_policies())
    assert office.knowledge.level.tolist() == [5, 1, 2]
    assert targets(policy, office, EVERYBODY) == [0.0, 0.5, 1.0]
    assert targets(policy, office, EVERYBODY, "policy.grants") == [1.0, 0.0, 1.0]


def test_no_firm_is_left_out_before_the_first_step_of_learning() -> None:
    policy = mix(("policy.courses", 0, 0))
    assert targets(policy, opened(policy, both_policies()), EVERYBODY, learns=False) == EVERYBODY


def test_policy_with_several_stages_serves_all_of_them() -> None:
    policy = mix(("policy.courses", 0, 1), ("policy.courses", 5, 5))
    assert targets(policy, opened(policy, both_policies()), EVERYBODY) == [1.0, 0.5, 0.0]


def test_policies_without_a_stage_and_meta_policies_are_left_alone() -> None:
    policy = mix(("policy.courses", 1, 1))
    office = opened(policy, both_policies())
    assert targets(policy, office, EVERYBODY, "policy.grants") == EVERYBODY
    assert targets(policy, office, EVERYBODY, "policy.targeting") == EVERYBODY


@pytest.mark.parametrize("changes", [{"start_day": 29}, {"end_day": 28}])
def test_changes_nothing_when_off(changes: dict[str, Any]) -> None:
    policy = mix(("policy.courses", 0, 0), **changes)
    assert targets(policy, opened(policy, both_policies()), EVERYBODY) == EVERYBODY


def test_all_rungs_or_none_named_change_nothing() -> None:
    for policy in (LinkageMix.of({"stages": [{"policy": "policy.courses"}]}), LinkageMix.of({"stages": []})):
        assert targets(policy, opened(policy, both_policies()), EVERYBODY) == EVERYBODY


def test_looking_into_firms_costs_money_and_ends_with_it() -> None:
    policy = mix(("policy.courses", 0, 0), review_months=1.3, budget=0.1, group="all")
    office = opened(policy, both_policies())
    assert targets(policy, office, EVERYBODY) == [0.0, 0.0, 0.0]
    policy.tick(office.view, office.programme)
    assert office.programme.cost == pytest.approx(0.1)
    assert targets(policy, office, EVERYBODY) == EVERYBODY
    rich = mix(("policy.courses", 0, 0), review_months=1.3, group="all")
    office = opened(rich, both_policies())
    rich.tick(office.view, office.programme)
    assert office.programme.cost == pytest.approx(0.1 * office.monthly.sum())
    assert office.programme.leakage == 0


def test_scenario_without_the_policies_or_knowledge_is_refused() -> None:
    policy = mix(("policy.course", 0, 0))
    with pytest.raises(ComponentError, match="^policy.linkage-mix: 'policy.course': no such policy .*'policy.courses'"):
        opened(policy, both_policies())
    with pytest.raises(ComponentError, match="^policy.linkage-mix: no other policy in the scenario: add one to its"):
        opened(policy, three_firms(components=[{"use": "policy.linkage-mix"}, {"use": "disruption.site-outage"}]))
    with pytest.raises(
        ComponentError, match="^policy.linkage-mix: the scenario has no knowledge: add a knowledge block"
    ):
        opened(mix(("policy.courses", 0, 0)), both_policies(knowledge=None))


def test_stages_in_disorder_or_beyond_the_ladder_are_refused() -> None:
    with pytest.raises(ComponentError, match=r"^policy.linkage-mix.stages\[0\].* = .*: lowest 3: must be at most high"):
        mix(("policy.courses", 3, 1))
    with pytest.raises(ComponentError, match=r"^policy.linkage-mix.stages\[0\].highest = 6: must be at most 5$"):
        mix(("policy.courses", 0, 6))
    with pytest.raises(ComponentError, match="^policy.linkage-mix.stages: missing: this parameter has no default$"):
        LinkageMix.of({})
