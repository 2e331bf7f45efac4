"""Finance: exits per firm-year and where profit stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.metrics import finance
from gpnde.results.metrics.finance import firm_lives
from tests.results.measuring import measured

Rows = Callable[..., pl.DataFrame]
Tables = dict[str, pl.DataFrame]


def values(scenario: dict[str, Any], tables: Tables) -> dict[str, float]:
    return measured(finance, scenario, tables)


def test_a_firm_is_at_risk_until_the_record_that_shows_it_gone(rows: Rows) -> None:
    firms = rows(
        "firms",
        *[{"firm": "maker", "tier": 0, "day": day, "active": 1} for day in (0, 182, 364)],
        {"firm": "helper", "tier": 1, "day": 0, "active": 1},
        {"firm": "helper", "tier": 1, "day": 182, "active": 0},
        {"firm": "helper", "tier": 1, "day": 364, "active": 0},
    )
    assert firm_lives(firms).rows() == [("maker", 0, 1.0, 0), ("helper", 1, 0.5, 1)]


def test_a_firm_that_waits_is_at_no_risk_until_it_comes(rows: Rows) -> None:
    seen = {"waits": (0, 0, 0), "comes": (0, 1, 1), "goes": (0, 1, 0)}
    days = [
        {"firm": name, "tier": 1, "day": day, "active": active}
        for name, states in seen.items()
        for day, active in zip((0, 182, 364), states, strict=True)
    ]
    lives = firm_lives(rows("firms", *days)).rows()
    assert lives == [("waits", 1, 0.0, 0), ("comes", 1, 0.5, 0), ("goes", 1, 0.5, 1)]


def test_exit_hazard_is_exits_per_firm_year(scenario: dict[str, Any], no_rows: Tables, rows: Rows) -> None:
    firms = rows(
        "firms",
        {"firm": "maker", "tier": 0, "day": 0, "active": 1},
        {"firm": "maker", "tier": 0, "day": 364, "active": 1},
        {"firm": "helper", "tier": 1, "day": 0, "active": 1},
        {"firm": "helper", "tier": 1, "day": 182, "active": 0},
    )
    found = values(scenario, no_rows | {"firms": firms})
    assert found["finance.exit_hazard"] == pytest.approx(1 / 1.5)
    assert found["finance.exit_hazard.tier.0"] == 0
    assert found["finance.exit_hazard.tier.1"] == pytest.approx(2)


def test_profit_is_shared_by_tier_and_set_against_own_value_added(
    scenario: dict[str, Any], no_rows: Tables, rows: Rows
) -> None:
    firms = rows(
        "firms",
        {"firm": "maker", "tier": 0, "day": 50, "active": 1, "revenue": 100, "expense": 40},
        {"firm": "helper", "tier": 1, "day": 50, "active": 1, "revenue": 60, "expense": 40},
    )
    sites = rows("sites", {"site": "A", "tier": 0, "produced": 10}, {"site": "S", "tier": 1, "produced": 10})
    found = values(scenario, no_rows | {"firms": firms, "sites": sites})
    assert found["finance.profit_share.tier.0"] == pytest.approx(0.75)
    assert found["finance.profit_share.tier.1"] == pytest.approx(0.25)
    assert found["finance.profit_per_value_added.tier.0"] == pytest.approx(60 / (10 * 2))
    assert found["finance.profit_per_value_added.tier.1"] == pytest.approx(20 / (10 * 5))
    assert found["finance.profit_per_value_added"] == pytest.approx(80 / 70)


def test_there_is_no_share_of_a_loss(scenario: dict[str, Any], no_rows: Tables, rows: Rows) -> None:
    firms = rows("firms", {"firm": "maker", "tier": 0, "day": 50, "active": 1, "revenue": 1, "expense": 2})
    assert not [name for name in values(scenario, no_rows | {"firms": firms}) if "profit_share" in name]


def test_a_run_without_series_of_firms_has_no_metrics_of_finance(scenario: dict[str, Any], no_rows: Tables) -> None:
    assert values(scenario, no_rows) == {}


def test_operating_margin_leaves_out_learning_interest_and_write_offs(
    scenario: dict[str, Any], no_rows: Tables, rows: Rows
) -> None:
    items = {"sales": 100.0, "purchases": -60.0, "labour": -20.0, "depreciation": -5.0, "stocks": 3.0}
    others = {"learning": -7.0, "interest": -9.0, "write_offs": -50.0, "profit": 12.0}
    accounts = rows(
        "accounts",
        *[
            {"day": 91, "firm": "maker", "tier": 1, "statement": "income", "item": item, "amount": amount}
            for item, amount in (items | others).items()
        ],
        {"day": 91, "firm": "maker", "tier": 1, "statement": "balance", "item": "stocks", "amount": 1e6},
    )
    found = values(scenario, no_rows | {"accounts": accounts})
    assert found["finance.operating_margin"] == pytest.approx(0.18)
    assert found["finance.operating_margin.tier.1"] == pytest.approx(0.18)
