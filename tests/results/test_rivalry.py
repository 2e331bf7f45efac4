"""Concentration, markups, and how long generations last and what they lose, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.metrics import rivalry
from tests.results.measuring import measured

Rows = Callable[..., pl.DataFrame]
Tables = dict[str, pl.DataFrame]


def _row(firm: str, day: float, generation: int, launched: float, **more: float) -> dict[str, Any]:
    named = {"market": "Far East", "firm": firm, "day": day, "generation": generation, "launched_day": launched}
    return {**named, "price": 10, "cost": 6, **more}


def values(scenario: dict[str, Any], tables: Tables, *rows: Any) -> dict[str, float]:
    return measured(rivalry, scenario, {**tables, "generations": rows[0]})


def test_concentration_is_the_sum_of_squared_shares_of_units(
    scenario: dict[str, Any], no_rows: Tables, rows: Rows
) -> None:
    table = rows(
        "generations",
        _row("one", 7, 1, 0, sold=30),
        _row("one", 14, 1, 0, sold=30),
        _row("two", 7, 1, 0, sold=40),
    )
    found = values(scenario, no_rows, table)
    assert found["market.concentration.far-east"] == pytest.approx(0.6**2 + 0.4**2)


def test_markup_is_weighted_by_what_was_sold(scenario: dict[str, Any], no_rows: Tables, rows: Rows) -> None:
    table = rows("generations", _row("one", 7, 1, 0, sold=30), _row("two", 7, 1, 0, sold=10, price=30, cost=12))
    found = values(scenario, no_rows, table)
    assert found["market.markup.firm.one"] == pytest.approx(0.4)
    assert found["market.markup.firm.two"] == pytest.approx(0.6)
    assert found["market.markup"] == pytest.approx((30 * 4 + 10 * 18) / (300 + 300))


def test_generations_are_followed_from_launch_to_the_next(
    scenario: dict[str, Any], no_rows: Tables, rows: Rows
) -> None:
    """The first generation was launched before the run, and the last is still sold: neither counts."""
    table = rows(
        "generations",
        _row("one", 0, 1, -50, price=99),
        _row("one", 91, 2, 91, price=20),
        _row("one", 273, 2, 91, price=18),
        _row("one", 280, 3, 280, price=40),
        _row("two", 0, 1, -20, price=5),
    )
    found = values(scenario, no_rows, table)
    assert found["market.generation_days"] == 280 - 91
    assert found["market.generation_days.firm.one"] == 280 - 91
    assert "market.generation_days.firm.two" not in found
    assert found["market.price_erosion"] == pytest.approx(1 - (18 / 20) ** 2)


def test_runs_without_rivals_have_no_such_metrics(scenario: dict[str, Any], no_rows: Tables) -> None:
    assert measured(rivalry, scenario, no_rows) == {}
