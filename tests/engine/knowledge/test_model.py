"""The knowledge side as a whole: equal seeds, what may not matter, and what is recorded."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import polars as pl
import pytest

import gpnde
from gpnde.engine import simulate
from gpnde.plugin import Component
from gpnde.results.tables import make_table
from gpnde.scenario import Scenario
from gpnde.scenario.generate import generate
from gpnde.scenario.knowledge import Knowledge
from gpnde.scenario.schema import ComponentUse
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.by_name import in_order
from gpnde.world.layout import Floats

from ...learners import Teaching, begun, changed, footprint, known, learning, let_pass, simulated, three_firms

ASSEMBLY = FUNCTIONS.index("assembly_test")

_PRINT_A_FINGERPRINT = """
from gpnde.engine import simulate
from gpnde.scenario.generate import generate
from gpnde.scenario.knowledge import Knowledge
from gpnde.scenario.schema import ComponentUse
from gpnde.world.by_name import in_order
scenario = generate("made-up", 15, 3, seed=4)
clock = scenario.clock.model_copy(update={"days": 200})
components = tuple(ComponentUse(use=name) for name in ("diffusion.spec-transfer", "diffusion.licensing"))
changes = {"clock": clock, "knowledge": Knowledge(), "components": components}
print(simulate(scenario.model_copy(update=changes), seed=3).fingerprint)
"""


def made_up(*uses: str, **changes: Any) -> Scenario:
    """Return a generated network that learns through the components named."""
    scenario = generate("made-up", 15, 3, seed=4)
    clock = scenario.clock.model_copy(update={"days": 200})
    components = tuple(ComponentUse(use=name) for name in uses)
    given = {"clock": clock, "knowledge": Knowledge(), "components": components, **changes}
    return scenario.model_copy(update=given)


@pytest.mark.thorough
def test_another_process_with_other_hashes_gives_the_same_tables() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PRINT_A_FINGERPRINT],
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        capture_output=True,
        text=True,
        check=True,
    )
    scenario = made_up("diffusion.spec-transfer", "diffusion.licensing")
    assert done.stdout.strip() == simulate(scenario, seed=3).fingerprint


def test_equal_seeds_give_equal_tables_and_others_give_others() -> None:
    scenario = made_up("diffusion.spec-transfer")
    assert simulate(scenario, seed=3).fingerprint == simulate(scenario, seed=3).fingerprint
    assert simulate(scenario, seed=3).fingerprint != simulate(scenario, seed=4).fingerprint


def test_order_of_components_in_the_scenario_does_not_matter() -> None:
    uses = "diffusion.spec-transfer", "diffusion.licensing", "diffusion.design-debate"
    assert simulate(made_up(*uses)).fingerprint == simulate(made_up(*uses[::-1])).fingerprint


def test_knowledge_switched_off_gives_the_tables_of_a_run_without_it() -> None:
    off = simulate(made_up("diffusion.spec-transfer", "diffusion.licensing", knowledge=Knowledge(enabled=False)))
    without = simulate(made_up(knowledge=None))
    assert {name: table.write_csv() for name, table in off.tables.items()} == {
        name: table.write_csv() for name, table in without.tables.items()
    }


def test_components_of_learning_need_knowledge_in_the_scenario() -> None:
    with pytest.raises(gpnde.GpndeError, match=r"diffusion.licensing: works on knowledge.*add a block knowledge: \{\}"):
        simulate(made_up("diffusion.licensing", knowledge=None))


def renamed(scenario: Scenario) -> Scenario:
    """Return the scenario with every firm renamed, so that the order of names stays."""
    plain = scenario.model_dump()
    ordered = sorted((firm["name"] for firm in plain["firms"]), key=in_order)
    names = {name: f"firm-{number:03d}" for number, name in enumerate(ordered)}
    for firm in plain["firms"]:
        firm["name"], firm["owner"] = names[firm["name"]], names.get(firm["owner"])
    for site in plain["sites"]:
        site["firm"] = names[site["firm"]]
    for peer in plain["peers"]:
        peer["first"], peer["second"] = names[peer["first"]], names[peer["second"]]
    return Scenario.model_validate(plain)


def test_names_of_firms_do_not_matter_where_nothing_is_drawn() -> None:
    made = made_up("diffusion.spec-transfer", "diffusion.design-debate")
    scenario = changed(made, "knowledge.upgrading", award_chance=0)
    run, other = simulate(scenario), simulate(renamed(scenario))
    numbers = pl.selectors.numeric()
    for name in ("knowledge", "learners", "upgrades", "firms", "markets"):
        assert run.tables[name].select(numbers).equals(other.tables[name].select(numbers)), name


def reversed_firms(scenario: Scenario) -> Scenario:
    """Return the scenario with its firms in the opposite order."""
    return scenario.model_copy(update={"firms": scenario.firms[::-1]})


@pytest.mark.parametrize("component", [None, 1.0])
def test_order_of_firms_does_not_matter_where_nothing_is_drawn(component: float | None) -> None:
    quiet = {"award_chance": 0}
    scenario = changed(three_firms(finance=None, selection=None), "knowledge.upgrading", **quiet)
    pairs, turned = ((0, 1), (0, 2), (1, 2)), ((2, 1), (2, 0), (1, 0))

    def stock(given: Scenario, taught: tuple[tuple[int, int], ...]) -> Floats:
        components: list[Component] = (
            [] if component is None else [Teaching(pairs=taught, codified=component, tacit=0.3)]
        )
        return learning(simulated(given, *components)).state.stock

    np.testing.assert_allclose(stock(reversed_firms(scenario), turned)[:, ::-1], stock(scenario, pairs), rtol=1e-12)


def test_steps_and_rows_come_on_their_days() -> None:
    simulation = simulated(three_firms(clock={"days": 200}, knowledge={"period_days": 28, "record_days": 50}))
    tables = {name: make_table(name, columns) for name, columns in learning(simulation).tables().items()}
    assert sorted(set(tables["knowledge"]["day"])) == [0.0, 50.0, 100.0, 150.0, 200.0]
    assert tables["knowledge"].height == 5 * 3 * len(FUNCTIONS)
    assert tables["learners"].height == 5 * 3


def test_rows_of_a_table_belong_to_their_firm_and_function() -> None:
    side = learning(simulated(three_firms(clock={"days": 29}), Teaching(pairs=((0, 1),), codified=1.0)))
    table = make_table("knowledge", side.tables()["knowledge"])
    row = table.filter((pl.col("day") == 29) & (pl.col("firm") == "lead") & (pl.col("function") == "engineering"))
    assert row["codified"].item() == pytest.approx(side.state.stock[0, 1, FUNCTIONS.index("engineering")])
    assert row["waiting"].item() == pytest.approx(side.state.waiting[:, :, 1, 3].sum())
    assert row["internalised"].item() > 0
    books = make_table("learners", side.tables()["learners"]).filter(pl.col("day") == 29)
    whole = books["transferred_formal_codified"].to_numpy()
    parts = books["internalised_formal_codified"].to_numpy() + books["stale_formal_codified"].to_numpy()
    np.testing.assert_allclose(whole - parts, side.state.waiting[0, 0].sum(axis=1), atol=1e-12)


def test_cluster_knows_what_its_firms_know_on_average() -> None:
    simulation = begun(three_firms(knowledge={"frontier_drift_per_year": 0, "effort": {"fixed": 0}}))
    side = learning(simulation)
    let_pass(simulation, 0)
    flagship, lead, lower = known(simulation).capability[:, ASSEMBLY]
    assert side.of_clusters(ASSEMBLY).tolist() == pytest.approx([flagship, (lead + lower) / 2, 0.0])
    simulation.world.firms["active"][2] = 0
    assert side.of_clusters(ASSEMBLY).tolist() == pytest.approx([flagship, lead, 0.0])


def test_views_cannot_be_written() -> None:
    view = known(begun(three_firms()))
    arrays = [view.codified, view.waiting_tacit, view.active, *view.firms, *view.ties, *view.peers]
    assert not any(array.flags.writeable for array in arrays)


def test_unused_knowledge_leaves_equal_footprints() -> None:
    scenario = three_firms()
    assert footprint(simulated(scenario)) == footprint(simulated(scenario))
