"""The policy: clubs of suppliers that meet every month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from gpnde import GpndeError
from gpnde.plugin import (
    Flags,
    Floats,
    Integers,
    KnowledgeView,
    Memory,
    Policy,
    Programme,
    Streams,
    Transfer,
    View,
    hookimpl,
    param,
)

from gpnde_supplier_clubs.meetings import clubs_of, conversations, familiarity, without_the_lonely

MONTH_DAYS = 28


class Meeting(NamedTuple):
    """Who meets in this step."""

    clubs: Integers
    """Club of each firm that is there, -1 for others; shape (firms,)."""
    openness: Floats
    """How much each firm tells and takes in, 0 to 1; shape (firms,)."""


class SupplierClubs(Policy):
    """Found clubs of suppliers in each cluster, which meet at every step and tell each other what they know.

    Members are the firms that the policy reaches. Each comes to a meeting with a chance of its own, and speaks the more
    openly the more often it was there. An hour is an hour: what a member takes in does not grow with the club, for the
    others share its time. The office pays for every member that comes, in months of that firm's own cost.
    """

    name = "policy.supplier-clubs"
    better = {"members-per-meeting": "higher", "cost-per-meeting": "lower"}

    size: int = param(8, ge=2, le=100, vary=(3, 20), doc="Most members of a club; larger clusters found several.")
    attendance: float = param(0.8, ge=0, le=1, vary=(0.4, 1), doc="Chance that a member comes to a meeting.")
    meetings_to_trust: float = param(
        6.0, ge=0, le=1000, vary=(0, 12), doc="Meetings after which a member speaks openly."
    )
    codified_per_month: float = param(
        0.05, ge=0, le=10, unit="1/month", vary=(0, 0.1), doc="Rate of codified transfer from all others together."
    )
    tacit_per_month: float = param(
        0.1, ge=0, le=10, unit="1/month", vary=(0, 0.2), doc="Rate of tacit transfer from all others together."
    )
    cost: float = param(
        0.01, ge=0, le=10, unit="month", vary=(0, 0.05), doc="Cost per member and month, in months of its own cost."
    )

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network in which no cluster has the two firms that a club needs."""
        home = knowledge.firms.cluster
        if not (without_the_lonely(home) >= 0).any():
            raise GpndeError(
                where=self.name, given="no cluster has two firms", expected="give sites of several firms one cluster"
            )

    @hookimpl
    def tick(self, view: View, memory: Memory, streams: Streams, programme: Programme) -> None:
        """Hold the meetings: draw the participants, pay, and remember both for the other hooks."""
        coming = clubs_of(view.places.cluster, self._come(view, streams, programme.reach), self.size)
        there = np.flatnonzero(coming >= 0)
        attended: Floats = memory.setdefault("attended", np.zeros(len(coming)))
        openness = familiarity(attended, self.meetings_to_trust) * programme.reach
        openness[there] *= self._paid_share(view, programme, there)
        memory["meeting"] = Meeting(coming, openness)
        attended[there] += 1.0
        memory["meetings"] = memory.get("meetings", 0) + len(np.unique(coming[there]))

    def _come(self, view: View, streams: Streams, reach: Floats) -> Flags:
        """Return which firms come; each has its own random number at every meeting, whichever firms are members."""
        draws = streams.uniforms("attendance", view.names.firms, day=view.day)
        return (draws < self.attendance) & (reach > 0.0)

    def _paid_share(self, view: View, programme: Programme, there: Integers) -> Floats:
        """Pay for the members that attend; return the share of its price that each meeting seat got."""
        price: Floats = self.cost * view.firms["monthly_cost"][there] * view.days / MONTH_DAYS
        paid = programme.spend(there, price)
        programme.serve(there)
        return np.divide(paid, price, out=np.ones(len(there)), where=price > 0.0)

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView, memory: Memory) -> Transfer | None:
        """Return what members learn from each other in this step, as rates at which gaps in knowledge close."""
        meeting: Meeting | None = memory.get("meeting")
        if meeting is None:
            return None
        teacher, learner = conversations(meeting.clubs)
        others = np.bincount(learner, minlength=len(meeting.clubs))[learner]
        openness = np.minimum(meeting.openness[teacher], meeting.openness[learner]) / others
        return Transfer(
            learner=learner,
            codified=self.codified_per_month / MONTH_DAYS * openness,
            tacit=self.tacit_per_month / MONTH_DAYS * openness,
            channel="informal",
            teacher=teacher,
        )

    @hookimpl
    def metrics(self, memory: Memory, programme: Programme) -> Mapping[str, float]:
        """Report how many meetings there were, how well they were attended and what one cost."""
        meetings = memory.get("meetings", 0)
        seats = float(memory["attended"].sum()) if meetings else 0.0
        none = float("nan")
        return {
            "meetings": float(meetings),
            "members-per-meeting": seats / meetings if meetings else none,
            "cost-per-meeting": programme.cost / meetings if meetings else none,
        }
