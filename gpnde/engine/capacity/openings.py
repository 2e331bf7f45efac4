"""Sites that firms decide to build, and to close for others: from the decision to the first day of work (E22)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.engine.capacity.equipment import Equipment
from gpnde.engine.capacity.exits import Exits
from gpnde.engine.capacity.outages import Outages
from gpnde.engine.capacity.place_costs import NEW, Options
from gpnde.engine.capacity.sites import Sites
from gpnde.engine.capacity.siting import Siting
from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, Subsystem
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.money.payments import note_cost, per_firm, spend
from gpnde.engine.trade.links import Links
from gpnde.results.tables import Coded
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Integers
from gpnde.world.new_sites import NewSite

NEW_SITE_TIME = 2.0
"""Time to build a new site, times that for more capacity at one that is there (assumption)."""

NOBODY = -1
"""Stands for no site that is replaced."""


class Openings(Subsystem):
    """Builds sites with what they need, and hands them part of the work of their sisters when they are ready."""

    name = "openings"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether firms open sites by themselves."""
        return scenario.location is not None and scenario.location.opens_sites

    def build(self, siting: Siting, like: int, cluster: int, per_day: float, replaced: int = NOBODY) -> None:
        """Pay for a site *like* another one in a cluster, for a capacity of *per_day* units, and begin to build it."""
        there = Options(np.array([NEW]), np.array([cluster]))
        # Before the site is there, which would pass for an older one of the firm in this cluster.
        experience, entry = float(siting.costs.experience(like, there)[0]), siting.costs.is_entry(like, there)[0]
        firm = int(self.world.state.sites["firm"][like])
        plant = NewSite(self._name(like, cluster), like, firm, cluster, 0.0, is_open=False)
        number, days = self.context.part(Sites).build([plant]), 0.0
        equipment = self.context.find(Equipment)
        if equipment is not None:
            if entry:
                equipment.write_off_entry(number, siting.costs.entry_cost(like, per_day))
            days = NEW_SITE_TIME * equipment.pay_for(number, per_day)
        self.world.factories["experience"][number] = experience
        self.context.journal.site("site_planned", number, value=per_day)
        # Counted at the plant that is short: the new one is not looked at before it works.
        self.world.plants["ordered_capacity"][like] += per_day * self.timeline.tick_days
        tick = self.timeline.now + (self.timeline.period(days) if days > 0.0 else 1)
        self.plan(tick, Phase.SHOCKS, "open", number, like, per_day, replaced)

    def _name(self, like: int, cluster: int) -> str:
        """Return a name for a new site that no other one has: firm, product, cluster, and a number from 2 on."""
        names, site = self.world.names, self.world.state.sites[like]
        name = f"{names.firms[site.firm]} {names.products[site.product]} {names.clusters[cluster]}"
        same = sum(each == name or each.startswith(f"{name} ") for each in names.sites)
        return f"{name} {same + 1}" if same else name

    def open(self, number: int, like: int, per_day: float, replaced: int) -> None:
        """Open a site that is ready, and give it its part of the work; without sisters at work it is given up."""
        self.world.plants["ordered_capacity"][like] -= per_day * self.timeline.tick_days
        if self.world.plants["closed"][number]:
            return
        sisters = self._sisters(number)
        if len(sisters) == 0:
            self.context.part(Outages).close_site(number)
            return
        # The plant that it was planned for may have closed while it was built.
        origin = like if like in sisters else int(sisters[0])
        self.context.part(Outages).open_site(number)
        self.world.plants["opened_day"][number] = self.timeline.today
        self.world.add_capacity(number, per_day * self.timeline.tick_days)
        equipment = self.context.find(Equipment)
        if equipment is not None:
            equipment.revalue(np.array([number]))
        self._equip(number, origin)
        if replaced in sisters:
            self.take_over(replaced, [number], [1.0])
        else:
            self._share_work(number, sisters)
        self.context.part(UnitCosts).update()

    def _sisters(self, number: int) -> Integers:
        """Return the open plants that do the same for the same firm."""
        found = self.world.sisters_of(number)
        return np.asarray(found[(self.world.state.sites["shut"][found] == 0) & (found != number)])

    def _equip(self, number: int, origin: int) -> None:
        """Let the suppliers of a plant deliver to a new one as well, on the same terms."""
        sites, links = self.world.state.sites, self.context.part(Links)
        first, start = int(sites["first_input"][origin]), int(sites["first_input"][number])
        for place in range(int(sites["last_input"][origin]) - first):
            for line in links.suppliers_of(first + place).tolist():
                links.supply(line, number, start + place)

    def _share_work(self, number: int, sisters: Integers) -> None:
        """Take from every sister the part of its work that the new capacity is of all."""
        capacity = self.world.state.sites["capacity"]
        part = float(capacity[number] / (capacity[number] + capacity[sisters].sum()))
        for sister in sisters.tolist():
            self._hand_over(sister, [number], [part])

    def take_over(self, site: int, others: list[int], parts: list[float]) -> None:
        """Let other plants of its firm take over all work of a site, which closes; those who work there are paid."""
        self._hand_over(site, others, parts)
        self._pay_off(site)
        self.context.part(Exits).retire(site)

    def _hand_over(self, site: int, others: list[int], parts: list[float]) -> None:
        """Give others parts of what each link of a site delivers, in this order."""
        lines, links = self.world.state.lines, self.context.part(Links)
        of_rest = _of_rest(parts)
        for number in np.flatnonzero((lines["supplier"] == site) & (lines["active"] == 1)).tolist():
            for other, part in zip(others, of_rest, strict=True):
                links.hand_over(number, other, part)

    def _pay_off(self, site: int) -> None:
        """Pay those who lose their jobs, who leave."""
        paid = np.array([self.severance(site)])
        if self.world.scenario.finance is not None:
            spend(self.world, per_firm(self.world, self.world.state.sites["firm"][[site]], paid), "labour")
            note_cost(self.world, "production", "site", np.where(np.arange(len(self.world.plants)) == site, paid, 0.0))
        self.world.factories["staff"][site] = 0.0

    def severance(self, site: int) -> float:
        """Return what those who work at a site are paid if it closes (money)."""
        factories, rules = self.world.factories, self.world.scenario.location
        assert rules is not None
        wage = factories["wage"][site] * self.world.site_exchange_rates[site]
        return float(rules.severance_days * wage * factories["staff"][site])

    def tables(self) -> Mapping[str, Columns]:
        """Return the table of sites that were built or closed."""
        names, sites, plants = self.world.names, self.world.state.sites, self.world.plants
        built = self.context.part(Sites)
        rows = np.flatnonzero((np.arange(len(sites)) >= built.first) | plants["closed"])
        like = [built.origin(number) for number in rows.tolist()]
        return {
            "site_changes": {
                "site": Coded(rows, names.sites),
                "like": Coded(np.array(like, dtype=np.int64), names.sites),
                "firm": Coded(sites["firm"][rows], names.firms),
                "cluster": Coded(sites["cluster"][rows], names.clusters),
                "opened_day": plants["opened_day"][rows],
                "closed_day": plants["closed_day"][rows],
            }
        }


def _of_rest(parts: list[float]) -> list[float]:
    """Return parts of a whole as parts of what those before have left of it.

    >>> _of_rest([0.5, 0.25, 0.25])
    [0.5, 0.5, 1.0]
    """
    left = 1.0 - np.cumsum([0.0, *parts[:-1]])
    # Rounding may leave a hair of the whole where nothing is left: then the part is all there is.
    return [float(min(1.0, part / rest)) if rest > 1e-12 else 1.0 for part, rest in zip(parts, left, strict=True)]
