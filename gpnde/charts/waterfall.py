"""The waterfall of an income statement: what is left of a firm's sales after each kind of expense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.parts import money_axis, rule_at, table_of, tips
from gpnde.charts.statements import KINDS, largest_firm
from gpnde.charts.theme import COLOURS, INK, MUTED, WIDTH, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.headline import number, percent
from gpnde.results.statements import PROFIT, accounts_of, statements_of

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

INCOME, EXPENSE, TOTAL = "income", "expense", "total"

_TITLE = "From sales to profit of a firm"
_COLOURS = {INCOME: COLOURS[0], EXPENSE: COLOURS[3], TOTAL: MUTED}


def steps(accounts: pl.DataFrame) -> pl.DataFrame:
    """Return the steps from sales to profit over the whole run: kind, amount, low, high (money), sort and label.

    Steps follow each other in the order of `gpnde.charts.statements.KINDS`; those of nothing are left out. The sort is
    income, expense or total. *accounts* are those of one firm.
    """
    import polars as pl

    income = accounts.filter(pl.col("statement").cast(pl.String) == "income")
    sums = dict(income.group_by(pl.col("item").cast(pl.String)).agg(pl.col("amount").sum()).iter_rows())
    amounts = {kind: sum(sums.get(item, 0.0) for item in items) for kind, items in KINDS.items()}
    rows, reached = [], 0.0
    for kind, amount in amounts.items():
        start, reached = (0.0, amount) if kind == PROFIT else (reached, reached + amount)
        sort = TOTAL if kind in (PROFIT, "sales") else INCOME if amount >= 0 else EXPENSE
        rows.append((kind, amount, min(start, reached), max(start, reached), sort, number(amount)))
    schema = {"kind": str, "amount": float, "low": float, "high": float, "sort": str, "label": str}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    # What is a millionth of the largest step cannot be seen, and is the rounding of what cancels.
    least = 1e-6 * max(map(abs, amounts.values()))
    return found.filter((pl.col("amount").abs() > least) | pl.col("kind").is_in(["sales", PROFIT]))


@chart("waterfall", _TITLE, group="finance", place=2.5, needs=("accounts",), table=statements_of)
def income_waterfall(run: Run, firm: str | None = None) -> Chart:
    """Show what is left of a firm's sales after each kind of expense.

    Bars from sales to profit over the whole run; where no *firm* is named, of the one that sold most.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 182}))
    >>> 'From sales to profit of a firm' in str(income_waterfall(run, firm="brand-leader-1").to_dict()["title"])
    True
    """
    accounts = table_of(run, "accounts")
    if accounts.is_empty():
        return nothing(_TITLE, "The run was made without finance.")
    shown = largest_firm(accounts) if firm is None else firm
    rows = steps(accounts_of(run, shown))
    last = float(accounts["day"].max() or 0)  # type: ignore[arg-type]
    said = ", ".join(f"{kind} {label}" for kind, label in rows.select("kind", "label").iter_rows())
    return styled(
        _bars(rows),
        _TITLE,
        f"Bars of the income statement of {shown} in money: {said}.",
        f"{shown}, day 0 to {last:,.0f}, in money",
        finding(rows, shown),
    )


def finding(rows: pl.DataFrame, firm: str) -> str:
    """Return in words where the sales of a firm go, by its `steps`.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"kind": ["sales", "materials", "profit"], "amount": [100.0, -70.0, 30.0]})
    >>> finding(rows, "maker")
    'Of 100 that maker sells for, most goes into materials (70 %); 30 % stays as profit'
    """
    amounts = dict(rows.select("kind", "amount").iter_rows())
    sales, profit = amounts.get("sales", 0.0), amounts.get(PROFIT, 0.0)
    if sales <= 0:
        return f"{firm} sold nothing; it {'made' if profit >= 0 else 'lost'} {number(abs(profit))}"
    spent = {kind: -amount for kind, amount in amounts.items() if amount < 0 and kind != PROFIT}
    most = max(spent, key=spent.__getitem__, default="")
    goes = f", most goes into {most} ({percent(spent[most] / sales)})" if most else " nothing is spent"
    left = f"{percent(profit / sales)} stays as profit" if profit >= 0 else f"it loses {percent(-profit / sales)} of it"
    return f"Of {number(sales)} that {firm} sells for{goes}; {left}"


def _bars(rows: pl.DataFrame) -> alt.LayerChart:
    import altair as alt

    names = rows["kind"].to_list()
    axis = alt.Axis(labelAngle=0, ticks=False, domain=False)
    base = alt.Chart(rows).encode(
        x=alt.X("kind:N", title=None, sort=names, axis=axis, scale=alt.Scale(paddingInner=0.25))
    )
    sort = alt.Color("sort:N", title=None, scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())))
    amount = alt.Y("low:Q", title="Sales, expense, profit (money)", axis=money_axis(), scale=alt.Scale(zero=True))
    shown = tips(("kind", "Item", ""), ("amount", "Amount (money)", ",.0f"), ("high", "Up to (money)", ",.0f"))
    bars = base.mark_bar().encode(y=amount, y2="high:Q", color=sort, tooltip=shown)
    figures = base.mark_text(dy=-7, fontSize=11, color=INK).encode(y=alt.Y("high:Q"), text="label:N")
    return alt.LayerChart(layer=[bars, rule_at(0.0), figures]).properties(width=WIDTH - 80, height=260)
