"""Targeted against neutral policies of equal intensity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gpnde_policies.targeting import Targeting, shifted
from hypothesis import example, given
from hypothesis import strategies as st

from gpnde.errors import ComponentError

from ...learners import three_firms
from .offices import Office, opened
from .wrapping import both_policies, targets

ALL = [1.0, 1.0, 1.0]
FIRMS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=20)


@example(firms=[(0.9375, True), (0.35, True), (1.2600780229562335e-101, False)], share=0.001953125, intensity=0.95)
@given(FIRMS, st.floats(0, 1), st.floats(0, 1))
def test_total_is_kept_and_no_firm_is_served_more_than_targeted(
    firms: list[tuple[float, bool]], share: float, intensity: float
) -> None:
    targeted, favoured = (np.array(column) for column in zip(*firms, strict=True))
    served = shifted(targeted, favoured, share, intensity)
    assert served.sum() == pytest.approx(intensity * targeted.sum(), abs=1e-12)
    assert np.all(served >= 0)
    assert np.all(served <= targeted + 1e-12)


@given(FIRMS, st.floats(0, 1), st.floats(0, 1))
def test_favourites_are_served_at_least_as_well_as_others(
    firms: list[tuple[float, bool]], share: float, intensity: float
) -> None:
    targeted, favoured = (np.array(column) for column in zip(*firms, strict=True))
    part = np.divide(
        shifted(targeted, favoured, share, intensity), targeted, out=np.zeros(len(targeted)), where=targeted > 1e-6
    )
    counted = targeted > 1e-6
    if counted[favoured].any() and counted[~favoured].any():
        assert part[favoured & counted].min() >= part[~favoured & counted].max() - 1e-9


def test_share_goes_to_favourites_up_to_full_service() -> None:
    favoured = np.array([True, False, False, False])
    assert shifted(np.ones(4), favoured, 0.0, 0.5).tolist() == [0.5, 0.5, 0.5, 0.5]
    assert shifted(np.ones(4), favoured, 0.2, 0.5).tolist() == pytest.approx([0.8, 0.4, 0.4, 0.4])
    assert shifted(np.ones(4), favoured, 1.0, 0.5).tolist() == pytest.approx([1.0, 1 / 3, 1 / 3, 1 / 3])
    assert shifted(np.ones(4), ~favoured, 1.0, 0.5).tolist() == pytest.approx([0.0, 2 / 3, 2 / 3, 2 / 3])


def favourites(scenario: Any = None, office: Office | None = None, **parameters: Any) -> list[bool]:
    """Return which firms are served at all by a policy that gives everything to favourites."""
    policy = Targeting.of({"share": 1, "intensity": 0.2, **parameters})
    office = office or opened(policy, scenario or both_policies())
    return [served > 0.0 for served in targets(policy, office, ALL)]


def test_rules_by_capability_and_tier_pick_firms() -> None:
    assert opened(Targeting(), both_policies()).knowledge.mean_capability.argsort().tolist() == [2, 1, 0]
    assert favourites(rule="capable") == [True, True, False]
    assert favourites(rule="lagging") == [False, True, True]
    assert favourites(rule="capable", quantile=0.9) == [True, False, False]
    assert favourites(rule="lagging", quantile=0.1) == [False, False, True]
    assert favourites(rule="higher-tier", highest_tier=0) == [True, False, False]
    assert favourites(rule="lower-tier") == [False, False, True]


def test_exporters_deliver_across_a_border() -> None:
    assert favourites(rule="exporters") == [False, True, False]


def test_young_firms_have_entered_lately() -> None:
    office = opened(Targeting(rule="young"), both_policies())
    policy = Targeting(rule="young", share=1, intensity=0.2, young_days=56)
    office.simulation.world.firms["active"][2] = 0
    assert targets(policy, office, ALL) == pytest.approx([0.2, 0.2, 0.2])
    office.simulation.world.firms["active"][2] = 1
    assert targets(policy, office, ALL) == pytest.approx([0, 0, 0.6])
    office.step(56)
    assert targets(policy, office, ALL) == pytest.approx([0.2, 0.2, 0.2])


def test_improving_firms_have_the_highest_rise_of_scores() -> None:
    office = opened(Targeting(rule="improving"), both_policies())
    lines = office.view.lines
    policy = Targeting(rule="improving", share=1, intensity=0.2, quantile=0.9)
    for plant, shop in ((0.5, 0.5), (0.6, 0.8), (0.6, 0.8)):
        scores = np.where(lines["supplier"] == 1, plant, np.where(lines["supplier"] == 2, shop, np.nan))
        office.simulation.world.trade["score"] = scores
        policy.tick(office.view, office.memory, office.programme)
    assert office.memory["rise"][1:].tolist() == pytest.approx([0.1, 0.3])
    assert targets(policy, office, ALL) == pytest.approx([0, 0, 0.6])


def test_no_firm_is_favoured_before_the_first_step_of_learning() -> None:
    policy = Targeting(share=1, intensity=0.2)
    office = opened(policy, both_policies())
    assert targets(policy, office, ALL, learns=False) == pytest.approx([0.2, 0.2, 0.2])


def test_named_policies_alone_are_targeted_and_meta_policies_never() -> None:
    policy = Targeting(policies=["policy.grants"], intensity=0.4, share=0)
    office = opened(policy, both_policies())
    assert targets(policy, office, ALL, "policy.grants") == pytest.approx([0.4, 0.4, 0.4])
    assert targets(policy, office, ALL, "policy.courses") == ALL
    assert targets(Targeting(), office, ALL, "policy.linkage-mix") == ALL


@pytest.mark.parametrize("changes", [{"start_day": 29}, {"end_day": 28}, {"share": 0, "intensity": 1}])
def test_changes_nothing_when_off_or_without_strength(changes: dict[str, Any]) -> None:
    policy = Targeting(**changes)
    assert targets(policy, opened(policy, both_policies()), [1.0, 0.5, 0.0]) == [1.0, 0.5, 0.0]


def test_finding_out_costs_money_and_ends_with_it() -> None:
    policy = Targeting(review_months=1.3, budget=0.05)
    office = opened(policy, both_policies())
    policy.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == pytest.approx(0.05)
    assert targets(policy, office, ALL) == ALL
    rich = Targeting(review_months=1.3)
    office = opened(rich, both_policies())
    rich.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == pytest.approx(0.1 * office.monthly[1:].sum())


def test_scenario_without_policies_or_knowledge_is_refused() -> None:
    with pytest.raises(ComponentError, match="^policy.targeting: no other policy in the scenario: add one to its comp"):
        opened(Targeting(), three_firms())
    with pytest.raises(ComponentError, match="^policy.targeting: 'policy.grant': no such policy in the scenario; did"):
        opened(Targeting(policies=["policy.grant"]), both_policies())
    with pytest.raises(
        ComponentError, match="^policy.targeting.rule = 'capable': the scenario has no knowledge: add a"
    ):
        opened(Targeting(), both_policies(knowledge=None))
    opened(Targeting(rule="lower-tier"), both_policies(knowledge=None))


def test_unknown_rule_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        ComponentError, match=r"^policy.targeting.rule = 'exporter': must be .*did you mean 'exporters'"
    ):
        Targeting.of({"rule": "exporter"})
