"""The chart of a firm's statements: what it earned and spent, and below it what it owns and owes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gpnde.charts.parts import day_axis, horizon, money_axis, part_axis, rule_at, table_of, tips
from gpnde.charts.theme import BACKGROUND, COLOURS, INK, MUTED, WIDTH, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.headline import number
from gpnde.results.statements import (
    EQUITY,
    OWED,
    OWNED,
    PROFIT,
    accounts_of,
    balance_by_date,
    income_by_period,
    periods,
    statements_of,
)
from gpnde.vocabulary import QUARTER_DAYS, YEAR_DAYS

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_PARTS = 60
_YEARS_BY_QUARTER = 3
_TITLE = "Income and balance sheet of a firm"

_BLUE, _ORANGE, _GREEN, _RED, _PINK, _SKY, _, _YELLOW = COLOURS

KINDS = {
    "sales": ("sales",),
    "materials": ("purchases", "freight", "duties", "pipeline", "ordering"),
    "production": ("production", "labour", "holding", "disposal"),
    "plant": ("upkeep", "depreciation", "write_offs"),
    "learning": ("learning", "upgrading"),
    "finance": ("interest", "exchange", "dividends", "credit_losses"),
    "stocks": ("stocks",),
    "other": ("transfers", "components", "liquidation", "taxes", "stockout", "shortage"),
    PROFIT: (PROFIT,),
}
"""Items of an income statement that are drawn as one."""

_INCOME_COLOURS = dict(zip(KINDS, (_BLUE, _ORANGE, _SKY, _GREEN, MUTED, _RED, _PINK, _YELLOW, INK), strict=True))

_BALANCE_COLOURS = {
    "plant": _GREEN,
    "stocks": _PINK,
    "receivable": _SKY,
    "cash": _BLUE,
    "payable": _ORANGE,
    "debt": _RED,
    EQUITY: INK,
}

_OWNED = tuple(name for name in _BALANCE_COLOURS if name in OWNED)
_OWED = tuple(name for name in _BALANCE_COLOURS if name in OWED)


def part_length(days: float) -> float:
    """Return what a bar tells of in a run that lasts so many days (day): a quarter, a year, or several years.

    >>> part_length(728), part_length(3640), part_length(36400)
    (91.0, 364.0, 728.0)
    """
    if days <= _YEARS_BY_QUARTER * YEAR_DAYS:
        return QUARTER_DAYS
    return YEAR_DAYS * max(1.0, -(-days // (YEAR_DAYS * MOST_PARTS)))


def largest_firm(accounts: pl.DataFrame) -> str:
    """Return the firm that sold most, of equals the first by name."""
    import polars as pl

    sold = pl.col("amount").filter(pl.col("item").cast(pl.String) == "sales").sum()
    firms = accounts.group_by(pl.col("firm").cast(pl.String)).agg(sold).sort("amount", "firm", descending=[True, False])
    return str(firms["firm"][0])


def income_rows(accounts: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    """Return the income of a firm by kind of item in each period: kind, start, end, middle (day), amount (money)."""
    import polars as pl

    kinds = {item: kind for kind, items in KINDS.items() for item in items}
    kind = pl.col("item").replace_strict(kinds, return_dtype=pl.String).alias("kind")
    sums = income_by_period(accounts, times).group_by(kind, "start", "end").agg(pl.col("amount").sum())
    return sums.with_columns(middle=(pl.col("start") + pl.col("end")) / 2).sort("kind", "start")


def balance_rows(accounts: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    """Return what a firm owns and owes at the end of each period: kind, day, amount (money), 0 where it has none."""
    import polars as pl

    found = balance_by_date(accounts, times).rename({"item": "kind"})
    whole = found.select(pl.col("day").unique()).join(found.select(pl.col("kind").unique()), how="cross")
    filled = whole.join(found, on=["day", "kind"], how="left").with_columns(pl.col("amount").fill_null(0.0))
    return filled.select("kind", "day", "amount").sort("kind", "day")


def stacked(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Return the rows of these kinds, piled up from 0 in the order of *names*: with place, low and high (money).

    >>> import polars as pl
    >>> rows = pl.DataFrame({"day": [7.0, 7.0], "kind": ["cash", "stocks"], "amount": [3.0, 2.0]})
    >>> stacked(rows, ("stocks", "cash")).select("kind", "low", "high").rows()
    [('stocks', 0.0, 2.0), ('cash', 2.0, 5.0)]
    """
    import polars as pl

    kept = _ranked(rows, names).sort("place")
    high = pl.col("amount").cum_sum().over("day")
    return kept.with_columns(low=high - pl.col("amount"), high=high)


def _ranked(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Return the rows of these kinds, with their place in the order of *names*."""
    import polars as pl

    kept = rows.filter(pl.col("kind").is_in(names))
    return kept.with_columns(place=pl.col("kind").replace_strict(names, range(len(names)), return_dtype=pl.Int64))


@chart("statements", _TITLE, group="finance", place=2, needs=("accounts",), table=statements_of)
def statements_of_firm(run: Run, firm: str | None = None) -> Chart:
    """Show what a firm earns, spends, owns and owes.

    Bars of income and expense by quarter, by year in runs of more than three years, with profit as a line; below them
    areas of what the *firm* owns and owes, with equity as a line. Where no firm is named, it is the one that sold most.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 182}))
    >>> 'Income and balance sheet of a firm' in str(statements_of_firm(run, firm="brand-leader-1").to_dict()["title"])
    True
    """
    import altair as alt

    accounts = table_of(run, "accounts")
    if accounts.is_empty():
        return nothing(_TITLE, "The run was made without finance.")
    shown = largest_firm(accounts) if firm is None else firm
    length = part_length(horizon(run))
    own, times = accounts_of(run, shown), periods(accounts["day"], length)
    income = _named(income_rows(own, times), shown)
    balance = _named(balance_rows(own, times), shown)
    said, found = _said(shown, length, balance), finding(shown, income)
    panels = [_income(income, horizon(run)), _balance(balance, horizon(run))]
    return styled(
        alt.vconcat(*panels, spacing=14).resolve_scale(color="independent"),
        _TITLE,
        f"Two panels over days, in money: income above and expense below 0, and what is owned and owed; {said}.",
        said,
        found,
    )


def finding(firm: str, income: pl.DataFrame) -> str:
    """Return in words what a firm earned in all, also of its sales, and in how many periods it lost money."""
    import polars as pl

    profits = income.filter(pl.col("kind") == PROFIT)["amount"]
    sales, profit = float(income.filter(pl.col("kind") == "sales")["amount"].sum()), float(profits.sum())
    margin = f" ({100 * profit / sales:.3g} % of sales)" if sales > 0 else ""
    made = "made" if profit >= 0 else "lost"
    losses = f"losses in {int((profits < 0).sum())} of {len(profits)} periods"
    return f"{firm} {made} {number(abs(profit))}{margin}, with {losses}"


def _named(rows: pl.DataFrame, firm: str) -> pl.DataFrame:
    import polars as pl

    return rows.with_columns(pl.lit(firm).alias("firm"))


def _said(firm: str, length: float, balance: pl.DataFrame) -> str:
    import polars as pl

    span = {QUARTER_DAYS: "quarter", YEAR_DAYS: "year"}.get(length, f"{length / YEAR_DAYS:g} years")
    equity = balance.filter(pl.col("kind") == EQUITY).sort("day")["amount"]
    worth = number(equity[-1]) if len(equity) else "0"
    return f"{firm}, by {span}, in money; equity {worth} at the end"


def _colour(rows: pl.DataFrame, colours: dict[str, str], title: str) -> alt.Color:
    """Return the colours of the kinds that there are, in the order of the legend."""
    import altair as alt

    names = [name for name in colours if name in rows["kind"]]
    scale = alt.Scale(domain=names, range=[colours[name] for name in names])
    return alt.Color("kind:N", title=title, scale=scale, sort=names)


def _income(rows: pl.DataFrame, end: float) -> alt.LayerChart:
    import altair as alt
    import polars as pl

    colour = _colour(rows, _INCOME_COLOURS, "Income")
    amount = alt.Y("amount:Q", title="Income, expense (money)", axis=money_axis())
    shown = tips(("firm", "Firm", ""), ("kind", "Item", ""), ("start", "From day", ",.0f"), ("end", "To day", ",.0f"))
    shown += tips(("amount", "Amount (money)", ",.0f"))
    base = alt.Chart().encode(y=amount, color=colour, tooltip=shown)
    bars = base.mark_bar(stroke=BACKGROUND, strokeWidth=0.5).encode(x=part_axis(end, None), x2="end:Q", order="place:Q")
    profit = base.encode(x="middle:Q").properties(data=rows.filter(pl.col("kind") == PROFIT))
    bars = bars.properties(data=_ranked(rows, [name for name in KINDS if name != PROFIT]))
    return _layered(bars, profit, height=190)


def _balance(rows: pl.DataFrame, end: float) -> alt.LayerChart:
    import altair as alt
    import polars as pl

    colour = _colour(rows, _BALANCE_COLOURS, "Balance")
    title = "Owned, owed (money)"
    shown = tips(("firm", "Firm", ""), ("kind", "Item", ""), ("day", "Day", ",.0f"))
    shown += tips(("amount", "Amount (money)", ",.0f"))
    base = alt.Chart().encode(x=day_axis(end), color=colour, tooltip=shown)
    # Vega would pile an amount of 0 on what is owned, also of what is owed.
    piled = pl.concat([stacked(rows, names) for names in (_OWNED, _OWED)])
    low = alt.Y("low:Q", title=title, axis=money_axis())
    areas = base.mark_area(fillOpacity=0.9).encode(y=low, y2="high:Q").properties(data=piled)
    equity = base.encode(y=alt.Y("amount:Q", title=title)).properties(data=rows.filter(pl.col("kind") == EQUITY))
    return _layered(areas, equity, height=150)


def _layered(parts: alt.Chart, total: alt.Chart, height: int) -> alt.LayerChart:
    """Return what is stacked, with the sum of it as a line with dots."""
    import altair as alt

    line = total.mark_line(strokeWidth=1.8)
    dots = total.mark_circle(size=40, opacity=1, stroke=BACKGROUND, strokeWidth=0.8)
    return alt.LayerChart(layer=[parts, rule_at(0.0), line, dots]).properties(width=WIDTH, height=height)
