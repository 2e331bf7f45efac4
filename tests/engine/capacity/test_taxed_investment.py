"""A tax on profit makes firms build less, since plant is deducted late; effort costs what it did, since it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde import simulate
from gpnde.engine.capacity.equipment import Equipment
from gpnde.engine.capacity.place_costs import NEW, Options, PlaceCosts
from gpnde.engine.prospects.prospects import Prospects
from gpnde.mechanics.taxation import taxed_cost_of_use
from gpnde.results.run import Run
from gpnde.scenario import Scenario
from gpnde.vocabulary import YEAR_DAYS

from ...learners import begun, three_firms
from ...places import NORTH, PLANT, PLANT_COST, SOUTH, WITHOUT_PULLS, given, two_places

BOTH = Options(np.array([NEW, NEW]), np.array([NORTH, SOUTH]))


def taxed(tax: float, price: float = 20.0, **changes: Any) -> Scenario:
    """Return the network whose firms are at home in a country with such a tax, and sell parts at a *price*."""
    links = [{**given()["links"][0], "price": price}]
    countries = [{"name": "N", "profit_tax": tax}, {"name": "S"}]
    rules = {"opens_sites": False, **WITHOUT_PULLS}
    return two_places(rules, demand=118.0, links=links, countries=countries, **changes)


def built(run: Run) -> list[float]:
    """Return the days on which capacity was added."""
    return run.tables["events"].filter(pl.col("kind") == "site_expanded")["day"].to_list()


@pytest.mark.parametrize(("price", "tax", "builds"), [(10.2, 0.0, True), (10.2, 0.9, False), (20.0, 0.9, True)])
def test_a_firm_that_earns_just_enough_before_tax_does_not_build_under_a_high_one(
    price: float, tax: float, builds: bool
) -> None:
    assert bool(built(simulate(taxed(tax, price), seed=1))) is builds


def test_plant_takes_of_gains_before_tax_what_the_equation_says() -> None:
    simulation = begun(taxed(0.4))
    rate, days = simulation.part(Prospects).outlook
    found = simulation.part(Equipment).cost_of_use(PLANT, 1000.0, rate, days)
    assert found == pytest.approx(float(taxed_cost_of_use(1000.0, 3640.0, 0.12, 0.06, rate, days, 0.4)))


@pytest.mark.parametrize("tax", [0.2, 0.5])
def test_a_tax_adds_to_the_cost_of_a_place_the_interest_on_its_plant(tax: float) -> None:
    def cost(tax: float) -> float:
        simulation = begun(taxed(tax))
        rules = simulation.world.scenario.location
        assert rules is not None
        return float(PlaceCosts(simulation.context, rules).of(PLANT, BOTH, 100.0)[SOUTH])

    # Interest on half of the plant, per good unit at normal load.
    bound = PLANT_COST * 0.08 / 2.0 / YEAR_DAYS / 85.0
    assert cost(tax) - cost(0.0) == pytest.approx(bound * tax / (1.0 - tax))


def test_without_money_nobody_reckons_with_a_tax() -> None:
    simulation = begun(taxed(0.5, finance=None))
    assert simulation.part(Equipment).cost_of_use(PLANT, 1.0, 0.0, 364.0) == pytest.approx(
        begun(taxed(0.0, finance=None)).part(Equipment).cost_of_use(PLANT, 1.0, 0.0, 364.0)
    )


def test_firms_that_cash_does_not_bind_make_the_same_effort_under_any_tax() -> None:
    def effort(tax: float) -> np.ndarray[Any, Any]:
        countries = [{"name": "north", "profit_tax": tax}, {"name": "south", "profit_tax": tax}]
        firms = [{**each.model_dump(exclude_unset=True), "cash": 1e9} for each in three_firms().firms]
        simulation = begun(three_firms(countries=countries, firms=firms))
        simulation.advance(300)
        assert simulation.world.knowledge is not None
        return np.asarray(simulation.world.knowledge.effort)

    free, high = effort(0.0), effort(0.7)
    assert free.max() > 0.0
    assert high == pytest.approx(free)
