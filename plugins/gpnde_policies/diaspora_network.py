"""Diaspora networks: visits and secondments tie firms at home to firms abroad (Q12)."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import (
    YEAR_DAYS,
    ComponentError,
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
    check_names,
    hookimpl,
    param,
)
from gpnde_policies.amounts import in_step, months_of_cost


class DiasporaNetwork(Policy):
    """People of the firms reached visit partners abroad or work there for a time, and learn what is tacit.

    Transnational technical communities carry what neither trade nor formal channels do (Ernst, section 4.3; Saxenian
    and Hsu, on Silicon Valley and Hsinchu). Partners are the firms that are named, or else flagships and firms
    under foreign ownership in another country, chosen at random for each firm and kept. A person on secondment learns
    as on visits back to back. Partners learn nothing, nor do people who stay abroad return; that is for peer networks
    and labour mobility. The policy pays for travel and secondments.
    """

    name = "policy.diaspora-network"

    partners: tuple[str, ...] = param((), doc="Firms that are visited; empty: flagships and foreign firms abroad.")
    partners_per_firm: int = param(1, ge=0, le=100, vary=(0, 5), doc="Partners of each firm at most.")
    visits_per_year: float = param(
        2.0, ge=0, le=364, unit="1/year", vary=(0, 12), doc="Visits of a firm to each partner."
    )
    gap_per_visit: float = param(0.02, ge=0, le=1, vary=(0, 0.1), doc="Rate per visit at which the tacit gap closes.")
    visit_days: float = param(7.0, gt=0, le=364, unit="day", vary=(2, 28), doc="Length of a visit.")
    secondment: float = param(
        0.05, ge=0, le=1, vary=(0, 0.5), doc="Share of the year that a person works at each partner."
    )
    visit_months: float = param(
        0.01, ge=0, le=12, unit="month", vary=(0, 0.05), doc="Cost of a visit, in months of the firm's cost."
    )
    secondment_months: float = param(
        0.1, ge=0, le=120, unit="month", vary=(0, 0.5), doc="Cost of a year abroad, in months of the firm's cost."
    )

    def check_targets(self, view: View) -> None:
        """Refuse unknown names, in one line."""
        super().check_targets(view)
        check_names(f"{self.name}.partners", self.partners, view.names.firms)

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network without a partner abroad."""
        if not self._eligible(knowledge.network)[1].any():
            text = "no flagship or foreign firm in another country: give clusters a country"
            raise ComponentError(where=self.name, expected=f"{text}, or name partners")

    @hookimpl
    def tick(self, view: View, memory: Memory, streams: Streams, programme: Programme) -> None:
        """Pay for the travel of the step, and remember how far the money went."""
        learner, _ = self._ties(view, memory, streams)
        served = np.array(programme.reach)
        partners = np.bincount(learner, minlength=len(served)) * served
        yearly = self.visits_per_year * self.visit_months + self.secondment * self.secondment_months
        asked = in_step(partners * months_of_cost(view, yearly), view)
        going = np.flatnonzero(partners)
        programme.serve(going)
        paid = programme.spend(going, asked[going])
        served[going] *= np.divide(paid, asked[going], out=np.ones(len(going)), where=asked[going] > 0.0)
        memory["served"] = served

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView, memory: Memory, streams: Streams) -> Transfer:
        """Return what travellers learn, informally."""
        learner, teacher = self._ties(knowledge.network, memory, streams)
        present, served = knowledge.firms.present, memory["served"]
        goes = (served[learner] > 0.0) & present[learner] & present[teacher]
        learner, teacher = learner[goes], teacher[goes]
        tacit = self._rate() * served[learner]
        return Transfer(learner, np.zeros(len(learner)), tacit, "informal", teacher)

    def _rate(self) -> float:
        """Return the rate at which the gap to a partner closes (1/day)."""
        visits = self.visits_per_year + self.secondment * YEAR_DAYS / self.visit_days
        return self.gap_per_visit * visits / YEAR_DAYS

    def _ties(self, view: View, memory: Memory, streams: Streams) -> tuple[Integers, Integers]:
        """Return both ends of all ties; each firm has its own draw for every partner, whichever firms are reached."""
        if "ties" not in memory:
            candidates, eligible = self._eligible(view)
            firms = view.names.firms
            partners = [firms[number] for number in candidates.tolist()]
            lots = np.where(eligible, streams.uniforms("partners", firms, partners), np.inf)
            learner, place = _lowest(lots, self.partners_per_firm)
            memory["ties"] = learner, candidates[place]
        ties: tuple[Integers, Integers] = memory["ties"]
        return ties

    def _eligible(self, view: View) -> tuple[Integers, Flags]:
        """Return the firms that can be partners, and of which firms; shapes (candidates,) and (firms, candidates)."""
        everyone = np.arange(len(view.firms))
        if self.partners:
            candidates = np.flatnonzero(np.isin(np.array(view.names.firms), self.partners))
            return candidates, everyone[:, None] != candidates
        home = view.firm_country_names
        candidates = np.flatnonzero((view.in_group("flagship") | view.in_group("foreign")) & (home != ""))
        abroad = (home[:, None] != home[candidates]) & (home[:, None] != "")
        return candidates, np.asarray(abroad)


def _lowest(lots: Floats, count: int) -> tuple[Integers, Integers]:
    """Return row and column of the *count* lowest finite numbers of each row.

    >>> _lowest(np.array([[0.3, 0.1, 0.2], [np.inf, np.inf, 0.5]]), 2)
    (array([0, 0, 1]), array([1, 2, 2]))
    """
    column = np.argsort(lots, axis=1, kind="stable")[:, :count]
    row = np.repeat(np.arange(len(lots)), column.shape[1])
    column = column.ravel()
    drawn = np.isfinite(lots[row, column])
    return row[drawn], column[drawn]
