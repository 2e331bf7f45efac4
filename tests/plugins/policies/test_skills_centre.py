"""A skills centre."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gpnde_policies.skills_centre import SkillsCentre

from gpnde.engine.hooks.views import RunStreams
from gpnde.errors import ComponentError
from gpnde.vocabulary import FUNCTIONS

from ...learners import footprint, simulated, three_firms
from .offices import LEAD, LOWER, Office, opened

TAUGHT = FUNCTIONS.index("engineering")


def centre(**given: Any) -> SkillsCentre:
    return SkillsCentre.of({"noise": 0, "function": "engineering", **given})


def tick(policy: SkillsCentre, office: Office) -> None:
    policy.tick(office.view, office.memory, office.streams, office.programme)


def factors(policy: SkillsCentre, office: Office) -> Any:
    return policy.absorptive_capacity(office.knowledge, office.memory, office.programme)


@pytest.mark.parametrize(("mnc_share", "lead", "lower"), [(1.0, 1.5, 1.0), (0.0, 1.0, 1.5), (0.8, 1.4, 1.1)])
def test_the_curriculum_fits_its_governance(mnc_share: float, lead: float, lower: float) -> None:
    policy = centre(gain=0.5, mnc_share=mnc_share)
    office = opened(policy)
    tick(policy, office)
    found = factors(policy, office)
    assert found[:, TAUGHT] == pytest.approx([1.0, lead, lower])
    assert (np.delete(found, TAUGHT, axis=1) == 1).all()


def winner(policy: SkillsCentre, seed: int) -> list[int]:
    """Return who gets the only seat with a seed."""
    office = opened(policy)
    tick(policy, office._replace(streams=RunStreams(seed, 0, policy.name)))
    taught: list[int] = office.memory["taught"].tolist()
    return taught


def test_seats_go_by_lot_to_no_more_firms_than_there_are() -> None:
    winners = [winner(centre(seats=1), seed) for seed in range(20)]
    assert [LEAD] in winners
    assert [LOWER] in winners
    assert {len(each) for each in winners} == {1}


def test_seats_are_drawn_again_after_a_year() -> None:
    policy = centre(seats=1)
    office = opened(policy, three_firms(clock={"days": 800}))
    drawn = set()
    for _ in range(20):
        tick(policy, office)
        drawn.add(office.memory["drawn"])
        office.step()
    assert drawn == {28.0, 392.0}


def test_skills_last_for_their_time() -> None:
    policy = centre(seats=2, skills_last_days=56, mnc_share=0.5)
    office = opened(policy)
    tick(policy, office)
    found = []
    for _ in range(4):
        office.step()
        found.append(float(factors(policy, office)[LEAD, TAUGHT]))
    assert found == [1.25, 1.25, 1.0, 1.0]


def test_it_costs_its_set_up_and_its_seats() -> None:
    policy = centre(seats=2, set_up_months=6, seat_months=0.5)
    office = opened(policy)
    mean = office.monthly.mean()
    tick(policy, office)
    assert office.programme.cost == pytest.approx(6 * mean)
    for _ in range(12):
        office.step()
        tick(policy, office)
    assert office.programme.cost == pytest.approx((6 + 2 * 0.5 * 12 / 13) * mean)
    assert office.programme.beneficiaries == 2
    assert office.programme.leakage == 0


@pytest.mark.parametrize("given", [{"start_day": 1000}, {"end_day": 5}, {"budget": 0}])
def test_while_it_is_off_nothing_changes(given: dict[str, Any]) -> None:
    policy = centre(**given)
    office = opened(policy)
    tick(policy, office)
    assert factors(policy, office) is None
    assert office.programme.cost == 0


def test_without_seats_or_gain_it_changes_nothing() -> None:
    for policy in (centre(seats=0), centre(gain=0)):
        office = opened(policy)
        tick(policy, office)
        assert (factors(policy, office) == 1).all()


def test_in_a_run_the_trained_internalise_more_and_its_cost_stays_within_the_budget() -> None:
    scenario = three_firms(knowledge={"effort": {"fixed": 0.5}})
    policy = centre(gain=1.0, mnc_share=0.5, budget=100.0)
    run = simulated(scenario, policy)
    assert 0 < run.hooks.programmes.of(policy.name).cost <= 100 + 1e-9
    assert footprint(simulated(scenario, centre(start_day=9e5))) == footprint(simulated(scenario))


def test_wrong_parameters_are_refused_in_one_line() -> None:
    with pytest.raises(ComponentError, match=r"^policy.skills-centre.seats = -1: must be at least 0$"):
        SkillsCentre.of({"seats": -1})
    with pytest.raises(ComponentError, match=r"^policy.skills-centre.function = 'enginering': .*engineering"):
        SkillsCentre.of({"function": "enginering"})
