"""Tariffs and liberalisation: duties on imports that follow a schedule by product (Q10)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, field_validator

from gpnde.plugin import (
    Act,
    Clock,
    Flags,
    Floats,
    Lanes,
    Memory,
    Process,
    Programme,
    View,
    check_names,
    hookimpl,
    param,
)
from gpnde_policies.by_site import SitePolicy
from gpnde_policies.schedule import value_on


class Duty(BaseModel):
    """A step of the schedule: from this day on the product bears this duty."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    product: str = param("", doc="Product; left out: all that have no step of their own.")
    day: float = param(0.0, ge=0, unit="day", doc="Days after the start of the policy.")
    rate: float = param(0.1, ge=0, le=10, doc="Duty as a share of the price.")


class TradeTariff(SitePolicy):
    """Sites in the target countries pay a duty on imports, by product, at rates that change on given days.

    Liberalisation is a schedule that falls, protection one that rises; deregulation and liberalisation were among the
    drivers of global production (Ernst, section 3.1). Buyers in the target group pay; with a group, others are exempt,
    as in free zones. Markets of the target countries, or of the regions named, pay on imports too, and buy
    less and elsewhere as their elasticity says. A duty makes imports more expensive. Whether it also
    draws capacity to protected sites, as when plants were put up to hop over tariffs, is a parameter.
    """

    name = "policy.trade-tariff"

    duties: tuple[Duty, ...] = param(
        (Duty(),), doc="Schedule of duties: steps with product, day and rate; several products and days."
    )
    regions: tuple[str, ...] = param(
        (), doc="Regions whose markets pay duties on imports, beside those of the target countries."
    )
    protection_pull: float = param(
        0.0, ge=0, le=100, vary=(0, 5), doc="Utility of a protected place to make a product, per duty of 1."
    )
    collection_cost: float = param(0.02, ge=0, le=1, vary=(0, 0.1), doc="Cost of collection as a share of revenue.")

    @field_validator("duties")
    @classmethod
    def _one_duty_at_a_time(cls, duties: tuple[Duty, ...]) -> tuple[Duty, ...]:
        seen = set()
        for duty in duties:
            if (duty.product, duty.day) in seen:
                raise ValueError(f"two duties on {duty.product or 'all products'} from day {duty.day:g}: leave one out")
            seen.add((duty.product, duty.day))
        return duties

    def check_targets(self, view: View) -> None:
        """Refuse unknown names of places, firms and products, in one line."""
        super().check_targets(view)
        named = [duty.product for duty in self.duties if duty.product]
        check_names(f"{self.name}.duties", named, view.names.products)
        check_names(f"{self.name}.regions", self.regions, view.region_names)

    def concerns(self, view: View) -> bool:
        """Return whether there is a site that pays or, if none is asked for, a market of a target country or region."""
        if super().concerns(view) or self.tiers or self.firms or self.products or self.functions or self.cells:
            return super().concerns(view)
        country = np.array([*view.country_names, ""])[view.market_country]
        named = np.isin(np.array([*view.region_names, ""])[view.market_region], self.regions)
        return bool((named | self._is_target(country)).any())

    @hookimpl
    def process(self, clock: Clock, act: Act) -> Process:
        """Recompute duties on the days on which they change."""
        # On its first day the start of the policy has duties recomputed anyway.
        for day in sorted({duty.day for duty in self.duties} - {0.0}):
            yield clock.until(self.start_day + day)
            act.renew()

    @hookimpl
    def tariff(self, lanes: Lanes, view: View, programme: Programme) -> Floats:
        """Return the duty on each lane."""
        # A market is no receiving site: its -1 finds the 0 at the end.
        pays = np.append(self.site_reach(view, programme), 0.0)[lanes.buyer] * lanes.is_import
        pays += programme.is_on * self._is_bought_abroad(lanes, view)
        return np.asarray(self._of_products(view)[lanes.product] * pays)

    def _is_bought_abroad(self, lanes: Lanes, view: View) -> Flags:
        """Return which lanes bring imports to the markets of the target countries, or of the regions named."""
        country = np.array([*view.country_names, ""])[lanes.destination]
        region = np.array([*view.region_names, ""])[lanes.destination_region]
        named = np.isin(region, self.regions) & (lanes.is_export | lanes.is_import)
        return np.asarray((lanes.market >= 0) & (self._is_target(country) & lanes.is_import | named))

    def _is_target(self, country: npt.NDArray[np.str_]) -> Flags:
        """Return which countries, by name, the policy is for; shape as given."""
        return np.isin(country, self.countries) if self.countries else np.asarray(country != "")

    @hookimpl
    def location_utility(self, view: View, programme: Programme, product: int) -> Floats:
        """Return how much protection adds to each cluster as a place to make a product."""
        duty = float(self._of_products(view)[product])
        return np.asarray(self.protection_pull * duty * self.place_reach(view, programme))

    @hookimpl
    def tick(self, programme: Programme, memory: Memory) -> None:
        """Pay the cost of collecting the duties since the last step."""
        collected = programme.revenue - memory.get("revenue", 0.0)
        memory["revenue"] = programme.revenue
        programme.spend_overhead(self.collection_cost * collected)

    def _of_products(self, view: View) -> Floats:
        """Return the duty that each product bears today; shape (products,)."""
        own = {duty.product for duty in self.duties}
        today = view.day - self.start_day
        return np.array([self._on(today, name if name in own else "") for name in view.names.products])

    def _on(self, today: float, product: str) -> float:
        return value_on(today, [(duty.day, duty.rate) for duty in self.duties if duty.product == product])
