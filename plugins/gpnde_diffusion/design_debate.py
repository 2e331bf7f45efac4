"""Design debates: buyers and suppliers learn from each other, online and on visits (D6)."""

from __future__ import annotations

from gpnde.plugin import (
    MONTH_DAYS,
    YEAR_DAYS,
    Component,
    Floats,
    Function,
    KnowledgeView,
    Transfer,
    codified_carrying,
    hookimpl,
    param,
    shared_hours,
    tacit_carrying,
    visit_frequency,
)
from gpnde_diffusion.needs import function_flags, need_ties


class DesignDebate(Component):
    """Engineers of both sides of a tie exchange ideas, informally (Ernst, section 4.3).

    Debates online carry codified knowledge over any distance, more of it with better digital means. Tacit knowledge
    goes as far as trust carries it, by how often people meet: on visits, which are fewer the longer the journey, and a
    little online, in the hours in which both sides are at work. People on secondment carry it too (E11).
    """

    name = "diffusion.design-debate"

    online_per_month: float = param(
        0.02, ge=0, le=10, unit="1/month", vary=(0, 0.1), doc="Rate at which debates online close gaps, codified."
    )
    digital: float = param(0.3, ge=0, le=1, vary=(0, 1), doc="Quality of the digital means of debate.")
    digital_effect: float = param(
        1.0, ge=0, le=10, vary=(0, 3), doc="Rise of codified exchange from no digital means to the best ones."
    )
    visits_per_year: float = param(
        4.0, ge=0, le=364, unit="1/year", vary=(0, 26), doc="Visits on a tie between neighbours."
    )
    gap_per_visit: float = param(
        0.05, ge=0, le=1, vary=(0, 0.2), doc="Rate per visit at which the gap closes, tacit, at full trust."
    )
    halving_km: float = param(
        12000.0,
        ge=1,
        unit="km",
        vary=(3000, 20000),
        doc="Distance at which visits are half as many, as the journey takes as long as the stay.",
    )
    meetings_per_year: float = param(
        48.0, ge=0, le=3640, unit="1/year", vary=(0, 200), doc="Meetings online, with the best digital means."
    )
    gap_per_meeting: float = param(
        0.002, ge=0, le=1, vary=(0, 0.01), doc="Rate per meeting online at which the gap closes, tacit, at full trust."
    )
    meeting_hours: float = param(
        12.0,
        gt=0,
        le=24,
        unit="hour",
        vary=(8, 16),
        doc="Hours of a day in which people meet online; where clocks differ as much, they cannot meet.",
    )
    secondment: float = param(
        0.0, ge=0, le=1, vary=(0, 0.5), doc="What people on secondment add to trust, whatever the distance."
    )
    functions: tuple[Function, ...] = param(
        ("engineering", "product_dev", "system_integration"),
        source="chapter, section 4.3",
        doc="Functions that debates are about.",
    )

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network without ties."""
        need_ties(self.name, knowledge)

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> list[Transfer]:
        """Return what goes in both directions of every tie, from buyers to suppliers first."""
        ties, chosen = knowledge.ties, function_flags(self.functions)
        codified, tacit = (rate[:, None] * chosen for rate in self._rates(knowledge))
        return [
            Transfer(ties.learner, codified, tacit, "informal", ties.teacher, by_buyer=True),
            Transfer(ties.teacher, codified, tacit, "informal", ties.learner),
        ]

    def _rates(self, knowledge: KnowledgeView) -> tuple[Floats, Floats]:
        """Return the rates for codified and tacit knowledge (1/day); shape (ties,)."""
        ties = knowledge.ties
        online = codified_carrying(self.online_per_month, self.digital_effect, self.digital, ties.access)
        return online / MONTH_DAYS, (self._by_visits(knowledge) + self._by_meetings(knowledge)) / YEAR_DAYS

    def _by_visits(self, knowledge: KnowledgeView) -> Floats:
        """Return the tacit rate of visits and of people on secondment (1/year); shape (ties,)."""
        ties = knowledge.ties
        contact = visit_frequency(ties.distance_km, self.halving_km)
        meeting = tacit_carrying(ties.trust, contact, 0.0, 0.0, self.secondment)
        return self.visits_per_year * self.gap_per_visit * meeting

    def _by_meetings(self, knowledge: KnowledgeView) -> Floats:
        """Return the tacit rate of meetings online (1/year); shape (ties,)."""
        ties = knowledge.ties
        apart = knowledge.places.hours_apart(ties.teacher, ties.learner)
        held = self.meetings_per_year * self.digital * shared_hours(apart, self.meeting_hours)
        return held * self.gap_per_meeting * ties.trust
