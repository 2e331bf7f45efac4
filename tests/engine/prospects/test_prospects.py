"""Firms may expect of capability, functions and capacity what selling their goods is worth."""

from __future__ import annotations

import numpy as np
import pytest

from gpnde.engine.knowledge.coupling import COORDINATION
from gpnde.engine.prospects.prospects import Prospects
from gpnde.mechanics.effort import discounted_days
from gpnde.mechanics.expectations import waning
from gpnde.vocabulary import FUNCTIONS, QUARTER_DAYS, YEAR_DAYS

from ..conftest import Reach
from .conftest import EFFECTS, PLANT, SHOP, Pair

MAKING = FUNCTIONS.index("component_mfg")
HORIZON, RATE = 1456.0, 0.08 / YEAR_DAYS
PRICE, COST, VOLUME = 6.0, 5.0, 10.0


def test_slope_is_what_a_unit_of_capability_contributes(pair: Pair) -> None:
    slopes = pair().part(Prospects).slopes()
    # The price passes part of the fall in cost on: d(price - cost) = p (cost - s price) dK.
    per_unit = EFFECTS["productivity"] * (COST - EFFECTS["cost_passed_on"] * PRICE)
    days = discounted_days(RATE, 0.0, HORIZON)
    assert slopes[SHOP, MAKING] == pytest.approx(VOLUME * per_unit * days, rel=1e-4)
    others = [number for number in range(len(FUNCTIONS)) if number != MAKING]
    assert not slopes[:, others].any()


def test_slope_is_0_where_all_of_a_saving_is_passed_on(pair: Pair) -> None:
    passed_on = {"effects": {"productivity": 0.3, "cost_passed_on": COST / PRICE}}
    assert pair(knowledge=passed_on).part(Prospects).slopes()[SHOP, MAKING] == pytest.approx(0.0, abs=1.0)


def test_coordination_is_worth_something_to_those_who_are_scored_by_it(pair: Pair) -> None:
    scored = pair(selection={"threshold": 0.9}).part(Prospects).slopes()[:, COORDINATION]
    assert scored[SHOP] > 0.0 == scored[PLANT]


@pytest.mark.parametrize("decay", [0.0005, 0.01])
def test_slopes_fall_as_leads_wane(pair: Pair, decay: float) -> None:
    prospects = pair().part(Prospects)
    lasting = prospects.slopes()
    prospects.set_decay(np.array([0.0, decay]))
    factor = waning(np.array([0.0, decay]), RATE, HORIZON)
    assert factor[0] == 1.0 > factor[1]
    assert prospects.slopes() == pytest.approx(lasting * factor[:, None])


def test_a_function_that_nobody_pays_for_is_worth_nothing(pair: Pair) -> None:
    assert pair().part(Prospects).worth_of_function(0.0).tolist() == [0.0, 0.0]


def test_a_function_is_worth_its_share_of_all_sales(pair: Pair) -> None:
    worth = pair().part(Prospects).worth_of_function(0.02)
    assert worth[SHOP] == pytest.approx(0.02 * PRICE * VOLUME * discounted_days(RATE, 0.0, HORIZON))


def test_capacity_is_worth_what_a_unit_a_day_contributes(pair: Pair) -> None:
    worth = pair().part(Prospects).worth_of_capacity()
    assert worth[SHOP] == pytest.approx((PRICE - COST) * discounted_days(RATE, 0.0, HORIZON))


def test_capacity_is_worth_nothing_to_firms_that_sell_nothing(pair: Pair) -> None:
    simulation = pair(others=("idle",), link={"share": None})
    simulation.world.state.lines["share"][:2] = 1.0, 0.0
    prospects = simulation.part(Prospects)
    prospects.start()
    worth = prospects.worth_of_capacity()
    assert worth[SHOP] > 0.0 == worth[2]


def test_revenue_is_price_times_volume(pair: Pair) -> None:
    simulation = pair()
    lines = simulation.world.state.lines
    market = float(lines["price"][lines["market"] >= 0].item())
    assert simulation.part(Prospects).revenue() == pytest.approx([VOLUME * market, VOLUME * PRICE])


def test_what_was_sold_in_a_quarter_is_expected_of_the_next(pair: Pair, reach: Reach) -> None:
    simulation = pair(markets={"world": {"served_by": ["plant"], "demand": {"law": "poisson(mean=10)"}}})
    sent = float(reach(simulation, QUARTER_DAYS).lines["shipped"][0])
    price = float(reach(simulation, QUARTER_DAYS + 1).lines["price"][0])
    assert sent != VOLUME * QUARTER_DAYS
    assert simulation.part(Prospects).revenue()[SHOP] == pytest.approx(sent / QUARTER_DAYS * price)


def test_firms_are_sure_before_they_know_how_their_income_varies(pair: Pair) -> None:
    assert pair().part(Prospects).hurdles().tolist() == [1.0, 1.0]
