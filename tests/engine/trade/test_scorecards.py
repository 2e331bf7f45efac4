"""The scorecard: marks, strikes, dismissals, and who is protected or released."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from gpnde.engine.capacity.exits import Exits
from gpnde.engine.money.prices import Prices
from gpnde.engine.run import Simulation
from gpnde.scenario.schema import Scenario
from gpnde.world.columns import STAYS, cause_number
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]
Panel = Callable[..., Simulation]

_RULE = {"policy": "base-stock", "level": 60, "review_days": 1}
GOOD, BAD = 0, 1
"""The links to both suppliers, by the quality of what they make."""


@pytest.fixture(scope="session")
def panel(network: Network, start: Start) -> Panel:
    """Return a starter of a plant with two suppliers, of which one makes only half of its units well.

    Scores count quality alone and reviews come every 28 days.
    """

    def begin(*, suppliers: tuple[str, ...] = ("good", "bad"), **fields: Any) -> Simulation:
        made = {"good": {}, "bad": {"yield_rate": 0.5}, "spare": {}}
        parts = {n: {"product": "part", "ordering": _RULE, "stock": 60, "processing": 1, **f} for n, f in made.items()}
        for name, more in fields.pop("sites", {}).items():
            parts[name].update(more)
        links = [
            {"buyer": "plant", "supplier": name, "lead_time": 1, **fields.get("links", {}).get(name, {})}
            for name in suppliers
        ]
        rules = {"review_days": 28, "strikes": 2, "threshold": 0.8, "certification": 10, **fields.get("rules", {})}
        rules.setdefault("weights", {"delivery": 0, "quality": 1, "price": 0, "response": 0})
        rules["quotation"] = {"response_hours": 1, **rules.get("quotation", {})}
        plant = {"product": "unit", "ordering": _RULE, "stock": 60}
        return start(
            network(
                {"plant": plant, **parts},
                links,
                {"market": {"served_by": ["plant"], "demand": {"law": 10, "every_days": 1}}},
                products={"unit": {"made_of": {"part": 1}}, "part": {}},
                firms=fields.get("firms"),
                selection=rules,
                finance=fields.get("finance"),
                clock={"days": 400},
            )
        )

    return begin


def _dropped(simulation: Simulation) -> list[tuple[float, str, str]]:
    return [(row[0], row[4], row[2]) for row in simulation.journal.rows if row[1] == "link_dropped"]


def test_there_are_no_scores_before_the_first_review(panel: Panel, reach: Reach) -> None:
    simulation = panel()
    reach(simulation, 27)
    assert np.isnan(simulation.world.trade["score"]).all()
    reach(simulation, 28)
    assert simulation.world.trade["score"][[GOOD, BAD]].tolist() == [1.0, 0.5]
    assert np.isnan(simulation.world.trade["score"][2:]).all()


def test_a_supplier_is_dismissed_after_enough_strikes_in_a_row(panel: Panel, reach: Reach) -> None:
    simulation = panel()
    reach(simulation, 100)
    assert _dropped(simulation) == [(56.0, "bad", "score")]


def test_strikes_are_counted_in_a_row(panel: Panel, reach: Reach) -> None:
    simulation = panel()
    reach(simulation, 50)
    simulation.world.trade["strikes"][BAD] = 0
    reach(simulation, 100)
    assert _dropped(simulation) == [(84.0, "bad", "score")]


def test_commitment_protects_until_it_ends(panel: Panel, reach: Reach) -> None:
    simulation = panel(links={"bad": {"commitment_days": 150}})
    reach(simulation, 200)
    assert _dropped(simulation) == [(168.0, "bad", "score")]


def test_plants_of_the_buyer_are_not_reviewed(panel: Panel, reach: Reach) -> None:
    simulation = panel(links={"bad": {"contract": "intra-firm"}})
    reach(simulation, 200)
    assert _dropped(simulation) == []
    assert np.isnan(simulation.world.trade["score"][BAD])


def test_a_successor_takes_the_share_after_certification(panel: Panel, reach: Reach, check: Check) -> None:
    simulation = panel()
    state = reach(simulation, 70)
    new = state.lines[-1]
    assert (new.supplier, new.opened, new.share) == (3, 56 + 1 + 10, 0.5)
    assert state.lines["share"][[GOOD, BAD]].tolist() == [0.5, 0.0]
    check(state)


def test_no_supplier_follows_where_suppliers_are_not_replaced(panel: Panel, reach: Reach) -> None:
    simulation = panel(rules={"replace": False})
    state = reach(simulation, 200)
    assert _dropped(simulation) == [(56.0, "bad", "score")]
    assert state.lines["share"][[GOOD, BAD]].tolist() == [1.0, 0.0]
    assert not [row for row in simulation.journal.rows if row[1] == "quotation_requested"]


def test_the_last_supplier_stays_until_the_successor_is_there(panel: Panel, reach: Reach) -> None:
    simulation = panel(suppliers=("bad",))
    assert reach(simulation, 66).lines[0].active == 1
    assert simulation.world.trade["leaves"][0] == cause_number("score")
    state = reach(simulation, 67)
    assert state.lines[0].active == 0
    assert _dropped(simulation) == [(67.0, "bad", "score")]
    assert simulation.world.trade["leaves"][0] == STAYS


def test_the_last_supplier_stays_for_good_where_no_supplier_follows(panel: Panel, reach: Reach) -> None:
    simulation = panel(suppliers=("bad",), rules={"replace": False})
    reach(simulation, 300)
    assert _dropped(simulation) == []


def test_a_leaving_supplier_whose_buyer_is_gone_leaves_no_trace(panel: Panel, reach: Reach) -> None:
    simulation = panel(suppliers=("bad",))
    reach(simulation, 60)
    simulation.part(Exits).close(0)
    reach(simulation, 200)
    kinds = [row[1] for row in simulation.journal.rows if row[0] >= 60]
    assert "link_opened" not in kinds
    simulation.observe(None, debug=True)
    simulation.finish()


def test_a_leaving_supplier_that_fails_is_not_replaced_twice(panel: Panel, reach: Reach) -> None:
    simulation = panel(suppliers=("bad",), rules={"certification": 40})
    reach(simulation, 60)
    simulation.part(Exits).close(2)
    reach(simulation, 150)
    opened = [row[4] for row in simulation.journal.rows if row[1] == "link_opened"]
    assert len(opened) == 1
    assert _dropped(simulation) == [(60.0, "bad", "contract-end")]


def _slump(simulation: Simulation, reach: Reach, factor: float) -> None:
    """Simulate a normal period, and then one of demand scaled by *factor*."""
    reach(simulation, 28)
    simulation.part(Prices).scale_demand(np.array([0]), factor)
    reach(simulation, 56)


_BUFFER = {"firms": {"bad": {"role": "capacity-buffer"}}, "rules": {"threshold": 0.1, "volume_fall": 0.25}}


def test_a_capacity_buffer_is_released_when_volume_falls(panel: Panel, reach: Reach) -> None:
    simulation = panel(**_BUFFER)
    _slump(simulation, reach, 0.5)
    assert _dropped(simulation) == [(56.0, "bad", "buffer-role")]
    assert not [row for row in simulation.journal.rows if row[1] == "quotation_requested"]


def test_a_capacity_buffer_stays_when_volume_falls_little(panel: Panel, reach: Reach) -> None:
    simulation = panel(**_BUFFER)
    _slump(simulation, reach, 0.9)
    assert _dropped(simulation) == []


def test_commitment_protects_a_capacity_buffer(panel: Panel, reach: Reach) -> None:
    simulation = panel(**_BUFFER, links={"bad": {"commitment_days": 100}})
    _slump(simulation, reach, 0.5)
    assert _dropped(simulation) == []


def test_the_last_supplier_is_not_released_though_he_is_a_buffer_and_can_be_dismissed_later(
    panel: Panel, reach: Reach
) -> None:
    simulation = panel(suppliers=("bad",), firms=_BUFFER["firms"], rules={"threshold": 0.8, "strikes": 4})
    _slump(simulation, reach, 0.5)
    assert _dropped(simulation) == []
    reach(simulation, 140)
    assert _dropped(simulation) == [(4 * 28 + 11.0, "bad", "score")]


def test_a_supplier_without_cash_fails_the_finance_gate_at_once(panel: Panel, reach: Reach) -> None:
    firms = {"bad": {"cash_months": 2, "credit_months": 2}, "good": {"cash_months": 50}}
    simulation = panel(firms=firms, finance={}, rules={"threshold": 0, "minimum_cash_months": 5})
    reach(simulation, 28)
    assert _dropped(simulation) == [(28.0, "bad", "finance")]


def test_commitment_protects_a_supplier_without_cash(panel: Panel, reach: Reach) -> None:
    firms = {"bad": {"cash_months": 2, "credit_months": 2}, "good": {"cash_months": 50}}
    rules = {"threshold": 0, "minimum_cash_months": 5}
    simulation = panel(firms=firms, finance={}, rules=rules, links={"bad": {"commitment_days": 40}})
    reach(simulation, 60)
    assert _dropped(simulation) == [(56.0, "bad", "finance")]


def test_commitment_does_not_keep_an_insolvent_supplier(panel: Panel, reach: Reach) -> None:
    firms = {"bad": {"cash": 0, "credit_months": 0}, "good": {"cash_months": 50}}
    simulation = panel(firms=firms, finance={}, rules={"threshold": 0}, links={"bad": {"commitment_days": 400}})
    reach(simulation, 20)
    assert _dropped(simulation) == [(7.0, "bad", "finance")]


def test_late_and_overdue_orders_lower_the_mark_for_delivery(panel: Panel, reach: Reach) -> None:
    weights = {"delivery": 1, "quality": 0, "price": 0, "response": 0}
    late = {"lead_time": 5, "promise_days": 2}
    simulation = panel(rules={"weights": weights, "strikes": 9}, links={"bad": late})
    reach(simulation, 28)
    assert simulation.world.trade["score"][GOOD] == 1.0
    assert simulation.world.trade["score"][BAD] == 0.0
    simulation.world.state.lines[GOOD].blocked = 1
    simulation.world.state.sites["down"][2] = 1
    reach(simulation, 56)
    assert simulation.world.trade["score"][GOOD] < 0.6


def test_the_dearer_supplier_has_the_lower_mark_for_price(panel: Panel, reach: Reach) -> None:
    weights = {"delivery": 0, "quality": 0, "price": 1, "response": 0}
    sites = {"good": {"price": 4}, "bad": {"price": 5}}
    simulation = panel(rules={"weights": weights}, sites=sites)
    reach(simulation, 28)
    assert simulation.world.trade["score"][[GOOD, BAD]].tolist() == [1.0, 0.8]


def test_firms_that_answer_slowly_have_a_lower_mark_for_response(panel: Panel, reach: Reach) -> None:
    weights = {"delivery": 0, "quality": 0, "price": 0, "response": 1}
    quotation = {"response_hours": 12, "response_sigma": 0.5}
    rules = {"weights": weights, "reference_hours": 24, "quotation": quotation}
    simulation = panel(rules=rules, firms={"bad": {"response_hours": 96}})
    reach(simulation, 28)
    chances = [NormalDist().cdf(np.log(24 / hours) / 0.5) for hours in (12, 96)]
    assert simulation.world.trade["score"][[GOOD, BAD]].tolist() == pytest.approx(chances)


@pytest.mark.parametrize("deadline", [1, 240])
def test_the_deadline_of_quotations_is_no_mark(panel: Panel, reach: Reach, deadline: float) -> None:
    weights = {"delivery": 0, "quality": 0, "price": 0, "response": 1}
    quotation = {"deadline_hours": deadline, "response_hours": 24}
    simulation = panel(rules={"weights": weights, "quotation": quotation})
    reach(simulation, 28)
    assert simulation.world.trade["score"][GOOD] == pytest.approx(0.5)


def test_digital_exchange_raises_the_mark_for_response(panel: Panel, reach: Reach) -> None:
    weights = {"delivery": 0, "quality": 0, "price": 0, "response": 1}
    quotation = {"deadline_hours": 24, "response_hours": 48, "digital_index": 0.5, "digital_effect": 1}
    simulation = panel(rules={"weights": weights, "quotation": quotation})
    reach(simulation, 28)
    assert simulation.world.trade["score"][GOOD] == pytest.approx(NormalDist().cdf(np.log(24 / 48 * np.exp(0.5)) / 0.6))


def test_shares_follow_scores_where_allocation_says_so(panel: Panel, reach: Reach, check: Check) -> None:
    simulation = panel(rules={"allocation": 2, "strikes": 9})
    state = reach(simulation, 28)
    odds = np.exp(2 * np.array([1.0, 0.5]))
    np.testing.assert_allclose(state.lines["share"][[GOOD, BAD]], odds / odds.sum())
    check(state)


def test_the_cheapest_price_breaker_wins_part_of_the_volume(panel: Panel, reach: Reach) -> None:
    rules = {"price_breaker_probability": 1, "price_breaker_share": 0.2, "strikes": 9}
    simulation = panel(rules=rules, firms={"bad": {"role": "price-breaker"}})
    state = reach(simulation, 28)
    assert state.lines["share"][[GOOD, BAD]].tolist() == pytest.approx([0.4, 0.6])
    awarded = [(row[0], row[4], row[7]) for row in simulation.journal.rows if row[1] == "price_breaker_awarded"]
    assert awarded == [(28.0, "bad", 0.2)]


def test_without_a_price_breaker_shares_stay(panel: Panel, reach: Reach) -> None:
    simulation = panel(rules={"price_breaker_probability": 1, "strikes": 9})
    assert reach(simulation, 28).lines["share"][[GOOD, BAD]].tolist() == [0.5, 0.5]


def test_a_supplier_that_the_other_cannot_make_up_for_stays_until_its_successor_is_there(
    panel: Panel, reach: Reach, check: Check
) -> None:
    simulation = panel(sites={"good": {"capacity_per_day": 7}})
    state = reach(simulation, 56)
    assert state.lines["active"][BAD] == 1
    assert simulation.world.trade["leaves"][BAD] != STAYS
    check(reach(simulation, 56 + 1 + 10 + 1))
    assert [(supplier, cause) for _, supplier, cause in _dropped(simulation)] == [("bad", "score")]


def test_a_supplier_that_the_other_has_room_for_goes_at_once(panel: Panel, reach: Reach) -> None:
    simulation = panel(sites={"good": {"capacity_per_day": 30}})
    reach(simulation, 56)
    assert _dropped(simulation) == [(56.0, "bad", "score")]
