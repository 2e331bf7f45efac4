"""Cash (E21): invoices, payments, wages, interest and insolvency, by double entry."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.recording.journal import ENGINE, Journal
from gpnde.mechanics import finance
from gpnde.mechanics.pricing import unit_cost
from gpnde.scenario.rules import Finance
from gpnde.vocabulary import FINANCE, YEAR_DAYS
from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World


class Cashbook:
    """Settles accounts every few days.

    What was sent is invoiced at the end of each period and paid *payment_days* later; money enters from markets and
    leaves to suppliers outside, employees and banks. Plants of one firm do not invoice each other.
    """

    def __init__(self, world: World, timeline: Timeline, journal: Journal, rules: Finance) -> None:
        """Open the books; nothing is owed yet."""
        self._world, self._timeline, self._journal, self._rules = world, timeline, journal, rules
        self.period = max(1, timeline.tick(rules.settle_days))
        terms = round(rules.payment_days / (self.period * timeline.tick_days))
        self._invoices = np.zeros((max(1, terms), len(world.state.lines)))
        self._turn = 0
        self._invoiced = world.state.lines["shipped"].copy()
        self._produced = world.state.sites["produced"].copy()
        self.inflow = 0.0
        self.outflow = 0.0
        self.written_off = np.zeros(len(world.scenario.products))
        self.on_insolvency: Callable[[int, str, str], None] = lambda firm, cause, component: None
        self.on_invoiced: list[Callable[[Floats], None]] = []
        self.added_rate: Floats | float = 0.0
        """What components add to the yearly rate of interest of each firm (1/year)."""
        products = world.scenario.products
        self._learning = np.array([products[site.product].learning_rate for site in world.scenario.sites])
        timeline.every(self.period, Phase.CASH, self.settle, self.period)

    def extend(self, lines: int) -> None:
        """Take in new links."""
        self._invoices = np.pad(self._invoices, ((0, 0), (0, lines)))
        self._invoiced = np.concatenate([self._invoiced, np.zeros(lines)])

    def error(self) -> float:
        """Return the imbalance of cash relative to all that was ever paid (0 for an exact balance)."""
        firms = self._world.firms
        turnover = float(np.abs(firms["opening"]).sum()) + self.inflow + self.outflow
        imbalance = float(firms["cash"].sum() - firms["opening"].sum()) - self.inflow + self.outflow
        return abs(imbalance) / max(1.0, turnover)

    def settle(self) -> None:
        """Close a period: pay what is due, costs and interest, invoice what was sent, look for the insolvent."""
        self._pay_invoices()
        self._pay_costs()
        self._pay_interest()
        self._write_invoices()
        if self._rules.insolvency:
            for firm in self._insolvent().tolist():
                self.wind_up(firm)

    def stock_value(self, firms: int) -> Floats:
        """Return the value of the finished stock of each firm at cost."""
        sites = self._world.state.sites
        return np.bincount(sites["firm"], sites["on_hand"] * self._world.unit_cost, firms).astype(np.float64)

    def soundness(self) -> tuple[Floats, Floats]:
        """Return for each firm the months of cost that its cash and credit last, and its debt over its assets."""
        firms = self._world.firms
        months = finance.months_of_cash(firms["cash"] + firms["credit"], firms["monthly_cost"])
        assets = np.maximum(firms["cash"], 0.0) + firms["receivable"] + self.stock_value(len(firms))
        return months, finance.leverage(np.maximum(-firms["cash"], 0.0), assets)

    def _parties(self) -> tuple[Integers, Integers]:
        """Return selling and buying firm of every line; -1 where it is outside the network."""
        state = self._world.state
        seller = np.where(state.lines["supplier"] >= 0, state.sites["firm"][state.lines["supplier"]], -1)
        buyer = np.where(state.lines["buyer"] >= 0, state.sites["firm"][state.lines["buyer"]], -1)
        return seller, buyer

    def _per_firm(self, firm: Integers, amounts: Floats) -> Floats:
        known = firm >= 0
        return np.bincount(firm[known], amounts[known], len(self._world.firms)).astype(np.float64)

    def _pay_invoices(self) -> None:
        """Pay the invoices of the oldest period in the books."""
        self._turn = (self._turn + 1) % len(self._invoices)
        due = self._invoices[self._turn].copy()
        self._invoices[self._turn] = 0.0
        seller, buyer = self._parties()
        firms = self._world.firms
        firms["cash"] = finance.settle(firms["cash"], self._per_firm(seller, due), self._per_firm(buyer, due))
        firms["receivable"] -= self._per_firm(seller, due)
        firms["payable"] -= self._per_firm(buyer, due)
        self.inflow += float(due[buyer < 0].sum())
        self.outflow += float(due[seller < 0].sum())

    def _pay_costs(self) -> None:
        """Pay for what was made since the last settlement, and the fixed cost of the time."""
        world = self._world
        made = world.state.sites["produced"] - self._produced
        self._produced = world.state.sites["produced"].copy()
        share = 1.0 - self._rules.fixed_cost_share
        variable = made * share * self._value_added()
        days = self.period * self._timeline.tick_days
        fixed = np.where(world.firms["active"] == 1, world.firms["fixed_per_day"] * days, 0.0)
        self._spend(self._per_firm(world.state.sites["firm"], variable) + fixed)

    def _value_added(self) -> Floats:
        """Return what a site adds to the cost of one unit; with a learning rate it falls with experience."""
        world = self._world
        if not self._learning.any():
            return world.value_added
        year = np.maximum(world.mean_demand * YEAR_DAYS, 1e-9)
        return unit_cost(world.value_added, world.state.sites["produced"], year, self._learning)

    def _pay_interest(self) -> None:
        firms = self._world.firms
        _, leverage = self.soundness()
        years = self.period * self._timeline.tick_days / YEAR_DAYS
        rate = finance.interest_rate(
            self._rules.interest_per_year, self._rules.spread_per_year, np.minimum(leverage, 1.0)
        )
        rate = np.maximum(rate + self.added_rate, 0.0)
        self._spend(np.where(firms["active"] == 1, rate * years * np.maximum(-firms["cash"], 0.0), 0.0))

    def invest(self, amounts: Floats) -> None:
        """Let firms pay for learning and new functions; the money leaves the network; shape (firms,)."""
        self._spend(np.where(self._world.firms["active"] == 1, amounts, 0.0))

    def receive(self, amounts: Floats) -> None:
        """Let firms get money from outside the network that they have not earned; shape (firms,)."""
        self._world.firms["cash"] += amounts
        self.inflow += float(amounts.sum())

    def pay(self, amounts: Floats, to: int) -> None:
        """Let firms pay *amounts*, shape (firms,), to the firm *to*, or to somebody outside (-1)."""
        firms = self._world.firms
        paid = np.where(firms["active"] == 1, amounts, 0.0)
        self._spend(paid)
        if to >= 0:
            received = float(paid.sum())
            firms["cash"][to] += received
            firms["revenue"][to] += received
            self.inflow += received

    def _spend(self, amounts: Floats) -> None:
        firms = self._world.firms
        firms["cash"] -= amounts
        firms["expense"] += amounts
        self.outflow += float(amounts.sum())

    def _write_invoices(self) -> None:
        """Invoice what was sent since the last settlement."""
        lines, firms = self._world.state.lines, self._world.firms
        value = (lines["shipped"] - self._invoiced) * lines["price"]
        self._invoiced = lines["shipped"].copy()
        seller, buyer = self._parties()
        value[seller == buyer] = 0.0
        self._invoices[self._turn] += value
        sold, bought = self._per_firm(seller, value), self._per_firm(buyer, value)
        firms["receivable"] += sold
        firms["payable"] += bought
        firms["revenue"] += sold
        firms["expense"] += bought
        self._pay_duties(buyer, value)

    def _pay_duties(self, buyer: Integers, value: Floats) -> None:
        """Let buyers in the network pay duties on what was invoiced, and tell who levies them; shape (lines,)."""
        if self._world.tariff.any():
            self._spend(self._per_firm(buyer, value * self._world.tariff))
        for told in self.on_invoiced:
            told(value)

    def _insolvent(self) -> Integers:
        firms = self._world.firms
        return np.flatnonzero((firms["active"] == 1) & finance.is_insolvent(firms["cash"], firms["credit"]))

    def wind_up(self, firm: int, cause: str = FINANCE, component: str = ENGINE) -> None:
        """Sell the stock of a firm, share what there is among its creditors, and close its sites."""
        self._journal.firm("firm_failed", firm, cause, component, value=float(self._world.firms["cash"][firm]))
        self._world.firms["active"][firm] = 0
        self._sell_stock(firm)
        self._pay_creditors(firm)
        self.on_insolvency(firm, cause, component)

    def _sell_stock(self, firm: int) -> None:
        """Sell the finished stock of a firm at a loss; it leaves the network."""
        sites = self._world.state.sites
        own = np.flatnonzero(sites["firm"] == firm)
        value = float((sites["on_hand"][own] * self._world.unit_cost[own]).sum()) * self._rules.recovery
        np.add.at(self.written_off, sites["product"][own], sites["on_hand"][own])
        sites["on_hand"][own] = 0.0
        self._world.firms["cash"][firm] += value
        self.inflow += value

    def _pay_creditors(self, firm: int) -> None:
        """Pay the open invoices of a failed firm as far as its cash goes; its creditors bear the rest."""
        firms = self._world.firms
        seller, buyer = self._parties()
        owed = np.where(buyer == firm, self._invoices.sum(axis=0), 0.0)
        total = float(owed.sum())
        if total <= 0.0:
            return
        share = min(1.0, max(0.0, float(firms["cash"][firm])) / total)
        paid = owed * share
        firms["cash"] = finance.settle(firms["cash"], self._per_firm(seller, paid), self._per_firm(buyer, paid))
        self.outflow += float(paid[seller < 0].sum())
        firms["receivable"] -= self._per_firm(seller, owed)
        firms["payable"] -= self._per_firm(buyer, owed)
        firms["expense"] += self._per_firm(seller, finance.credit_loss(owed, share))
        self._invoices[:, buyer == firm] = 0.0
