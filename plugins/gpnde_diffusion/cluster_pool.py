"""Pools of clusters: the shared knowledge of the firms of a district, passed on by gatekeepers."""

from __future__ import annotations

from typing import Literal

import numpy as np

from gpnde.plugin import (
    MONTH_DAYS,
    Component,
    ComponentError,
    Flags,
    Floats,
    Integers,
    KnowledgeView,
    Transfer,
    gatekeeper_weights,
    hookimpl,
    param,
    pool_rate,
)
from gpnde_diffusion.by_group import sums


class ClusterPool(Component):
    """Members of a cluster learn from its pool of knowledge, the faster the more they are.

    The level of a pool is the mean of what members know. With gatekeepers, members that absorb more count more
    (Giuliani and Bell, 2005); otherwise all count alike. Members below the level learn at rate x members ^
    agglomeration.
    """

    name = "diffusion.cluster-pool"

    codified_per_month: float = param(
        0.02, ge=0, le=10, unit="1/month", vary=(0, 0.1), doc="Rate of codified learning from a pool of one member."
    )
    tacit_per_month: float = param(
        0.02, ge=0, le=10, unit="1/month", vary=(0, 0.1), doc="Rate of tacit learning from a pool of one member."
    )
    agglomeration: float = param(
        0.05, ge=-1, le=1, vary=(0, 0.15), doc="Exponent of the number of members in the rate of learning."
    )
    relay: Literal["gatekeepers", "all"] = param(
        "gatekeepers", source="literature, Giuliani and Bell (2005)", doc="Who passes knowledge on to the pool."
    )
    sharpness: float = param(
        2.0, ge=0, le=50, vary=(0, 5), doc="How much more gatekeepers count the more they absorb; 0: all alike."
    )
    tiers: tuple[int, ...] = param((), doc="Tiers whose firms are members of their cluster's pool; empty: all.")

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network in which no cluster has two members."""
        # One entry at least, since the largest of none is an error.
        members = np.bincount(knowledge.firms.cluster[self._members(knowledge)], minlength=1)
        if members.max() < 2:
            text = "no cluster has two member firms: give sites of several firms the same cluster"
            raise ComponentError(where=self.name, expected=f"{text}{', or name other tiers' if self.tiers else ''}")

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Transfer:
        """Transfer knowledge from the pool of each cluster to its members."""
        member = np.flatnonzero(self._members(knowledge))
        cluster = knowledge.firms.cluster[member]
        count = len(knowledge.places.distance_km)
        sharpness = self.sharpness if self.relay == "gatekeepers" else 0.0
        weight = gatekeeper_weights(knowledge.absorptive_capacity[member], cluster, count, sharpness)
        pools = [
            sums(weight[:, None] * stock[member], cluster, count) for stock in (knowledge.codified, knowledge.tacit)
        ]
        size = np.bincount(cluster, minlength=count)[cluster]
        return Transfer(
            learner=member,
            levels=np.stack(pools)[:, cluster],
            codified=self._rates(self.codified_per_month, size),
            tacit=self._rates(self.tacit_per_month, size),
            channel="informal",
        )

    def _rates(self, per_month: float, members: Integers) -> Floats:
        return np.asarray(pool_rate(per_month / MONTH_DAYS, members.astype(np.float64), self.agglomeration))

    def _members(self, knowledge: KnowledgeView) -> Flags:
        firms = knowledge.firms
        chosen = np.isin(firms.tier, self.tiers) if self.tiers else np.ones(len(firms.tier), dtype=np.bool_)
        return chosen & firms.present & (firms.cluster >= 0)
