"""Functional upgrading: firms take on functions that they master and lose those that slip away (E19)."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from gpnde.contracts import CONTRACTS, EARNED, functions_to_earn
from gpnde.engine.context import RunContext
from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.engine.knowledge.awards import Awards, links_by_functions
from gpnde.engine.knowledge.reviews import Reviews
from gpnde.engine.markets.own_brands import OwnBrands
from gpnde.engine.money.payments import invest
from gpnde.engine.prospects.prospects import Prospects
from gpnde.engine.recording.journal import ENGINE
from gpnde.mechanics.upgrading import can_add, contract_for, lapsed, own_brand_survival, sequential_only
from gpnde.numerics.draws import entities, joined, uniforms
from gpnde.plugin.flow import Event
from gpnde.plugin.knowledge import KnowledgeView
from gpnde.scenario.knowledge import Knowledge
from gpnde.vocabulary import FUNCTIONS, LADDER
from gpnde.world.knowledge import KnowledgeState
from gpnde.world.layout import Flags, Floats, Integers
from gpnde.world.world import World

MARKETING = FUNCTIONS.index("strategic_marketing")

UPGRADE, DOWNGRADE = "upgrade", "downgrade"

CAPABILITY, AWARDED, BRAND_FAILED = "capability", "award", "brand-failed"
"""Why a firm lost a function, or got one."""

_NEEDED = functions_to_earn()
"""Functions that each contract in `EARNED` asks for."""


class Upgrade(NamedTuple):
    """A function that a firm took on or lost."""

    day: float
    firm: int
    kind: str
    function: str
    reason: str
    capability: float
    contract: str


class Upgrades:
    """Reviews the functions of all firms every quarter."""

    def __init__(self, context: RunContext, state: KnowledgeState, rules: Knowledge) -> None:
        """Begin with what firms do on day 0."""
        self._context, self._state, self._rules = context, state, rules.upgrading
        self._thresholds = np.array([rules.upgrading.thresholds[name] for name in FUNCTIONS])
        self._changed = np.zeros(len(context.world.firms), dtype=np.bool_)
        self._held = 0
        by_buyers = rules.upgrading.awarded_by == "buyers"
        self._awards = Awards(context.world, rules.effects.productivity) if by_buyers else None
        self.reviews = Reviews(rules.upgrading.review_days)
        self.events: list[Upgrade] = []

    @property
    def _world(self) -> World:
        return self._context.world

    @property
    def _pays(self) -> bool:
        """Whether firms have money to pay with."""
        return self._world.scenario.finance is not None

    def premium(self) -> Floats:
        """Return the factor on the prices of each firm for the functions that it has taken on; shape (firms,)."""
        return np.asarray((1.0 + self._rules.price_gain) ** self._added().sum(axis=1))

    def _added(self) -> Flags:
        """Return the functions that firms have taken on since day 0; shape (firms, functions)."""
        return self._state.active & ~self._state.opening

    def review(self, view: KnowledgeView, capability: Floats, scores: Floats) -> None:
        """Grant and withdraw functions for this review."""
        self._held += 1
        free = view.firms.present & ~view.firms.is_flagship
        lost = lapsed(capability, self._thresholds, self._added(), self._rules.lapse_margin)
        failed = self._failed_brands(view, capability) & ~lost
        gained = self._gained(view, capability, scores, free) & ~lost & ~failed
        self._apply(lost & free[:, None], DOWNGRADE, CAPABILITY, capability)
        self._apply(failed & free[:, None], DOWNGRADE, BRAND_FAILED, capability)
        self._apply(gained, UPGRADE, AWARDED, capability)
        self._rewrite_contracts(capability)
        if self._own_brands is not None:
            self._own_brands.renew(self._state.active[:, MARKETING])

    @property
    def _own_brands(self) -> OwnBrands | None:
        """The market for brands of suppliers, where there is one."""
        return self._context.find(OwnBrands)

    def _gained(self, view: KnowledgeView, capability: Floats, scores: Floats, free: Flags) -> Flags:
        """Return which functions firms take on: within reach, affordable, and awarded by a buyer."""
        able = self._affordable(capability) & (free & self._pays_off())[:, None]
        if self._rules.rule == "sequential":
            able = np.asarray(sequential_only(able, self._state.active, np.arange(len(LADDER))))

        def awarded() -> Flags:
            good = (scores >= self._rules.award_score)[:, None] & self._wanted(capability)
            # Nobody has to award it: who sells under a brand of its own needs no customer for that.
            good |= np.arange(len(FUNCTIONS)) == MARKETING
            return np.asarray(able & good & (self._draws("award") < self._rules.award_chance))

        def read(reader: AnswerValidator, answer: Any) -> Flags:
            return able & (reader.per_function("award", answer) > 0.0)

        # A copy, since components may write into it while it is still needed here.
        return self._paid_for(self._context.hooks.decide("award", awarded, read, able=able.copy(), knowledge=view))

    def _wanted(self, capability: Floats) -> Flags:
        """Return which functions some customer would leave to each firm; shape (firms, functions)."""
        if self._awards is None:
            return np.ones_like(self._state.active)
        links, found = links_by_functions(self._world), np.zeros_like(self._state.active)
        firm = self._world.state.sites["firm"][self._world.state.lines["supplier"][links]]
        np.logical_or.at(found, firm, self._awards.wanted(capability, links))
        return found

    def _pays_off(self) -> Flags:
        """Return whether what buyers pay for a further function is worth its cost to each firm.

        Both are counted before tax on profit, from which the cost is deducted at once.
        """
        prospects = self._context.part(Prospects)
        cost = self._cash_and_cost()[1] if self._pays else np.zeros(len(self._world.firms))
        return np.asarray(prospects.worth_of_function(self._rules.price_gain) >= prospects.hurdles() * cost)

    def _paid_for(self, wanted: Flags) -> Flags:
        """Return as many of the functions that a firm may take on as its cash pays for together, lowest first."""
        cash, cost = self._cash_and_cost()
        return wanted & (np.cumsum(wanted, axis=1) * cost[:, None] <= cash[:, None])

    def _draws(self, purpose: str) -> Floats:
        """Return uniform draws for a purpose of this review, one for every firm and function."""
        key = self._context.stream("knowledge", purpose)
        pairs = joined(entities(self._world.names.firms)[:, None], entities(FUNCTIONS))
        return uniforms(key, pairs, self._held)

    def _affordable(self, capability: Floats) -> Flags:
        cash, cost = self._cash_and_cost()
        active = self._state.active
        return np.asarray(can_add(capability, self._thresholds, active, cash[:, None], cost[:, None]))

    def _cash_and_cost(self) -> tuple[Floats, Floats]:
        """Return what each firm has, and what a function costs it."""
        firms = self._world.firms
        cash = firms["cash"] if self._pays else np.full(len(firms), math.inf)
        return cash, self._rules.cost_months * firms["monthly_cost"]

    def _failed_brands(self, view: KnowledgeView, capability: Floats) -> Flags:
        """Return which own brands do not last: by what they earn, or by what their owners know of marketing."""
        best = capability[view.firms.present, MARKETING].max(initial=0.0)
        chance = np.asarray(own_brand_survival(capability[:, MARKETING], best, self._rules.brand_harshness))
        failed = np.zeros_like(self._state.active)
        failed[:, MARKETING] = self._draws("brand")[:, MARKETING] >= chance
        if self._own_brands is not None:
            # Where sales under a brand are there to be seen, its earnings judge it in the place of chance.
            failed[:, MARKETING] = np.where(self._own_brands.may_sell(), self._own_brands.fails(), failed[:, MARKETING])
        return failed & self._added()

    def _apply(self, changed: Flags, kind: str, reason: str, capability: Floats) -> None:
        """Write changes into the state, let firms pay for what they took on, and note the events."""
        if not changed.any():
            return
        self._state.active = self._state.active ^ changed
        self._changed |= changed.any(axis=1)
        if kind == UPGRADE and self._pays:
            invest(self._world, changed.sum(axis=1) * self._cash_and_cost()[1], "upgrading")
        contracts, day = self._earned(), self._context.timeline.today
        for firm, function in np.argwhere(changed).tolist():
            contract = CONTRACTS[contracts[firm]]
            able = float(capability[firm, function])
            self.events.append(Upgrade(day, firm, kind, FUNCTIONS[function], reason, able, contract))
            self._context.journal.announce(Event(day, kind, reason, firm, -1, -1, ENGINE, float(function)))

    def _rewrite_contracts(self, capability: Floats) -> None:
        """Give the links of firms that ever changed the contract that goes with what they can do now.

        Where buyers award contracts, each gives what it gains by: a firm then holds a portfolio.
        """
        lines, links = self._world.state.lines, links_by_functions(self._world)
        firm = self._world.state.sites["firm"][lines["supplier"][links]]
        links, firm = links[self._changed[firm]], firm[self._changed[firm]]
        given = True if self._awards is None else self._awards.given(capability, links)
        lines["contract"][links] = EARNED[contract_for(self._for_customers()[firm], _NEEDED, given)]

    def _earned(self) -> Integers:
        """Return the contract that the functions of each firm earn it from its customers, by number; shape (firms,)."""
        return EARNED[contract_for(self._for_customers(), _NEEDED)]

    def _for_customers(self) -> Flags:
        """Return which functions each firm performs for its customers; shape (firms, functions).

        Who sells under a brand of its own does so beside what it makes for others, whose contracts do not change.
        """
        active = self._state.active
        if self._own_brands is not None:
            active = active & ~(self._own_brands.may_sell()[:, None] & (np.arange(len(FUNCTIONS)) == MARKETING))
        return active
