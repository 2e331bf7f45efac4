"""Firms look back at what they earned, how much that varied, and how sure they want to be before they invest."""

from __future__ import annotations

import numpy as np
import pytest

from gpnde.engine.prospects.incomes import FEWEST, QUARTERS, Incomes
from gpnde.vocabulary import QUARTER_DAYS
from gpnde.world.layout import Floats
from gpnde.world.world import World

from ..conftest import Start
from ..economy import BRAND, FIRST, SECOND, economy

TO_FIRST, TO_SECOND, MARKET = 0, 1, 4
DISCOUNT = 0.08


@pytest.fixture
def world(start: Start) -> World:
    """Return the small economy before anything has happened."""
    return start(economy()).world


def _let_earn(world: World, *quarters: Floats) -> Incomes:
    """Return incomes after quarters in which each line has sent so much (units)."""
    incomes = Incomes(world)
    for sent in quarters:
        world.state.lines["shipped"] += sent
        incomes.note(QUARTER_DAYS)
    return incomes


def _sent(world: World, **units: float) -> Floats:
    """Return units of the line to the first supplier and of the market."""
    sent = np.zeros(len(world.state.lines))
    sent[TO_FIRST], sent[MARKET] = units.get("first", 0.0), units.get("market", 0.0)
    return sent


def _dixit_and_pindyck(volatility: float) -> float:
    """Return the hurdle where an investment pays what the firm discounts by."""
    root = 0.5 + np.sqrt(0.25 + 2.0 * DISCOUNT / volatility**2)
    return float(root / (root - 1.0))


def test_lines_contribute_price_less_variable_cost(world: World) -> None:
    volume = np.arange(1.0, len(world.state.lines) + 1.0)
    price, variable = world.state.lines["price"], world.plants["variable_cost"]
    earned = Incomes(world).of(volume)
    lines = {FIRST: TO_FIRST, SECOND: TO_SECOND, BRAND: MARKET}
    for firm, line in lines.items():
        assert earned[firm] == pytest.approx((price[line] - variable[firm]) * volume[line])


def test_a_quarter_counts_what_was_sent_in_it(world: World) -> None:
    world.state.lines["shipped"][TO_FIRST] = 50.0
    incomes = Incomes(world)
    world.state.lines["shipped"][TO_FIRST] += 910.0
    income, volume = incomes.note(QUARTER_DAYS)
    assert volume[TO_FIRST] == 910.0 / QUARTER_DAYS
    assert income.tolist() == incomes.of(volume).tolist()
    assert income[FIRST] > 0.0 == income[SECOND]


def test_new_lines_have_sent_nothing_before(world: World) -> None:
    incomes = Incomes(world)
    world.add_lines(world.state.lines[TO_FIRST : TO_FIRST + 1].copy())
    world.state.lines["shipped"][-1] = 91.0
    assert incomes.note(QUARTER_DAYS)[1][-1] == 91.0 / QUARTER_DAYS


def test_hurdle_is_1_until_a_firm_knows_how_its_income_varies(world: World) -> None:
    few = [_sent(world, first=units) for units in (1000.0, 3000.0, 1000.0)]
    decay = np.zeros(len(world.firms))
    assert _let_earn(world, *few[: FEWEST - 1]).hurdle(DISCOUNT, decay, QUARTER_DAYS).tolist() == [1.0, 1.0, 1.0]
    assert _let_earn(world, *few).hurdle(DISCOUNT, decay, QUARTER_DAYS)[FIRST] > 1.0


def test_steady_income_asks_for_no_more_than_cost(world: World) -> None:
    steady = _let_earn(world, *[_sent(world, first=1000.0)] * 4)
    assert steady.hurdle(DISCOUNT, np.zeros(len(world.firms)), QUARTER_DAYS)[FIRST] == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("decay", [0.0, 0.001])
def test_hurdle_of_swings_without_memory_is_that_of_dixit_and_pindyck(world: World, decay: float) -> None:
    incomes = _let_earn(world, *[_sent(world, first=units) for units in (1000.0, 3000.0) * 2])
    # Half of the mean up and down in turn: what lasts of a shock is the part that a quarter is of all time to come.
    kept = np.exp(-DISCOUNT / 4 - decay * QUARTER_DAYS)
    expected = _dixit_and_pindyck(2.0 * 0.5 * (1.0 - kept))
    found = incomes.hurdle(DISCOUNT, np.full(len(world.firms), decay), QUARTER_DAYS)
    assert found[FIRST] == pytest.approx(expected)


def test_firms_that_earn_nothing_take_the_swings_of_others(world: World) -> None:
    incomes = _let_earn(world, *[_sent(world, first=units) for units in (1000.0, 3000.0) * 2])
    found = incomes.hurdle(DISCOUNT, np.zeros(len(world.firms)), QUARTER_DAYS)
    assert found[SECOND] == found[FIRST] > 1.0


def test_nobody_earns_and_nobody_waits(world: World) -> None:
    incomes = _let_earn(world, *[_sent(world)] * FEWEST)
    assert incomes.hurdle(DISCOUNT, np.zeros(len(world.firms)), QUARTER_DAYS) == pytest.approx(1.0, abs=1e-4)


def test_swings_of_long_ago_are_forgotten(world: World) -> None:
    swings = [_sent(world, first=units) for units in (1000.0, 3000.0) * 2]
    incomes = _let_earn(world, *swings, *[_sent(world, first=2000.0)] * QUARTERS)
    assert incomes.hurdle(DISCOUNT, np.zeros(len(world.firms)), QUARTER_DAYS)[FIRST] == pytest.approx(1.0, abs=1e-4)
