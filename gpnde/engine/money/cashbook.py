"""Cash (E21): invoices, payments, wages, interest and insolvency, by double entry."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.money.consignment import by_owner, give_up, is_consigned, open_consignment, settle_materials
from gpnde.engine.money.discounts import discounted_units
from gpnde.engine.money.payments import enter, note_cost, per_firm, receive, spend
from gpnde.engine.money.stocks import stock_value
from gpnde.mechanics import finance
from gpnde.mechanics.labour import experience_factor
from gpnde.scenario.rules import Finance
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import ACCOUNTS, WITHOUT_PAYMENT, YEAR_DAYS, Account, CostKind
from gpnde.world.factories import PLANT_VALUES
from gpnde.world.layout import Floats, Integers
from gpnde.world.terms import settlements_to_payment


class Cashbook(Subsystem):
    """Settles accounts every few days.

    What was sent is invoiced at the end of each period and paid *payment_days* later, or still later where a contract
    says so; money enters from markets and leaves to suppliers outside, employees and banks. Plants of one firm do not
    invoice each other.
    """

    name = "cashbook"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has a block on finance."""
        return scenario.finance is not None

    def __init__(self, context: RunContext) -> None:
        """Open the books; nothing is owed yet."""
        super().__init__(context)
        self._rules = _rules(self.world.scenario)
        self._turn = 0
        self._settlements = settlements_to_payment(self.world.scenario, self._rules)
        self._learning = np.array([product.learning_rate for product in self.world.scenario.products.values()])

    def start(self) -> None:
        """Plan the settlements."""
        # What is on the road at the start was invoiced before it.
        self.world.money["invoiced_units"] = self.world.state.lines["shipped"]
        self.world.plants["produced_settled"] = self.world.state.sites["produced"]
        if is_consigned(self.world):
            open_consignment(self.world)
        self.plan_steps(self._rules.settle_days, Phase.CASH)

    def balance(self) -> Mapping[str, float]:
        """Return the imbalance of cash relative to all that was ever paid."""
        firms, flows = self.world.firms, self.world.flows
        turnover = float(np.abs(firms["opening"]).sum()) + flows.inflow + flows.outflow
        imbalance = float(firms["cash"].sum() - firms["opening"].sum()) - flows.inflow + flows.outflow
        # At least 1, so that the dust of rounding does not loom large where hardly any money has moved.
        return {"cash": abs(imbalance) / max(1.0, turnover), "accounts": self._error_of_accounts(max(1.0, turnover))}

    def _error_of_accounts(self, turnover: float) -> float:
        """Return by how much what firms own and owe has changed otherwise than their accounts say, of the turnover."""
        firms = self.world.firms
        change = firms["cash"] + firms["receivable"] - firms["payable"] - firms["opening"]
        paid = self.world.entries[[name not in WITHOUT_PAYMENT for name in ACCOUNTS]].sum(axis=0)
        return float(np.abs(change - paid).sum()) / turnover

    def step(self) -> None:
        """Close a period: pay what is due, costs and interest, and invoice what was sent."""
        self._pay_invoices()
        self._pay_costs()
        self._pay_interest()
        self._write_invoices()

    def soundness(self) -> tuple[Floats, Floats]:
        """Return for each firm the months of cost that its cash and credit last, and its debt over its assets."""
        firms = self.world.firms
        months = finance.months_of_cash(firms["cash"] + firms["credit"], firms["monthly_cost"])
        # An overdraft counts as debt, so it must not lower the assets as well.
        assets = np.maximum(firms["cash"], 0.0) + firms["receivable"] + stock_value(self.world)
        return months, finance.leverage(np.maximum(-firms["cash"], 0.0), assets)

    def _per_firm(self, firm: Integers, amounts: Floats) -> Floats:
        return per_firm(self.world, firm, amounts)

    def _settled_days(self) -> float:
        return self.timeline.period(self._rules.settle_days) * self.timeline.tick_days

    def _pay_invoices(self) -> None:
        """Pay the invoices of the oldest period in the books."""
        world = self.world
        # The rows are a ring of settlements, so that no invoice has to be moved as time goes on.
        self._turn = (self._turn + 1) % len(world.invoices)
        # A copy, since the row is emptied for invoices that fall due a whole round later.
        due = world.invoices[self._turn].copy()
        world.invoices[self._turn] = 0.0
        seller, buyer = world.parties
        firms = world.firms
        firms["cash"] = finance.settle(firms["cash"], self._per_firm(seller, due), self._per_firm(buyer, due))
        firms["receivable"] -= self._per_firm(seller, due)
        firms["payable"] -= self._per_firm(buyer, due)
        # A buyer of number -1 is a market, a seller of number -1 is outside the network.
        world.flows.inflow += float(due[buyer < 0].sum())
        world.flows.outflow += float(due[seller < 0].sum())

    def _pay_costs(self) -> None:
        """Pay for what was made since the last settlement, and the fixed cost of the time."""
        world = self.world
        made = world.state.sites["produced"] - world.plants["produced_settled"]
        world.plants["produced_settled"] = world.state.sites["produced"]
        share = 1.0 - self._rules.fixed_cost_share
        takes = world.factories["takes_labour"]
        # Where making takes labour, the workforce and the books of plant pay for the rest.
        variable = np.where(takes, made * world.factories["bought_in"], made * share * self._value_added())
        fixed = np.where(world.firms["active"] == 1, world.firms["fixed_per_day"] * self._settled_days(), 0.0)
        spend(world, self._per_firm(world.state.sites["firm"], variable) + fixed, "production")
        note_cost(world, "production", "site", variable)
        note_cost(world, "production", "firm", fixed)

    def _value_added(self) -> Floats:
        """Return what a site adds to the cost of one unit; with a learning rate it falls with experience."""
        world = self.world
        if not self._learning.any():
            added: Floats = world.plants["value_added"]
            return added
        # Experience is counted in years of demand, and a site of which nothing is expected would divide by 0.
        year = np.maximum(world.plants["mean_demand"] * YEAR_DAYS, 1e-9)
        sites = world.state.sites
        saved = experience_factor(sites["produced"], year, self._learning[sites["product"]])
        return np.asarray(world.plants["value_added"] * saved)

    def _pay_interest(self) -> None:
        firms = self.world.firms
        _, leverage = self.soundness()
        years = self._settled_days() / YEAR_DAYS
        # Leverage is infinite where debt stands against no assets, and the rate must not be.
        rate = finance.interest_rate(
            self._rules.interest_per_year, self._rules.spread_per_year, np.minimum(leverage, 1.0)
        )
        # Components may lower rates, but nobody earns by owing.
        rate = np.maximum(rate + firms["added_rate"], 0.0)
        due = np.where(firms["active"] == 1, rate * years * np.maximum(-firms["cash"], 0.0), 0.0)
        spend(self.world, due, "interest")

    def _write_invoices(self) -> None:
        """Invoice what was sent since the last settlement, and charge the duties on it."""
        world = self.world
        lines, money = world.state.lines, world.money
        sent = lines["shipped"] - money["invoiced_units"]
        paid_for = sent - discounted_units(world, sent) if len(world.state.breaks) else sent
        value = paid_for * lines["price"]
        money["invoiced_units"] = lines["shipped"]
        seller, buyer = world.parties
        value[seller == buyer] = 0.0
        money["invoiced"] = value
        self._charge(value, sent)
        if money["freight"].any():
            self._pay_on_lines(buyer, sent * money["freight"], "freight", "freight")
        if money["tariff"].any():
            self._pay_on_lines(buyer, value * money["tariff"], "duties", "duty")

    def _pay_on_lines(self, buyer: Integers, amounts: Floats, account: Account, kind: CostKind) -> None:
        """Charge buyers with what comes on top of the price of each line; those outside the network pay nothing."""
        spend(self.world, self._per_firm(buyer, amounts), account)
        note_cost(self.world, kind, "line", np.where(buyer >= 0, amounts, 0.0))

    def _charge(self, value: Floats, sent: Floats) -> None:
        """Charge buyers with the *value* of what was *sent*, but for what they own of it; they pay for that at once."""
        world, back = self.world, np.zeros(len(value))
        if is_consigned(world):
            lowered, back = settle_materials(world, sent, value)
            value = value - lowered
        owed, firms = value + back, world.firms
        due = (self._turn + self._settlements[world.state.lines["contract"]]) % len(world.invoices)
        world.invoices[due, np.arange(len(owed))] += owed
        seller, buyer = world.parties
        firms["receivable"] += self._per_firm(seller, owed)
        firms["payable"] += self._per_firm(buyer, owed)
        sold, bought = self._per_firm(seller, value), self._per_firm(buyer, owed) - self._per_firm(seller, back)
        firms["revenue"] += sold
        firms["expense"] += bought
        enter(world, "sales", sold)
        enter(world, "purchases", -bought)

    def wind_up(self, firm: int) -> None:
        """Sell the stock and the plant of a firm, and share what there is among its creditors."""
        # Before `give_up`, which forgets what others own of this stock.
        self._sell_stock(firm)
        give_up(self.world, firm)
        self._sell_plant(firm)
        self._pay_creditors(firm)

    def _sell_plant(self, firm: int) -> None:
        """Sell the plant of a firm at a loss; it leaves the network."""
        world = self.world
        own = world.state.sites["firm"] == firm
        book = np.where(np.arange(len(world.firms)) == firm, world.factories["book_value"][own].sum(), 0.0)
        if book.any():
            for name in PLANT_VALUES:
                world.factories[name][own] = 0.0
            enter(world, "write_offs", -book)
            receive(world, book * self._rules.recovery, "liquidation")

    def _sell_stock(self, firm: int) -> None:
        """Sell the finished stock of a firm at a loss, for those who own it; it leaves the network."""
        world = self.world
        sites = world.state.sites
        own = np.flatnonzero(sites["firm"] == firm)
        units = np.where(sites["firm"] == firm, sites["on_hand"], 0.0)
        proceeds = by_owner(world, units)
        np.add.at(world.flows.written_off, sites["product"][own], sites["on_hand"][own])
        sites["on_hand"][own] = 0.0
        receive(world, proceeds * self._rules.recovery, "liquidation")

    def _pay_creditors(self, firm: int) -> None:
        """Pay the open invoices of a failed firm as far as its cash goes; its creditors bear the rest."""
        world = self.world
        firms, (seller, buyer) = world.firms, world.parties
        owed = np.where(buyer == firm, world.invoices.sum(axis=0), 0.0)
        total = float(owed.sum())
        if total <= 0.0:
            return
        # A firm that has overdrawn its account has nothing left for those that it owes for goods.
        share = min(1.0, max(0.0, float(firms["cash"][firm])) / total)
        paid = owed * share
        firms["cash"] = finance.settle(firms["cash"], self._per_firm(seller, paid), self._per_firm(buyer, paid))
        world.flows.outflow += float(paid[seller < 0].sum())
        firms["receivable"] -= self._per_firm(seller, owed)
        firms["payable"] -= self._per_firm(buyer, owed)
        lost = self._per_firm(seller, finance.credit_loss(owed, share))
        firms["expense"] += lost
        # What the failed firm does not pay, it owes no longer: a gain in its books as large as the loss of the others.
        enter(world, "credit_losses", self._per_firm(buyer, owed - paid) - lost)
        world.invoices[:, buyer == firm] = 0.0


def _rules(scenario: Scenario) -> Finance:
    """Return the block on finance of a scenario that has one."""
    assert scenario.finance is not None
    return scenario.finance
