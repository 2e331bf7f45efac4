"""Licensing: firms buy documents, with some assistance, from outside the network (D3)."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import (
    MONTH_DAYS,
    Act,
    Component,
    ComponentError,
    Flags,
    Function,
    KnowledgeView,
    Transfer,
    hookimpl,
    nearest,
    param,
)
from gpnde_diffusion.needs import function_flags


class Licensing(Component):
    """Licensees pay a fee every month and learn towards the licensor's level, formally (Ernst, section 4.3)."""

    name = "diffusion.licensing"

    tiers: tuple[int, ...] = param((), doc="Tiers of the licensees; empty: all. Flagships need no licence.")
    firms: tuple[str, ...] = param((), doc="Names of the licensees; empty: all firms of these tiers.")
    functions: tuple[Function, ...] = param(("engineering",), doc="Functions that the licence is about.")
    level: float = param(0.8, ge=0, le=1, vary=(0.4, 1), doc="What the licensor knows, relative to the frontier.")
    codified_per_month: float = param(
        0.10, ge=0, le=10, unit="1/month", vary=(0, 0.5), doc="Rate at which the gap in codified knowledge closes."
    )
    tacit_share: float = param(
        0.05, ge=0, le=1, vary=(0, 0.3), doc="Rate for tacit knowledge as a share of that for codified knowledge."
    )
    fee_per_month: float = param(
        0.0, ge=0, unit="money/month", vary=(0, 10000), doc="What each licensee pays, as long as it is licensed."
    )
    start_day: float = param(0.0, ge=0, unit="day", vary=(0, 1820), doc="Day from which the licence holds.")

    @hookimpl
    def check_network(self, knowledge: KnowledgeView) -> None:
        """Refuse names of firms that do not exist, and a choice of tiers and firms that no firm meets."""
        known = knowledge.network.names.firms
        for name in self.firms:
            if name not in known:
                raise ComponentError(
                    where=f"{self.name}.firms", given=repr(name), expected=f"not in the scenario{nearest(name, known)}"
                )
        if not self._may_buy(knowledge).any():
            raise ComponentError(
                where=self.name,
                given=f"tiers {list(self.tiers)}, firms {list(self.firms)}",
                expected="no firm but flagships is all of that; choose others or leave one out",
            )

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView, act: Act) -> Transfer | None:
        """Collect the fees of the step and return what the licence teaches."""
        days = min(knowledge.days, knowledge.day - self.start_day)
        if days <= 0.0:
            return None
        licensees = np.flatnonzero(self._may_buy(knowledge) & knowledge.firms.present)
        act.pay(licensees, np.full(len(licensees), self.fee_per_month / MONTH_DAYS * days))
        rate = self.codified_per_month / MONTH_DAYS * (days / knowledge.days) * function_flags(self.functions)
        rates = np.tile(rate, (len(licensees), 1))
        levels = np.full((2, *rates.shape), self.level)
        return Transfer(licensees, rates, self.tacit_share * rates, "formal", levels=levels)

    def _may_buy(self, knowledge: KnowledgeView) -> Flags:
        """Return which firms the licence is offered to; shape (firms,)."""
        facts = knowledge.firms
        chosen = ~facts.is_flagship
        if self.tiers:
            chosen &= np.isin(facts.tier, self.tiers)
        if self.firms:
            chosen &= np.isin(np.array(knowledge.network.names.firms), self.firms)
        return chosen
