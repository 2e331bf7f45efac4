"""The statements of a firm as a person reads them: income by year or quarter, and what it owns and owes by date."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

from gpnde.errors import ResultsError, nearest
from gpnde.vocabulary import ACCOUNTS, QUARTER_DAYS, YEAR_DAYS

if TYPE_CHECKING:
    import polars as pl

    from gpnde.results.run import Run

Period: TypeAlias = Literal["year", "quarter"]
"""What an income statement tells of: 364 days or 91."""

INCOME = (*(name for name in ACCOUNTS if name != "investment"), "stocks", "profit")
"""Items of an income statement: income above 0, expense below, then the change of stocks, and the sum of all."""

BALANCE = ("cash", "debt", "receivable", "payable", "stocks", "plant", "equity")
"""Items of a balance sheet: what is owned above 0 and owed below, and the sum, which is what the firm is worth."""

OWNED = ("cash", "receivable", "stocks", "plant")
"""Items of a balance sheet that are above 0, as they are listed."""

OWED = ("debt", "payable")
"""Items of a balance sheet that are below 0, as they are listed."""

PROFIT, ASSETS, LIABILITIES, EQUITY = "profit", "assets", "liabilities", "equity"

_SUMS = frozenset({PROFIT, ASSETS, LIABILITIES, EQUITY})
_ALL = "total"
_LENGTHS: dict[str, float] = {"year": YEAR_DAYS, "quarter": QUARTER_DAYS}


class _Unit(NamedTuple):
    """In what amounts are written: how much one is, its name, and how many decimals it has."""

    size: float
    name: str
    decimals: int


_UNITS = {
    1e10: _Unit(1e6, "million money", 0),
    1e7: _Unit(1e3, "thousand money", 0),
    1e3: _Unit(1.0, "money", 0),
    0.0: _Unit(1.0, "money", 2),
}
"""The unit of a statement by the least that its largest amount has to be."""


@dataclass(frozen=True, eq=False)
class FirmStatements:
    """The income statement and the balance sheet of one firm; printed or shown in a notebook, a table of each."""

    firm: str
    income: pl.DataFrame
    """A row per ``item``, ``profit`` last; a column per year or quarter, and ``total`` (money)."""
    balance: pl.DataFrame
    """A row per ``item``, with the sums ``assets``, ``liabilities`` and ``equity``; a column per date (money)."""

    def __str__(self) -> str:
        """Return both statements in plain text."""
        return "\n\n".join(_as_text(title, table) for title, table in self._titled())

    def _repr_html_(self) -> str:
        """Return both statements as tables of HTML."""
        return "".join(_as_html(title, table) for title, table in self._titled())

    def _titled(self) -> Iterable[tuple[str, pl.DataFrame]]:
        yield f"Income of {self.firm}", self.income
        yield f"Balance sheet of {self.firm}", self.balance


def statements_of(run: Run, firm: str, by: Period = "year") -> FirmStatements:
    """Return the statements of a firm; see `gpnde.results.Run.statements`."""
    if by not in get_args(Period):
        raise ResultsError(where="by", given=repr(by), expected="must be year or quarter")
    rows = accounts_of(run, firm)
    times = periods(run.accounts["day"], _LENGTHS[by])
    return FirmStatements(firm, _income_table(rows, times, by), _balance_table(rows, times))


def accounts_of(run: Run, firm: str) -> pl.DataFrame:
    """Return the rows of the table ``accounts`` about a firm.

    Raises
    ------
    ResultsError
        The run has no finance, or no firm of that name.
    """
    if "accounts" not in run.tables or run.accounts.is_empty():
        raise ResultsError(
            where=f"statements of {firm!r}", expected="the run has no finance: give its scenario a block finance"
        )
    names = [one["name"] for one in run.scenario["firms"]]
    if firm not in names:
        raise ResultsError(where=f"firm {firm!r}", expected=f"unknown{nearest(firm, names)}: see run.firms")
    return run.accounts.filter(run.accounts["firm"] == firm)


def periods(days: pl.Series, length: float) -> pl.DataFrame:
    """Return the period of each day on which there are statements: day, number (1 is the first), start, end (day).

    A period is *length* days long, the last one as long as there are statements. A statement belongs to the period in
    which most of the time lies that it tells of; the opening balance belongs to none.

    >>> import polars as pl
    >>> periods(pl.Series("day", [0.0, 91.0, 182.0, 273.0]), 182.0).rows()
    [(0.0, None, None, None), (91.0, 1, 0.0, 182.0), (182.0, 1, 0.0, 182.0), (273.0, 2, 182.0, 273.0)]
    """
    import polars as pl

    before = pl.col("day").shift(1)
    middle = (pl.col("day") + before) / 2
    times = pl.DataFrame({"day": days.unique().sort()}).with_columns(
        number=(middle / length).floor().cast(pl.Int64) + 1, start=before
    )
    start = pl.col("start").min().over("number")
    end = pl.when(pl.col("number").is_not_null()).then(pl.col("day").max().over("number"))
    return times.with_columns(start, end.alias("end"))


def income_by_period(rows: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    """Return the income of a firm by item in each period: number, start and end (day), item, amount (money)."""
    import polars as pl

    income = rows.filter(pl.col("statement").cast(pl.String) == "income").join(times, on="day")
    return income.group_by("number", "start", "end", pl.col("item").cast(pl.String)).agg(pl.col("amount").sum())


def balance_by_date(rows: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    """Return what a firm owns and owes at the opening and at the end of each period: day, item, amount (money)."""
    import polars as pl

    closing = times.filter(pl.col("end").is_null() | (pl.col("day") == pl.col("end")))
    balance = rows.filter(pl.col("statement").cast(pl.String) == "balance").join(closing, on="day", how="semi")
    return balance.select("day", pl.col("item").cast(pl.String), "amount")


def words_for(item: str) -> str:
    """Return an item of an income statement in words.

    >>> words_for("write_offs"), words_for("stocks")
    ('write offs', 'change of stocks')
    """
    return "change of stocks" if item == "stocks" else item.replace("_", " ")


def _income_table(rows: pl.DataFrame, times: pl.DataFrame, by: Period) -> pl.DataFrame:
    import polars as pl

    spans = times.drop_nulls().unique("number").sort("number")
    heads = {_head(by, number, end): number for number, end in spans.select("number", "end").iter_rows()}
    amounts = _cells(income_by_period(rows, times), "number")
    items = [item for item in INCOME if item == PROFIT or any(item == found for found, _ in amounts)]
    columns = {head: [amounts.get((item, number), 0.0) for item in items] for head, number in heads.items()}
    table = pl.DataFrame({"item": [words_for(item) for item in items], **columns})
    return table.with_columns(pl.sum_horizontal(pl.lit(0.0), *columns).alias(_ALL))


def _head(by: Period, number: int, end: float) -> str:
    """Return the head of a column, which says where a period is not over."""
    return f"{by} {number}" if end >= number * _LENGTHS[by] else f"{by} {number} to day {end:g}"


def _balance_table(rows: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    amounts = _cells(balance_by_date(rows, times), "day")
    closing = times.filter(pl.col("end").is_null() | (pl.col("day") == pl.col("end")))
    columns = {f"day {day:g}": _balance_column(amounts, day) for day in closing["day"]}
    return pl.DataFrame({"item": [*OWNED, ASSETS, *OWED, LIABILITIES, EQUITY], **columns})


def _balance_column(amounts: dict[tuple[str, float], float], day: float) -> list[float]:
    owned = [amounts.get((item, day), 0.0) for item in OWNED]
    owed = [amounts.get((item, day), 0.0) for item in OWED]
    return [*owned, sum(owned), *owed, sum(owed), amounts.get((EQUITY, day), 0.0)]


def _cells(rows: pl.DataFrame, column: str) -> dict[tuple[str, float], float]:
    """Return the amounts of *rows* by item and *column*."""
    return {(item, place): amount for item, place, amount in rows.select("item", column, "amount").iter_rows()}


def _written(table: pl.DataFrame) -> tuple[str, list[tuple[str, ...]]]:
    """Return the unit of the amounts of a table, and its rows as text."""
    amounts = table.drop("item")
    largest = max((abs(value) for row in amounts.iter_rows() for value in row), default=0.0)
    # Units stand from the largest downwards, and the last one suits any amount.
    unit = next(unit for least, unit in _UNITS.items() if largest >= least)
    # The format z writes no minus before an amount that rounding leaves at 0.
    rows = [
        (item, *(f"{value / unit.size:z,.{unit.decimals}f}" for value in values)) for item, *values in table.iter_rows()
    ]
    return unit.name, rows


def _as_text(title: str, table: pl.DataFrame) -> str:
    unit, rows = _written(table)
    cells = [("", *table.columns[1:]), *rows]
    first, *others = (max(map(len, column)) for column in zip(*cells, strict=True))
    lines = [_line(row, first, others) for row in cells]
    return "\n".join([f"{title} ({unit})", *lines])


def _line(row: Sequence[str], first: int, others: Sequence[int]) -> str:
    return "  ".join([f"{row[0]:<{first}}", *(f"{cell:>{width}}" for cell, width in zip(row[1:], others, strict=True))])


def _as_html(title: str, table: pl.DataFrame) -> str:
    unit, rows = _written(table)
    heads = "".join(f"<th scope='col' style='text-align:right'>{html.escape(name)}</th>" for name in table.columns[1:])
    caption = f"<caption style='text-align:left'><b>{html.escape(title)}</b> ({unit})</caption>"
    head = f"<thead><tr><td></td>{heads}</tr></thead>"
    body = "".join(_html_row(row) for row in rows)
    return f"<table class='gpnde-statement'>{caption}{head}<tbody>{body}</tbody></table>"


def _html_row(row: Sequence[str]) -> str:
    mark = " class='gpnde-sum' style='font-weight:bold'" if row[0] in _SUMS else ""
    cells = "".join(f"<td style='text-align:right'>{cell}</td>" for cell in row[1:])
    return f"<tr{mark}><th scope='row' style='text-align:left;font-weight:inherit'>{row[0]}</th>{cells}</tr>"
