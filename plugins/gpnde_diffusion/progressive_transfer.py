"""Progressive transfer: the higher a supplier has climbed, the more sophisticated is what buyers pass on to it (D2)."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import CONTRACTS, FUNCTIONS, LADDER, Component, Factors, Floats, KnowledgeView, hookimpl, param, reach
from gpnde_diffusion.needs import need_ties

_ENGINEERING = LADDER.index("engineering")
_RANKS = np.arange(len(FUNCTIONS), dtype=np.float64)
_IS_RUNG = _RANKS < len(LADDER)
_TURNKEY = CONTRACTS.index("turnkey")


class ProgressiveTransfer(Component):
    """Buyers teach in full up to the rungs next to what a supplier performs; beyond them it leaks (E12; Ernst, 4.3).

    What firms learn from others than their buyers (peers, pools, people who move, owners, licences) is not bound.
    Firms with a turnkey contract are let in on further rungs. The side capabilities, coordination and marketing, are
    open to firms that have climbed to engineering (assumption).
    """

    name = "diffusion.progressive-transfer"

    rungs: int = param(1, ge=0, le=6, vary=(0, 3), doc="Rungs above a firm's level that buyers teach in full.")
    turnkey_rungs: int = param(
        1, ge=0, le=6, source="chapter, section 4.2", vary=(0, 3), doc="Further rungs under a turnkey contract."
    )
    leak: float = param(0.1, ge=0, le=1, vary=(0, 1), doc="Share of transfer that comes through beyond these rungs.")

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network without ties."""
        need_ties(self.name, knowledge)

    @hookimpl
    def transfer_rate(self, knowledge: KnowledgeView) -> Factors:
        """Return how open buyers are about each function, for both kinds alike."""
        factor = np.where(_IS_RUNG, self._rung_factor(knowledge), self._side_factor(knowledge))
        return Factors(factor, factor, of="buyers")

    def _rung_factor(self, knowledge: KnowledgeView) -> Floats:
        # The reach of a buyer goes one rung above the level by itself.
        extra = self.rungs - 1 + self.turnkey_rungs * _has_turnkey(knowledge)
        return reach(_RANKS, knowledge.level[:, None].astype(np.float64), extra[:, None], self.leak)

    def _side_factor(self, knowledge: KnowledgeView) -> Floats:
        return np.where(knowledge.level >= _ENGINEERING, 1.0, self.leak)[:, None]


def _has_turnkey(knowledge: KnowledgeView) -> Floats:
    """Return 1 for firms that have a turnkey contract with any buyer, else 0; shape (firms,)."""
    ties = knowledge.ties
    count = np.bincount(ties.learner[ties.contract == _TURNKEY], minlength=len(knowledge.level))
    return (count > 0).astype(np.float64)
