"""Sites and firms leave for good, open and close by plan, and their partners look for others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.engine.capacity.exits import Exits
from gpnde.engine.money.payments import spend
from gpnde.engine.run import Simulation
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]
Chain = Callable[..., Simulation]
SHOP, DEPOT, RIVAL = range(3)

_RULE = {"policy": "base-stock", "level": 60, "review_days": 1}


@pytest.fixture(scope="session")
def chain(network: Network, start: Start) -> Chain:
    """Return a starter of a shop, its depot, and a rival of the depot who has no customer; fields are the depot's."""

    def begin(*, selection: dict[str, Any] | None = None, **depot: Any) -> Simulation:
        sites = {"shop": {}, "depot": depot, "rival": {}}
        return start(
            network(
                {name: {"stock": 60, "ordering": _RULE, **more} for name, more in sites.items()},
                [{"buyer": "shop", "supplier": "depot", "lead_time": 2}],
                clock={"days": 200},
                selection=selection,
            )
        )

    return begin


def _events(simulation: Simulation) -> list[tuple[float, str, str, str]]:
    return [(row[0], row[1], row[2], row[4]) for row in simulation.journal.rows]


def test_a_site_that_closes_loses_its_customers_for_good(chain: Chain, reach: Reach, check: Check) -> None:
    simulation = chain(closes_day=20)
    state = reach(simulation, 40)
    check(state)
    assert _events(simulation) == [
        (20.0, "site_closed", "", "depot"),
        (20.0, "link_dropped", "contract-end", "depot"),
        (20.0, "link_ended", "contract-end", ""),
    ]
    assert state.lines[0].shipped == state.lines[0].placed
    assert state.sites[DEPOT].backlog == 0.0
    simulation.observe(None, debug=True)
    simulation.finish()


def test_what_was_on_order_at_a_site_that_closes_is_cancelled(chain: Chain, reach: Reach) -> None:
    simulation = chain(closes_day=20, stock=0, ordering={**_RULE, "level": -500})
    owed = float(reach(simulation, 19).lines[0].backlog)
    assert owed > 0.0
    state = reach(simulation, 20)
    assert state.lines[0].cancelled >= owed
    assert state.inputs[SHOP].on_order == 0.0


def test_buyers_of_a_site_that_closes_look_for_another(chain: Chain, reach: Reach) -> None:
    rules = {"certification": 10, "quotation": {"response_hours": 1}}
    simulation = chain(selection=rules, closes_day=20)
    state = reach(simulation, 60)
    new = state.lines[-1]
    assert (new.supplier, new.opened, new.share) == (RIVAL, 31, 1.0)
    assert new.received > 0.0


def test_no_supplier_is_asked_where_suppliers_are_not_replaced(chain: Chain, reach: Reach) -> None:
    simulation = chain(selection={"replace": False}, closes_day=20)
    reach(simulation, 60)
    assert "quotation_requested" not in [kind for _, kind, _, _ in _events(simulation)]


def test_a_site_closes_once(chain: Chain, reach: Reach) -> None:
    simulation = chain(closes_day=20)
    reach(simulation, 10)
    simulation.part(Exits).close(DEPOT)
    count = len(simulation.journal.rows)
    reach(simulation, 30)
    assert len(simulation.journal.rows) == count


def test_a_shop_that_closes_loses_the_customers_that_wait(network: Network, start: Start, reach: Reach) -> None:
    sites = {
        "left": {"stock": 0, "ordering": {**_RULE, "level": -900}, "closes_day": 10},
        "right": {"stock": 500, "ordering": _RULE},
    }
    markets = {"market": {"served_by": ["left", "right"], "demand": {"law": 10, "every_days": 1}}}
    simulation = start(network(sites, markets=markets, clock={"days": 40}))
    state = reach(simulation, 30)
    assert state.markets[0].lost == 10 * 5
    assert state.markets[0].demanded - state.markets[0].delivered == 50.0
    assert ("sale_ended", "contract-end", "left") in [row[1:] for row in _events(simulation)]
    simulation.observe(None, debug=True)
    simulation.finish()


def test_a_site_that_opens_and_closes_works_in_between(chain: Chain, reach: Reach) -> None:
    simulation = chain(opens_day=10, closes_day=30)
    shipped = [float(reach(simulation, day).sites[DEPOT].shipped) for day in (9, 10, 29, 60)]
    assert shipped[0] == 0.0 < shipped[1] < shipped[2] == shipped[3]


def test_a_site_is_shut_before_it_opens_and_after_it_closes(chain: Chain, reach: Reach) -> None:
    simulation = chain(opens_day=10, closes_day=30)
    assert [int(reach(simulation, day).sites[DEPOT].shut) for day in (9, 10, 29, 60)] == [1, 0, 0, 1]


def test_a_site_orders_nothing_before_it_opens(chain: Chain, reach: Reach) -> None:
    simulation = chain(opens_day=30, stock=0, ordering={"review_days": 7, "forecast": {"mean": 10, "sd": 3}})
    assert reach(simulation, 29).sites[DEPOT].ordered == 0.0
    assert reach(simulation, 30).sites[DEPOT].ordered > 0.0


def test_customers_do_not_wait_at_a_shop_that_is_not_open_yet(network: Network, start: Start, reach: Reach) -> None:
    sites = {"old": {"stock": 500, "ordering": _RULE}, "new": {"stock": 500, "ordering": _RULE, "opens_day": 10}}
    market = {"served_by": ["old", "new"], "demand": {"law": 10, "every_days": 1}}
    simulation = start(network(sites, markets={"market": market}, clock={"days": 40}))
    state = reach(simulation, 9)
    assert state.sites["total_demand"].tolist() == [100.0, 0.0]
    assert state.sites["backlog"].tolist() == [0.0, 0.0]
    state = reach(simulation, 20)
    assert state.sites["total_demand"].tolist() == pytest.approx([100.0 + 55.0, 55.0])
    simulation.observe(None, debug=True)
    simulation.finish()


def test_openings_beyond_the_horizon_never_come(chain: Chain) -> None:
    simulation = chain(opens_day=500)
    simulation.observe(None, debug=True)
    simulation.finish()
    assert _events(simulation) == []


def test_an_insolvent_firm_takes_all_its_sites_along(network: Network, start: Start, reach: Reach) -> None:
    sites = {
        "shop": {"stock": 60, "ordering": _RULE},
        "north": {"firm": "maker", "stock": 60, "ordering": _RULE},
        "south": {"firm": "maker", "stock": 60, "ordering": _RULE},
    }
    links = [
        {"buyer": "shop", "supplier": "north", "share": 0.5, "lead_time": 1},
        {"buyer": "shop", "supplier": "south", "share": 0.5, "lead_time": 1},
    ]
    simulation = start(network(sites, links, finance={}, clock={"days": 100}))
    reach(simulation, 10)
    spend(simulation.world, np.array([0.0, 1e6]), "components")
    state = reach(simulation, 20)
    assert simulation.world.plants["closed"].tolist() == [False, True, True]
    assert state.lines["active"].tolist() == [0, 0, 0, 0, 1]
    dropped = [(day, cause, site) for day, kind, cause, site in _events(simulation) if kind == "link_dropped"]
    assert dropped == [(14.0, "finance", "north"), (14.0, "finance", "south")]
    simulation.observe(None, debug=True)
    simulation.finish()


def test_suppliers_that_go_together_leave_their_successors_what_each_of_them_had(
    network: Network, start: Start, reach: Reach
) -> None:
    sites = {"shop": {}, "north": {"firm": "maker"}, "south": {"firm": "maker"}, "east": {}, "west": {}}
    links = [
        {"buyer": "shop", "supplier": "north", "share": 0.5, "lead_time": 1},
        {"buyer": "shop", "supplier": "south", "share": 0.5, "lead_time": 1},
    ]
    rules = {"certification": 5, "quotation": {"response_hours": 1}}
    simulation = start(network(sites, links, selection=rules, clock={"days": 50}))
    simulation.part(Exits).close_firms(np.array([1]), "finance", "engine")
    state = reach(simulation, 20)
    active = (state.lines["buyer"] == SHOP) & (state.lines["active"] == 1)
    assert sorted(state.lines["supplier"][active].tolist()) == [3, 4]
    assert state.lines["share"][active].tolist() == [0.5, 0.5]


def test_a_site_of_a_failed_firm_never_opens(network: Network, start: Start, reach: Reach) -> None:
    sites = {"shop": {}, "late": {"firm": "maker", "opens_day": 50}, "early": {"firm": "maker"}}
    simulation = start(network(sites, finance={}, clock={"days": 100}))
    simulation.part(Exits).close_firms(np.array([1]), "finance", "engine")
    state = reach(simulation, 80)
    assert state.sites["down"][1:].min() > 0
    assert "site_opened" not in [kind for _, kind, _, _ in _events(simulation)]


def test_links_that_are_struck_off_bear_the_cause_policy_and_their_author(chain: Chain, reach: Reach) -> None:
    simulation = chain(selection={"certification": 10, "quotation": {"response_hours": 1}})
    lines = reach(simulation, 20).lines
    sold = int(np.flatnonzero(lines["market"] >= 0)[0])
    simulation.part(Exits).strike_off(np.array([0, sold]), "policy.embargo: war")
    ended = [(row[0], row[1], row[2], row[4], row[6]) for row in simulation.journal.rows if "ended" in row[1]]
    dropped = [(row[0], row[2], row[4], row[6]) for row in simulation.journal.rows if row[1] == "link_dropped"]
    assert (ended, dropped) == ([], [(20.0, "policy", "depot", "policy.embargo: war")])
    assert (lines["active"][0], lines["active"][sold]) == (0, 1)
    assert reach(simulation, 60).lines["supplier"][-1] == RIVAL


def test_links_are_struck_off_once(chain: Chain, reach: Reach) -> None:
    simulation = chain()
    reach(simulation, 20)
    for _ in range(2):
        simulation.part(Exits).strike_off(np.array([0]), "policy.embargo")
    assert [row[1] for row in simulation.journal.rows] == ["link_dropped"]


def test_suppliers_struck_off_together_leave_their_successors_what_each_had(network: Network, start: Start) -> None:
    links = [{"buyer": "shop", "supplier": name, "share": share} for name, share in (("north", 0.75), ("south", 0.25))]
    scenario = network({"shop": {}, "north": {}, "south": {}}, links, selection={}, clock={"days": 50})
    simulation = start(scenario)
    simulation.part(Exits).strike_off(np.array([0, 1]), "policy.embargo")
    asked = [row[7] for row in simulation.journal.rows if row[1] == "quotation_requested"]
    assert asked == [0.75, 0.25]


def test_a_firm_leaves_once_and_says_what_cash_it_had(network: Network, start: Start) -> None:
    for finance, cash in ((None, np.nan), ({}, 1000.0)):
        firms = {"shop": {"cash": 1000}}
        simulation = start(network({"shop": {}, "depot": {}}, firms=firms, finance=finance, clock={"days": 50}))
        for _ in range(2):
            simulation.part(Exits).close_firms(np.array([0]), "policy", "policy.ban")
        failed = [row for row in simulation.journal.rows if row[1] == "firm_failed"]
        assert [(row[2], row[3], row[6]) for row in failed] == [("policy", "shop", "policy.ban")]
        assert failed[0][7] == pytest.approx(cash, nan_ok=True)
        assert simulation.world.firms["active"].tolist() == [0, 1]


@pytest.mark.parametrize(("day", "closes"), [(199, True), (200, True), (201, False)])
def test_a_site_closes_up_to_the_last_day(chain: Chain, day: float, closes: bool) -> None:
    simulation = chain(closes_day=day)
    simulation.finish()
    assert simulation.world.plants["closed"][DEPOT] == closes
