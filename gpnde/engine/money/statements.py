"""Income statements and balance sheets of all firms, quarter by quarter, from the accounts (double entry)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.money.payments import per_firm
from gpnde.engine.money.stocks import stocks_of
from gpnde.results.statements import BALANCE, INCOME
from gpnde.results.tables import Coded
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import ACCOUNTS, QUARTER_DAYS
from gpnde.world.layout import Floats
from gpnde.world.world import World

_PLANT_ENTERS_THE_BALANCE = ACCOUNTS.index("investment")
_DIVIDENDS = ACCOUNTS.index("dividends")


class Statements(Subsystem):
    """Keeps the statements of all firms, and checks that profits explain what firms are worth."""

    name = "statements"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has a block on finance."""
        return scenario.finance is not None

    def __init__(self, context: RunContext) -> None:
        """Take the balance of day 0 as the opening one."""
        super().__init__(context)
        self._entries = self.world.entries.copy()
        self._opening = self._balance = np.zeros((len(BALANCE), len(self.world.firms)))
        self._profits = self.last_profits = np.zeros(len(self.world.firms))
        self._rows: list[tuple[float, str, Floats]] = []
        self._recorded = -1

    def start(self) -> None:
        """Note the opening balance, and plan the statements."""
        self._opening = self._balance = balance_of(self.world)
        self._rows.append((self.timeline.today, "balance", self._balance))
        self._recorded = self.timeline.now
        self.plan_steps(QUARTER_DAYS, Phase.RECORD)

    def finish(self) -> None:
        """Close the books at the horizon."""
        self.step()

    def step(self) -> None:
        """Add the statements of the time since the last ones, once at a time."""
        # The horizon may be the end of a quarter, too.
        if self._recorded == self.timeline.now:
            return
        self._recorded = self.timeline.now
        before, self._balance = self._balance, balance_of(self.world)
        income = self._income(before[BALANCE.index("stocks")])
        self.last_profits = income[-1]
        self._profits = self._profits + self.last_profits
        self._rows += [(self.timeline.today, "income", income), (self.timeline.today, "balance", self._balance)]

    def taxable_profit(self) -> Floats:
        """Return what firms have earned since the last statements, without dividends between them; shape (firms,).

        Dividends are paid out of profit that has been taxed where it was made.
        """
        dividends = self.world.entries[_DIVIDENDS] - self._entries[_DIVIDENDS]
        stocks = stocks_of(self.world) - self._balance[BALANCE.index("stocks")]
        return np.asarray(self._changes().sum(axis=0) + stocks - dividends)

    def _changes(self) -> Floats:
        """Return income and expense since the last statements by account; shape (accounts but one, firms)."""
        # Buying plant turns cash into plant, and is neither income nor expense.
        return np.delete(self.world.entries - self._entries, _PLANT_ENTERS_THE_BALANCE, axis=0)

    def _income(self, stocks_before: Floats) -> Floats:
        """Return the items of the income statement; shape (items, firms)."""
        changes = self._changes()
        self._entries = self.world.entries.copy()
        stocks = self._balance[BALANCE.index("stocks")] - stocks_before
        return np.vstack([changes, stocks, changes.sum(axis=0) + stocks])

    def balance(self) -> Mapping[str, float]:
        """Return by how much the worth of firms has changed otherwise than by their profits, of all that they own."""
        change = self._balance[-1] - self._opening[-1]
        scale = float(np.abs(self._balance).sum() + np.abs(self._opening).sum() + np.abs(self._profits).sum())
        return {"statements": float(np.abs(change - self._profits).sum()) / max(1.0, scale)}

    def tables(self) -> Mapping[str, Columns]:
        """Return the table ``accounts``: the items that are not 0 anywhere in a statement."""
        days, statements, items, firms, amounts = [], [], [], [], []
        names = sorted({*INCOME, *BALANCE})
        for day, statement, values in self._rows:
            of_kind = INCOME if statement == "income" else BALANCE
            rows, columns = np.nonzero(values)
            days.append(np.full(len(rows), day))
            statements.append(np.full(len(rows), int(statement == "income")))
            items.append(np.array([names.index(name) for name in of_kind])[rows])
            firms.append(columns)
            amounts.append(values[rows, columns])
        firm = np.concatenate(firms)
        return {
            "accounts": {
                "day": np.concatenate(days),
                "firm": Coded(firm, self.world.names.firms),
                "tier": self.world.firms["tier"][firm],
                "statement": Coded(np.concatenate(statements), ("balance", "income")),
                "item": Coded(np.concatenate(items), names),
                "amount": np.concatenate(amounts),
            }
        }


def balance_of(world: World) -> Floats:
    """Return the balance sheet of every firm today (money); items as in `BALANCE`; shape (items, firms)."""
    firms = world.firms
    plant = per_firm(world, world.state.sites["firm"], world.factories["book_value"])
    sides = np.vstack(
        [
            np.maximum(firms["cash"], 0.0),
            np.minimum(firms["cash"], 0.0),
            firms["receivable"],
            -firms["payable"],
            stocks_of(world),
            plant,
        ]
    )
    return np.vstack([sides, sides.sum(axis=0)])
