"""Plant: the six-tenths rule below a plant, whole plants above, straight-line wear, and what holding it costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.capital import (
    LARGEST_PLANT,
    cost_of_use,
    depreciation,
    expansion_cost,
    holding_cost_per_day,
    plant_value,
)


def test_twice_the_capacity_of_a_small_plant_costs_two_to_the_exponent() -> None:
    assert plant_value(1.0, 100.0, 2.0, 0.65) / plant_value(0.5, 100.0, 2.0, 0.65) == pytest.approx(2.0**0.65)


def test_twice_as_many_whole_plants_cost_twice_as_much() -> None:
    whole = LARGEST_PLANT * 10.0
    assert plant_value(2.0 * whole, 100.0, 10.0, 0.65) == pytest.approx(
        2.0 * float(plant_value(whole, 100.0, 10.0, 0.65))
    )


@given(st.floats(0.0, 100.0), st.floats(0.01, 100.0), st.floats(0.1, 1.0))
def test_value_rises_with_capacity_and_never_jumps(capacity: float, more: float, exponent: float) -> None:
    value, larger = plant_value(np.array([capacity, capacity + more]), 7.0, 10.0, exponent)
    assert larger >= value - 1e-9
    assert larger - value <= float(plant_value(more, 7.0, 10.0, exponent)) + 1e-9


@given(st.floats(0.0, 100.0), st.floats(0.0, 50.0), st.floats(0.0, 50.0))
def test_expanding_in_two_steps_costs_as_much_as_in_one(capacity: float, first: float, second: float) -> None:
    terms = (7.0, 10.0, 0.65)
    apart = expansion_cost(capacity, first, *terms) + expansion_cost(capacity + first, second, *terms)
    assert apart == pytest.approx(float(expansion_cost(capacity, first + second, *terms)), abs=1e-9)


def test_a_plant_is_worth_nothing_at_the_end_of_its_life() -> None:
    assert sum(float(depreciation(1000.0, 728.0, 7.0)) for _ in range(104)) == pytest.approx(1000.0)


def test_holding_cost_is_wear_upkeep_and_interest_on_half() -> None:
    cost = holding_cost_per_day(36400.0, 3640.0, 0.05, 0.1)
    assert float(cost) == pytest.approx(10.0 + 36400.0 * 0.05 / 364.0 + 36400.0 / 2.0 * 0.1 / 364.0)


YEARS = st.floats(1.0, 9.0)


@given(YEARS, st.floats(0.0, 0.2))
def test_without_interest_use_costs_what_is_written_off_and_upkeep(years: float, upkeep: float) -> None:
    found = cost_of_use(100.0, 3640.0, 0.0, upkeep, 0.0, years * 364.0)
    assert found == pytest.approx(100.0 * years * (0.1 + upkeep))


@given(YEARS, st.floats(0.0, 0.3))
def test_a_share_for_one_generation_is_lost_with_it(years: float, specific: float) -> None:
    lasting, short = (cost_of_use(100.0, 3640.0, each, 0.0, 0.0, years * 364.0) for each in (0.0, specific))
    assert short - lasting == pytest.approx(specific * (100.0 - lasting))


def test_plant_used_for_its_life_costs_all_of_its_price() -> None:
    assert cost_of_use(100.0, 3640.0, 0.1, 0.0, 0.0002, 3640.0) == pytest.approx(100.0)
