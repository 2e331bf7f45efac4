"""Exchange rates move wages, costs and debt, each country by its own luck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.engine.money.exchange import ExchangeRates
from gpnde.engine.run import Simulation
from gpnde.plugin import Component, Floats, hookimpl, param
from gpnde.vocabulary import ACCOUNTS

from ..economy import FIRST, economy

Start = Callable[..., Simulation]
SOUTH = 1


def _rates(simulation: Simulation, country: int) -> list[float]:
    rates = simulation.part(ExchangeRates).tables()["exchange"]["rate"]
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


class Shaken(Component):
    """Scales the volatility of currencies by what it does for each firm."""

    name = "test.shaken"

    factors: tuple[float, ...] = param((), doc="Factor of each firm.")

    @hookimpl
    def volatility(self) -> Floats:
        return np.array(self.factors)


def _rates_of_a_year(simulation: Simulation) -> list[float]:
    simulation.advance(364)
    return _rates(simulation, SOUTH)


def test_volatility_is_scaled_by_the_mean_over_the_firms_of_a_country(start: Start) -> None:
    shaken = start(economy(), Shaken(factors=(9.0, 1.0, 3.0)))
    twice = start(economy(countries__1__currency={"volatility_per_year": 0.3}))
    assert _rates_of_a_year(shaken) == _rates_of_a_year(twice)


def test_a_component_that_takes_all_volatility_away_holds_rates(start: Start) -> None:
    assert set(_rates_of_a_year(start(economy(), Shaken(factors=(1.0, 0.0, 0.0))))) == {1.0}


def test_volatility_of_a_country_without_firms_stays(start: Start) -> None:
    abroad = {"clusters__1__country": "north"}
    alone = start(economy(**abroad), Shaken(factors=(0.0, 0.0, 0.0)))
    assert _rates_of_a_year(alone) == _rates_of_a_year(start(economy(**abroad)))
