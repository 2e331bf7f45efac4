"""Knowledge that is switched off is knowledge that is not there: the flow of goods and money comes out the same."""

from __future__ import annotations

import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario import load_scenario
from gpnde.scenario.schema import Scenario

OFF: dict[str, object] = {"knowledge.enabled": "false"}
PRESETS = ("hdd-southeast-asia", "taiwan-oem-pc")
TWO_YEARS: dict[str, object] = {"clock.days": 728}


def without_knowledge(scenario: Scenario) -> Scenario:
    """Return the scenario without its block of knowledge and without mechanisms of diffusion."""
    others = tuple(use for use in scenario.components if not use.use.startswith("diffusion."))
    return scenario.model_copy(update={"knowledge": None, "components": others})


def differing_tables(first: Run, second: Run) -> list[str]:
    assert list(first.tables) == list(second.tables)
    return [name for name, table in first.tables.items() if not table.equals(second.tables[name])]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", PRESETS)
def test_switched_off_equals_left_out_in_every_table(name: str) -> None:
    off = simulate(load_scenario(name, TWO_YEARS | OFF), seed=3)
    left_out = simulate(without_knowledge(load_scenario(name, TWO_YEARS)), seed=3)
    assert differing_tables(off, left_out) == []
    assert off.fingerprint == left_out.fingerprint
    assert off.conservation == left_out.conservation


@pytest.mark.thorough
def test_switched_off_equals_left_out_to_the_end_of_the_preset() -> None:
    off = simulate(load_scenario("hdd-southeast-asia", OFF))
    assert off.fingerprint == simulate(without_knowledge(load_scenario("hdd-southeast-asia"))).fingerprint


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", PRESETS)
def test_knowledge_does_change_the_run_where_it_is_on(name: str) -> None:
    on, off = simulate(load_scenario(name, TWO_YEARS)), simulate(load_scenario(name, TWO_YEARS | OFF))
    assert {"knowledge", "learners", "expectations", "sites", "links"} <= set(differing_tables(on, off))


def test_switching_off_what_was_never_on_changes_nothing() -> None:
    plain, off = simulate("beer-game"), simulate(load_scenario("beer-game", OFF))
    assert differing_tables(plain, off) == []
    assert plain.fingerprint == off.fingerprint
