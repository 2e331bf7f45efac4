"""Released workers: those who lose their jobs when a site closes take what they know to firms nearby that hire."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.plugin import (
    Component,
    ComponentError,
    Flags,
    Floats,
    Integers,
    KnowledgeView,
    Memory,
    Transfer,
    hired_from_pool,
    hookimpl,
    param,
    rate_of_mixing,
    still_searching,
)
from gpnde_diffusion.by_group import sums


class ReleasedWorkers(Component):
    """People of a closed site look for work in its cluster, and teach those who hire them what their firm knew.

    A firm that hires n of them beside a staff of s closes the share tacit_carried x n / (n + s) of the gap to the tacit
    knowledge of the firms that they left. Who finds nothing leaves the trade after search_days on average, and what
    they knew is lost. Codified knowledge stays behind in documents. People look for work in the cluster of their site.
    """

    name = "diffusion.released-workers"
    better = {"hired": "higher"}

    tacit_carried: float = param(
        0.3, ge=0, le=1, vary=(0, 1), doc="Share of what their firm knew that people carry when they move."
    )
    search_days: float = param(
        182.0, gt=0, unit="day", vary=(28, 728), doc="Mean time for which people look for work of their trade."
    )

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network in which nobody is employed in a cluster."""
        sites, view = knowledge.network.sites, knowledge.network
        if not (view.site_staff[sites["cluster"] >= 0] > 0.0).any():
            raise ComponentError(
                where=self.name,
                given="no site of a cluster has employees",
                expected="give products labour_days, and sites clusters",
            )

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView, memory: Memory) -> Transfer | None:
        """Transfer tacit knowledge to firms that hire people who have lost their jobs."""
        if "seen" not in memory:
            memory["people"] = np.zeros(_clusters(knowledge))
            memory["known"] = np.zeros((_clusters(knowledge), knowledge.tacit.shape[1]))
            memory |= {"released": 0.0, "hired": 0.0}
        else:
            memory["people"] = still_searching(memory["people"], self.search_days, knowledge.days)
            self._release(knowledge, memory)
        transfer = self._hire(knowledge, memory) if memory["people"].any() else None
        sites, view = knowledge.network.sites, knowledge.network
        memory["seen"] = (sites["shut"] == 0, view.site_staff.copy(), knowledge.tacit.copy())
        return transfer

    def _release(self, knowledge: KnowledgeView, memory: Memory) -> None:
        """Add those who worked at sites that have closed since the last step, and what their firms knew then."""
        sites = knowledge.network.sites
        was_open, staff, tacit = memory["seen"]
        before = sites[: len(was_open)]
        closed = np.flatnonzero(was_open & (before["shut"] == 1) & (before["cluster"] >= 0) & (staff > 0.0))
        place, count = before["cluster"][closed].astype(np.int64), _clusters(knowledge)
        came = np.bincount(place, staff[closed], count)
        brought = sums(staff[closed, None] * tacit[before["firm"][closed]], place, count)
        people = memory["people"] + came
        # All who look for work in a place are taken to know what they know on average.
        mean = memory["people"][:, None] * memory["known"] + brought
        memory["known"] = np.divide(mean, people[:, None], out=memory["known"].copy(), where=people[:, None] > 0.0)
        memory["people"] = people
        memory["released"] += float(came.sum())

    def _hire(self, knowledge: KnowledgeView, memory: Memory) -> Transfer:
        """Let sites hire, and return what their firms learn from it."""
        site = _employers(knowledge)
        sites, count = knowledge.network.sites, len(knowledge.firms.present)
        place, firm = (sites[name][site].astype(np.int64) for name in ("cluster", "firm"))
        came = hired_from_pool(knowledge.network.site_vacancies[site], place, memory["people"])
        memory["people"] = np.maximum(memory["people"] - np.bincount(place, came, _clusters(knowledge)), 0.0)
        memory["hired"] += float(came.sum())
        whole = np.bincount(firm, came, count).astype(np.float64)
        staff = np.bincount(sites["firm"], knowledge.network.site_staff, count).astype(np.float64)
        rate = rate_of_mixing(whole, staff, self.tacit_carried, knowledge.days)
        return _learnt(
            firm[came > 0.0], place[came > 0.0], (came / np.maximum(whole[firm], 1e-12))[came > 0.0], rate, memory
        )

    @hookimpl
    def metrics(self, memory: Memory) -> Mapping[str, float]:
        """Report how many people lost their jobs with their sites, found work of their trade nearby, or left it."""
        if "seen" not in memory:
            return {}
        released, hired = memory["released"], memory["hired"]
        return {"released": released, "hired": hired, "left": released - hired - float(memory["people"].sum())}


def _learnt(learner: Integers, place: Integers, part: Floats, rate: Floats, memory: Memory) -> Transfer:
    """Return the transfer to learners, each with the *part* of those who came to it from a place."""
    tacit = memory["known"][place]
    rates = rate[learner] * part
    return Transfer(learner, 0.0 * rates, rates, "informal", levels=np.stack([np.zeros_like(tacit), tacit]))


def _employers(knowledge: KnowledgeView) -> Integers:
    """Return the open sites of clusters whose firms are present."""
    sites = knowledge.network.sites
    there: Flags = (sites["shut"] == 0) & (sites["cluster"] >= 0) & knowledge.firms.present[sites["firm"]]
    return np.flatnonzero(there)


def _clusters(knowledge: KnowledgeView) -> int:
    return len(knowledge.places.distance_km)
