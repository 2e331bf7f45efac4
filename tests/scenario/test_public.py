"""Budgets of the public sector have a measure, and mistakes are told in one line."""

from __future__ import annotations

from typing import Any

import pytest

from gpnde.errors import GpndeError
from gpnde.scenario import load_scenario
from gpnde.scenario.public import PublicExpertise, PublicStock
from gpnde.scenario.schema import Scenario


def with_state(**fields: Any) -> Scenario:
    """Return a preset in which its first country has these fields."""
    return load_scenario(
        "small-open-economy", {f"countries.small economy.{name}": value for name, value in fields.items()}
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"public": {"institutions": {"budget_per_year": 100}}}, "budget_per_year 100: give full_budget_per_year"),
        (
            {"public": {"expertise": {"evaluation_budget_per_year": 5}}},
            "evaluation_budget_per_year 5: give full_budget_per_year",
        ),
        ({"public": {"research": {"full_budget_per_year": 0}}}, "must be above 0"),
        ({"profit_tax": 1}, "must be below 1"),
        ({"profit_tax": -0.1}, "must be at least 0"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_would_be_right(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(GpndeError) as caught:
        with_state(**fields)
    line = str(caught.value)
    assert told in line
    assert "\n" not in line


def test_what_no_money_moves_needs_no_measure() -> None:
    assert not PublicStock(budget_per_year=5, growth_per_year=0).grows
    assert not PublicExpertise(evaluation_budget_per_year=5, learning_per_year=0).evaluates
    assert PublicStock(budget_per_year=5, full_budget_per_year=9).grows
