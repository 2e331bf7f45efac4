"""Contracts are records: what they earn, and where their names are seen."""

from __future__ import annotations

import numpy as np
import pytest

from gpnde.contracts import CONTRACT_TYPES, CONTRACTS, EARNED, functions_to_earn
from gpnde.scenario.json_schema import scenario_schema
from gpnde.vocabulary import FUNCTIONS


def test_names_and_ranks_are_unique() -> None:
    assert len(set(CONTRACTS)) == len(CONTRACTS)
    ranks = [CONTRACT_TYPES[number].rank for number in EARNED]
    assert ranks == sorted(set(ranks))


def test_every_contract_between_sites_is_in_the_schema() -> None:
    text = str(scenario_schema())
    assert all((f"'{name}'" in text) == (name != "sale") for name in CONTRACTS)


@pytest.mark.parametrize(
    ("name", "functions"),
    [
        ("OEM", set()),
        ("ODM", {"product_dev"}),
        ("turnkey", {"product_dev", "sc_coordination"}),
        ("OBM", {"strategic_marketing"}),
    ],
)
def test_contract_asks_for_the_functions_of_its_record(name: str, functions: set[str]) -> None:
    row = EARNED.tolist().index(CONTRACTS.index(name))
    assert {FUNCTIONS[column] for column in np.flatnonzero(functions_to_earn()[row])} == functions
