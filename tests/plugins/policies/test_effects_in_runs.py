"""What these policies do to whole runs: closed forms, accounts, and nothing at all while they are off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gpnde_policies.certification_support import CertificationSupport
from gpnde_policies.commitment_guarantee import CommitmentGuarantee
from gpnde_policies.diaspora_network import DiasporaNetwork
from gpnde_policies.linkage_mix import LinkageMix
from gpnde_policies.logistics import Logistics
from gpnde_policies.macro_stabilisation import MacroStabilisation
from gpnde_policies.targeting import Targeting
from gpnde_policies.trade_tariff import TradeTariff

from gpnde.engine.hooks.policy_accounts import PolicyAccount
from gpnde.engine.money.exchange import ExchangeRates
from gpnde.engine.run import Simulation
from gpnde.plugin import Policy
from gpnde.scenario import Scenario
from gpnde.vocabulary import INFORMAL, TACIT

from ...learners import begun, footprint, learning, let_pass, simulated, three_firms
from .offices import LEAD, LOWER, PLANT, SHOP, network

POLICIES: tuple[type[Policy], ...] = (
    CertificationSupport,
    CommitmentGuarantee,
    DiasporaNetwork,
    Logistics,
    MacroStabilisation,
    Targeting,
    TradeTariff,
)


class Courses(Policy):
    """A policy that does nothing, for others to change."""

    name = "policy.courses"


def programme(simulation: Simulation, policy: Policy) -> PolicyAccount:
    return simulation.hooks.programmes.of(policy.name)


def line(simulation: Simulation, supplier: int) -> Any:
    """Return the first line of a supplying site, -1 for outside."""
    lines = simulation.world.state.lines
    return lines[np.flatnonzero(lines["supplier"] == supplier)[0]]


def named(*policies: Policy, **changes: Any) -> Scenario:
    return three_firms(components=[{"use": policy.name} for policy in policies], **changes)


def with_rival(**changes: Any) -> Scenario:
    """Return the network in which every review dismisses every supplier, and a rival of the shop can follow."""
    plain = three_firms().model_dump()
    rival = {"name": "rival", "tier": 2, "response_hours": 1}
    works = {**plain["sites"][SHOP], "name": "works", "firm": "rival"}
    selection = {
        "threshold": 1,
        "strikes": 1,
        "weights": {"delivery": 0, "quality": 0, "price": 0, "response": 1},
        "quotation": {"response_sigma": 0},
        "certification": 180,
    }
    blocks = {"firms": [*plain["firms"], rival], "sites": [*plain["sites"], works], "selection": selection}
    return three_firms(**{**blocks, "finance": None, "knowledge": None, **changes})


def opening_day(simulation: Simulation) -> float:
    """Return the day on which the rival began to deliver."""
    (day,) = (row[0] for row in simulation.journal.rows if row[1] == "link_opened")
    return float(day)


def test_tariff_collects_its_share_of_imports_and_pays_the_collectors() -> None:
    policy = TradeTariff(duties=({"product": "board", "rate": 0.2},), collection_cost=0.1)
    simulation = simulated(network(finance={}), policy)
    account, boards = programme(simulation, policy), simulation.world.firms["revenue"][LEAD]
    assert account.revenue == pytest.approx(0.2 * boards)
    assert 0 < account.cost <= 0.1 * account.revenue
    assert simulation.world.firms["cash"][0] < simulated(network(finance={})).world.firms["cash"][0]


def test_tariff_changes_on_the_very_day_of_its_schedule() -> None:
    policy = TradeTariff(duties=({"rate": 0.3}, {"day": 40, "rate": 0.1}))
    simulation = begun(network(), policy)
    seen = []
    for day in (39.0, 40.0):
        let_pass(simulation, day)
        seen.append(simulation.world.money["tariff"].max())
    assert seen == [0.3, 0.1]


def test_roads_shorten_the_lead_times_of_sites_in_the_country() -> None:
    """Goods of 10 days arrive after 5, and a day passes in either case until an order is worked on."""
    links = [{**link, "lead_time": 10} for link in network().model_dump()["links"]]
    policy = Logistics(lead_time_cut=0.5, build_days=0, countries=["south"])
    plain, served = (simulated(network(links=links), *parts) for parts in ((), (policy,)))
    for site in (PLANT, SHOP):
        days = [line(each, site).delivery_ticks / line(each, site).completed for each in (plain, served)]
        assert days == pytest.approx([11.0, 6.0])


def test_certificates_come_sooner_and_the_fee_is_paid_once() -> None:
    policy = CertificationSupport(time_cut=0.4, fee_months=0.5, certified_points=0, noise=0, firms=["rival"])
    plain, helped = (simulated(with_rival(), *parts) for parts in ((), (policy,)))
    assert opening_day(plain) - opening_day(helped) == 0.4 * 180
    account = programme(helped, policy)
    assert account.cost == pytest.approx(0.5 * helped.world.firms["monthly_cost"][3])
    assert account.leakage == 0


def test_points_keep_certified_suppliers_in() -> None:
    """The shop answers late and is let go, unless its certificate lifts it above the threshold."""
    policy = CertificationSupport(reached_points=1, certified_points=1, noise=0)
    plain, helped = (simulated(with_rival(), *parts) for parts in ((), (policy,)))
    assert plain.journal.dropouts.get("score")
    assert not helped.journal.dropouts


def test_guarantee_keeps_suppliers_until_its_tenor_is_over() -> None:
    until = []
    for days in (0, 200, 400):
        simulation = simulated(with_rival(), CommitmentGuarantee(minimum_days=days, noise=0))
        until.append([row[0] for row in simulation.journal.rows if row[1] == "quotation_requested"][:1])
    assert until == [[91.0], [273.0], []]


def test_purchases_raise_what_markets_buy() -> None:
    plain, raised = (simulated(network(), *parts) for parts in ((), (CommitmentGuarantee(purchases=0.5),)))
    demanded = [each.world.state.markets["demanded"][0] for each in (plain, raised)]
    assert demanded[1] == pytest.approx(1.5 * demanded[0])


def test_full_stabilisation_is_a_currency_without_volatility() -> None:
    policy = MacroStabilisation(volatility_cut=1, spread_cut=0, reserve_cost=0)

    currency = {"volatility_per_year": 0.2}
    scenario = three_firms(countries=[{"name": name, "currency": currency} for name in ("north", "south")])
    wild, calm = (
        simulated(scenario, *parts).part(ExchangeRates).tables()["exchange"]["rate"] for parts in ((), (policy,))
    )
    assert set(calm) == {1.0}
    assert set(wild) > {1.0}


def test_stability_makes_credit_cheaper() -> None:
    policy = MacroStabilisation(spread_cut=0.03, countries=["south"])
    simulation = begun(three_firms(), policy)
    assert np.broadcast_to(simulation.world.firms["added_rate"], 3).tolist() == pytest.approx([0, -0.03, -0.03])


def test_diaspora_brings_tacit_knowledge_to_suppliers_and_takes_none_from_the_flagship() -> None:
    policy = DiasporaNetwork(noise=0)
    simulation = simulated(three_firms(), policy)
    received = learning(simulation).receipts.transferred[INFORMAL, TACIT]
    assert received[LEAD] > 0
    assert received[LOWER] > 0
    assert received[0] == 0
    firms, monthly = [LEAD, LOWER], simulation.world.firms["monthly_cost"]
    travel = 2 * policy.visit_months + policy.secondment * policy.secondment_months
    assert programme(simulation, policy).cost == pytest.approx(travel * monthly[firms].sum())


def test_targeting_moves_the_reach_of_other_policies_and_not_its_own() -> None:
    meta = Targeting(rule="higher-tier", highest_tier=0, share=1, intensity=1 / 6, noise=0)
    other = MacroStabilisation(reserve_cost=0)
    simulation = begun(named(meta, other), meta, other)
    assert programme(simulation, other).reach.tolist() == pytest.approx([0.5, 0, 0])
    assert programme(simulation, meta).reach.tolist() == [0, 1, 1]


def test_expertise_decides_whether_targets_are_met() -> None:
    """Without expertise the administration errs on every firm that it reviews."""
    meta = Targeting(rule="higher-tier", highest_tier=0, share=1, intensity=1 / 3)
    other = MacroStabilisation(noise=1)
    for expertise, reach in ((1.0, [1, 0, 0]), (0.0, [0, 1, 1])):
        countries = [{"name": name, "public_expertise": expertise} for name in ("north", "south")]
        simulation = begun(named(meta, other, countries=countries), meta, other)
        assert programme(simulation, other).reach.tolist() == pytest.approx(reach)


def test_mix_follows_the_ladder_and_has_the_last_word() -> None:
    mix = LinkageMix.of({"stages": [{"policy": "policy.macro-stabilisation", "highest": 1}]})
    meta = Targeting(rule="lower-tier", share=0, intensity=0.25)
    other = MacroStabilisation()
    simulation = begun(named(mix, meta, other), mix, meta, other)
    let_pass(simulation, 28)
    assert programme(simulation, other).reach.tolist() == pytest.approx([0, 0.25, 0])


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_run_is_as_without_the_policy_before_its_start(policy: type[Policy]) -> None:
    late = policy.of({"start_day": 364})
    beside = Courses()
    scenario = named(beside, late)
    assert footprint(simulated(scenario, beside, late)) == footprint(simulated(scenario, beside))


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_policies_repeat_byte_for_byte_and_keep_to_their_budget(policy: type[Policy]) -> None:
    beside, at_work = Courses(), policy.of({"budget": 1.0})
    scenario = named(beside, at_work, selection=with_rival().model_dump()["selection"])
    first, again = (simulated(scenario, beside, at_work) for _ in range(2))
    assert footprint(first) == footprint(again)
    assert programme(first, at_work).cost <= 1.0
