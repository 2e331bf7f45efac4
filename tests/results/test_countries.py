"""Countries: jobs at the end, trade between them, and what firms at home there have earned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.metrics import countries
from tests.results.measuring import measured

Rows = Callable[..., pl.DataFrame]
Tables = dict[str, pl.DataFrame]


def test_jobs_are_those_of_the_last_day(scenario: dict[str, Any], no_rows: Tables, rows: Rows) -> None:
    plants = rows(
        "plants",
        {"day": 0, "country": "Isle", "employees": 9},
        {"day": 91, "country": "Isle", "employees": 5},
        {"day": 91, "country": "Isle", "employees": 2},
        {"day": 91, "country": "", "employees": 4},
    )
    assert measured(countries, scenario, no_rows | {"plants": plants}) == {"country.jobs.isle": 7}


def test_what_one_country_exports_others_import(scenario: dict[str, Any], no_rows: Tables, rows: Rows) -> None:
    trade = rows(
        "trade",
        {"day": 91, "origin": "Isle", "destination": "Norland", "value": 5},
        {"day": 182, "origin": "Isle", "destination": "Norland", "value": 3},
        {"day": 182, "origin": "Norland", "destination": "Isle", "value": 1},
    )
    assert measured(countries, scenario, no_rows | {"trade": trade}) == {
        "country.exports.isle": 8,
        "country.exports.norland": 1,
        "country.imports.isle": 1,
        "country.imports.norland": 8,
    }


def test_profit_goes_to_the_country_in_which_a_firm_is_at_home(
    scenario: dict[str, Any], no_rows: Tables, rows: Rows
) -> None:
    """The maker is at home where its first site stands, the helper where it says, in the country of that region."""
    scenario["firms"][1]["home"] = "Town"
    accounts = rows(
        "accounts",
        {"day": 91, "firm": "maker", "statement": "income", "item": "profit", "amount": 4},
        {"day": 182, "firm": "maker", "statement": "income", "item": "profit", "amount": -1},
        {"day": 182, "firm": "helper", "statement": "income", "item": "profit", "amount": 10},
        {"day": 182, "firm": "helper", "statement": "income", "item": "sales", "amount": 99},
    )
    scenario["sites"][0]["cluster"] = "Port"
    found = measured(countries, scenario, no_rows | {"accounts": accounts})
    assert found == pytest.approx({"country.profit": 13, "country.profit.isle": 3, "country.profit.norland": 10})
