"""Rules on local content."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gpnde_policies.local_content import LocalContent

from gpnde.errors import ComponentError
from gpnde.plugin import Request
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.scenario import Scenario

from ...learners import footprint, simulated, three_firms
from .offices import HQ, PLANT, SHOP, Office, opened

RIVAL, NEIGHBOUR = 3, 4


def two_sources(share: float, price: float = 2.0) -> Scenario:
    """Return the three firms with a rival of the plant in the north, from whom headquarters buy a share of boards."""
    given = three_firms().model_dump()
    firms = [*given["firms"], {"name": "rival", "tier": 1}, {"name": "neighbour", "tier": 1}]
    more = [
        {"name": name, "firm": name, "product": "board", "cluster": "valley", "price": price}
        for name in ("rival", "neighbour")
    ]
    given["sites"][PLANT]["price"] = 2.0
    links = [
        {"buyer": "hq", "supplier": "plant", "share": 1 - share},
        {"buyer": "hq", "supplier": "rival", "share": share},
        {"buyer": "plant", "supplier": "shop"},
        {"buyer": "rival", "supplier": "shop"},
        {"buyer": "neighbour", "supplier": "shop"},
    ]
    return three_firms(firms=firms, sites=[*given["sites"], *more], links=links, knowledge=None)


def rule(**given: Any) -> LocalContent:
    return LocalContent.of({"countries": ["north"], **given})


def duties(policy: LocalContent, office: Office) -> dict[tuple[int, int], float]:
    """Return the duties above 0 by supplying and buying site."""
    lanes = office.view.lanes
    rates = policy.tariff(lanes, office.view, office.memory, office.programme)
    pairs = zip(lanes.supplier.tolist(), lanes.buyer.tolist(), strict=True)
    return {} if rates is None else {pair: rate for pair, rate in zip(pairs, rates.tolist(), strict=True) if rate}


def chosen(policy: LocalContent, office: Office, **changes: Any) -> int:
    """Return who wins when the plant in the south would, against a rival and a neighbour in the north."""
    bidders = np.array([PLANT, RIVAL, NEIGHBOUR])
    scores, able = np.array([0.9, 0.3, 0.5]), np.ones(3, dtype=np.bool_)
    product = office.view.names.products.index("board")
    request = Request(HQ, product, 1.0, bidders, np.ones(3), np.ones(3), scores, able)._replace(**changes)
    wrapper = compile_hooks([policy]).decisions["choose_supplier"].wrappers[0]
    given = {"request": request, "view": office.view, "memory": office.memory}
    return int(wrapper.call(28.0, given, lambda: 0))


@pytest.mark.parametrize(("share", "price", "local"), [(0.25, 2.0, 0.25), (0.25, 6.0, 0.5), (1.0, 2.0, 1.0)])
def test_the_local_share_is_by_value(share: float, price: float, local: float) -> None:
    policy = rule()
    found = policy.local_share(opened(policy, two_sources(share, price)).view)
    assert found[[HQ, PLANT, RIVAL]] == pytest.approx([local, 1.0, 0.0])


def test_sites_below_the_share_pay_the_duty_on_imports_and_others_do_not() -> None:
    policy = rule(share=0.4, penalty=0.15)
    assert duties(policy, opened(policy, two_sources(0.3))) == {
        (PLANT, HQ): 0.15,
        (SHOP, RIVAL): 0.15,
        (SHOP, NEIGHBOUR): 0.15,
    }
    assert (PLANT, HQ) not in duties(policy, opened(policy, two_sources(0.4)))


def test_the_rule_ends_at_the_border() -> None:
    policy = rule(countries=["south"], share=1.0)
    assert duties(policy, opened(policy, two_sources(0.3))) == {(-1, SHOP): 0.1}


def test_exempt_products_bear_no_duty_and_do_not_count() -> None:
    policy = rule(share=1.0, exemptions=["board"])
    office = opened(policy, two_sources(0.3))
    assert set(duties(policy, office)) == {(SHOP, RIVAL), (SHOP, NEIGHBOUR)}
    assert np.isnan(policy.local_share(office.view)[HQ])
    assert chosen(policy, office) == 0


def test_below_the_share_the_best_local_bid_that_is_eligible_wins() -> None:
    policy = rule(share=0.4)
    office = opened(policy, two_sources(0.3))
    assert chosen(policy, office) == 0
    duties(policy, office)
    assert chosen(policy, office) == 2
    assert chosen(policy, office, eligible=np.array([True, True, False])) == 1
    assert chosen(policy, office, eligible=np.array([True, False, False])) == 0


def test_firms_that_obey_or_are_not_bound_choose_freely() -> None:
    for policy, share in ((rule(share=0.4), 0.5), (rule(share=0.4, is_preferred=False), 0.3)):
        office = opened(policy, two_sources(share))
        duties(policy, office)
        assert chosen(policy, office) == 0


@pytest.mark.parametrize("given", [{"start_day": 1000}, {"end_day": 5}, {"budget": 0}])
def test_while_it_is_off_nothing_changes_and_nothing_is_paid(given: dict[str, Any]) -> None:
    policy = rule(**given)
    office = opened(policy, two_sources(0.1))
    assert duties(policy, office) == {}
    assert chosen(policy, office) == 0
    policy.tick(office.view, office.programme)
    assert office.programme.cost == 0


def test_watching_costs_months_of_the_firms_under_the_rule() -> None:
    policy = rule(monitoring_months=0.5)
    office = opened(policy)
    for _ in range(13):
        policy.tick(office.view, office.programme)
    assert office.programme.cost == pytest.approx(0.5 * office.monthly[0])
    assert office.programme.beneficiaries == 1


def test_a_run_takes_in_the_duty_on_what_was_invoiced() -> None:
    policy = rule(share=1.0, penalty=0.25, monitoring_months=0)
    run = simulated(three_firms(knowledge=None), policy)
    account = run.hooks.programmes.of(policy.name)
    plant = run.world.firms["revenue"][1]
    assert account.revenue == pytest.approx(0.25 * plant)
    assert account.cost == 0


def test_without_a_share_or_a_start_it_leaves_a_run_as_it_is() -> None:
    scenario = three_firms()
    before = footprint(simulated(scenario))
    for given in ({"share": 0}, {"start_day": 1000}, {"penalty": 0, "is_preferred": False}):
        assert footprint(simulated(scenario, rule(**given))) == before


def test_wrong_parameters_are_refused_in_one_line() -> None:
    with pytest.raises(ComponentError, match=r"^policy.local-content.share = 40: must be at most 1$"):
        LocalContent.of({"share": 40})
    with pytest.raises(ComponentError, match=r"^policy.local-content.exemptions: 'bord': .*board"):
        opened(LocalContent(exemptions=["bord"]))
