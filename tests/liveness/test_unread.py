"""What is told to be without effect moves nothing, and nothing that moves numbers is told to be without effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from fnmatch import fnmatchcase
from typing import Any

import pytest

from gpnde.engine.simulate import simulate
from gpnde.scenario import Scenario, load_scenario, preset_names
from gpnde.scenario.address.names import row_names
from gpnde.scenario.as_data import as_data
from gpnde.scenario.check import check_scenario
from gpnde.scenario.unread import WithoutEffect, without_effect
from gpnde.scenario.unread.facts import OWN
from gpnde.scenario.unread.table import TABLE

from .knowledge_witnesses import OF_KNOWLEDGE
from .market_witnesses import OF_MARKETS
from .network_witnesses import OF_THE_NETWORK
from .plant_witnesses import OF_PLANTS
from .rule_witnesses import OF_RULES
from .runs import scenario_of
from .speciality_witnesses import OF_SPECIALITIES
from .unread_cases import CASES
from .walk import components

pytestmark = pytest.mark.slow

WITNESSES = {**OF_THE_NETWORK, **OF_MARKETS, **OF_RULES, **OF_KNOWLEDGE, **OF_SPECIALITIES, **OF_PLANTS}
PRESET_DAYS = {"clock.days": 112}


def without(scenario: Scenario, found: Iterable[WithoutEffect]) -> Scenario:
    """Return a scenario in which all that was found is left out wherever it was given."""
    data = deepcopy(dict(as_data(scenario)))
    for each in found:
        *parents, field = each.path.split(".")
        for block in _blocks(data, parents, each.rows):
            del block[field]
    changed = Scenario.model_validate(data)
    check_scenario(changed)
    return changed


def _blocks(block: Any, parents: list[str], rows: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    if not parents:
        yield block
    elif parents[:1] == ["*"]:
        by_name = block if isinstance(block, dict) else _by_name(block)
        for name in rows:
            yield from _blocks(by_name[name], parents[1:], rows)
    else:
        yield from _blocks(block[parents[0]], parents[1:], rows)


def _by_name(block: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name or str(place): row for place, (name, row) in enumerate(zip(row_names(block), block, strict=True))}


def same_without(scenario: Scenario) -> bool:
    """Return whether a run has the same fingerprint without all that is told to be without effect."""
    bare = without(scenario, without_effect(scenario))
    return simulate(scenario).fingerprint == simulate(bare).fingerprint


@pytest.mark.sampled(5)
@pytest.mark.parametrize("case", CASES)
def test_what_is_without_effect_can_be_left_out(case: str) -> None:
    scenario = scenario_of(*CASES[case])
    assert without_effect(scenario)
    assert same_without(scenario)


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_without_its_inputs_without_effect_is_the_same(name: str) -> None:
    assert same_without(load_scenario(name, PRESET_DAYS))


def test_every_entry_of_the_table_has_a_case() -> None:
    told = [each for case in CASES.values() for each in without_effect(scenario_of(*case))]
    silent = [
        f"{entry.path.rpartition('.')[0]}.{name}: {entry.reason}"
        for entry in TABLE
        for name in entry.path.rpartition(".")[2].split("|")
        if not any(each.reason == entry.reason and fnmatchcase(each.path, _pattern(entry.path, name)) for each in told)
    ]
    assert not silent


def _pattern(path: str, name: str) -> str:
    return f"{path.rpartition('.')[0].replace('*', '[*]')}.{name}".lstrip(".")


@pytest.mark.sampled(5)
@pytest.mark.parametrize("field", WITNESSES)
def test_what_moves_numbers_is_not_told_to_be_without_effect(field: str) -> None:
    network, change, beside, _ = WITNESSES[field]
    told = without_effect(scenario_of(network, {**beside, **change}))
    assert not [str(each) for each in told for row in each.rows if each.path.replace("*", row) in change]


def test_the_components_of_gpnde_are_known() -> None:
    assert components().keys() == OWN
