"""Imitation: firms take apart what the best seller of their product sold some time ago."""

from __future__ import annotations

import math

import numpy as np

from gpnde.plugin import (
    YEAR_DAYS,
    Component,
    ComponentError,
    Floats,
    Integers,
    KnowledgeView,
    Memory,
    Transfer,
    hookimpl,
    param,
)


class Imitation(Component):
    """Firms learn by reverse engineering, without help: codified knowledge, late, from the best maker of their product.

    The best maker of a product is the one that knew most on average *lag_days* ago; the others learn what it knew
    then, worth less by what the frontier has moved since.
    """

    name = "diffusion.imitation"

    success_per_year: float = param(
        0.2, ge=0, le=100, unit="1/year", vary=(0, 1), doc="Rate at which the gap to what was sold closes."
    )
    lag_days: float = param(
        364.0, ge=0, unit="day", vary=(91, 1092), doc="Time from a product's sale to what others learn from it."
    )

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network in which every product has one maker."""
        if np.bincount(_offers(knowledge)[1]).max() < 2:
            raise ComponentError(
                where=self.name,
                given="no product is made by two firms",
                expected="add a site of another firm that makes it",
            )

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView, memory: Memory) -> Transfer | None:
        """Transfer to the makers of each product what the best of them knew *lag_days* ago."""
        then = self._remember(knowledge, memory)
        if then is None:
            return None
        if "offers" not in memory:
            memory["offers"] = _offers(knowledge)
        firm, product = memory["offers"]
        here = knowledge.firms.present[firm]
        firm, product = firm[here], product[here]
        best = _best_makers(firm, product, then.mean(axis=1))
        learner, source = firm[firm != best], best[firm != best]
        levels = np.stack([then[source], np.zeros_like(then[source])])
        rate = np.full(len(learner), self.success_per_year / YEAR_DAYS)
        return Transfer(learner, rate, 0.0 * rate, "informal", levels=levels)

    def _remember(self, knowledge: KnowledgeView, memory: Memory) -> Floats | None:
        """Note what firms know now; return what they knew *lag_days* ago as seen from today, None before that."""
        past = memory.setdefault("past", [])
        past.append((knowledge.day, knowledge.codified.copy()))
        until = knowledge.day - self.lag_days + 1e-9
        # The latest entry that is old enough comes first, and nothing before it is asked for again.
        while len(past) > 1 and past[1][0] <= until:
            past.pop(0)
        day, codified = past[0]
        return codified * _still_worth(knowledge, day) if day <= until else None


def _still_worth(knowledge: KnowledgeView, day: float) -> float:
    """Return what a unit of the knowledge of *day* is worth today, since the frontier has moved on."""
    rules = knowledge.network.scenario.knowledge
    drift = 0.0 if rules is None else rules.frontier_drift_per_year / YEAR_DAYS
    return math.exp(-drift * (knowledge.day - day))


def _offers(knowledge: KnowledgeView) -> tuple[Integers, Integers]:
    """Return every pair of a firm and a product that one of its sites makes, once."""
    sites = knowledge.network.sites
    pairs = np.unique(np.stack([sites["firm"], sites["product"]], axis=1).astype(np.int64), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _best_makers(firm: Integers, product: Integers, level: Floats) -> Integers:
    """Return for each offer the firm that knows most among those with the same product, the first among equals.

    >>> _best_makers(np.array([0, 1, 2]), np.array([5, 5, 7]), np.array([0.3, 0.4, 0.1]))
    array([1, 1, 2])
    """
    order = np.lexsort((-firm, level[firm], product))
    last = np.searchsorted(product[order], product, side="right") - 1
    return firm[order[last]]
