"""Patient capital: longer lines of credit at a lower rate, with the state bearing part of the loss (Q8)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gpnde.plugin import ComponentError, Credit, Event, Floats, Memory, Policy, Programme, View, hookimpl, param
from gpnde_policies.amounts import in_step, months_of_cost


class PatientCapital(Policy):
    """Banks lend reached firms more, at a lower rate, for some years; the state pays for both.

    The state makes up for the interest that banks forgo, and when a firm fails for its share of the debt that the
    added line stood for. Domestic finance that does not wait is one of the weaknesses that Ernst (2002) sees in small
    open economies. More credit lets firms invest more and fail later, and deeper in debt: both follow from the run.
    """

    name = "policy.patient-capital"

    line_months: float = param(
        3.0, ge=0, le=120, unit="month of the firm's cost", vary=(0, 12), doc="Credit on top of the firm's own line."
    )
    rate_cut: float = param(
        0.03, ge=0, le=2, unit="1/year", vary=(0, 0.08), doc="Cut in interest, at most down to the spread alone."
    )
    tenor_days: float = param(
        1820.0, ge=0, le=36400, unit="day", vary=(364, 3640), doc="Time for which a firm gets these terms."
    )
    loss_share: float = param(
        0.5, ge=0, le=1, vary=(0, 1), doc="Share of the loss on the added line that the state bears when a firm fails."
    )

    def check_targets(self, view: View) -> None:
        """Refuse a network without finance, too."""
        super().check_targets(view)
        if view.scenario.finance is None:
            raise ComponentError(
                where=self.name, given="the scenario has no finance", expected="add a block 'finance', it may be empty"
            )

    @hookimpl
    def credit_terms(self, view: View, memory: Memory, programme: Programme) -> Credit | None:
        """Add to credit lines and cut interest, until each firm's time is over."""
        if not programme.is_on:
            memory.pop("extra", None)
            return None
        served = self._served(view, memory, programme)
        memory["extra"] = months_of_cost(view, self.line_months) * served
        return Credit(extra=memory["extra"], rate=-self._cut(view) * served)

    def _served(self, view: View, memory: Memory, programme: Programme) -> Floats:
        """Return how far each firm gets the terms, from the day on which it first does; shape (firms,)."""
        since = memory.get("since", np.full(len(view.firms), np.nan))
        memory["since"] = np.where((programme.reach > 0.0) & np.isnan(since), view.day, since)
        return np.asarray(programme.reach * (view.day - memory["since"] < self.tenor_days))

    def _cut(self, view: View) -> float:
        """Return the cut in interest (1/year), at most the rate that a firm without debt would pay."""
        finance = view.scenario.finance
        return 0.0 if finance is None else min(self.rate_cut, finance.interest_per_year)

    @hookimpl
    def tick(self, view: View, memory: Memory, programme: Programme) -> None:
        """Pay the interest that banks forgo, on the debt of the moment."""
        if not programme.is_on:
            return
        debt = np.maximum(-view.firms["cash"], 0.0)
        cost = in_step(self._cut(view) * debt, view) * self._served(view, memory, programme)
        indebted = np.flatnonzero(cost > 0.0)
        programme.spend(indebted, cost[indebted])
        programme.serve(programme.reached)

    @hookimpl
    def events(self, happened: Sequence[Event], memory: Memory, programme: Programme) -> None:
        """Bear a share of what was lost on the added lines of firms that have failed."""
        failed = [event for event in happened if event.kind == "firm_failed" and event.value < 0.0]
        if not failed or "extra" not in memory:
            return
        debt = np.array([-event.value for event in failed])
        extra = memory["extra"][[event.firm for event in failed]]
        programme.spend_overhead(float((self.loss_share * np.minimum(debt, extra)).sum()))
