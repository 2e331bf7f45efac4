"""Visits and secondments abroad."""

from __future__ import annotations

from typing import Any

import pytest
from gpnde_policies.diaspora_network import DiasporaNetwork

from gpnde.errors import ComponentError
from gpnde.plugin import Transfer

from ...learners import three_firms
from .offices import FLAGSHIP, LEAD, LOWER, Office, opened


def learnt(office: Office, policy: DiasporaNetwork) -> Transfer:
    """Return what is learnt in a step, after travel was paid for."""
    policy.tick(office.view, office.memory, office.streams, office.programme)
    return policy.knowledge_transfer(office.knowledge, office.memory, office.streams)


def with_subsidiaries(count: int) -> dict[str, Any]:
    """Return blocks with subsidiaries of the flagship in its own country."""
    plain = three_firms().model_dump()
    names = [f"branch{number}" for number in range(count)]
    firms = [{"name": name, "tier": 1, "home": "valley"} for name in names]
    sites = [{"name": name, "firm": name, "product": "part", "cluster": "valley"} for name in names]
    return {"firms": [*plain["firms"], *firms], "sites": [*plain["sites"], *sites]}


def test_reached_firms_learn_tacit_knowledge_informally_from_the_flagship_abroad() -> None:
    policy = DiasporaNetwork(visits_per_year=3, gap_per_visit=0.02, visit_days=7, secondment=0.25)
    transfer = learnt(opened(policy, reach=[0.0, 0.5, 1.0]), policy)
    rate = 0.02 * (3 + 0.25 * 52) / 364
    assert transfer.learner.tolist() == [LEAD, LOWER]
    assert transfer.teacher is not None
    assert transfer.teacher.tolist() == [FLAGSHIP, FLAGSHIP]
    assert transfer.tacit.tolist() == pytest.approx([0.5 * rate, rate])
    assert transfer.codified.tolist() == [0.0, 0.0]
    assert transfer.channel == "informal"


def test_named_partners_are_visited_wherever_they_are_but_not_by_themselves() -> None:
    policy = DiasporaNetwork(partners=["lead"], group="all")
    transfer = learnt(opened(policy), policy)
    assert transfer.teacher is not None
    assert list(zip(transfer.learner.tolist(), transfer.teacher.tolist(), strict=True)) == [
        (FLAGSHIP, LEAD),
        (LOWER, LEAD),
    ]


def test_draws_are_alike_whichever_firms_are_reached_and_partners_are_kept() -> None:
    scenario = three_firms(**with_subsidiaries(6))
    policy = DiasporaNetwork(partners=[f"branch{number}" for number in range(6)], partners_per_firm=2)
    some, all_of_them = (opened(policy, scenario, reach=[0, 0, 1, *rest]) for rest in ([0] * 6, [1] * 6))
    first, everyone = learnt(some, policy), learnt(all_of_them, policy)
    assert first.teacher is not None
    assert everyone.teacher is not None
    assert len(set(first.teacher.tolist())) == 2
    assert everyone.teacher[everyone.learner == LOWER].tolist() == first.teacher.tolist()
    again = learnt(some, policy)
    assert again.teacher is not None
    assert again.teacher.tolist() == first.teacher.tolist()


def test_partners_in_the_own_country_are_no_diaspora() -> None:
    policy = DiasporaNetwork(group="all")
    transfer = learnt(opened(policy), policy)
    assert FLAGSHIP not in transfer.learner.tolist()


def test_travel_is_paid_by_visit_and_secondment() -> None:
    policy = DiasporaNetwork(visits_per_year=2, visit_months=0.05, secondment=0.1, secondment_months=3)
    office = opened(policy, reach=[0.0, 0.5, 1.0])
    learnt(office, policy)
    travel = (2 * 0.05 + 0.1 * 3) * 28 / 364
    assert office.programme.cost == pytest.approx(travel * (0.5 * office.monthly[LEAD] + office.monthly[LOWER]))
    assert office.programme.beneficiaries == 2
    assert office.programme.leakage == 0


def test_travel_goes_as_far_as_the_money() -> None:
    """The budget lasts for the first step and half of the second."""
    whole = opened(DiasporaNetwork())
    full = learnt(whole, DiasporaNetwork()).tacit
    policy = DiasporaNetwork(budget=1.5 * whole.programme.cost)
    office = opened(policy)
    assert learnt(office, policy).tacit.tolist() == full.tolist()
    assert learnt(office, policy).tacit.tolist() == pytest.approx((0.5 * full).tolist())
    assert office.programme.cost == pytest.approx(policy.budget)
    assert not len(learnt(office, policy).learner)


def test_partner_that_has_left_teaches_without_partners() -> None:
    policy = DiasporaNetwork()
    office = opened(policy)
    office.knowledge.firms.present.setflags(write=True)
    office.knowledge.firms.present[FLAGSHIP] = False
    assert not len(learnt(office, policy).learner)


@pytest.mark.parametrize("when", [{"start_day": 29}, {"end_day": 28}])
def test_without_partners_travels_when_it_is_off(when: dict[str, float]) -> None:
    policy = DiasporaNetwork(**when)
    office = opened(policy)
    assert not len(learnt(office, policy).learner)
    assert office.programme.cost == 0


def test_nothing_is_learnt_without_strength() -> None:
    policy = DiasporaNetwork(visits_per_year=0, secondment=0)
    office = opened(policy)
    assert not learnt(office, policy).tacit.any()
    assert office.programme.cost == 0
    without_partners = DiasporaNetwork(partners_per_firm=0)
    assert not len(learnt(opened(without_partners), without_partners).learner)


def test_network_in_one_country_is_refused() -> None:
    clusters = [{**cluster, "country": "north"} for cluster in three_firms().model_dump()["clusters"]]
    policy = DiasporaNetwork()
    office = opened(policy, three_firms(clusters=clusters))
    with pytest.raises(ComponentError, match="^policy.diaspora-network: no flagship or foreign firm in another"):
        policy.check_network(office.knowledge)
    policy.check_network(opened(policy).knowledge)


def test_unknown_partner_and_a_year_of_more_than_a_year_are_refused() -> None:
    with pytest.raises(ComponentError, match="^policy.diaspora-network.partners: 'led': not in the scenario; .*'lead'"):
        opened(DiasporaNetwork(partners=["led"]))
    with pytest.raises(ComponentError, match=r"^policy.diaspora-network.secondment = 2: must be at most 1$"):
        DiasporaNetwork.of({"secondment": 2})
