"""Costs by kind, site and link, period by period: kept for the table of costs, and paid where there is finance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.kernel.transit import shipments_on
from gpnde.engine.money.payments import per_firm, spend
from gpnde.engine.recording.statistics import cost_rates
from gpnde.mechanics.costs import rate_per_day
from gpnde.results.tables import Coded
from gpnde.scenario.costs import Costs
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import COST_KINDS, OUTSIDE, STOCK_COSTS, YEAR_DAYS, Account, CostKind, StockCost
from gpnde.world.layout import Floats, Integers, State
from gpnde.world.world import CostOwner, World

BY_RATE: Mapping[StockCost, tuple[str, str]] = {
    "holding": ("holding_cost", "held"),
    "pipeline": ("pipeline_cost", "pipeline"),
    "stockout": ("stockout_cost", "short"),
    "shortage": ("shortage_cost", "shortage"),
    "ordering": ("order_cost", "orders"),
    "disposal": ("disposal_cost", "scrapped"),
}
"""The field of a site that is the rate of a cost, and the quantity that it is charged on."""

_SHARES: Mapping[StockCost, str] = {"holding": "holding_per_year", "pipeline": "pipeline_per_year"}
"""The share of unit cost that stands in for a rate that a site does not give."""


_ACCOUNT_OF: Mapping[CostKind, Account] = {**{kind: kind for kind in STOCK_COSTS}, "setup": "production"}
"""The account that pays each kind of cost that sites are charged here."""


class Rows(NamedTuple):
    """What one kind of cost came to in a period: for each *number* of a firm, site or line (money)."""

    day: float
    kind: CostKind
    owner: CostOwner
    numbers: Integers
    amounts: Floats


class CostRecorder(Subsystem):
    """Adds up the costs of every period.

    With finance, periods end at settlements, firms pay what stocks, shortages and orders cost them, and all else is as
    the cash book has it. Without, costs are only counted.
    """

    name = "cost recorder"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has a block on costs."""
        return scenario.costs is not None

    def __init__(self, context: RunContext) -> None:
        """Begin with nothing spent, and have the accounts note what they pay."""
        super().__init__(context)
        scenario = self.world.scenario
        self._rules, self._finance = scenario.costs or Costs(), scenario.finance
        self.world.booked = None if self._finance is None else []
        self._period: dict[tuple[CostKind, CostOwner], Floats] = {}
        self._rows: list[Rows] = []
        self._next = self.timeline.period(self._rules.every_days)
        self._look_up()
        self._seen = quantities(self.world, 0)

    def _look_up(self) -> None:
        """Look up the rates of all sites that there are."""
        scenario = self.world.scenario
        self._rates = {
            **cost_rates(scenario),
            "disposal_cost": np.array([site.disposal_cost for site in scenario.sites]),
        }
        self._charged = frozenset(name for name, rates in self._rates.items() if rates.any())
        by_worth = self._rules.pipeline_per_year + self._rules.capital_per_year
        self._counts_pipeline = by_worth > 0.0 or "pipeline_cost" in self._charged
        self._making = _cost_of_making(scenario)

    def start(self) -> None:
        """Plan the ends of periods; what happens before the warm-up is over belongs to periods of its own."""
        every = self._rules.every_days if self._finance is None else self._finance.settle_days
        self.plan_steps(every, Phase.CASH)
        warm_up = self.timeline.tick(self.world.scenario.clock.warm_up_days)
        if warm_up:
            self.plan(warm_up, Phase.CASH, "close")

    def extend_sites(self, numbers: Integers) -> None:
        """Look up the rates of new sites."""
        self._look_up()

    def finish(self) -> None:
        """Close the last period at the horizon."""
        self.close(is_over=True)

    def step(self) -> None:
        """Count and pay what was spent, and close the period if it is over."""
        self._count()
        if self.timeline.now >= self._next:
            self._close()

    def close(self, is_over: bool = False) -> None:
        """Close the period now, whether it is over or not."""
        self._count(is_over)
        self._close()

    def _close(self) -> None:
        """Keep the rows of the period that ends."""
        self._rows += [
            Rows(self.timeline.today, *key, np.flatnonzero(amounts), amounts[amounts != 0.0])
            for key, amounts in self._period.items()
        ]
        self._period = {}
        every = self.timeline.period(self._rules.every_days)
        # Not a period from now, or the end of the warm-up would shift the ends of all periods after it.
        self._next = (self.timeline.now // every + 1) * every

    def _count(self, is_over: bool = False) -> None:
        """Count what has been spent since the last count, and pay for it."""
        now = quantities(self.world, self.timeline.now, is_over, self._counts_pipeline)
        since = {name: amounts - padded(self._seen[name], len(amounts)) for name, amounts in now.items()}
        self._seen = now
        for kind, amounts in self._of_sites(since):
            self._charge(kind, amounts)
        self._take_paid(since)

    def _charge(self, kind: CostKind, amounts: Floats) -> None:
        """Put down a cost of every site, and have its firm pay where it would; firms that are gone bear none."""
        if not amounts.any():
            return
        firm = self.world.state.sites["firm"]
        if self._finance is not None:
            amounts = np.where(self.world.firms["active"][firm] == 1, amounts, 0.0)
        account = _ACCOUNT_OF.get(kind)
        if self._finance is not None and account is not None:
            spend(self.world, per_firm(self.world, firm, amounts), account)
        self._add(kind, "site", amounts)

    def _of_sites(self, since: Mapping[str, Floats]) -> Iterator[tuple[CostKind, Floats]]:
        """Yield what each site has spent at its rates, by kind (money)."""
        rules, worth = self._rules, self.world.plants["unit_cost"]
        for kind, (rate, quantity) in BY_RATE.items():
            share = _SHARES.get(kind)
            per_year = getattr(rules, share) if share else 0.0
            if per_year > 0.0:
                yield kind, rate_per_day(self._rates[rate], worth, per_year) * since[quantity]
            elif rate in self._charged:
                yield kind, self._rates[rate] * since[quantity]
        yield "setup", since["setup"]
        if rules.capital_per_year > 0.0:
            yield "capital", (since["held"] + since["pipeline"]) * worth * (rules.capital_per_year / YEAR_DAYS)

    def _take_paid(self, since: Mapping[str, Floats]) -> None:
        """Put down what accounts have paid for making and carrying goods, or without finance what it would be."""
        if self.world.booked is None:
            self._count_unpaid(since)
            return
        for booked in self.world.booked:
            self._add(*booked)
        self.world.booked = []

    def _count_unpaid(self, since: Mapping[str, Floats]) -> None:
        """Put down what making goods, freight and duties would cost."""
        world, (seller, buyer) = self.world, self.world.parties
        sent = np.where(buyer >= 0, since["sent"], 0.0)
        if world.money["freight"].any():
            self._add("freight", "line", sent * world.money["freight"])
        if world.money["tariff"].any():
            invoiced = np.where(seller != buyer, sent * world.state.lines["price"], 0.0)
            self._add("duty", "line", invoiced * world.money["tariff"])
        if self._making.any() or world.scenario.takes_labour:
            self._add("production", "site", self._cost_of_making() * since["produced"])

    def _cost_of_making(self) -> Floats:
        """Return what making a good unit takes at each site today, beside materials (money)."""
        factories = self.world.factories
        plant = factories["labour_cost"] + factories["fixed_cost"] + factories["bought_in"]
        return np.where(factories["takes_labour"], plant, self._making * self._productivity())

    def _productivity(self) -> Floats:
        """Return what a site adds to the cost of a unit today, relative to day 0."""
        plants = self.world.plants
        opening = plants["opening_value_added"]
        return np.asarray(np.divide(plants["value_added"], opening, out=np.ones(len(plants)), where=opening > 0.0))

    def _add(self, kind: CostKind, owner: CostOwner, amounts: Floats) -> None:
        before = self._period.get((kind, owner), np.zeros(0))
        self._period[kind, owner] = padded(before, len(amounts)) + amounts

    def tables(self) -> Mapping[str, Columns]:
        """Return the table ``costs``."""
        if not self._rows:
            return {}
        parts = [self._columns(rows) for rows in self._rows]
        names, columns = self.world.names, {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return {
            "costs": {
                **columns,
                "site": Coded(columns["site"], names.sites),
                "firm": Coded(columns["firm"], names.firms),
                "supplier": Coded(columns["supplier"], [*names.sites, OUTSIDE]),
                "kind": Coded(columns["kind"], COST_KINDS),
            }
        }

    def _columns(self, rows: Rows) -> Mapping[str, Floats | Integers]:
        """Return the rows of one kind in a period as numbers; -1, or NaN for a link, stands for none."""
        count, numbers, none = len(rows.numbers), rows.numbers, np.full(len(rows.numbers), -1)
        lines, sites = self.world.state.lines, self.world.state.sites
        is_line = rows.owner == "line"
        site = lines["buyer"][numbers] if is_line else numbers if rows.owner == "site" else none
        firm = numbers if rows.owner == "firm" else sites["firm"][site]
        supplier = lines["supplier"][numbers] if is_line else none
        outside = np.where(supplier < 0, len(sites), supplier) if is_line else none
        return {
            "day": np.full(count, rows.day),
            "site": site,
            "firm": firm,
            "tier": self.world.firms["tier"][firm],
            "link": numbers.astype(np.float64) if is_line else np.full(count, np.nan),
            "supplier": outside,
            "kind": np.full(count, COST_KINDS.index(rows.kind)),
            "amount": rows.amounts,
        }


def quantities(world: World, now: int, is_over: bool = False, pipeline: bool = True) -> dict[str, Floats]:
    """Return what costs go by, from day 0 up to tick *now*: per site, and what lines have *sent*.

    *held*, *short* and *pipeline* are in unit-days; at the end of a run, which *is_over*, the flow has closed them.
    Without *pipeline*, which takes longest, there is 0 for it.
    """
    state, tick = world.state, float(world.state.clock[0].tick_days)
    sites, waited = state.sites, now - int(state.clock[0].last)
    whole = sites["pipeline"] if is_over or not pipeline else time_on_the_way(state, now)
    return {
        "held": (sites["held"] + sites["on_hand"] * waited) * tick,
        "short": (sites["short"] + sites["backlog"] * waited) * tick,
        "pipeline": whole * (tick if pipeline else 0.0),
        "shortage": sites["shortage"].copy(),
        "orders": np.bincount(state.inputs["site"], state.inputs["orders"], len(sites)),
        "scrapped": sites["scrapped"].copy(),
        "produced": sites["produced"].copy(),
        "setup": np.bincount(state.plant_lines["site"], state.plant_lines["setup_cost"], len(sites)),
        "sent": state.lines["shipped"].copy(),
    }


def time_on_the_way(state: State, now: int) -> Floats:
    """Return how long goods have been on the way from each site up to tick *now* (unit-ticks); shape (sites,).

    The flow counts the time of a shipment when it leaves, so what lies ahead of those under way is taken off.
    """
    under_way = shipments_on(state, np.arange(len(state.lines)), now)
    supplier = state.lines["supplier"][under_way.lines]
    inside = supplier >= 0
    past = state.sites["pipeline"].copy()
    np.add.at(past, supplier[inside], (under_way.quantities * (now - under_way.due))[inside])
    return past


def _cost_of_making(scenario: Scenario) -> Floats:
    """Return what a unit takes at each site where the scenario says what a site or its product adds (money)."""
    return np.array(list(_given(scenario)), dtype=np.float64)


def _given(scenario: Scenario) -> Iterator[float]:
    for site in scenario.sites:
        usual = scenario.products[site.product].value_added or 0.0
        yield usual if site.value_added is None else site.value_added


def padded(amounts: Floats, count: int) -> Floats:
    """Return *amounts* with zeros for those that were not there yet."""
    # To pad is slow, and nearly always there is nothing new.
    return amounts if len(amounts) == count else np.pad(amounts, (0, count - len(amounts)))
