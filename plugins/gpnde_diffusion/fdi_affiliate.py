"""Foreign direct investment: parents teach affiliates, joint ventures teach local firms that supply them (D4)."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import (
    MONTH_DAYS,
    Component,
    ComponentError,
    Floats,
    Integers,
    KnowledgeView,
    Transfer,
    hookimpl,
    param,
)


class FdiAffiliate(Component):
    """Owners teach the firms that are theirs; shared ownership spills over to local suppliers.

    Parents teach what the affiliate performs, formally and whatever the distance, as far as they let it in:
    subsidiaries wholly, since both are one organisation, and others the less, the looser they are bound (assumption).
    From affiliates with other owners beside the parent, but not from wholly owned ones, knowledge spills over to
    suppliers of the same cluster (Javorcik, 2004), informally.
    """

    name = "diffusion.fdi-affiliate"

    affiliate_per_month: float = param(
        0.05, ge=0, le=10, unit="1/month", vary=(0, 0.2), doc="Rate at which parents close the gap of affiliates."
    )
    affiliate_tacit_share: float = param(
        0.6, ge=0, le=1, vary=(0, 1), doc="Rate of parents for tacit knowledge as a share of that for codified."
    )
    spillover_per_month: float = param(
        0.02, ge=0, le=10, unit="1/month", vary=(0, 0.1), doc="Rate at which joint ventures close the gap of suppliers."
    )
    spillover_tacit_share: float = param(
        1.0, ge=0, le=1, vary=(0, 1), doc="Rate of spill-over for tacit knowledge as a share of that for codified."
    )

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network without affiliates."""
        if not len(_affiliates(knowledge)):
            raise ComponentError(
                where=self.name, given="no firm has an owner", expected="give affiliates an owner and a node_type"
            )

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> list[Transfer]:
        """Return what parents teach and what spills over."""
        return [self._from_parents(knowledge), self._spillover(knowledge)]

    def _from_parents(self, knowledge: KnowledgeView) -> Transfer:
        facts, affiliate = knowledge.firms, _affiliates(knowledge)
        parent = facts.owner[affiliate]
        both = facts.present[affiliate] & facts.present[parent]
        access = facts.owner_access[affiliate[both], None]
        rate = self.affiliate_per_month / MONTH_DAYS * access * knowledge.active[affiliate[both]]
        return Transfer(affiliate[both], rate, self.affiliate_tacit_share * rate, "formal", parent[both])

    def _spillover(self, knowledge: KnowledgeView) -> Transfer:
        ties, here = knowledge.ties, _local_suppliers_of_joint_ventures(knowledge)
        rate: Floats = np.full(len(here), self.spillover_per_month / MONTH_DAYS)
        tacit = self.spillover_tacit_share * rate
        return Transfer(ties.learner[here], rate, tacit, "informal", ties.teacher[here], by_buyer=True)


def _affiliates(knowledge: KnowledgeView) -> Integers:
    """Return the firms that have an owner, or a partner that teaches them."""
    return np.flatnonzero(knowledge.firms.owner >= 0)


def _local_suppliers_of_joint_ventures(knowledge: KnowledgeView) -> Integers:
    """Return the ties of affiliates under shared ownership with independent suppliers of their cluster."""
    facts, ties = knowledge.firms, knowledge.ties
    is_shared = (facts.owner >= 0) & (facts.equity_share > 0.0) & (facts.equity_share < 1.0)
    is_local = (facts.cluster >= 0)[ties.learner] & (facts.cluster[ties.learner] == facts.cluster[ties.teacher])
    is_independent = (facts.owner[ties.learner] < 0) & (facts.owner[ties.teacher] != ties.learner)
    return np.flatnonzero(is_shared[ties.teacher] & is_local & is_independent)
