"""A request for quotation: who is asked, who answers in time, who wins, and when the winner begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.contracts import CONTRACTS
from gpnde.engine.capacity.exits import Exits
from gpnde.engine.clock import Phase
from gpnde.engine.run import Simulation
from gpnde.engine.trade.links import Links
from gpnde.engine.trade.quotations import Quotations
from gpnde.plugin import Component, Lanes, View, hookimpl, param
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Floats, State

from ...clocks import at

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]
Tender = Callable[..., Simulation]
SHOP, _, CHEAP, DEAR = range(4)

_RULE = {"policy": "base-stock", "level": 40, "review_days": 1}


@pytest.fixture(scope="session")
def tender(network: Network, start: Start) -> Tender:
    """Return a starter of a shop whose supplier *old* may be followed by *cheap* or *dear*, who answer in 10 hours."""

    def begin(
        *, firms: dict[str, Any] | None = None, sites: dict[str, Any] | None = None, supplier: str = "old", **rules: Any
    ) -> Simulation:
        quotation = {"deadline_hours": 24, "response_hours": 10, "response_sigma": 0, **rules.pop("quotation", {})}
        named = {"shop": {}, "old": {"price": 8}, "cheap": {"price": 4}, "dear": {"price": 6}}
        built = {
            name: {"stock": 60, "ordering": _RULE, "product": "part", **fields, **(sites or {}).get(name, {})}
            for name, fields in named.items()
        }
        built["shop"]["product"] = "unit"
        return start(
            network(
                built,
                [{"buyer": "shop", "supplier": supplier, "product": "part", "lead_time": 2}],
                products={"unit": {"made_of": {"part": 1}}, "part": {}},
                firms=firms,
                selection={"review_days": 500, "certification": 30, "quotation": quotation, **rules},
                clock={"days": 400},
            )
        )

    return begin


def _request(simulation: Simulation, day: float = 10, leaving: int = -1) -> None:
    """Plan a request for what link 0 delivers, whose supplier is dropped unless it is the one that leaves later."""

    def ask() -> None:
        if leaving < 0:
            simulation.part(Links).drop(0, "link_dropped", "score", "test")
        simulation.part(Quotations).request(0, 1.0, leaving)

    at(simulation.timeline, int(day), Phase.SELECTION, ask)


def _events(simulation: Simulation) -> list[tuple[float, str, str]]:
    return [(row[0], row[1], row[4]) for row in simulation.journal.rows]


def test_the_best_bid_wins_and_begins_when_it_is_certified(tender: Tender, reach: Reach, check: Check) -> None:
    simulation = tender()
    _request(simulation)
    state = reach(simulation, 60)
    assert _events(simulation) == [
        (10.0, "link_dropped", "old"),
        (10.0, "quotation_requested", ""),
        (11.0, "bid_placed", "cheap"),
        (11.0, "bid_placed", "dear"),
        (11.0, "bid_awarded", "cheap"),
        (41.0, "link_opened", "cheap"),
    ]
    new = state.lines[-1]
    assert (new.supplier, new.share, new.price, new.opened) == (CHEAP, 1.0, 4.0, 41)
    assert new.received > 0.0
    check(state)


def test_bids_after_the_deadline_are_rejected_however_good(tender: Tender, reach: Reach) -> None:
    simulation = tender(firms={"cheap": {"response_hours": 24.5}})
    _request(simulation)
    reach(simulation, 12)
    assert _events(simulation)[2:] == [
        (11.0, "bid_rejected", "cheap"),
        (11.0, "bid_placed", "dear"),
        (11.0, "bid_awarded", "dear"),
    ]


def test_the_request_is_repeated_where_no_supplier_answers_in_time(tender: Tender, reach: Reach) -> None:
    simulation = tender(quotation={"response_hours": 30, "retry_days": 20})
    _request(simulation)
    reach(simulation, 75)
    requested = [day for day, kind, _ in _events(simulation) if kind == "quotation_requested"]
    assert requested == [10.0, 31.0, 52.0, 73.0]


def test_a_supplier_that_was_dismissed_does_not_follow_himself_however_good_his_bid(
    tender: Tender, reach: Reach
) -> None:
    simulation = tender(sites={"old": {"price": 3}})
    _request(simulation)
    assert reach(simulation, 41).lines[-1].supplier == CHEAP
    assert "old" not in [site for _, kind, site in _events(simulation) if kind == "bid_placed"]


def test_a_dismissed_firm_cannot_bid_with_another_of_its_sites(tender: Tender, reach: Reach) -> None:
    simulation = tender(sites={"cheap": {"firm": "old"}})
    _request(simulation)
    assert reach(simulation, 41).lines[-1].supplier == DEAR


def test_whoever_is_named_last_may_follow_a_purchase_from_outside(tender: Tender, reach: Reach) -> None:
    simulation = tender(supplier="outside", sites={"dear": {"price": 1}})
    _request(simulation)
    assert reach(simulation, 41).lines[-1].supplier == DEAR


def test_a_firm_that_has_closed_the_site_itself_may_deliver_from_another(tender: Tender, reach: Reach) -> None:
    simulation = tender(sites={"old": {"closes_day": 10}, "cheap": {"firm": "old"}})
    assert reach(simulation, 41).lines[-1].supplier == CHEAP


def test_suppliers_that_were_dismissed_together_do_not_follow_each_other(tender: Tender, reach: Reach) -> None:
    simulation = tender(sites={"cheap": {"price": 1}})
    second = simulation.part(Links).open(0, CHEAP, 0.5, 1.0)

    def dismiss() -> None:
        for number in (0, second):
            simulation.part(Links).drop(number, "link_dropped", "score", "test")
            simulation.part(Quotations).request(number, 0.5)

    at(simulation.timeline, 10, Phase.SELECTION, dismiss)
    reach(simulation, 12)
    awarded = [site for _, kind, site in _events(simulation) if kind == "bid_awarded"]
    assert awarded == ["dear"]


def test_a_supplier_that_was_dismissed_may_come_back_when_his_successor_is_there(tender: Tender, reach: Reach) -> None:
    simulation = tender()
    _request(simulation)
    reach(simulation, 41)
    successor = len(simulation.world.state.lines) - 1
    assert simulation.part(Quotations).candidates(successor).tolist() == [DEAR, 1]


def test_no_more_candidates_are_asked_than_the_rules_say(tender: Tender) -> None:
    simulation = tender(quotation={"bidders": 1})
    simulation.part(Links).drop(0, "link_dropped", "score", "test")
    assert simulation.part(Quotations).candidates(0).tolist() == [CHEAP]


def test_candidates_make_the_product_work_belong_to_others_and_supply_the_buyer_not_yet(tender: Tender) -> None:
    simulation = tender()
    candidates = simulation.part(Quotations).candidates
    assert candidates(0).tolist() == [CHEAP, DEAR]
    simulation.world.state.sites["down"][CHEAP] = 1
    assert candidates(0).tolist() == [DEAR]
    simulation.world.state.sites["firm"][DEAR] = simulation.world.state.sites["firm"][SHOP]
    assert candidates(0).tolist() == []


def test_no_firm_buys_from_its_own_customers(network: Network, start: Start) -> None:
    names = ("shop", "branch", "depot", "hub", "rival")
    links = [
        {"buyer": "shop", "supplier": "branch"},
        {"buyer": "branch", "supplier": "depot"},
        {"buyer": "depot", "supplier": "hub"},
    ]
    simulation = start(network({name: {} for name in names}, links, selection={}))
    simulation.part(Links).drop(2, "link_dropped", "score", "test")
    chosen = [names[number] for number in simulation.part(Quotations).candidates(2)]
    assert chosen == ["rival"]


def test_two_that_ask_at_the_same_time_do_not_end_up_supplying_each_other(
    network: Network, start: Start, reach: Reach
) -> None:
    links = [{"buyer": "left", "supplier": "first"}, {"buyer": "right", "supplier": "second"}]
    rules = {"certification": 30, "quotation": {"deadline_hours": 24, "response_hours": 10, "response_sigma": 0}}
    simulation = start(network({name: {} for name in ("left", "right", "first", "second")}, links, selection=rules))
    simulation.world.state.sites["down"][[2, 3]] = 1
    for link in (0, 1):
        simulation.part(Links).drop(link, "link_dropped", "score", "test")
        simulation.part(Quotations).request(link, 1.0)
    lines = reach(simulation, 40).lines
    between = lines[(lines["active"] == 1) & (lines["buyer"] >= 0) & (lines["supplier"] >= 0)]
    assert [(line.buyer, line.supplier) for line in between] == [(0, 1)]


def test_offers_are_the_price_given_or_cost_and_margin(tender: Tender) -> None:
    simulation = tender(sites={"dear": {"price": None}})
    cost = float(simulation.world.plants["unit_cost"][DEAR])
    assert simulation.part(Quotations).offers(np.array([CHEAP, DEAR])).tolist() == [4.0, pytest.approx(cost * 1.1)]


def test_supplier_that_leaves_stays_until_the_successor_is_there(tender: Tender, reach: Reach) -> None:
    simulation = tender()
    _request(simulation, leaving=0)
    assert reach(simulation, 40).lines[0].active == 1
    state = reach(simulation, 41)
    assert (state.lines[0].active, state.lines[0].share, state.lines[1].share) == (0, 0.0, 1.0)
    assert _events(simulation)[-2:] == [(41.0, "link_opened", "cheap"), (41.0, "link_dropped", "old")]


def test_two_requests_for_one_input_find_two_suppliers(tender: Tender, reach: Reach) -> None:
    simulation = tender()
    _request(simulation, leaving=0)
    at(simulation.timeline, 10, Phase.SELECTION, lambda: simulation.part(Quotations).request(0, 0.5))
    reach(simulation, 60)
    opened = [site for _, kind, site in _events(simulation) if kind == "link_opened"]
    assert sorted(opened) == ["cheap", "dear"]


def test_a_winner_that_closes_before_certification_is_replaced(tender: Tender, reach: Reach) -> None:
    simulation = tender(sites={"cheap": {"closes_day": 20}})
    _request(simulation)
    reach(simulation, 100)
    opened = [(day, site) for day, kind, site in _events(simulation) if kind == "link_opened"]
    assert opened == [(41.0 + 1 + 30, "dear")]


def test_a_candidate_that_closes_before_the_award_cannot_win(tender: Tender, reach: Reach) -> None:
    simulation = tender(sites={"cheap": {"closes_day": 10}})
    _request(simulation)
    reach(simulation, 12)
    # What closes on the day of the request is asked before it does.
    assert (11.0, "bid_placed", "cheap") in _events(simulation)
    assert _events(simulation)[-1] == (11.0, "bid_awarded", "dear")


@pytest.mark.parametrize("closes_day", [10, 11, 20])
def test_a_buyer_that_is_gone_gets_no_supplier(tender: Tender, reach: Reach, closes_day: int) -> None:
    simulation = tender(sites={"shop": {"closes_day": closes_day}}, quotation={"retry_days": 5})
    _request(simulation)
    reach(simulation, 200)
    assert "link_opened" not in [kind for _, kind, _ in _events(simulation)]
    assert max(day for day, _, _ in _events(simulation)) <= 20
    simulation.observe(None, debug=True)
    simulation.finish()


def test_requests_without_candidates_go_on_to_the_horizon_and_no_further(network: Network, start: Start) -> None:
    links = [{"buyer": "shop", "supplier": "depot"}]
    rules = {"quotation": {"retry_days": 28}}
    simulation = start(network({"shop": {}, "depot": {}}, links, selection=rules, clock={"days": 100}))
    simulation.part(Exits).close(1)
    simulation.observe(None, debug=True)
    simulation.finish()
    requested = [day for day, kind, _ in _events(simulation) if kind == "quotation_requested"]
    assert requested == [0.0, 29.0, 58.0, 87.0]


def test_a_reliable_supplier_beats_a_cheap_one_where_delivery_weighs_most(tender: Tender, reach: Reach) -> None:
    weights = {"delivery": 0.9, "quality": 0, "price": 0.1, "response": 0}
    simulation = tender(weights=weights)
    number = simulation.part(Links).open(0, CHEAP, 0.5, 4.0)
    line = simulation.world.state.lines[number]
    line.completed, line.on_time = 10, 1
    simulation.part(Links).drop(number, "link_dropped", "score", "test")
    _request(simulation, leaving=0)
    reach(simulation, 12)
    assert _events(simulation)[-1] == (11.0, "bid_awarded", "dear")


@pytest.fixture
def overseas(network: Network, start: Start) -> Callable[..., Simulation]:
    """Return a starter of a shop at home whose supplier at home may be followed by a near or by a far, cheaper one."""

    def begin(near: str = "here", *components: Component, **rules: Any) -> Simulation:
        quotation = {"deadline_hours": 24, "response_hours": 10, "response_sigma": 0, **rules.pop("quotation", {})}
        places = {"here": (0, 0), "next": (0, 10), "there": (0, 90)}
        homes = {"shop": "here", "old": "here", "near": near, "far": "there", "rim": "there", "mid": "next"}
        sites = {
            name: {"stock": 60, "ordering": _RULE, "product": "part", "price": 4.1, "cluster": home}
            for name, home in homes.items()
        }
        sites["far"]["price"], sites["shop"]["product"], sites["mid"]["product"] = 4, "unit", "unit"
        ships = [
            {"buyer": "shop", "supplier": "old", "lead_time": 2, "commitment_days": 60, "promise_days": 9},
            {"buyer": "shop", "supplier": "rim", "lead_time": 40, "share": 0},
            {"buyer": "mid", "supplier": "old", "lead_time": 7},
        ]
        ships[0]["share"] = 1
        return start(
            network(
                sites,
                ships,
                products={"unit": {"made_of": {"part": 1}}, "part": {}},
                clusters=[{"name": name, "latitude": at[0], "longitude": at[1]} for name, at in places.items()],
                selection={"review_days": 500, "certification": 30, "quotation": quotation, **rules},
                clock={"days": 400},
            ),
            *components,
        )

    return begin


def test_a_bid_from_far_away_loses_to_a_little_dearer_one_from_near(
    overseas: Callable[..., Simulation], reach: Reach
) -> None:
    simulation = overseas()
    _request(simulation)
    reach(simulation, 12)
    assert _events(simulation)[-1] == (11.0, "bid_awarded", "near")


@pytest.mark.parametrize(("near", "days", "promised"), [("here", 2, 9), ("next", 7, 8)])
def test_a_successor_travels_as_others_do_from_its_place(
    overseas: Callable[..., Simulation], reach: Reach, near: str, days: float, promised: int
) -> None:
    simulation = overseas(near)
    _request(simulation)
    state = reach(simulation, 60)
    new = state.lines[-1]
    assert simulation.world.names.sites[new.supplier] == "near"
    assert (state.laws.mean[new.lead_time], new.promise) == (days, promised)
    # What the buyer is bound to counts from the start of the new link.
    assert (new.opened, new.commitment) == (41, 60)


def test_a_successor_from_abroad_takes_as_long_as_others_from_there(
    overseas: Callable[..., Simulation], reach: Reach
) -> None:
    simulation = overseas(weights={"price": 1, "response": 0, "delivery": 0, "quality": 0})
    _request(simulation)
    state = reach(simulation, 60)
    assert simulation.world.names.sites[state.lines[-1].supplier] == "far"
    assert state.laws.mean[state.lines[-1].lead_time] == 40


class Duty(Component):
    """Levies a tenth of the price on all that comes from a site."""

    name = "policy.duty"

    site: str = param("far", doc="Site.")

    @hookimpl
    def tariff(self, view: View, lanes: Lanes) -> Floats:
        """Return the duty."""
        return np.where(lanes.supplier == view.names.sites.index(self.site), 0.1, 0.0)


@pytest.mark.parametrize(("components", "cheapest"), [((), "far"), ((Duty(),), "near")])
def test_candidates_are_ranked_by_price_with_duties(
    overseas: Callable[..., Simulation], components: tuple[Component, ...], cheapest: str
) -> None:
    simulation = overseas("here", *components, quotation={"bidders": 1})
    names = simulation.world.names.sites
    simulation.part(Links).drop(0, "link_dropped", "score", "test")
    assert [names[number] for number in simulation.part(Quotations).candidates(0)] == [cheapest]


def test_a_firm_that_follows_a_plant_of_the_buyer_is_no_sister_of_it(network: Network, start: Start) -> None:
    names = ("shop", "sister", "maker")
    sites = {name: {"firm": "maker" if name == "maker" else "brand"} for name in names}
    simulation = start(network(sites, [{"buyer": "shop", "supplier": "sister", "contract": "intra-firm"}]))
    number = simulation.part(Links).open(0, names.index("maker"), 0.5, 4.0)
    assert CONTRACTS[simulation.world.state.lines[number].contract] == "arms-length"


def _answers(simulation: Simulation) -> dict[str, list[float]]:
    """Return the hours in which each site has answered, request by request."""
    hours: dict[str, list[float]] = {}
    for row in simulation.journal.rows:
        if row[1] in ("bid_placed", "bid_rejected"):
            hours.setdefault(row[4], []).append(row[7])
    return hours


def _answers_to_two_requests(simulation: Simulation, reach: Reach) -> dict[str, list[float]]:
    _request(simulation)
    at(simulation.timeline, 15, Phase.SELECTION, lambda: simulation.part(Quotations).request(0, 1.0))
    reach(simulation, 20)
    return _answers(simulation)


def test_answers_vary_by_request_and_not_by_the_others_asked(tender: Tender, reach: Reach) -> None:
    rules = {"response_sigma": 0.8}
    both = _answers_to_two_requests(tender(quotation=rules), reach)
    alone = _answers_to_two_requests(tender(quotation=rules, sites={"cheap": {"closes_day": 5}}), reach)
    assert set(both) == {"cheap", "dear"}
    assert alone == {"dear": both["dear"]}
    first, again = both["dear"]
    assert first != again


def test_digital_exchange_brings_answers_before_the_deadline(tender: Tender, reach: Reach) -> None:
    rules = {"response_hours": 30, "retry_days": 20, "digital_effect": 0.5}
    late, soon = (tender(quotation={**rules, "digital_index": index}) for index in (0, 1))
    for simulation in (late, soon):
        _request(simulation)
        reach(simulation, 12)
    assert _events(late)[-1][1] == "bid_rejected"
    assert _events(soon)[-1][1] == "bid_awarded"
    assert [row[7] for row in soon.journal.rows if row[1] == "bid_awarded"] == [pytest.approx(30 * np.exp(-0.5))]


def test_digital_exchange_changes_nothing_at_index_0(tender: Tender, reach: Reach) -> None:
    plain, ready = tender(), tender(quotation={"digital_index": 0, "digital_effect": 3})
    for simulation in (plain, ready):
        _request(simulation)
        reach(simulation, 12)
    assert set(_answers(plain)) == {"cheap", "dear"}
    assert _answers(plain) == _answers(ready)
