"""Make or buy (E22): inputs that a sister plant and other firms deliver move to whoever is worth more."""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.recording.journal import Journal
from gpnde.engine.trade.links import Links
from gpnde.mechanics.location import make_or_buy_gain, outsourced_share
from gpnde.scenario.rules import Outsourcing
from gpnde.world.layout import INTRA_FIRM, Floats, Integers
from gpnde.world.world import World


class MakeOrBuy:
    """Moves shares of inputs between own plants and other firms."""

    def __init__(self, world: World, timeline: Timeline, links: Links, journal: Journal, rules: Outsourcing) -> None:
        """Plan the first review one period from the start."""
        self._world, self._links, self._journal, self._rules = world, links, journal, rules
        products = world.scenario.products.values()
        self._complexity = np.array([product.complexity for product in products])
        period = max(1, timeline.tick(rules.review_days))
        timeline.every(period, Phase.SELECTION, self.review, period)

    def review(self) -> None:
        """Look at every input that is both made and bought, from suppliers that are at work."""
        lines = self._world.state.lines
        works = np.append(self._world.state.sites["down"] == 0, True)[lines["supplier"]]
        active = (lines["active"] == 1) & (lines["input"] >= 0) & works
        own = active & (lines["contract"] == INTRA_FIRM)
        bought = active & (lines["contract"] != INTRA_FIRM)
        both = np.intersect1d(lines["input"][own], lines["input"][bought])
        for item in both.tolist():
            suppliers = self._links.suppliers_of(item)
            self._weigh(suppliers[works[suppliers]])

    def _weigh(self, numbers: Integers) -> None:
        """Move the share of one input part of the way to what the gain from buying speaks for."""
        lines = self._world.state.lines
        product = int(lines["product"][numbers[0]])
        if self._complexity[product] >= self._rules.strategic_complexity:
            return
        is_own = lines["contract"][numbers] == INTRA_FIRM
        share = lines["share"][numbers] / max(float(lines["share"][numbers].sum()), 1e-300)
        bought = float(share[~is_own].sum())
        wanted = float(outsourced_share(self.gain(numbers, is_own, product), self._rules.sensitivity))
        after = bought + self._rules.adjustment * (wanted - bought)
        self._links.set_shares(numbers, _moved(share, is_own, after))
        self._journal.line("outsourcing_reviewed", int(numbers[0]), value=after)

    def gain(self, numbers: Integers, is_own: np.ndarray, product: int) -> float:
        """Return what buying saves, as a share of the cost of making."""
        rules = self._rules
        price = self._world.landed[numbers]
        own_cost, offered = float(price[is_own].mean()), float(price[~is_own].min())
        if own_cost <= 0.0:
            return 0.0
        coordination = rules.coordination * self._complexity[product]
        return float(
            make_or_buy_gain(1.0, rules.capital_charge, rules.hedge_value, offered / own_cost, coordination, rules.risk)
        )


def _moved(share: Floats, is_own: np.ndarray, bought: float) -> Floats:
    """Return shares that sum to 1, of which *bought* goes to other firms, in proportion to what each had."""
    moved = np.zeros_like(share)
    for chosen, total in ((is_own, 1.0 - bought), (~is_own, bought)):
        had = share[chosen].sum()
        moved[chosen] = share[chosen] / had * total if had > 0.0 else total / chosen.sum()
    return moved
