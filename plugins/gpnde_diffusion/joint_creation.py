"""Joint creation: partners with mutual trust, or well connected ones, create knowledge together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import field_validator

from gpnde.plugin import (
    MONTH_DAYS,
    Creation,
    Floats,
    Integers,
    KnowledgeView,
    Memory,
    cognitive_distance_response,
    contribution_share,
    hookimpl,
    joint_output,
    param,
)
from gpnde_diffusion.by_group import sums
from gpnde_diffusion.digital_path import DigitalPath
from gpnde_diffusion.needs import function_flags, need_ties

TOGETHER = np.flatnonzero(function_flags(["engineering", "product_dev", "system_integration"]))
"""The numbers of the functions in which partners create together."""


class JointCreation(DigitalPath):
    """Buyers and suppliers develop together what neither knows: most at some distance, least between equals.

    A pair takes part whose trust reaches a threshold, or all pairs once the digital index does. In each function of
    development it creates productivity x joint output x response to the distance of the two (an inverted U; Nooteboom
    et al., 2007), divided by contribution or equally. Who gains more, and whether digital exchange can stand in for
    trust, is open (Ernst, conclusions); give the path of the index as for digital convergence.
    """

    name = "diffusion.joint-creation"
    better = {"created": "higher"}

    maximum: float = param(0.0, ge=0, le=1, vary=(0, 1), doc="Digital index at the end of its rise.")
    per_month: float = param(
        0.004, ge=0, le=1, unit="1/month", vary=(0, 0.02), doc="Created by a pair per unit of joint output."
    )
    substitution: float = param(
        0.5, ge=-10, le=1, vary=(-2, 1), doc="How far one partner's knowledge replaces the other's; 1: it adds up."
    )
    best_distance: float = param(
        0.3, gt=0, le=10, vary=(0.1, 0.8), doc="Distance of capability at which partners create most."
    )
    trust_threshold: float = param(0.6, ge=0, le=1, vary=(0.3, 0.9), doc="Trust from which partners create together.")
    digital_threshold: float = param(
        0.8, gt=0, le=1, vary=(0.3, 1), doc="Digital index from which partners create together whatever their trust."
    )
    codified_share: float = param(0.5, ge=0, le=1, vary=(0, 1), doc="Share of what is created that is codified.")
    split: Literal["contribution", "equal"] = param("contribution", doc="How the partners share what they create.")

    @field_validator("substitution")
    @classmethod
    def _substitution_has_meaning(cls, substitution: float) -> float:
        if abs(substitution) < 0.1:
            raise ValueError("must be at least 0.1 away from 0, where joint output has no limit")
        return substitution

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network without links between firms."""
        need_ties(self.name, knowledge)

    @hookimpl
    def knowledge_creation(self, knowledge: KnowledgeView, memory: Memory) -> Creation:
        """Create knowledge in the functions of development for every pair that takes part."""
        buyer, supplier = self._pairs(knowledge)
        able = knowledge.capability[:, TOGETHER]
        created = self._created(able[buyer], able[supplier], knowledge.days)
        mine = self._share(able[buyer], able[supplier])
        _count(memory, float(created.sum()), float((created * (1.0 - mine)).sum()))
        gain = np.zeros(knowledge.capability.shape)
        gain[:, TOGETHER] = sums(created * mine, buyer, len(able)) + sums(created * (1.0 - mine), supplier, len(able))
        return Creation(codified=self.codified_share * gain, tacit=(1.0 - self.codified_share) * gain)

    @hookimpl
    def metrics(self, memory: Memory) -> Mapping[str, float]:
        """Report what pairs created, and the suppliers' share of it; nothing where nobody learns."""
        if "together" not in memory:
            return {}
        together, suppliers = memory["together"], memory["suppliers"]
        return {"created": together, "suppliers-share": suppliers / together if together > 0.0 else np.nan}

    def _pairs(self, knowledge: KnowledgeView) -> tuple[Integers, Integers]:
        """Return the buyers and suppliers that create together in this step."""
        ties = knowledge.ties
        connected = self.index(knowledge.day) >= self.digital_threshold
        both = knowledge.firms.present[ties.teacher] & knowledge.firms.present[ties.learner]
        taking_part = both & (connected | (ties.trust >= self.trust_threshold))
        return ties.teacher[taking_part], ties.learner[taking_part]

    def _created(self, own: Floats, other: Floats, days: float) -> Floats:
        """Return what pairs create in a step; shape (pairs, functions)."""
        output = joint_output(own, other, self.substitution)
        response = cognitive_distance_response(np.abs(own - other), self.best_distance)
        return np.asarray(self.per_month / MONTH_DAYS * days * output * response)

    def _share(self, own: Floats, other: Floats) -> Floats:
        """Return the share of the first partner; shape (pairs, functions)."""
        if self.split == "equal":
            return np.full(own.shape, 0.5)
        return np.asarray(contribution_share(own, other, self.substitution))


def _count(memory: Memory, together: float, suppliers: float) -> None:
    """Add what pairs created in a step, and the suppliers' part of it."""
    memory["together"] = memory.get("together", 0.0) + together
    memory["suppliers"] = memory.get("suppliers", 0.0) + suppliers
