"""Transfer to specification: buyers bring suppliers to the level that their orders need (D1)."""

from __future__ import annotations

from gpnde.plugin import (
    MONTH_DAYS,
    Component,
    Flags,
    Floats,
    KnowledgeView,
    Transfer,
    codified_carrying,
    distance_decay,
    hookimpl,
    openness,
    param,
    tacit_carrying,
)
from gpnde_diffusion.needs import need_ties


class SpecTransfer(Component):
    """Buyers teach suppliers what they perform and are not good enough at, formally (E11; Ernst, section 4.3).

    Codified knowledge goes as far as the supplier's access, tacit knowledge as far as trust; both fade with distance.
    Buyers of products with short life cycles share more (E12).
    """

    name = "diffusion.spec-transfer"

    codified_per_month: float = param(
        0.05, ge=0, le=10, unit="1/month", vary=(0, 0.2), doc="Rate at which the gap in codified knowledge closes."
    )
    tacit_per_month: float = param(
        0.03, ge=0, le=10, unit="1/month", vary=(0, 0.2), doc="Rate at which the gap in tacit knowledge closes."
    )
    gap_trigger: float = param(
        0.9, ge=0, le=1, vary=(0.5, 1), doc="Share of the buyer's capability below which a supplier is taught."
    )
    codified_halving_km: float = param(
        1200.0,
        ge=1,
        unit="km",
        source="literature, Keller (2002)",
        vary=(300, 20000),
        doc="Distance at which codified transfer halves.",
    )
    tacit_halving_km: float = param(
        300.0, ge=1, unit="km", vary=(100, 5000), doc="Distance at which tacit transfer by trust halves."
    )
    openness_sensitivity: float = param(
        0.5, ge=0, le=5, vary=(0, 1), doc="Power of reference by actual life cycle that transfer grows with."
    )
    reference_life_days: float = param(
        364.0,
        gt=0,
        le=36400,
        unit="day",
        vary=(182, 728),
        doc="Life cycle at which buyers are as open as the rates say.",
    )

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network without ties."""
        need_ties(self.name, knowledge)

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Transfer:
        """Return what buyers teach."""
        ties, taught = knowledge.ties, self._taught(knowledge)
        codified, tacit = self._rates(knowledge)
        rates = codified[:, None] * taught, tacit[:, None] * taught
        return Transfer(ties.learner, *rates, "formal", ties.teacher, by_buyer=True)

    def _taught(self, knowledge: KnowledgeView) -> Flags:
        """Return which functions of the supplier its buyer improves; shape (ties, functions)."""
        ties, able = knowledge.ties, knowledge.capability
        falls_short = able[ties.learner] < self.gap_trigger * able[ties.teacher]
        return knowledge.active[ties.learner] & falls_short

    def _rates(self, knowledge: KnowledgeView) -> tuple[Floats, Floats]:
        """Return the rates for codified and tacit knowledge (1/day); shape (ties,)."""
        ties = knowledge.ties
        opened = openness(self.openness_sensitivity, self.reference_life_days, ties.life_cycle_days) / MONTH_DAYS
        codified = codified_carrying(1.0, 0.0, 0.0, ties.access)
        codified = codified * distance_decay(ties.distance_km, self.codified_halving_km)
        tacit = tacit_carrying(ties.trust, distance_decay(ties.distance_km, self.tacit_halving_km), 0.0, 0.0, 0.0)
        return self.codified_per_month * opened * codified, self.tacit_per_month * opened * tacit
