"""Income statements and balance sheets say what the books say, and explain each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from gpnde import simulate
from gpnde.engine.money.statements import balance_of
from gpnde.engine.run import Simulation

from ..economy import BRAND, economy

Start = Callable[..., Simulation]


@pytest.fixture(scope="module")
def accounts() -> pl.DataFrame:
    """Return the statements of two years."""
    return simulate(economy()).tables["accounts"]


def test_profit_is_the_sum_of_an_income_statement(accounts: pl.DataFrame) -> None:
    income = accounts.filter(statement="income")
    keys = ["day", "firm"]
    items = income.filter(pl.col("item") != "profit").group_by(keys).agg(pl.col("amount").sum())
    both = items.join(income.filter(item="profit"), on=keys)
    assert both.height == 8 * 3
    assert both["amount"].to_list() == pytest.approx(both["amount_right"].to_list())


def test_what_a_firm_is_worth_changes_by_its_profit(accounts: pl.DataFrame) -> None:
    equity = accounts.filter(statement="balance", item="equity", firm="brand").sort("day")["amount"].to_numpy()
    profit = accounts.filter(statement="income", item="profit", firm="brand").sort("day")["amount"].to_numpy()
    assert np.diff(equity) == pytest.approx(profit)
    assert abs(profit).min() > 0.0


def test_a_balance_sheet_shows_plant_at_its_book_value(start: Start) -> None:
    simulation = start(economy())
    simulation.advance(91)
    world = simulation.world
    cash, debt, receivable, payable, stocks, plant, equity = balance_of(world)[:, BRAND].tolist()
    assert plant == world.factories["book_value"][BRAND] > 0.0
    assert (cash, debt) == (world.firms["cash"][BRAND], 0.0)
    assert equity == pytest.approx(cash + receivable + payable + stocks + plant)
    assert stocks > 0.0 > payable


def test_profits_that_do_not_explain_what_firms_are_worth_are_found(start: Start) -> None:
    simulation = start(economy())
    simulation.advance(100)
    simulation.world.factories["book_value"][BRAND] += 1e6
    simulation.advance(182)
    assert simulation.balances()["statements"] > 1e-3
