"""One firm of each kind in the small open economy over five years: the picture and the table of docs/economy.md.

Run ``python -m studies.economy`` from the root of a checkout; it takes some seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from gpnde.charts.theme import COLOURS, styled
from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.vocabulary import QUARTER_DAYS, YEAR_DAYS
from studies.page import FOLDER, markdown_table, write_page

if TYPE_CHECKING:
    import altair as alt

    from gpnde.results.chart import Chart

PAGE = FOLDER.parent / "economy.md"
PRESET = "small-open-economy"

FIRMS = {
    "flagship-1": "brand leader",
    "affiliate-1": "subsidiary that assembles",
    "board-maker-hub-1": "lead supplier abroad",
    "housing-maker-local-1": "local supplier",
    "cable-maker-local-2": "price breaker",
    "packaging-maker-local-2": "capacity buffer",
}
"""Firms of the preset, and what kind of firm each is."""

_KINDS = {
    "sales": ("sales",),
    "materials": ("purchases", "freight", "duties"),
    "labour": ("labour",),
    "plant": ("upkeep", "depreciation", "write_offs"),
    "other": ("learning", "upgrading", "interest", "exchange", "credit_losses", "stocks"),
}
_HEADER = ("Firm", "Year", "Sales", "Profit", "Cash less debt", "Plant", "Price", "Jobs", "Capability")
_SIZE = {"width": 150, "height": 90}


class Year(NamedTuple):
    """What became of a firm in a year; money in thousands."""

    firm: str
    year: int
    sales: float
    profit: float
    cash: float
    plant: float
    price: float
    jobs: float
    capability: float


def years(run: Run, firm: str) -> list[Year]:
    """Return what became of a firm, year by year."""
    accounts = run.accounts.filter(pl.col("firm") == firm)
    count = int(float(run.accounts["day"].to_numpy().max()) // YEAR_DAYS)
    return [_year(run, firm, accounts, number) for number in range(1, count + 1)]


def _year(run: Run, firm: str, accounts: pl.DataFrame, number: int) -> Year:
    end = number * YEAR_DAYS
    inside = (pl.col("day") > end - YEAR_DAYS) & (pl.col("day") <= end)
    income = accounts.filter((pl.col("statement") == "income") & inside)
    balance = accounts.filter((pl.col("statement") == "balance") & (pl.col("day") == end))
    return Year(
        firm,
        number,
        _sum(income, ("sales",)) / 1e3,
        _sum(income, ("profit",)) / 1e3,
        _sum(balance, ("cash", "debt")) / 1e3,
        _sum(balance, ("plant",)) / 1e3,
        _mean(prices(run, firm).filter(inside), "price"),
        float(jobs(run, firm).filter(pl.col("day") == end)["employees"].sum()),
        _mean(capability(run, firm).filter(pl.col("day") == end), "capability"),
    )


def _sum(rows: pl.DataFrame, items: Sequence[str]) -> float:
    return float(rows.filter(pl.col("item").is_in(items))["amount"].sum())


def _mean(rows: pl.DataFrame, column: str) -> float:
    return float(rows[column].to_numpy().mean()) if rows.height else float("nan")


def prices(run: Run, firm: str) -> pl.DataFrame:
    """Return what a firm sells for over time: the price of its brand, else sales over what it sent; day, price."""
    brands = run.generations.filter(pl.col("firm") == firm).select("day", "price")
    if brands.height:
        return brands.group_by("day").agg(pl.col("price").mean()).sort("day")
    sales = run.accounts.filter((pl.col("firm") == firm) & (pl.col("item") == "sales")).select("day", "amount")
    sent = run.table("sites").filter(pl.col("firm") == firm).sort("day")
    sent = sent.with_columns(day=(pl.col("day") / QUARTER_DAYS).ceil() * QUARTER_DAYS)
    both = sales.join(sent.group_by("day").agg(pl.col("shipped").sum()), on="day").sort("day")
    return both.filter(pl.col("shipped") > 0).select("day", price=pl.col("amount") / pl.col("shipped"))


def jobs(run: Run, firm: str) -> pl.DataFrame:
    """Return the persons that a firm employs over time: day, employees."""
    own = run.plants.filter(pl.col("firm") == firm)
    return own.group_by("day").agg(pl.col("employees").sum()).sort("day")


def capability(run: Run, firm: str) -> pl.DataFrame:
    """Return what a firm can do over time, the mean of what it performs: day, capability."""
    own = run.knowledge.filter((pl.col("firm") == firm) & (pl.col("performed") == 1))
    return own.group_by("day").agg(pl.col("capability").mean()).sort("day")


def table(run: Run) -> str:
    """Return the table of the page."""
    rows = [
        [
            f"{each.firm} ({FIRMS[each.firm]})",
            str(each.year),
            *(f"{value:,.0f}" for value in (each.sales, each.profit, each.cash, each.plant)),
            f"{each.price:,.2f}",
            f"{each.jobs:,.0f}",
            f"{each.capability:.2f}",
        ]
        for firm in FIRMS
        for each in years(run, firm)
    ]
    return markdown_table(_HEADER, rows)


def chart(run: Run) -> Chart:
    """Return the picture: a row for each firm, with income, balance, price, jobs and capability."""
    import altair as alt

    rows = [_row(run, firm) for firm in FIRMS]
    together = alt.vconcat(*rows, spacing=8).resolve_scale(color="independent")
    return styled(
        together,
        "Six firms of a small open economy over five years",
        "A row for each firm: income and expense by year, what it owns and owes, its price, jobs and capability.",
    )


def _row(run: Run, firm: str) -> Any:
    import altair as alt

    panels = [
        _income(run, firm),
        _balance(run, firm),
        _line(prices(run, firm), "price", "price (money)"),
        _line(jobs(run, firm), "employees", "jobs"),
        _line(capability(run, firm), "capability", "capability"),
    ]
    title = alt.TitleParams(f"{firm}: {FIRMS[firm]}", anchor="start", fontSize=11)
    return alt.hconcat(*panels, title=title, spacing=12).resolve_scale(color="independent")


def _income(run: Run, firm: str) -> Any:
    """Return income and expense by year, and profit as a line."""
    import altair as alt

    rows = run.accounts.filter((pl.col("firm") == firm) & (pl.col("statement") == "income"))
    rows = rows.with_columns(year=((pl.col("day") - 1) // YEAR_DAYS + 1).cast(pl.Int64))
    of_kind = {item: kind for kind, items in _KINDS.items() for item in items}
    known = rows.filter(pl.col("item").is_in([*of_kind])).with_columns(kind=pl.col("item").replace_strict(of_kind))
    parts = known.group_by("year", "kind").agg(pl.col("amount").sum() / 1e6)
    profit = rows.filter(pl.col("item") == "profit").group_by("year").agg(pl.col("amount").sum() / 1e6)
    year = alt.X("year:O", title="year", axis=alt.Axis(labelAngle=0))
    colour = alt.Color("kind:N", title=None, sort=[*_KINDS], scale=alt.Scale(domain=[*_KINDS], range=COLOURS[:5]))
    bars = alt.Chart(parts).mark_bar()
    line = alt.Chart(profit).mark_line(point=True, color="black")
    amount = alt.Y("amount:Q", title="income, profit (million)")
    return alt.layer(bars.encode(year, amount, colour), line.encode(year, amount)).properties(**_SIZE)


def _balance(run: Run, firm: str) -> Any:
    """Return what a firm owns above 0 and owes below, quarter by quarter."""
    import altair as alt

    items = ["cash", "receivable", "stocks", "plant", "debt", "payable"]
    rows = run.accounts.filter((pl.col("firm") == firm) & (pl.col("statement") == "balance"))
    parts = rows.filter(pl.col("item").is_in(items)).select("day", "item", amount=pl.col("amount") / 1e6)
    colour = alt.Color("item:N", title=None, sort=items, scale=alt.Scale(domain=items, range=COLOURS[:6]))
    bars = alt.Chart(parts).mark_bar(size=6)
    amount = alt.Y("amount:Q", title="owned, owed (million)")
    return bars.encode(_days(), amount, colour).properties(**_SIZE)


def _line(rows: pl.DataFrame, column: str, title: str) -> Any:
    import altair as alt

    line = alt.Chart(rows).mark_line(color=COLOURS[0])
    return line.encode(_days(), alt.Y(f"{column}:Q", title=title)).properties(**_SIZE)


def _days() -> alt.X:
    import altair as alt

    return alt.X("day:Q", title="day", axis=alt.Axis(tickCount=5, format="d"))


def main() -> None:
    """Run the preset once, and write the page and its picture."""
    run = simulate(PRESET)
    write_page(PAGE, table(run), chart(run))


if __name__ == "__main__":
    main()
