"""Bargaining (E28): buyers and suppliers agree on prices anew at every review, and keep to long contracts meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.contracts import INTRA_FIRM
from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.hooks.commitments import committed_ticks
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.money.prices import Prices
from gpnde.engine.trade.agreements import Agreements
from gpnde.engine.trade.offers import Offers
from gpnde.engine.trade.outside_options import OutsideOptions
from gpnde.engine.trade.tenders import Tenders
from gpnde.mechanics.bargaining import offer, package_price, split_price
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import HIGHER_TIER, ROLES, YEAR_DAYS
from gpnde.world.expectations import line_flows
from gpnde.world.layout import Flags, Floats, Integers, Records
from gpnde.world.terms import or_else

_LEADS = [ROLES.index(role) for role in HIGHER_TIER]


class Bargaining(Subsystem):
    """Sets the prices of links between firms; goods change hands within a firm at cost."""

    name = "bargaining"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether prices of supplies are bargained over."""
        return scenario.pricing.rule == "bargaining"

    def __init__(self, context: RunContext) -> None:
        """Look up the rules."""
        super().__init__(context)
        self._rules = self.world.scenario.pricing
        self._offers = Offers(context, self._rules)
        self._options = OutsideOptions(context, self._rules, self._offers)
        self._tenders = Tenders(context, self._rules)
        self._agreements = Agreements(self.world)
        leads = np.isin(np.arange(len(ROLES)), _LEADS)
        self._weight_of_role = np.where(leads, self._rules.lead_weight, self._rules.lower_weight)
        links = self.world.scenario.links
        self._falls = np.array([link.price_fall_per_year or 0.0 for link in links])

    def start(self) -> None:
        """Agree on the prices that the scenario does not state, tier after tier until they settle, and plan reviews."""
        stated = self._between_firms & self._stated
        self._hold_stated(np.flatnonzero(stated))
        free = np.flatnonzero(self._between_firms & ~stated)
        for _ in range(1 + int(self.world.state.sites["tier"].max())):
            self._offers.open()
            self._transfer_at_cost()
            options = self._agree(free, self._expected_volume())
            self.context.part(UnitCosts).reopen()
        self._agreements.note(self.timeline.today, free, options)
        self.plan_steps(self._rules.review_days, Phase.SELECTION)

    def _hold_stated(self, numbers: Integers) -> None:
        """Let the prices that the scenario states stand until the first review."""
        self._set(numbers, self.world.money["base_price"][numbers], np.zeros(len(numbers)))

    @property
    def _stated(self) -> Flags:
        """Whether the scenario states the price of each line."""
        scenario, lines = self.world.scenario, self.world.state.lines
        by_link = np.zeros(len(lines), dtype=np.bool_)
        by_link[: len(scenario.links)] = [link.price is not None for link in scenario.links]
        by_site = np.array([site.price is not None for site in scenario.sites])
        # Supplier -1, outside, reads the last site; users look at lines between firms only.
        stated: Flags = by_link | by_site[lines["supplier"]]
        return stated

    @property
    def _between_firms(self) -> Flags:
        lines = self.world.state.lines
        inside: Flags = (lines["supplier"] >= 0) & (lines["market"] < 0) & (lines["active"] == 1)
        inside &= lines["contract"] != INTRA_FIRM
        return inside

    def step(self) -> None:
        """Review all prices: follow the path of long contracts, and agree anew on all others."""
        self._offers.renew()
        self._transfer_at_cost()
        bound = self._bound
        self._follow_path(np.flatnonzero(bound))
        free = np.flatnonzero(self._between_firms & ~bound)
        money, lines = self.world.money, self.world.state.lines
        ticks = self.timeline.period(self._rules.review_days)
        volume = (lines["placed"] - money["placed_agreed"]) / ticks
        money["placed_agreed"] = lines["placed"]
        options = self._agree(free, volume)
        self.context.part(UnitCosts).update()
        self._agreements.note(self.timeline.today, free, options)
        self._tenders.hold(free, options)

    @property
    def _bound(self) -> Flags:
        """Whether a contract still binds the buyer of each line between firms."""
        lines = self.world.state.lines
        until = lines["opened"] + committed_ticks(lines, self.timeline, self.context.hooks)
        bound: Flags = self._between_firms & (until > self.timeline.now)
        return bound

    def _agree(self, numbers: Integers, volume: Floats) -> Floats:
        """Agree on the prices of links between firms by what each side could do otherwise; return the latter.

        *volume* is what each line delivers (units per tick); shape (lines,).
        """
        options = self._options.of(numbers, volume)
        supplier = self.world.state.lines["supplier"][numbers]
        plants = self.world.plants[supplier]
        asked = package_price(plants["offer"], self.world.terms_of(numbers)["package_margin"])
        price = split_price(asked, options, self._weights(numbers), plants["variable_cost"])
        self._set(numbers, price, plants["variable_cost"])
        return options

    def change(self, numbers: Integers, plants: Records, more: float, functions: float) -> Floats:
        """Return how much higher the prices of links would be if their suppliers could do more.

        *plants* says what units would cost, *more* is the rise of capability in making, and *functions* that of what
        buyers pay for other functions, as a share of the price.
        """
        trade, offers = self.world.trade[numbers], self.world.plants["offer"]
        supplier, weights = self.world.state.lines["supplier"][numbers], self._weights(numbers)
        raised = trade["outside_option"] + more * trade["option_slope"] + functions * offers[supplier]
        before = self._split(numbers, self.world.plants, trade["outside_option"], weights)
        return self._split(numbers, plants, raised, weights) - before

    def _split(self, numbers: Integers, plants: Records, options: Floats, weights: Floats) -> Floats:
        """Return the prices of links whose suppliers have units that cost what *plants* say."""
        supplier = self.world.state.lines["supplier"][numbers]
        variable, unit = plants["variable_cost"][supplier], plants["unit_cost"][supplier]
        fixed = np.maximum(unit - variable, 0.0)
        asked = offer(variable, fixed, self.world.plants["fixed_weight"][supplier])
        asked = package_price(asked, self.world.terms_of(numbers)["package_margin"])
        return split_price(asked, options, weights, variable)

    def _set(self, numbers: Integers, price: Floats, least: Floats) -> None:
        prices = self.context.part(Prices)
        prices.set_prices(numbers, price, least)
        if self._rules.quoted_in == "seller":
            supplier = self.world.state.lines["supplier"][numbers]
            self.world.money["quoted_rate"][numbers] = self.world.site_exchange_rates[supplier]
        # After the currency was noted, since the update scales prices by it.
        prices.update()

    def _weights(self, numbers: Integers) -> Floats:
        """Return the bargaining weight of the supplier of each link: by its contract, or else by its role."""
        supplier, by_contract = self.world.state.lines["supplier"][numbers], self.world.terms_of(numbers)
        role = self.world.firms["role"][self.world.state.sites["firm"][supplier]]
        return or_else(by_contract["bargaining_weight"], self._weight_of_role[role])

    def _transfer_at_cost(self) -> None:
        lines = self.world.state.lines
        inside = np.flatnonzero((lines["contract"] == INTRA_FIRM) & (lines["market"] < 0) & (lines["active"] == 1))
        supplied = inside[lines["supplier"][inside] >= 0]
        cost = self.world.plants["unit_cost"][lines["supplier"][supplied]]
        # Not in force yet: the agreement that follows, even one about no link, brings all prices up to date.
        self.context.part(Prices).set_prices(supplied, cost, np.zeros(len(supplied)))

    def _follow_path(self, numbers: Integers) -> None:
        """Let the prices of long contracts fall as they say."""
        years = self.timeline.period(self._rules.review_days) * self.timeline.tick_days / YEAR_DAYS
        # Links that were opened later are not in the scenario, and their prices follow no path.
        falls = np.append(self._falls, np.zeros(len(self.world.state.lines) - len(self._falls)))[numbers]
        price = self.world.money["base_price"][numbers] * (1.0 - falls) ** years
        self.context.part(Prices).set_prices(numbers, price, np.zeros(len(numbers)))

    def _expected_volume(self) -> Floats:
        """Return what each line is expected to deliver (units per tick); shape (lines,)."""
        return line_flows(self.world.state, self.world.plants["mean_demand"]) * self.timeline.tick_days

    def extend(self, rows: Integers) -> None:
        """Agree on the prices of new links."""
        new = rows[self._between_firms[rows]]
        if len(new):
            options = self._agree(new, self._expected_volume())
            self.context.part(UnitCosts).update()
            self._agreements.note(self.timeline.today, new, options)

    def extend_sites(self, numbers: Integers) -> None:
        """Work out what new sites ask for."""
        self.world.plants["offer"][numbers] = self.world.plants["unit_cost"][numbers]

    def tables(self) -> Mapping[str, Columns]:
        """Return the table of agreements."""
        return {"agreements": self._agreements.columns()}
