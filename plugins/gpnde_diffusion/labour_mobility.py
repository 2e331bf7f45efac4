"""Labour mobility: people who change firms, return home or found firms carry tacit knowledge."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gpnde.plugin import (
    YEAR_DAYS,
    Component,
    ComponentError,
    Entrant,
    Flags,
    Floats,
    Integers,
    KnowledgeView,
    Memory,
    Streams,
    Transfer,
    carried_by_movers,
    entry_chance,
    entry_hazard,
    hookimpl,
    param,
)
from gpnde_diffusion.by_group import maxima, means_of_others, sums


class LabourMobility(Component):
    """People quit and carry tacit knowledge with them: to a neighbour, to their home country, or into a new firm.

    The firms of a cluster learn from the mean of their neighbours at the rate quit_rate x tacit_carried; a share of
    those who quit in the clusters of foreign flagships comes home and teaches there. Firms of the scenario that wait
    for entry are founded by people of their cluster, at a hazard that rises with demand and with what its firms can do.
    """

    name = "diffusion.labour-mobility"

    quit_rate_per_year: float = param(
        0.15, ge=0, le=10, unit="1/year", vary=(0, 0.5), doc="Rate at which people leave for another firm."
    )
    tacit_carried: float = param(
        0.3, ge=0, le=1, vary=(0, 1), doc="Share of a firm's tacit knowledge that people carry when they move."
    )
    returnee_share: float = param(
        0.0, ge=0, le=1, vary=(0, 0.3), doc="Share of leavers in clusters of foreign flagships that return home."
    )
    entry_per_year: float = param(
        0.1, ge=0, le=100, unit="1/year", vary=(0, 1), doc="Rate at which a waiting firm enters, with no pull at all."
    )
    entry_demand: float = param(
        1.0, ge=0, le=10, vary=(0, 3), doc="Log rise of that rate per unit of output above what was expected."
    )
    entry_pool: float = param(
        1.0, ge=0, le=10, vary=(0, 3), doc="Log rise of that rate per unit of mean capability in the cluster."
    )
    founders_carry: float = param(
        0.5, ge=0, le=1, vary=(0, 1), doc="Share of the best tacit knowledge of the cluster that founders take along."
    )

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network without clusters, or without a foreign flagship that people could come home from."""
        firms = knowledge.firms
        if not (firms.cluster >= 0).any():
            raise ComponentError(
                where=self.name, given="no firm is in a cluster", expected="add clusters and name them in sites"
            )
        if self.returnee_share and not _has_flagship_abroad(knowledge):
            raise ComponentError(
                where=f"{self.name}.returnee_share = {self.returnee_share:g}",
                expected="no country has firms without a flagship that is at home abroad; "
                "add countries and name them in clusters, or set it to 0",
            )

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Iterator[Transfer]:
        """Transfer tacit knowledge with people from neighbours, and with returnees."""
        yield self._neighbours(knowledge)
        if self.returnee_share:
            yield self._returnees(knowledge)

    def _neighbours(self, knowledge: KnowledgeView) -> Transfer:
        """Return what firms learn from the mean of the other firms of their cluster."""
        firm = np.flatnonzero(_at_home(knowledge))
        cluster = knowledge.firms.cluster[firm]
        level, others = means_of_others(knowledge.tacit[firm], cluster, _clusters(knowledge))
        return self._carried(firm[others], level[others], 1.0)

    def _returnees(self, knowledge: KnowledgeView) -> Transfer:
        """Return the transfer by returnees from clusters of flagships abroad."""
        firms = knowledge.firms
        near = _near_flagship(knowledge)
        places = len(knowledge.places.countries)
        source, learner = (np.flatnonzero(_at_home(knowledge) & (firms.country >= 0) & each) for each in (near, ~near))
        total = sums(knowledge.tacit[source], firms.country[source], places)
        heads = np.bincount(firms.country[source], minlength=places).astype(np.float64)
        home = firms.country[learner]
        abroad = heads.sum() - heads[home]
        level = (total.sum(axis=0) - total[home]) / np.maximum(abroad, 1.0)[:, None]
        return self._carried(learner[abroad > 0], level[abroad > 0], self.returnee_share)

    def _carried(self, learner: Integers, tacit: Floats, share: float) -> Transfer:
        """Return the transfer by movers, a *share* of all leavers, with knowledge *tacit*; shape (n, functions)."""
        rate = np.full(len(learner), share * self.quit_rate_per_year / YEAR_DAYS * self.tacit_carried)
        return Transfer(learner, 0.0 * rate, rate, "informal", levels=np.stack([np.zeros_like(tacit), tacit]))

    @hookimpl
    def entrants(self, knowledge: KnowledgeView, memory: Memory, streams: Streams) -> list[Entrant]:
        """Return the waiting firms that enter, each with its own probability."""
        if "waits" not in memory:
            memory["waits"] = _waiting(knowledge)
        waits = memory["waits"]
        if not waits.any():
            return []
        chance = entry_chance(self._hazard(knowledge), knowledge.days)
        lots = streams.uniforms("entry", knowledge.network.names.firms, day=knowledge.day)
        enters = waits & (lots < chance)
        memory["waits"] = waits & ~enters
        best = maxima(knowledge.tacit[_at_home(knowledge)], _homes(knowledge), _clusters(knowledge))
        carried = carried_by_movers(best, self.founders_carry)
        cluster = knowledge.firms.cluster
        return [
            Entrant(firm, carried[cluster[firm]], _parent(knowledge, firm)) for firm in np.flatnonzero(enters).tolist()
        ]

    def _hazard(self, knowledge: KnowledgeView) -> Floats:
        """Return the rate per day at which each firm would enter; shape (firms,)."""
        home, count = _homes(knowledge), _clusters(knowledge)
        facts = np.stack([knowledge.firms.output - 1.0, knowledge.mean_capability], axis=1)[_at_home(knowledge)]
        heads = np.maximum(np.bincount(home, minlength=count), 1)
        demand, pool = (sums(facts, home, count) / heads[:, None])[knowledge.firms.cluster].T
        base = self.entry_per_year / YEAR_DAYS
        return np.asarray(entry_hazard(demand, pool, base, self.entry_demand, self.entry_pool))


def _at_home(knowledge: KnowledgeView) -> Flags:
    """Return which firms are present and have a cluster."""
    return np.asarray(knowledge.firms.present & (knowledge.firms.cluster >= 0))


def _homes(knowledge: KnowledgeView) -> Integers:
    """Return the clusters of those firms."""
    return knowledge.firms.cluster[_at_home(knowledge)]


def _clusters(knowledge: KnowledgeView) -> int:
    return len(knowledge.places.distance_km)


def _near_flagship(knowledge: KnowledgeView) -> Flags:
    """Return which firms have their home in a cluster with a flagship."""
    firms = knowledge.firms
    # Firms without a cluster, -1, look into the last place, which stays empty.
    has_flagship = np.zeros(_clusters(knowledge) + 1, dtype=np.bool_)
    has_flagship[firms.cluster[firms.is_flagship & _at_home(knowledge)]] = True
    return has_flagship[firms.cluster]


def _has_flagship_abroad(knowledge: KnowledgeView) -> bool:
    """Return whether some firm away from flagships has a country, and a flagship another one."""
    firms, near = knowledge.firms, _near_flagship(knowledge)
    known = firms.country >= 0
    return len(np.unique(firms.country[known])) > 1 and bool((known & near).any() and (known & ~near).any())


def _waiting(knowledge: KnowledgeView) -> Flags:
    """Return which firms wait for entry in a cluster."""
    endogenous = [firm.enters == "endogenously" for firm in knowledge.network.scenario.firms]
    return np.array(endogenous) & ~knowledge.firms.present & (knowledge.firms.cluster >= 0)


def _parent(knowledge: KnowledgeView, firm: int) -> int:
    """Return the firm of the same cluster with the most tacit knowledge, -1 where there is none."""
    near = _at_home(knowledge) & (knowledge.firms.cluster == knowledge.firms.cluster[firm])
    return int(np.where(near, knowledge.tacit.mean(axis=1), -1.0).argmax()) if near.any() else -1
