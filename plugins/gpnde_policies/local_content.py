"""A rule on local content: firms that buy too little from suppliers of the country pay a duty on imports (Q7)."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from gpnde.plugin import Floats, Integers, Lanes, Memory, Programme, Request, View, check_names, hookimpl, param
from gpnde_policies.amounts import in_step, months_of_cost
from gpnde_policies.by_site import SitePolicy

_ROUNDING = 1e-9
"""How far below the required share a sum of shares may fall that amounts to it."""


class LocalContent(SitePolicy):
    """Sites in the countries have to buy a share of their inputs, by value, from sites of their own country.

    While a site buys less it pays a duty on what it imports, and awards requests for quotation to the best local bid
    that is eligible. That shelters local suppliers and raises the costs of the site, and it may bind it to suppliers
    that are worse: the rule is a rival of policies that help suppliers to win by themselves. Only its costs are given
    here.
    """

    name = "policy.local-content"

    share: float = param(0.4, ge=0, le=1, vary=(0.1, 0.8), doc="Least share of inputs, by value, that must be local.")
    penalty: float = param(
        0.1, ge=0, le=10, vary=(0, 0.5), doc="Duty on imports of sites below the share, as a share of their price."
    )
    is_preferred: bool = param(True, doc="Whether sites below the share award requests to local bids first.")
    exemptions: tuple[str, ...] = param((), doc="Products that the rule leaves out.")
    monitoring_months: float = param(
        0.05,
        ge=0,
        le=120,
        unit="month of the firm's cost per year",
        vary=(0, 0.5),
        doc="Cost of watching over a firm that has to obey.",
    )

    def check_targets(self, view: View) -> None:
        """Refuse exempt products that the network does not have, too."""
        super().check_targets(view)
        check_names(f"{self.name}.exemptions", self.exemptions, view.names.products)

    def local_share(self, view: View) -> Floats:
        """Return the share of what each site buys, by value, that is made in its country; NaN without a purchase.

        Purchases are those that suppliers' present shares amount to; exempt products do not count. Shape (sites,).
        """
        lines = view.lines[(view.lines["input"] >= 0) & (view.lines["active"] == 1)]
        lines = lines[~np.isin(lines["product"], self._exempt(view))]
        value = lines["share"] * view.inputs["per_unit"][lines["input"]] * np.nan_to_num(lines["price"])
        country, count = np.append(view.site_country, -1), len(view.sites)
        is_local = country[lines["supplier"]] == country[lines["buyer"]]
        bought = np.bincount(lines["buyer"], value, count)
        local = np.bincount(lines["buyer"], value * is_local, count)
        return np.asarray(np.divide(local, bought, out=np.full(count, np.nan), where=bought > 0.0))

    def _exempt(self, view: View) -> Integers:
        return np.array([view.names.products.index(name) for name in self.exemptions], dtype=np.int64)

    def _short(self, view: View, programme: Programme) -> Floats:
        """Return how far the rule is enforced at each site that does not obey, 0 elsewhere; shape (sites,)."""
        return np.asarray((self.local_share(view) < self.share - _ROUNDING) * self.site_reach(view, programme))

    @hookimpl
    def tariff(self, lanes: Lanes, view: View, memory: Memory, programme: Programme) -> Floats | None:
        """Levy the duty on imports of sites below the share."""
        if not programme.is_on:
            # Choices of suppliers go by this, and must not when the rule is over.
            memory.pop("short", None)
            return None
        memory["short"] = self._short(view, programme)
        enforced = np.append(memory["short"], 0.0)[lanes.buyer]
        counts = lanes.is_import & ~np.isin(lanes.product, self._exempt(view))
        return np.asarray(self.penalty * enforced * counts)

    @hookimpl(wrapper=True)
    def choose_supplier(self, request: Request, view: View, memory: Memory) -> Generator[None, int, int]:
        """Prefer the best local bid while the buyer is below the share."""
        winner = yield
        is_short = "short" in memory and memory["short"][request.buyer] > 0.0
        if not (self.is_preferred and is_short) or request.product in self._exempt(view):
            return winner
        country = view.site_country
        local = np.flatnonzero(request.eligible & (country[request.bidders] == country[request.buyer]))
        return int(local[request.scores[local].argmax()]) if len(local) else winner

    @hookimpl
    def tick(self, view: View, programme: Programme) -> None:
        """Pay for monitoring the firms under the rule."""
        watched = programme.reached
        cost = in_step(months_of_cost(view, self.monitoring_months), view) * programme.reach
        programme.spend(watched, cost[watched])
