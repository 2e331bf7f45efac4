"""Peer networks: people of different firms know each other and tell each other what they know."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import field_validator

from gpnde.errors import ComponentError
from gpnde.plugin import Component, KnowledgeView, Memory, Streams, Transfer, hookimpl, param
from gpnde.world.layout import Flags, Floats, Integers
from gpnde.world.tables import MONTH_DAYS
from gpnde_diffusion.small_world import draw_inside_or_outside, rewired, ring


class PeerNetwork(Component):
    """Firms learn from peers, beside all trade: from those of the scenario, and along a small world of acquaintances.

    The small world is a ring over firms by cluster, with some ties rewired (Watts and Strogatz, 1998). Peers teach
    each other freely (broadcast), or only while each is ahead of the other in some function, so that both have
    something to offer (barter; Cowan and Jonard, 2004). A pair named by the scenario that also meets in the small
    world learns at both rates.
    """

    name = "diffusion.peer-network"

    codified_per_month: float = param(
        0.01, ge=0, le=10, unit="1/month", vary=(0, 0.05), doc="Rate of codified transfer along a tie of strength 1."
    )
    tacit_per_month: float = param(
        0.03, ge=0, le=10, unit="1/month", vary=(0, 0.1), doc="Rate of tacit transfer along a tie of strength 1."
    )
    mode: Literal["broadcast", "barter"] = param(
        "broadcast", doc="Whether peers teach freely, or only where each has something to offer."
    )
    degree: int = param(
        0, ge=0, le=100, vary=(0, 10), doc="Ties per firm in the small world, an even number; 0: peers of the scenario."
    )
    rewiring: float = param(
        0.1,
        ge=0,
        le=1,
        source="literature, Cowan and Jonard (2004)",
        vary=(0, 1),
        doc="Share of ties that are rewired away from the neighbourhood.",
    )
    cross_border: float | None = param(
        None, ge=0, le=1, vary=(0, 1), doc="Share of rewired ties that lead abroad; left out: to any firm alike."
    )

    @field_validator("degree")
    @classmethod
    def _degree_is_even(cls, degree: int) -> int:
        if degree % 2:
            raise ValueError("must be even: half of the ties lead to either side of the ring")
        return degree

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network without peers, too few firms for the small world, or no country to have peers in."""
        firms = len(knowledge.firms.cluster)
        if not self.degree and not len(knowledge.peers.first):
            raise ComponentError(f"{self.name}: no peers: add peers to the scenario, or give the component a degree")
        if self.degree and self.degree >= firms:
            text = f"{self.name}.degree = {self.degree}: must be below the number of firms, {firms}"
            raise ComponentError(f"{text}; add firms or lower it")
        if self.degree and self.cross_border and len(np.unique(knowledge.firms.country)) < 2:
            text = f"{self.name}.cross_border = {self.cross_border:g}: all firms are at home in one country"
            raise ComponentError(f"{text}; add countries and name them in clusters, or set it to 0")

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView, memory: Memory, streams: Streams) -> Transfer:
        """Let the two firms of every pair that is at work learn from each other."""
        if "pairs" not in memory:
            memory["pairs"] = self._acquaintances(knowledge, streams)
        first, second, strength = memory["pairs"]
        meets = self._meets(knowledge, first, second)
        first, second, strength = first[meets], second[meets], np.tile(strength[meets], 2)
        return Transfer(
            learner=np.concatenate([first, second]),
            teacher=np.concatenate([second, first]),
            codified=self.codified_per_month / MONTH_DAYS * strength,
            tacit=self.tacit_per_month / MONTH_DAYS * strength,
            channel="informal",
        )

    def _acquaintances(self, knowledge: KnowledgeView, streams: Streams) -> tuple[Integers, Integers, Floats]:
        """Return both ends and the strength of all ties: those of the scenario, then those of the small world."""
        peers = knowledge.peers
        first, second = self._small_world(knowledge, streams)
        return (
            np.concatenate([peers.first, first]),
            np.concatenate([peers.second, second]),
            np.concatenate([peers.strength, np.ones(len(first))]),
        )

    def _small_world(self, knowledge: KnowledgeView, streams: Streams) -> tuple[Integers, Integers]:
        """Draw the ties of the small world."""
        first, second = ring(np.argsort(knowledge.firms.cluster, kind="stable"), self.degree)
        rng = streams.generator("small-world")
        moves, abroad, place = rng.random((3, len(first)))
        end = self._far_ends(knowledge.firms.country, first, abroad, place)
        return first, rewired(first, second, np.where(end < 0, first, end), moves < self.rewiring)

    def _far_ends(self, country: Integers, first: Integers, abroad: Floats, place: Floats) -> Integers:
        """Return the new end of each tie; -1 where there is nobody."""
        if self.cross_border is None:
            return (place * len(country)).astype(np.int64)
        return draw_inside_or_outside(country[first], abroad < self.cross_border, place, country)

    def _meets(self, knowledge: KnowledgeView, first: Integers, second: Integers) -> Flags:
        """Return which pairs are at work in this step: both present and, in barter, each ahead in something."""
        both = knowledge.firms.present[first] & knowledge.firms.present[second]
        if self.mode == "broadcast":
            return both
        lead = knowledge.capability[first] - knowledge.capability[second]
        return np.asarray(both & (lead > 0).any(axis=1) & (lead < 0).any(axis=1))
