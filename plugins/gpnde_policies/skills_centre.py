"""A skills centre led by industry: courses in one function, few seats, governed by local and foreign firms (Q3)."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import (
    FUNCTIONS,
    YEAR_DAYS,
    Flags,
    Floats,
    Function,
    KnowledgeView,
    Memory,
    Policy,
    Programme,
    Streams,
    View,
    hookimpl,
    param,
)
from gpnde_policies.amounts import in_step, months_of_mean_cost
from gpnde_policies.seats import drawn


class SkillsCentre(Policy):
    """Firms send people to courses and learn faster afterwards, in the function that is taught.

    Seats are allocated at random every year. The curriculum follows the governance of the centre: it fits what a firm
    delivers to multinationals by *mnc_share*, and the rest of what it does by what is left. The model is a centre in
    which multinationals and local firms decide together, as in Penang; such support is what Ernst (2002) looks for in
    innovation systems that complement international linkages.
    """

    name = "policy.skills-centre"

    function: Function = param("assembly_test", doc="Function that is taught.")
    seats: int = param(20, ge=0, le=1_000_000, vary=(5, 100), doc="Firms that get a seat each year.")
    gain: float = param(
        0.5, ge=0, le=10, vary=(0, 1), doc="Rise of the rate of internalisation where the curriculum fits wholly."
    )
    mnc_share: float = param(
        0.8,
        ge=0,
        le=1,
        source="assumption, near the 25 multinationals among the 31 first members of Penang's centre",
        vary=(0, 1),
        doc="Share of multinationals in the governance of the centre.",
    )
    skills_last_days: float = param(
        728.0, ge=0, le=36400, unit="day", vary=(364, 1820), doc="Time from the allotment of a seat until skills fade."
    )
    set_up_months: float = param(
        6.0, ge=0, le=1200, unit="month of the mean firm's cost", vary=(0, 24), doc="Cost of setting the centre up."
    )
    seat_months: float = param(
        0.1, ge=0, le=120, unit="month of the mean firm's cost", vary=(0, 1), doc="Cost of one seat for a year."
    )

    @hookimpl
    def tick(self, view: View, memory: Memory, streams: Streams, programme: Programme) -> None:
        """Set the centre up, allot seats once a year, and pay for those that are taken."""
        if not programme.is_on:
            return
        if "drawn" not in memory:
            programme.spend_overhead(months_of_mean_cost(view, self.set_up_months))
        else:
            self._pay(view, memory, programme)
        if view.day - memory.get("drawn", -np.inf) >= YEAR_DAYS:
            self._allot(view, memory, streams, programme)

    def _pay(self, view: View, memory: Memory, programme: Programme) -> None:
        """Pay for the seats of the step that ends now."""
        taught = memory["taught"]
        programme.spend(taught, in_step(months_of_mean_cost(view, self.seat_months), view) * programme.reach[taught])

    def _allot(self, view: View, memory: Memory, streams: Streams, programme: Programme) -> None:
        lots = streams.uniforms("seats", view.names.firms, day=view.day)
        memory["taught"] = drawn(programme.reach > 0.0, self.seats, lots)
        skilled = memory.get("skilled", np.full(len(view.firms), -np.inf)).copy()
        skilled[memory["taught"]] = view.day + self.skills_last_days
        memory["skilled"], memory["drawn"] = skilled, view.day

    @hookimpl
    def absorptive_capacity(self, knowledge: KnowledgeView, memory: Memory, programme: Programme) -> Floats | None:
        """Speed up what firms with trained people internalise in the function that is taught."""
        if "skilled" not in memory or not programme.is_on:
            return None
        is_skilled = memory["skilled"] > knowledge.day - knowledge.days
        factor = np.ones((len(is_skilled), len(FUNCTIONS)))
        factor[:, FUNCTIONS.index(self.function)] += self.gain * is_skilled * programme.reach * self._fit(knowledge)
        return factor

    def _fit(self, knowledge: KnowledgeView) -> Floats:
        """Return how well the curriculum fits what each firm does, 0 to 1; shape (firms,)."""
        ties = knowledge.ties
        weights = ties.volume * _multinational(knowledge.network)[ties.teacher]
        delivered = np.bincount(ties.learner, weights, len(knowledge.effort))
        to_multinationals = np.clip(delivered, 0.0, 1.0)
        return self.mnc_share * to_multinationals + (1.0 - self.mnc_share) * (1.0 - to_multinationals)


def _multinational(view: View) -> Flags:
    return np.asarray(view.in_group("foreign") | view.in_group("flagship"))
