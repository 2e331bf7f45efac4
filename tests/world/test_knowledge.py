"""What firms know on day 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.scenario import Scenario
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.knowledge import open_knowledge

from ..learners import three_firms

FLAGSHIP, LEAD, LOWER = range(3)


def with_firm(number: int, **fields: Any) -> Scenario:
    plain = three_firms().model_dump()
    plain["firms"][number].update(fields)
    return Scenario.model_validate(plain)


def test_higher_tiers_know_more_of_everything() -> None:
    stock = open_knowledge(three_firms()).stock
    assert stock.shape == (2, 3, len(FUNCTIONS))
    assert np.all(stock[:, FLAGSHIP] > stock[:, LEAD])
    assert np.all(stock[:, LEAD] > stock[:, LOWER])
    assert np.all(stock[:, FLAGSHIP] == 1.0)
    np.testing.assert_array_equal(stock[0], stock[1])


def test_what_the_scenario_says_counts_more_than_what_is_usual() -> None:
    usual = open_knowledge(three_firms()).stock
    told = open_knowledge(with_firm(LOWER, knowledge={"engineering": 0.77})).stock
    engineering = FUNCTIONS.index("engineering")
    assert told[:, LOWER, engineering].tolist() == [0.77, 0.77]
    assert np.count_nonzero(told != usual) == 2


@pytest.mark.parametrize(("number", "functions"), [(LEAD, ["assembly_test", "engineering"]), (FLAGSHIP, FUNCTIONS)])
def test_firms_perform_the_functions_of_their_sites_and_those_named(number: int, functions: list[str]) -> None:
    active = open_knowledge(with_firm(LEAD, functions=["engineering"])).active
    assert [name for name, performs in zip(FUNCTIONS, active[number], strict=True) if performs] == list(functions)


def test_nothing_waits_and_no_firm_makes_an_effort() -> None:
    state = open_knowledge(three_firms())
    assert not state.waiting.any()
    assert not state.effort.any()
