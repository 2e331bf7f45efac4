"""Early supplier involvement: before each product generation trusted suppliers take part in its design (D5)."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import (
    MONTH_DAYS,
    Component,
    ComponentError,
    Floats,
    Function,
    KnowledgeView,
    Transfer,
    codified_carrying,
    hookimpl,
    param,
    tacit_carrying,
    visit_frequency,
)
from gpnde_diffusion.needs import function_flags, need_ties


class EarlyInvolvement(Component):
    """In the months before a new generation buyers teach trusted suppliers what they design, informally (Ernst, 4.3).

    The generations of a product begin at the multiples of its life cycle. What is learnt is mostly tacit; it goes
    as far as trust carries it, the more often people meet, or resident engineers at the buyer do (E11).
    """

    name = "diffusion.early-involvement"

    months_before: float = param(
        3.0, ge=0, le=60, unit="month", vary=(1, 12), doc="Time before a new generation in which suppliers take part."
    )
    least_trust: float = param(0.3, ge=0, le=1, vary=(0, 0.8), doc="Trust from which suppliers are let in.")
    codified_per_month: float = param(
        0.02, ge=0, le=10, unit="1/month", vary=(0, 0.1), doc="Rate at which the gap in codified knowledge closes."
    )
    tacit_per_month: float = param(
        0.08, ge=0, le=10, unit="1/month", vary=(0, 0.3), doc="Rate at which the gap in tacit knowledge closes."
    )
    halving_km: float = param(
        12000.0,
        ge=1,
        unit="km",
        vary=(3000, 20000),
        doc="Distance at which people meet half as often as neighbours, as the journey takes as long as the stay.",
    )
    resident_engineers: float = param(
        0.1, ge=0, le=1, vary=(0, 0.5), doc="Trust that resident engineers of the supplier add."
    )
    functions: tuple[Function, ...] = param(
        ("engineering", "product_dev"), source="chapter, section 4.3", doc="Functions that are learnt."
    )

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network without ties, or without generations of products."""
        need_ties(self.name, knowledge)
        if not np.isfinite(knowledge.ties.life_cycle_days).any():
            raise ComponentError(
                where=self.name,
                given="no product that firms deliver to each other has generations",
                expected="give it life_cycle_days",
            )

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Transfer:
        """Return what buyers teach in the part of the step that lies before a new generation."""
        ties = knowledge.ties
        window = self.months_before * MONTH_DAYS
        part = share_before_generation(knowledge.day, knowledge.days, ties.life_cycle_days, window)
        part = part * (ties.trust >= self.least_trust) / MONTH_DAYS
        codified = codified_carrying(self.codified_per_month, 0.0, 0.0, ties.access) * part
        contact = visit_frequency(ties.distance_km, self.halving_km)
        tacit = tacit_carrying(ties.trust, contact, 0.0, 0.0, self.resident_engineers)
        chosen = function_flags(self.functions)
        rates = codified[:, None] * chosen, (self.tacit_per_month * tacit * part)[:, None] * chosen
        return Transfer(ties.learner, *rates, "informal", ties.teacher, by_buyer=True)


def share_before_generation(day: float, days: float, life_days: Floats, window_days: float) -> Floats:
    """Return the share of the last *days* that lies within a window before the begin of a generation.

    Generations begin at the multiples of *life_days*, any shape; products of infinite life have no second one.

    >>> share_before_generation(91.0, 28.0, np.array([91.0, 98.0, 182.0, np.inf]), 14.0).round(2)
    array([0.5 , 0.25, 0.  , 0.  ])
    """
    passed = _days_before_generations(day, life_days, window_days)
    passed = passed - _days_before_generations(day - days, life_days, window_days)
    return passed / days


def _days_before_generations(day: float, life_days: Floats, window_days: float) -> Floats:
    """Return how many of the first *day* days lie within windows."""
    # Long enough that no window lies in the days so far; with infinity the remainder would be no number.
    life = np.where(np.isinf(life_days), 2.0 * (day + window_days) + 1.0, life_days)
    window = np.minimum(window_days, life)
    generations, age = np.divmod(day, life)
    return np.asarray(generations * window + np.maximum(age - (life - window), 0.0))
