"""A mix of policies that changes with the stage of the firm on the ladder of functions (Q16)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict, model_validator

from gpnde.plugin import LADDER, Flags, Floats, Integers, KnowledgeView, PolicyFacts, Programme, View, hookimpl, param
from gpnde_policies.meta_policy import MetaPolicy

TOP = len(LADDER) - 1
"""The highest rung of the ladder."""


class Stage(BaseModel):
    """A policy, and the rungs of the ladder that it serves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: str = param(doc="Name of the policy.")
    lowest: int = param(-1, ge=-1, le=TOP, doc="Lowest rung that is served; -1: firms below the ladder too.")
    highest: int = param(TOP, ge=-1, le=TOP, doc="Highest rung that is served.")

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.lowest > self.highest:
            raise ValueError(f"lowest {self.lowest}: must be at most highest {self.highest}")
        return self


class LinkageMix(MetaPolicy):
    """Each policy serves the firms whose highest function lies on the rungs that it is for, and leaves the others out.

    The composition of linkages must change as a country climbs the ladder (Ernst, sections 0 and 4.3), and so must
    that of policies: what a firm gets changes when it takes on a higher function, and back when it loses one. Policies
    without a stage serve the same firms as before. A policy with several stages serves the rungs of all. What is saved
    on the firms left out stays unspent; under a budget more is left for the others.
    """

    name = "policy.linkage-mix"

    stages: tuple[Stage, ...] = param(doc="Which policy serves which rungs of the ladder, from 0 to 5.")

    def policies_changed(self) -> tuple[str, ...]:
        """Return the policies that have a stage."""
        return tuple(stage.policy for stage in self.stages)

    def check_targets(self, view: View) -> None:
        """Refuse a scenario without the policies named, or without knowledge, in one line."""
        super().check_targets(view)
        self.need_knowledge(view, self.name)

    @hookimpl
    def tick(self, view: View, programme: Programme) -> None:
        """Pay for looking into what firms do."""
        self.pay_review(view, programme)

    @hookimpl(wrapper=True)
    def targets(
        self, policy: PolicyFacts, knowledge: KnowledgeView | None, programme: Programme
    ) -> Generator[None, Floats, Floats]:
        """Leave out firms on rungs that the policy is not for."""
        targeted = yield
        if knowledge is None or not self.stages or not self.changes(policy, programme):
            return targeted
        chosen = [stage for stage in self.stages if stage.policy == policy.name]
        return np.asarray(targeted * on_rungs(knowledge.level, [(stage.lowest, stage.highest) for stage in chosen]))


def on_rungs(level: Integers, ranges: Sequence[tuple[int, int]]) -> Flags:
    """Return whether each level lies in one of the ranges, ends included.

    >>> on_rungs(np.array([-1, 0, 3, 5]), [(0, 1), (5, 5)])
    array([False,  True, False,  True])
    """
    inside = np.zeros(len(level), dtype=np.bool_)
    for lowest, highest in ranges:
        inside |= (lowest <= level) & (level <= highest)
    return inside
