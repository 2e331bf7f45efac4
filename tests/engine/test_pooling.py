"""A contract manufacturer that serves several brand leaders needs less stock than plants of their own would (E4)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gpnde.engine.run import Simulation
from gpnde.scenario.schema import Scenario

from ..learners import begun

MEAN, CV = 100.0, 0.3


def made(brands: int, makers: int, cv: float = CV) -> Scenario:
    """Return brand leaders with markets of their own, which buy from one maker or from one each."""
    names = [f"brand-{number}" for number in range(brands)]
    plants = [f"maker-{number}" for number in range(makers)]
    demand = {"law": f"normal(mean={MEAN:g}, cv={cv:g})", "every_days": 1}
    return Scenario.model_validate(
        {
            "name": "pool",
            "clock": {"days": 1500},
            "products": {"set": {"made_of": {"board": 1}}, "board": {}},
            "firms": [
                *({"name": name, "role": "brand-leader", "tier": 0} for name in names),
                *({"name": name, "role": "contract-manufacturer", "tier": 1} for name in plants),
            ],
            "sites": [
                *({"name": name, "firm": name, "product": "set", "function": "system_integration"} for name in names),
                *({"name": name, "firm": name, "product": "board", "processing": 5} for name in plants),
            ],
            "links": [
                {"buyer": name, "supplier": plants[number % makers], "lead_time": 2}
                for number, name in enumerate(names)
            ],
            "markets": [
                {"name": f"of-{name}", "product": "set", "served_by": [name], "demand": demand} for name in names
            ],
            "ordering": {"review_days": 1},
        }
    )


def deviation(simulation: Simulation) -> float:
    """Return what makers take the standard deviation of a day's orders to be, in all (units)."""
    sites = simulation.world.state.sites
    return float(sites["deviation"][sites["tier"] == 1].sum())


def means(scenario: Scenario) -> tuple[float, float]:
    """Return the mean over time of the deviation that makers see, and of the stock that they have (units)."""
    simulation, seen = begun(scenario), []
    for day in range(200, 1500, 5):
        simulation.advance(day)
        sites = simulation.world.state.sites
        seen.append((deviation(simulation), float(sites["on_hand"][sites["tier"] == 1].sum())))
    found = np.mean(seen, axis=0)
    return float(found[0]), float(found[1])


@pytest.mark.parametrize("brands", [1, 4, 9])
def test_the_deviation_of_pooled_demand_is_that_of_one_times_the_square_root(brands: int) -> None:
    assert deviation(begun(made(brands, 1))) == pytest.approx(math.sqrt(brands) * CV * MEAN)
    assert deviation(begun(made(brands, brands))) == pytest.approx(brands * CV * MEAN)


def test_the_square_root_holds_for_orders_in_a_run_and_saves_stock() -> None:
    (one, _), (pooled, stock), (apart, more) = (means(made(*each)) for each in ((1, 1), (4, 1), (4, 4)))
    assert pooled / one == pytest.approx(2.0, rel=0.1)
    assert apart / one == pytest.approx(4.0, rel=0.1)
    assert stock < 0.75 * more


def test_steady_demand_gains_nothing_from_pooling() -> None:
    (pooled, stock), (apart, same) = (means(made(*each, cv=1e-6)) for each in ((4, 1), (4, 4)))
    assert pooled == pytest.approx(apart, abs=1.0)
    assert stock == pytest.approx(same, rel=0.02)
