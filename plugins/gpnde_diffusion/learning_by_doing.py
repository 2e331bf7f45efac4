"""Learning by doing, and what is forgotten: experience with products builds tacit knowledge."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import (
    MONTH_DAYS,
    Component,
    ComponentError,
    Creation,
    Floats,
    Forgetting,
    KnowledgeView,
    Memory,
    carried_experience,
    experience,
    hookimpl,
    learning_by_doing,
    param,
)

_FAMILIAR_MONTHS = 1.0
"""Experience (months of usual output) at which half of what a product can teach comes through (assumption)."""


class LearningByDoing(Component):
    """Firms learn tacitly in the functions that they perform by making things, and forget a little of all they know.

    Contracts bring them near to functions that they do not perform, and teach these in part.

    Doing closes the gap to the frontier of the country at rate x output x experience / (experience + 1), experience
    being months of usual output with the present product generation. A new generation, after the shortest life cycle
    of what the firm makes, leaves only a part of it: knowledge stays, but doing teaches less for a while.
    """

    name = "diffusion.learning-by-doing"

    tacit_per_month: float = param(
        0.01, ge=0, le=10, unit="1/month", vary=(0, 0.05), doc="Rate of learning at the usual output, with experience."
    )
    opening_months: float = param(
        6.0, ge=0, le=1200, unit="month", vary=(0, 24), doc="Experience on day 0, in months of usual output."
    )
    retained_per_month: float = param(
        1.0,
        ge=0,
        le=1,
        source="literature, Benkard (2000) and Thompson disagree",
        vary=(0.75, 1),
        doc="Share of experience that is left after a month.",
    )
    carried: float = param(
        0.4, ge=0, le=1, vary=(0.1, 1), doc="Share of experience that a new product generation leaves."
    )
    codified_forgotten_per_month: float = param(
        0.002, ge=0, le=10, unit="1/month", vary=(0, 0.25), doc="Rate at which codified knowledge is forgotten."
    )
    tacit_forgotten_per_month: float = param(
        0.003, ge=0, le=10, unit="1/month", vary=(0, 0.25), doc="Rate at which tacit knowledge is forgotten."
    )

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network in which every firm is at the frontier of learning by doing."""
        room = knowledge.firms.frontier[:, None] - knowledge.tacit
        if self.tacit_per_month and not (room[knowledge.active] > 0).any():
            text = "no firm is below the frontier of its country in a function that it performs"
            raise ComponentError(
                where=self.name, given=text, expected="raise frontier in countries, or lower knowledge of firms"
            )

    @hookimpl
    def knowledge_creation(self, knowledge: KnowledgeView, memory: Memory) -> Creation:
        """Create knowledge from the output since the last step."""
        firms = knowledge.firms
        done = self._experience(knowledge, memory)
        rate = self.tacit_per_month / MONTH_DAYS * done / (done + _FAMILIAR_MONTHS)
        output = firms.output * firms.present
        gain = learning_by_doing(
            knowledge.tacit, firms.frontier[:, None], rate[:, None], output[:, None], knowledge.days
        )
        return Creation(codified=np.zeros_like(gain), tacit=gain * knowledge.practice)

    def _experience(self, knowledge: KnowledgeView, memory: Memory) -> Floats:
        """Bring the experience of all firms up to date and return it; shape (firms,)."""
        if "life" not in memory:
            memory["life"] = _life_cycles(knowledge)
        life = memory["life"]
        had = memory.get("experience", np.full(len(life), self.opening_months))
        generations = np.floor(knowledge.day / life) - np.floor((knowledge.day - knowledge.days) / life)
        months = knowledge.days / MONTH_DAYS
        # More than one generation may have begun in a step, and each takes its part.
        kept = carried_experience(had, self.carried**generations)
        memory["experience"] = experience(kept, knowledge.firms.output * months, self.retained_per_month**months)
        return np.asarray(memory["experience"])

    @hookimpl
    def forgetting(self, knowledge: KnowledgeView) -> Forgetting:
        """Return the rates at which firms forget."""
        return Forgetting(
            codified=self.codified_forgotten_per_month / MONTH_DAYS, tacit=self.tacit_forgotten_per_month / MONTH_DAYS
        )


def _life_cycles(knowledge: KnowledgeView) -> Floats:
    """Return the shortest life cycle of what each firm makes (days), infinite where nothing has one."""
    network = knowledge.network
    cycles = [product.life_cycle_days or np.inf for product in network.scenario.products.values()]
    shortest = np.full(len(knowledge.effort), np.inf)
    np.minimum.at(shortest, network.sites["firm"], np.array(cycles)[network.sites["product"]])
    return shortest
