"""Dividends (E21): after every quarter firms pay their owners a share of its profit, and cash that they do not need.

Owners in the network get their share; the rest of the cash that is not needed belongs to owners outside.
"""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.money.payments import enter, per_firm
from gpnde.engine.money.statements import Statements
from gpnde.mechanics.finance import dividend, payout
from gpnde.ownership import share_held
from gpnde.scenario.rules import Finance
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import ACCOUNTS, MONTH_DAYS, QUARTER_DAYS, YEAR_DAYS
from gpnde.world.layout import Flags, Floats

_OWN_COST = [ACCOUNTS.index(name) for name in ("production", "labour", "upkeep")]
"""Accounts of what a firm pays for its own work, idle or not."""


class Dividends(Subsystem):
    """Pays out profits of owned firms, as far as they can spare cash, and what any firm has above its needs."""

    name = "dividends"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether firms have money, and owners who hold a share of them or get what they do not need."""
        if scenario.finance is None:
            return False
        owned = [firm for firm in scenario.firms if firm.owner is not None]
        held = any(share_held(firm.node_type, firm.equity_share) for firm in owned)
        return held or scenario.finance.payout_per_year > 0

    def __init__(self, context: RunContext) -> None:
        """Begin with nothing paid."""
        super().__init__(context)
        self._rules = self.world.scenario.finance or Finance()
        self._paid = self._losses = self._spent = np.zeros(len(self.world.firms))

    def start(self) -> None:
        """Plan to pay when the statements of a quarter are there."""
        self.plan_steps(QUARTER_DAYS, Phase.TERMS)

    def step(self) -> None:
        """Pay dividends on the profits of the last statements, once losses of earlier ones are made up for.

        What a firm has paid itself is no loss of it; what it has received is profit, which is passed on along chains.
        """
        world = self.world
        firms, owner = world.firms, world.owners
        has_owner = (owner >= 0) & (firms["active"] == 1) & (firms["active"][owner] == 1)
        share = world.ownership["share"]
        due = self._of_profit(share, has_owner)
        spare = self._of_cash(firms["cash"] - due)
        inside = np.where(has_owner, share * spare, 0.0)
        received = per_firm(world, owner, due + inside)
        self._paid = due + spare
        firms["cash"] += received - self._paid
        # Dividends on profits stay in the network; only what owners outside get leaves it.
        world.flows.outflow += float((spare - inside).sum())
        enter(world, "dividends", received - self._paid)

    def _of_profit(self, share: Floats, has_owner: Flags) -> Floats:
        """Return what firms pay of their profits to owners who hold a *share* of them; shape (firms,)."""
        profit = self.context.part(Statements).last_profits + self._paid + self._losses
        self._losses = np.minimum(profit, 0.0)
        due = dividend(profit, share, self._rules.means_share * self.world.firms["cash"])
        return np.where(has_owner, due, 0.0)

    def _of_cash(self, cash: Floats) -> Floats:
        """Return what firms pay of the *cash* that they do not need; shape (firms,).

        They need what they owe, and what their own work has cost in so many months, as in the quarter that ends.
        """
        rules, firms = self._rules, self.world.firms
        # Accounts hold income above 0 and expense below.
        spent = -self.world.entries[_OWN_COST].sum(axis=0)
        months = self.timeline.period(QUARTER_DAYS) * self.timeline.tick_days / MONTH_DAYS
        needed = rules.kept_months / months * (spent - self._spent) + firms["payable"]
        self._spent = spent
        out = payout(cash, needed, rules.payout_per_year, QUARTER_DAYS / YEAR_DAYS)
        return np.where(firms["active"] == 1, out, 0.0)
