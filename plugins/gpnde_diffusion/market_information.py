"""Market information: buyers tell suppliers about users and rivals, which steadies plans and pays effort (D7)."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import (
    MONTH_DAYS,
    Component,
    ComponentError,
    Floats,
    KnowledgeView,
    Transfer,
    codified_carrying,
    hookimpl,
    param,
)
from gpnde_diffusion.needs import function_flags, need_ties

_MARKETS = function_flags(("sales_distribution", "strategic_marketing"))


class MarketInformation(Component):
    """Suppliers whose buyers share market information forecast better, learn cheaper, and learn about markets.

    Information on users and rivals is one of the informal ways of diffusion, and superior information one of the
    incentives to invest (Ernst, section 4.3). A lower cost of effort stands for its higher return (assumption).
    """

    name = "diffusion.market-information"

    error_reduction: float = param(
        0.3, ge=0, le=1, vary=(0, 0.6), doc="Share of the error of forecasts that information takes away."
    )
    cost_reduction: float = param(
        0.1, ge=0, le=1, vary=(0, 0.5), doc="Share of the cost of effort that information saves."
    )
    codified_per_month: float = param(
        0.02, ge=0, le=10, unit="1/month", vary=(0, 0.1), doc="Rate at which the gap in knowing markets closes."
    )

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse a network in which no buyer shares information."""
        need_ties(self.name, knowledge)
        if not knowledge.ties.information.any():
            raise ComponentError(
                where=self.name, given="no buyer shares information", expected="set information_sharing on links"
            )

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Transfer:
        """Return what suppliers learn about sales and marketing; documents alone, nothing tacit."""
        ties, told = knowledge.ties, knowledge.ties.information
        rate = codified_carrying(self.codified_per_month / MONTH_DAYS, 0.0, 0.0, ties.access[told])
        rates = rate[:, None] * _MARKETS
        tacit = np.zeros_like(rates)
        return Transfer(ties.learner[told], rates, tacit, "informal", ties.teacher[told], by_buyer=True)

    @hookimpl
    def forecast_error(self, knowledge: KnowledgeView | None) -> Floats | None:
        """Return what is left of the error of forecasts."""
        return None if knowledge is None else 1.0 - self.error_reduction * _is_informed(knowledge)

    @hookimpl
    def effort_cost(self, knowledge: KnowledgeView) -> Floats:
        """Return what is left of the cost of effort."""
        return 1.0 - self.cost_reduction * _is_informed(knowledge)


def _is_informed(knowledge: KnowledgeView) -> Floats:
    """Return 1 for firms that any buyer tells about its markets, else 0; shape (firms,)."""
    ties = knowledge.ties
    told = np.bincount(ties.learner[ties.information], minlength=len(knowledge.level))
    return (told > 0).astype(np.float64)
