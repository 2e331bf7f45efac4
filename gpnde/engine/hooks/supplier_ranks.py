"""Ranks of suppliers: rules of plugins say whom a buyer asks first, before it orders."""

from __future__ import annotations

import numpy as np

from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.hooks.review_dates import ReviewDates
from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.plugin.flow import Supplies
from gpnde.plugin.guard import Guard
from gpnde.scenario.ordering import SUPPLIER_CHOICES, Ordering
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import RANKED, Floats, Integers

_HOOK = "ranks"


class SupplierRanks(Subsystem):
    """Asks the rules of plugins for ranks on the days on which sites that follow them review.

    The loops of the flow know nothing of it: they read the rank that was last given to each link.
    """

    name = "supplier ranks"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether some site ranks suppliers by the rule of a plugin."""
        rules = (rule for site in scenario.sites for rule in (site.ordering, *site.ordering_of.values()) if rule)
        return any(rule.choice.ranks is not None for rule in (scenario.ordering, *rules))

    def __init__(self, context: RunContext) -> None:
        """Note which inputs follow which rule."""
        super().__init__(context)
        self._dates = ReviewDates(self)
        self._find()

    def _find(self) -> None:
        """Note the name of the rule of each input, empty where no plugin brought it, and the sites that follow any."""
        inputs = self.world.state.inputs
        names = [self._rule(int(record.site), int(record.product)).supplier_choice for record in inputs]
        self._names = np.where(inputs["choice"] == RANKED, np.array(names, dtype=object), "")
        self._sites = np.unique(inputs["site"][self._names != ""]).astype(np.int64)

    def _rule(self, site: int, product: int) -> Ordering:
        scenario = self.world.scenario
        block = scenario.sites[site]
        return block.ordering_of.get(self.world.names.products[product]) or block.ordering or scenario.ordering

    def extend_sites(self, numbers: Integers) -> None:
        """Ask for the ranks of the suppliers of new sites too."""
        self._find()
        self.start()

    def start(self) -> None:
        """Plan the first review."""
        self._dates.plan(self._sites)

    def step(self) -> None:
        """Ask for the ranks at sites that review now."""
        is_due = self._dates.due(self._sites)
        if is_due is not None:
            self._rank(self._sites[is_due])

    def _rank(self, due: Integers) -> None:
        """Write the ranks of all links to sites that are *due* which follow a rule of a plugin."""
        lines = self.world.state.lines
        bought = np.flatnonzero((lines["input"] >= 0) & (lines["active"] == 1))
        bought = bought[np.isin(lines["buyer"][bought], due)]
        names = self._names[lines["input"][bought]]
        # Sorted, so that rules are called in the same order in every process.
        for name in sorted(set(names) - {""}):
            followers = bought[names == name]
            self.world.state.sources["rank"][followers] = self._ranks(name, self._supplies(followers))

    def _ranks(self, name: str, supplies: Supplies) -> Floats:
        """Return the rank that a rule gives each of the *supplies*, infinite for the last.

        Raises
        ------
        ComponentFailure
            The rule fails, or gives what is no rank; the error names it and its plugin.
        """
        function = SUPPLIER_CHOICES.get(name).ranks
        assert function is not None
        label, owner, day = f"{SUPPLIER_CHOICES.kind} {name}", SUPPLIER_CHOICES.owner(name), self.timeline.today
        answer = Guard(label, _HOOK, owner).call(day, function, supplies)
        reader = AnswerValidator(label, _HOOK, day, firms=0, functions=0, owner=owner)
        return reader.ranks("rank", answer, supplies.lines.shape)

    def _supplies(self, numbers: Integers) -> Supplies:
        world, sites, lines = self.world, self.world.state.sites, self.world.state.lines[numbers]
        supplier = lines["supplier"].astype(np.int64)
        outside = (supplier < 0) | (sites["unlimited"][supplier] != 0)
        stock = np.where(outside, np.inf, sites["on_hand"][supplier] - sites["backlog"][supplier])
        lead_days = lines["lead_mean"] * self.timeline.tick_days
        is_up = (lines["blocked"] == 0) & ((supplier < 0) | (sites["down"][supplier] == 0))
        buyer, product = lines["buyer"].astype(np.int64), lines["product"].astype(np.int64)
        shown = (lines["share"], world.landed_of(numbers), lead_days, stock, is_up)
        return Supplies(numbers.copy(), buyer, supplier, product, *shown)
