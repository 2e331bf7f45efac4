"""Statements of a firm: every amount in its period, sums that add up, and tables that a person can read."""

from __future__ import annotations

import dataclasses
from typing import Any

import polars as pl
import pytest

import gpnde
from gpnde.errors import ResultsError
from gpnde.results.run import Run
from gpnde.results.statements import BALANCE, OWED, OWNED, periods
from gpnde.results.tables import make_table

from ..engine.economy import economy


@pytest.fixture(scope="module")
def run() -> Run:
    """Return a run that ends within its second year."""
    return gpnde.simulate(economy(clock__days=500))


def amounts(table: pl.DataFrame, item: str) -> dict[str, Any]:
    return table.filter(pl.col("item") == item).drop("item").row(0, named=True)


def with_accounts(run: Run, *rows: tuple[float, str, str, float]) -> Run:
    """Return the run with these statements of its brand in the place of all: day, statement, item, amount."""
    day, statement, item, amount = zip(*rows, strict=True)
    firms: dict[str, Any] = {"firm": ["brand"] * len(rows), "tier": [0] * len(rows)}
    columns = {"day": day, "statement": statement, "item": item, "amount": amount}
    return dataclasses.replace(run, tables=run.tables | {"accounts": make_table("accounts", columns | firms)})


def test_years_are_sums_of_their_quarters(run: Run) -> None:
    years, quarters = (run.statements("brand", by).income for by in ("year", "quarter"))
    assert years.columns == ["item", "year 1", "year 2 to day 500", "total"]
    assert quarters.columns[-3:] == ["quarter 5", "quarter 6 to day 500", "total"]
    sales = amounts(quarters, "sales")
    assert amounts(years, "sales")["year 1"] == pytest.approx(sum(sales[f"quarter {one}"] for one in range(1, 5)))
    assert amounts(years, "sales")["total"] == pytest.approx(sales["total"])


def test_profit_is_the_sum_of_the_rows_above(run: Run) -> None:
    income = run.statements("first").income.drop("item")
    for column in income.columns:
        *parts, profit = income[column].to_list()
        assert sum(parts) == pytest.approx(profit) != 0.0


def test_equity_is_assets_less_liabilities(run: Run) -> None:
    balance = run.statements("brand", "quarter").balance
    assert balance.columns[:2] == ["item", "day 0"] and balance.columns[-1] == "day 500"
    sums = [amounts(balance, item)["day 500"] for item in ("assets", "liabilities", "equity")]
    assert sums[0] > 0.0 > sums[1]
    assert sums[0] + sums[1] == pytest.approx(sums[2])


def test_every_item_of_a_balance_sheet_is_listed() -> None:
    assert sorted([*OWNED, *OWED, "equity"]) == sorted(BALANCE)


def test_statement_a_little_late_belongs_to_its_quarter() -> None:
    times = periods(pl.Series("day", [0.0, 95.0, 185.0]), 91.0)
    assert times["number"].to_list() == [None, 1, 2]


def test_amounts_of_other_firms_are_left_out(run: Run) -> None:
    sold = run.accounts.filter((pl.col("item") == "sales") & (pl.col("firm") == "second"))["amount"].sum()
    assert amounts(run.statements("second").income, "sales")["total"] == pytest.approx(sold)


def test_firm_without_entries_has_statements_of_zeros(run: Run) -> None:
    small = with_accounts(run, (0.0, "balance", "cash", 5.0), (91.0, "income", "sales", 3.0))
    other = small.statements("first", "quarter")
    assert other.income.rows() == [("profit", 0.0, 0.0)]
    assert amounts(other.balance, "equity") == {"day 0": 0.0, "day 91": 0.0}


@pytest.mark.parametrize(
    ("amount", "title", "written"),
    [(-0.25, "(money)", "-0.25"), (-2e6, "(money)", "-2,000,000"), (-2e7, "(thousand money)", "-20,000"),
     (-3e10, "(million money)", "-30,000")],
)  # fmt: skip
def test_large_amounts_are_written_in_larger_units(run: Run, amount: float, title: str, written: str) -> None:
    rows = [(0.0, "balance", "cash", 0.1), (91.0, "income", "labour", amount), (91.0, "income", "profit", amount)]
    text = str(with_accounts(run, *rows).statements("brand", "quarter")).splitlines()
    assert text[0] == f"Income of brand {title}"
    assert text[2].split() == ["labour", written, written]


def test_columns_of_the_text_line_up(run: Run) -> None:
    income, balance = str(run.statements("brand")).split("\n\n")
    assert balance.startswith("Balance sheet of brand (money)\n")
    for lines in (income.splitlines()[1:], balance.splitlines()[1:]):
        assert len({len(line) for line in lines}) == 1


def test_notebook_shows_tables_with_names_as_text(run: Run) -> None:
    firms = [one | {"name": "<b>" if one["name"] == "brand" else one["name"]} for one in run.scenario["firms"]]
    renamed = run.accounts.with_columns(pl.col("firm").cast(pl.String).replace("brand", "<b>"))
    hostile = dataclasses.replace(
        run, scenario=run.scenario | {"firms": firms}, tables=run.tables | {"accounts": renamed}
    )
    shown = hostile.statements("<b>")._repr_html_()
    assert shown.count("<table") == 2 and "Income of &lt;b&gt;" in shown
    assert "<th scope='row' style='text-align:left;font-weight:inherit'>equity</th>" in shown


def test_unknown_firm_is_refused_with_the_nearest_name(run: Run) -> None:
    with pytest.raises(ResultsError, match=r"^firm 'brnd': unknown; did you mean 'brand'\?: see run\.firms$"):
        run.statements("brnd")


def test_period_that_is_neither_is_refused(run: Run) -> None:
    with pytest.raises(ResultsError, match="^by: 'month': must be year or quarter$"):
        run.statements("brand", "month")  # type: ignore[arg-type]


def test_run_without_finance_says_so_in_one_line() -> None:
    with pytest.raises(ResultsError, match=r"^statements of 'firm': the run has no finance: give .* a block finance$"):
        gpnde.simulate("single-site").statements("firm")
