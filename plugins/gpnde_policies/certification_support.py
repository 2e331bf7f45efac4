"""Support for certification: standards bodies that make new suppliers ready sooner, and vouch for them (Q14)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gpnde.plugin import Event, Floats, Memory, Policy, Programme, View, hookimpl, param
from gpnde_policies.amounts import months_of_cost


class CertificationSupport(Policy):
    """Certify suppliers that are reached sooner, and raise their scores; the policy pays the fee.

    Formally independent plants have to qualify, at length, before a flagship buys from them (Ernst, section 4.2). Once
    a supplier that is reached begins to deliver, the certifying body is paid. Points are added to every score of firms
    that the policy has certified, and to those of others that are reached, as for advice on standards; they lapse when
    the policy no longer reaches the firm.
    """

    name = "policy.certification-support"

    time_cut: float = param(0.4, ge=0, le=0.95, vary=(0, 0.8), doc="Share of the time to certify that is saved.")
    fee_months: float = param(
        0.25, ge=0, le=120, unit="month", vary=(0, 2), doc="Fee per certificate, in months of the supplier's cost."
    )
    certified_points: float = param(
        0.03, ge=-1, le=1, vary=(0, 0.1), doc="Points on the score of firms that the policy has certified."
    )
    reached_points: float = param(
        0.0, ge=-1, le=1, vary=(0, 0.1), doc="Points on the score of other firms that are reached."
    )

    @hookimpl
    def certification(self, view: View, programme: Programme) -> Floats:
        """Return what is left of the time to certify each site."""
        return np.asarray(1.0 - self.time_cut * programme.reach[view.sites["firm"]])

    @hookimpl
    def score(self, view: View, memory: Memory, programme: Programme) -> Floats:
        """Return the points of each line."""
        certified = np.isin(np.arange(len(view.firms)), sorted(memory.get("certified", ())))
        points = programme.reach * np.where(certified, self.certified_points, self.reached_points)
        return np.append(points, 0.0)[view.line_supplier]

    @hookimpl
    def events(self, happened: Sequence[Event], view: View, memory: Memory, programme: Programme) -> None:
        """Pay for every new supplier that is reached, once it is ready to deliver."""
        new = [event.firm for event in happened if event.kind == "link_opened" and event.firm >= 0]
        ready = np.array([firm for firm in new if programme.reach[firm] > 0.0], dtype=np.int64)
        if len(ready):
            programme.serve(ready)
            programme.spend(ready, (programme.reach * months_of_cost(view, self.fee_months))[ready])
            memory["certified"] = sorted({*memory.get("certified", ()), *ready.tolist()})
