"""Exchange rates move wages, costs and debt, each country by its own luck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.engine.money.exchange import ExchangeRates
from gpnde.engine.run import Simulation
from gpnde.vocabulary import ACCOUNTS

from ..economy import FIRST, economy

Start = Callable[..., Simulation]
SOUTH = 1


def _rates(simulation: Simulation, country: int) -> list[float]:
    rates = simulation.tables()["exchange"]["rate"]
    return [float(rate) for rate in rates[country :: len(simulation.world.country_names)]]


def test_a_country_without_a_currency_has_world_money(start: Start) -> None:
    simulation = start(economy())
    simulation.advance(364)
    assert set(_rates(simulation, 0)) == {1.0}
    assert len(set(_rates(simulation, SOUTH))) == 14


def test_rates_do_not_hang_on_what_other_countries_there_are(start: Start) -> None:
    alone, beside = start(economy()), start(economy(countries__0__currency={"volatility_per_year": 0.3}))
    for simulation in (alone, beside):
        simulation.advance(364)
    assert _rates(alone, SOUTH) == _rates(beside, SOUTH)
    assert _rates(beside, 0) != _rates(beside, SOUTH)


def test_a_currency_that_is_worth_twice_as_much_doubles_labour_cost(start: Start) -> None:
    simulation = start(economy())
    factories = simulation.world.factories
    before = float(factories["labour_cost"][FIRST])
    simulation.part(ExchangeRates).set_rates(np.array([1.0, 2.0]))
    assert factories["labour_cost"][FIRST] == pytest.approx(2.0 * before)
    assert factories["material_cost"][FIRST] == pytest.approx(2.0)


@pytest.mark.parametrize(("share", "is_revalued"), [(0.0, True), (1.0, False)])
def test_debt_in_home_currency_moves_with_it(start: Start, share: float, is_revalued: bool) -> None:
    currency = {"volatility_per_year": 0.15, "foreign_debt_share": share}
    changes: dict[str, Any] = {"firms__1__cash": 0, "firms__1__credit_months": 1000, "links__0__price": 3}
    simulation = start(economy(countries__1__currency=currency, **changes))
    simulation.finish()
    assert simulation.world.firms["cash"][FIRST] < 0.0
    assert bool(simulation.world.entries[ACCOUNTS.index("exchange")][FIRST]) is is_revalued
    assert max(simulation.balances().values()) < 1e-9
