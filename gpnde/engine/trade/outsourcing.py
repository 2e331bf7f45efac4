"""Make or buy (E22): shift dual-sourced inputs between in-house plants and external suppliers by expected gain."""

from __future__ import annotations

import numpy as np

from gpnde.contracts import INTRA_FIRM
from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.trade.links import Links
from gpnde.mechanics.location import make_or_buy_gain, outsourced_share
from gpnde.scenario.rules import Outsourcing
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Floats, Integers


class MakeOrBuy(Subsystem):
    """Moves shares of inputs between own plants and other firms."""

    name = "outsourcing"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether the scenario has rules for outsourcing."""
        return scenario.outsourcing is not None

    def __init__(self, context: RunContext) -> None:
        """Note how complex products are."""
        super().__init__(context)
        self._rules = _rules(self.world.scenario)
        products = self.world.scenario.products.values()
        self._complexity = np.array([product.complexity for product in products])

    def start(self) -> None:
        """Plan the first review one period from the start."""
        self.plan_steps(self._rules.review_days, Phase.SELECTION)

    def step(self) -> None:
        """Look at every input that is both made and bought, from suppliers that are at work."""
        lines = self.world.state.lines
        # Supplier -1, outside, finds the last entry, and always works.
        works = np.append(self.world.state.sites["down"] == 0, True)[lines["supplier"]]
        active = (lines["active"] == 1) & (lines["input"] >= 0) & works
        own = active & (lines["contract"] == INTRA_FIRM)
        bought = active & (lines["contract"] != INTRA_FIRM)
        both = np.intersect1d(lines["input"][own], lines["input"][bought])
        for item in both.tolist():
            suppliers = self.context.part(Links).suppliers_of(item)
            self._weigh(suppliers[works[suppliers]])

    def _weigh(self, numbers: Integers) -> None:
        """Move the share of one input part of the way to what the gain from buying speaks for."""
        lines = self.world.state.lines
        product = int(lines["product"][numbers[0]])
        if self._complexity[product] >= self._rules.strategic_complexity:
            return
        is_own = lines["contract"][numbers] == INTRA_FIRM
        # The suppliers at work may hold no share at all, which would give shares that are not numbers.
        share = lines["share"][numbers] / max(float(lines["share"][numbers].sum()), 1e-300)
        bought = float(share[~is_own].sum())
        wanted = float(outsourced_share(self.gain(numbers, is_own, product), self._rules.sensitivity))
        after = bought + self._rules.adjustment * (wanted - bought)
        self.context.part(Links).set_shares(numbers, _moved(share, is_own, after))
        self.context.journal.line("outsourcing_reviewed", int(numbers[0]), value=after)

    def gain(self, numbers: Integers, is_own: np.ndarray, product: int) -> float:
        """Return what buying saves, as a share of the cost of making."""
        rules = self._rules
        price = self.world.landed[numbers]
        own_cost, offered = float(price[is_own].mean()), float(price[~is_own].min())
        if own_cost <= 0.0:
            return 0.0
        coordination = rules.coordination * self._complexity[product]
        return float(
            make_or_buy_gain(1.0, rules.capital_charge, rules.hedge_value, offered / own_cost, coordination, rules.risk)
        )


def _rules(scenario: Scenario) -> Outsourcing:
    """Return the block on outsourcing of a scenario that has one."""
    assert scenario.outsourcing is not None
    return scenario.outsourcing


def _moved(share: Floats, is_own: np.ndarray, bought: float) -> Floats:
    """Return shares that sum to 1, of which *bought* goes to other firms, in proportion to what each had."""
    moved = np.zeros_like(share)
    for chosen, total in ((is_own, max(1.0 - bought, 0.0)), (~is_own, bought)):
        had = share[chosen].sum()
        moved[chosen] = share[chosen] / had * total if had > 0.0 else total / chosen.sum()
    return moved
