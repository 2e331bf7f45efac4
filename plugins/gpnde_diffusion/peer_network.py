"""Peer networks: people of different firms know each other and tell each other what they know."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import field_validator

from gpnde.plugin import (
    FUNCTIONS,
    MONTH_DAYS,
    Component,
    ComponentError,
    Flags,
    Floats,
    Integers,
    KnowledgeView,
    Memory,
    Streams,
    Transfer,
    hookimpl,
    param,
)
from gpnde_diffusion.barter import exchanged, matched
from gpnde_diffusion.small_world import lowest, rewired, ring

_ROWS = 64
"""Ties whose far ends are drawn together: each has a random number for every firm."""


class PeerNetwork(Component):
    """Firms learn from peers, beside all trade: from those of the scenario, and along a small world of acquaintances.

    The small world is a ring over firms by cluster, with some ties rewired (Watts and Strogatz, 1998). In broadcast all
    peers teach each other freely at each step, and a pair that also meets in the small world learns at both rates.
    Barter is the exchange of Cowan and Jonard (2004): at a step a firm meets one peer at most, chosen at random, and
    each of the two learns in as many functions as the one with less to offer leads in, chosen at random among those in
    which the other leads; where one leads in none, neither learns. A rate of 0.69 closes half of a gap at a meeting.
    """

    name = "diffusion.peer-network"

    codified_per_month: float = param(
        0.01, ge=0, le=10, unit="1/month", vary=(0, 0.05), doc="Rate of codified transfer along a tie of strength 1."
    )
    tacit_per_month: float = param(
        0.03, ge=0, le=10, unit="1/month", vary=(0, 0.1), doc="Rate of tacit transfer along a tie of strength 1."
    )
    mode: Literal["broadcast", "barter"] = param(
        "broadcast", doc="Whether peers teach freely, or trade one function for another when they meet."
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
            raise ComponentError(
                where=self.name, given="no peers", expected="add peers to the scenario, or give the component a degree"
            )
        if self.degree and self.degree >= firms:
            where = f"{self.name}.degree = {self.degree}"
            advice = f"must be below the number of firms, {firms}; add firms or lower it"
            raise ComponentError(where=where, expected=advice)
        if self.degree and self.cross_border and len(np.unique(knowledge.firms.country)) < 2:
            where = f"{self.name}.cross_border = {self.cross_border:g}"
            advice = "add countries and name them in clusters, or set it to 0"
            raise ComponentError(where=where, expected=f"all firms are at home in one country; {advice}")

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView, memory: Memory, streams: Streams) -> Transfer:
        """Transfer knowledge both ways between the two firms of every active pair."""
        if "pairs" not in memory:
            memory["pairs"] = self._acquaintances(knowledge, streams)
        first, second, strength = memory["pairs"]
        present = knowledge.firms.present
        meets = present[first] & present[second]
        first, second, strength = first[meets], second[meets], strength[meets]
        if self.mode == "barter":
            return self._barter(knowledge, streams, first, second, strength)
        return self._told(first, second, np.concatenate([strength, strength]))

    def _told(self, first: Integers, second: Integers, strength: Floats) -> Transfer:
        """Return what the firms of pairs tell each other, the second ends first; *strength* has two rows per pair."""
        return Transfer(
            learner=np.concatenate([first, second]),
            teacher=np.concatenate([second, first]),
            codified=self.codified_per_month / MONTH_DAYS * strength,
            tacit=self.tacit_per_month / MONTH_DAYS * strength,
            channel="informal",
        )

    def _barter(
        self, knowledge: KnowledgeView, streams: Streams, first: Integers, second: Integers, strength: Floats
    ) -> Transfer:
        """Return what firms give each other in the meetings of this step."""
        names, day = knowledge.network.names.firms, knowledge.day
        pairs = [f"{names[one]} - {names[other]}" for one, other in zip(first.tolist(), second.tolist(), strict=True)]
        met = matched(first, second, streams.uniforms("meeting", pairs, day=day))
        first, second = first[met], second[met]
        lots = streams.uniforms("barter", [pairs[number] for number in met.tolist()], FUNCTIONS, day=day)
        taught = np.concatenate(exchanged(knowledge.capability[first] - knowledge.capability[second], lots))
        return self._told(first, second, np.tile(strength[met], 2)[:, None] * taught)

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
        order = np.argsort(knowledge.firms.cluster, kind="stable")
        first, second = ring(order, self.degree)
        if not self.degree:
            return first, second
        names, steps = knowledge.network.names.firms, range(self.degree // 2)
        moves = [streams.uniforms("rewiring", names, occurrence=step)[order] < self.rewiring for step in steps]
        ends = [self._far_ends(knowledge, streams, order, moved, step) for step, moved in enumerate(moves)]
        return first, rewired(first, second, np.concatenate(ends), np.concatenate(moves))

    def _far_ends(
        self, knowledge: KnowledgeView, streams: Streams, order: Integers, moved: Flags, step: int
    ) -> Integers:
        """Return the new ends of the ties that have *moved*, at random; the firm itself if no other can be one.

        Every firm has a random number for every other, and the lowest is chosen: so a firm more or less moves no other
        ties than its own.
        """
        names, ends = knowledge.network.names.firms, order.copy()
        places = np.flatnonzero(moved)
        for some in np.split(places, range(_ROWS, len(places), _ROWS)):
            lots = streams.uniforms("far end", [names[firm] for firm in order[some]], names, occurrence=step)
            ends[some] = lowest(lots, self._can_be_far(knowledge, streams, order[some], step), order[some])
        return ends

    def _can_be_far(self, knowledge: KnowledgeView, streams: Streams, firm: Integers, step: int) -> Flags:
        """Return the firms that can be the far end of a tie of each firm, by country; shape (n, firms)."""
        country = knowledge.firms.country
        if self.cross_border is None:
            return np.ones((len(firm), len(country)), dtype=np.bool_)
        names = [knowledge.network.names.firms[number] for number in firm]
        leaves = streams.uniforms("abroad", names, occurrence=step) < self.cross_border
        return np.asarray((country[firm][:, None] != country) == leaves[:, None])
