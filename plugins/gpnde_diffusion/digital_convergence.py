"""Digital convergence: what can be written down travels more easily, and firms answer and deliver faster."""

from __future__ import annotations

import math

import numpy as np

from gpnde.plugin import Factors, KnowledgeView, View, hookimpl, param
from gpnde_diffusion.digital_path import DigitalPath


class DigitalConvergence(DigitalPath):
    """Digital exchange spreads: transfer, lead times and response times change in step with a digital index.

    Codified transfer is scaled by 1 + codified_effect x index, tacit transfer by 1 + tacit_effect x index, lead times
    by 1 - lead_time_effect x index and response times by e ^ (-response_effect x index). That tacit knowledge gains
    nothing is a default, not a law (Ernst leaves it open).
    """

    name = "diffusion.digital-convergence"

    codified_effect: float = param(0.5, ge=0, le=10, vary=(0, 2), doc="Gain of codified transfer at a full index.")
    tacit_effect: float = param(0.0, ge=0, le=10, vary=(0, 0.5), doc="Gain of tacit transfer at a full index.")
    lead_time_effect: float = param(0.1, ge=0, lt=1, vary=(0, 0.3), doc="Share of lead times saved at a full index.")
    response_effect: float = param(0.5, ge=0, le=10, vary=(0, 2), doc="Log of response time saved at a full index.")

    @hookimpl
    def transfer_rate(self, knowledge: KnowledgeView) -> Factors:
        """Scale what learners receive."""
        index = self.index(knowledge.day)
        return Factors(
            codified=np.asarray(1.0 + self.codified_effect * index), tacit=np.asarray(1.0 + self.tacit_effect * index)
        )

    @hookimpl
    def lead_time(self, view: View, knowledge: KnowledgeView | None) -> float | None:
        """Scale all lead times."""
        return None if knowledge is None else 1.0 - self.lead_time_effect * self.index(view.day)

    @hookimpl
    def response_time(self, view: View, knowledge: KnowledgeView | None) -> float | None:
        """Scale all response times."""
        return None if knowledge is None else math.exp(-self.response_effect * self.index(view.day))
