"""Technology discontinuities: a new technology takes the worth from part of what firms know."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import (
    FUNCTIONS,
    Clock,
    Component,
    ComponentError,
    Flags,
    Forgetting,
    Function,
    KnowledgeView,
    Memory,
    Streams,
    hookimpl,
    param,
)
from gpnde_disruptions.arrivals import arrival_days


class TechnologyDiscontinuity(Component):
    """On one day, or at random, a share of the knowledge in some functions loses its worth.

    Innovation that breaks with the trajectory of an industry devalues what firms have learnt, and leadership is not
    safe from it (Ernst, section 3.2). It may hit all firms alike, or only those above a level of capability, which have
    learnt the old technology best. The loss comes at the step of learning that contains the day; what was received and
    waits to be internalised loses as much.
    """

    name = "disruption.technology-discontinuity"

    day: float | None = param(None, ge=0, unit="day", doc="Day of the break; left out: breaks come at random.")
    mean_interval_days: float = param(
        1820.0, ge=1, unit="day", vary=(728, 7280), doc="Mean time between breaks that come at random."
    )
    loss: float = param(0.3, ge=0, lt=1, vary=(0.1, 0.6), doc="Share of knowledge that loses its worth.")
    functions: tuple[Function, ...] = param(
        ("component_mfg", "engineering", "product_dev"), doc="Functions whose knowledge is hit; empty: all."
    )
    above: float = param(
        0.0, ge=0, le=1, vary=(0, 0.6), doc="Capability in the function that a firm must exceed to be hit; 0: all are."
    )

    @hookimpl
    def process(self, clock: Clock, streams: Streams, memory: Memory) -> None:
        """Decide on which days the technology breaks."""
        if self.day is not None:
            memory["days"] = np.array([self.day])
        else:
            memory["days"] = arrival_days(streams.generator("breaks"), self.mean_interval_days, clock.days)

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse functions in which no firm of the network has knowledge."""
        hit = self._hit()
        if not (knowledge.capability[:, hit] > 0).any():
            names = ", ".join(np.array(FUNCTIONS)[hit])
            raise ComponentError(
                where=f"{self.name}.functions", given=f"no firm has knowledge in {names}", expected="choose others"
            )

    @hookimpl
    def forgetting(self, knowledge: KnowledgeView, memory: Memory) -> Forgetting | None:
        """Return the rate at which the breaks of this step take what they take."""
        began = knowledge.day - knowledge.days
        breaks = int(((memory["days"] > began) & (memory["days"] <= knowledge.day)).sum())
        if not breaks or not self.loss:
            return None
        # Forgetting goes on at a rate; at this one each break has taken its share by the end of the step.
        rate = -np.log1p(-self.loss) / knowledge.days * breaks
        is_hit = self._hit() & ((knowledge.capability > self.above) | (self.above == 0))
        return Forgetting(rate * is_hit, rate * is_hit)

    def _hit(self) -> Flags:
        """Return which functions are hit; shape (functions,)."""
        return np.array([not self.functions or name in self.functions for name in FUNCTIONS])
