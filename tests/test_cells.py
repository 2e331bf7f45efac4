"""What a cell of specialisation says is what the parameter would say that it stands for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gpnde import simulate
from gpnde.cells import CELLS
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.simulate import open_run
from gpnde.results.run import Run
from gpnde.scenario import load_scenario
from gpnde.testing import tiny_network

NETWORKS = Path(__file__).parent / "liveness" / "networks"
ALIKE = {"attainable": 1, "learning": 1, "churn_per_year": 0, "services_share": 0, "changeover_share": 0}
ALIKE |= {"price_sensitivity": 1, "quality_weight": 1}
TEACHING = [{"use": "diffusion.spec-transfer"}, {"use": "diffusion.learning-by-doing"}]
BARGAINING = {"pricing": {"rule": "bargaining", "review_days": 28}}


def cells(**changed: float) -> dict[str, dict[str, float]]:
    """Return cells that all mean the same, but for what is changed."""
    return {cell.name: {**ALIKE, **changed} for cell in CELLS}


def same(one: Run, other: Run) -> bool:
    return all(one.tables[name].equals(other.tables[name]) for name in one.tables)


def test_cells_that_mean_nothing_change_nothing() -> None:
    settings = {**BARGAINING, "components": TEACHING}
    assert same(simulate(tiny_network(**settings)), simulate(tiny_network(cells=cells(), **settings)))


def test_sensitivity_is_a_factor_on_that_of_the_market() -> None:
    given, half = 0.02, NETWORKS / "rivals.yaml"
    by_market = simulate(load_scenario(half, {"markets.world.rivalry.price_sensitivity": given / 2}))
    by_cell = load_scenario(
        half, {"markets.world.rivalry.price_sensitivity": given, "cells": cells(price_sensitivity=0.5)}
    )
    assert same(by_market, simulate(by_cell))


def test_quality_weight_is_a_factor_on_what_capability_is_worth() -> None:
    pricing = {"rule": "bargaining", "review_days": 28}
    by_rule = simulate(tiny_network(pricing={**pricing, "capability_value": 0.6}))
    by_cell = simulate(tiny_network(pricing={**pricing, "capability_value": 0.3}, cells=cells(quality_weight=2)))
    assert same(by_rule, by_cell)


@pytest.mark.parametrize("name", ["services_share", "changeover_share"])
def test_services_and_changing_over_cost_their_share_of_a_unit(name: str) -> None:
    run = open_run(load_scenario(NETWORKS / "works.yaml", {"cells": cells(**{name: 0.25})}))
    run.advance(1)
    world = run.simulation.world
    run.simulation.part(UnitCosts).update()
    factories, takes = world.factories, world.factories["takes_labour"]
    making = factories["material_cost"] + factories["labour_cost"] + factories["fixed_cost"]
    assert takes.any()
    np.testing.assert_allclose(world.plants["unit_cost"][takes], 1.25 * making[takes])


def test_services_are_paid_for_and_the_books_balance() -> None:
    plain, served = (
        simulate(load_scenario(NETWORKS / "works.yaml", {"cells": cells(services_share=share)})) for share in (0, 0.25)
    )
    spent = [
        float(run.tables["accounts"].filter(run.tables["accounts"]["item"] == "production")["amount"].sum())
        for run in (plain, served)
    ]
    assert spent[1] < spent[0]
    assert max(served.conservation.values()) < 1e-9


def test_no_firm_learns_beyond_what_its_cells_let_it_attain() -> None:
    run = simulate(tiny_network(cells=cells(attainable=0.5, learning=20), components=TEACHING))
    known = run.tables["knowledge"]
    first = known.filter(known["day"] == known["day"].min())["tacit"].to_numpy()
    last = known.filter(known["day"] == known["day"].max())["tacit"].to_numpy()
    low = first < 0.5
    assert (last[low] > first[low] + 0.01).any()
    # A step of four weeks may overshoot by what it takes in at most.
    assert last[low].max() < 0.55


def test_requirements_that_change_make_knowledge_useless() -> None:
    calm, restless = (simulate(tiny_network(cells=cells(churn_per_year=churn))) for churn in (0, 0.5))
    means = [float(run.tables["knowledge"]["capability"].to_numpy()[-8:].mean()) for run in (calm, restless)]
    assert means[1] < means[0]
