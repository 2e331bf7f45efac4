"""Unit costs (E7): what a good unit costs each site, and what cost-plus prices make of it."""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.money.consignment import materials_per_unit
from gpnde.engine.money.place_effects import PlaceEffects
from gpnde.engine.money.prices import Prices
from gpnde.mechanics.capability_effects import productivity
from gpnde.mechanics.labour import experience_factor
from gpnde.mechanics.services import cost_of_services
from gpnde.scenario.knowledge import Effects
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import MONTH_DAYS
from gpnde.world.factories import fixed_per_good_unit, labour_per_good_unit
from gpnde.world.layout import Floats, Integers, Records


class UnitCosts(Subsystem):
    """Keeps the cost of a unit at each site up to date.

    Where making costs money as given, the sum falls with the productivity of the function that the site performs, from
    day 0 on; where prices are bargained over, materials cost what is paid for them. Where making takes labour and
    plant, the cost is that of landed materials and labour, scrap included, and of plant and standing staff at normal
    load.
    """

    name = "costs"

    def __init__(self, context: RunContext) -> None:
        """Begin with the costs of day 0."""
        super().__init__(context)
        scenario, sites = self.world.scenario, len(self.world.state.sites)
        self._of_site, self._opening_of_site = np.zeros(sites), np.zeros(sites)
        self._premium = np.ones(len(self.world.firms))
        self.effects = Effects() if scenario.knowledge is None else scenario.knowledge.effects
        self._learning_rate = _learning_rates(scenario)
        self._bargains = scenario.pricing.rule == "bargaining"
        self.places = None if scenario.location is None else PlaceEffects(self.world, scenario.location)

    def start(self) -> None:
        """Work out costs in full, and plan to follow experience and prices where making takes labour."""
        self._set_costs()
        if self.world.scenario.takes_labour:
            self._take_as_opening()
            self.plan_every(self.timeline.period(MONTH_DAYS), Phase.SHOCKS, "update")

    def reopen(self) -> None:
        """Take what units cost at the prices of supplies as they are now for the costs of day 0."""
        self._set_costs()
        self._take_as_opening()

    def _take_as_opening(self) -> None:
        opening = self.world.plants
        opening["opening_unit_cost"], opening["opening_value_added"] = opening["unit_cost"], opening["value_added"]

    @property
    def capability(self) -> Floats:
        """What sites can do in the function that they perform; shape (sites,)."""
        return self._of_site

    @property
    def premium(self) -> Floats:
        """The factor on what sites sell for what their firms do beside making it; shape (sites,)."""
        return np.asarray(self._premium[self.world.state.sites["firm"]])

    def open_capability(self, of_site: Floats) -> None:
        """Take what sites can do in the function that they perform as that of day 0; shape (sites,)."""
        self._of_site = self._opening_of_site = of_site

    def set_capability(self, of_site: Floats, premium: Floats) -> None:
        """Set what sites can do in the function that they perform, and the factor on prices of each firm."""
        self._of_site, self._premium = of_site, premium
        self.update()

    def extend_sites(self, numbers: Integers) -> None:
        """Take in new sites, whose firms can do nothing as far as is known."""
        scenario, more = self.world.scenario, np.zeros(len(numbers))
        self._of_site, self._opening_of_site = np.append(self._of_site, more), np.append(self._opening_of_site, more)
        self._learning_rate = _learning_rates(scenario)
        plants = self.world.plants[numbers]
        self.world.factories["material_cost"][numbers] = plants["opening_unit_cost"] - plants["opening_value_added"]

    def extend_capability(self, numbers: Integers, of_site: Floats, opening: Floats, premium: Floats) -> None:
        """Take what the firms of new sites can do, relative to day 0, and work out the costs of these sites alone."""
        self._of_site[numbers], self._opening_of_site[numbers] = of_site[numbers], opening[numbers]
        self._premium = premium
        plants = self.world.plants
        before = plants.copy()
        self._set_costs()
        plants["price_factor"] = self.price_factors(plants["unit_cost"])
        # Costs are worked out for all at once, but a new site is no occasion to renew those of others.
        others = np.delete(np.arange(len(plants)), numbers)
        plants[others] = before[others]

    def update(self) -> bool:
        """Bring costs and the prices that follow them up to date; return whether prices had to follow."""
        self._set_costs()
        return self.context.part(Prices).set_capability(self.price_factors(self.world.plants["unit_cost"]))

    def at(self, capability: Floats, yields: Floats) -> tuple[Records, Records]:
        """Return plants and factories as they would be if sites could do so much, at these mean *yields*.

        Both arguments have shape (sites,); nothing changes.
        """
        world, sites = self.world, self.world.state.sites
        # Costs are written in place, so the true records are put aside and put back in the end.
        kept = self._of_site, world.plants, world.factories, sites["mean_yield"].copy()
        self._of_site, sites["mean_yield"] = capability, yields
        world.plants, world.factories = world.plants.copy(), world.factories.copy()
        self._set_costs()
        found = world.plants, world.factories
        self._of_site, world.plants, world.factories, sites["mean_yield"] = kept
        return found

    def _set_costs(self) -> None:
        if self._bargains or self.world.scenario.takes_labour:
            self.world.factories["material_cost"] = materials_per_unit(self.world)
        # For all sites first: those whose products take labour are written over below.
        self._set_money_costs()
        if self.world.scenario.takes_labour:
            # Labour costs follow from days of work, which follow from productivity.
            self._set_productivity()
            self._set_labour_costs()

    @property
    def _relative_cost(self) -> Floats:
        """The factor on labour of what each site has learnt since day 0; shape (sites,)."""
        return np.asarray(productivity(self.effects.productivity, self._opening_of_site - self._of_site))

    def _set_productivity(self) -> None:
        """Write the productivity of labour and the labour that a unit takes."""
        factories = self.world.factories
        if self.world.knowledge is not None:
            above = self._of_site - self.effects.reference_capability
            factories["productivity"] = productivity(self.effects.productivity, above)
        # A site of which nothing is expected has no reference, and would divide by 0.
        known = np.maximum(factories["reference_units"], 1e-9)
        saved = experience_factor(factories["experience"], known, self._learning_rate)
        days, takes = factories["labour_days"], factories["takes_labour"]
        able = factories["productivity"] * self._of_places()
        untried = np.divide(days, able, out=np.zeros(len(days)), where=takes)
        factories["days_per_unit"] = untried * saved
        # Experience saves work on units; those who stand by are as many with it as without.
        factories["standing"] = self.world.scenario.labour.standing_share * factories["normal_units"] * untried

    def _of_places(self) -> Floats | float:
        """Return the productivity of labour where sites stand; 1 where places are alike."""
        if self.places is None:
            return 1.0
        every = np.arange(len(self.world.state.sites))
        return self.places.productivity(self.world.state.sites["cluster"], self.places.complexity(every))

    def _set_money_costs(self) -> None:
        plants = self.world.plants
        added, before = plants["opening_value_added"], plants["opening_unit_cost"]
        plants["value_added"] = added * self._relative_cost
        if self._bargains:
            plants["unit_cost"] = plants["value_added"] + self.world.factories["material_cost"]
        else:
            # In this order the cost is what it was, to the last bit, where nothing has changed.
            plants["unit_cost"] = before + (plants["value_added"] - added)
        share = 0.0 if self.world.scenario.finance is None else self.world.scenario.finance.fixed_cost_share
        plants["variable_cost"] = plants["unit_cost"] - share * plants["value_added"]

    def _set_labour_costs(self) -> None:
        """Write the costs of sites whose products take labour."""
        world = self.world
        factories, sites, rates = world.factories, world.state.sites, world.site_exchange_rates
        factories["labour_cost"] = labour_per_good_unit(factories, sites, rates)
        factories["fixed_cost"] = fixed_per_good_unit(factories, sites, rates)
        takes, plants = factories["takes_labour"], world.plants
        variable = factories["material_cost"] + factories["labour_cost"]
        cost = variable + factories["fixed_cost"]
        # Where the cost of making is given, services are part of it.
        bought = world.of_cells("services_share") * cost * self._services_premium
        factories["services"] = np.where(factories["takes_labour"], bought, 0.0)
        factories["bought_in"] = (
            factories["services"] + world.of_cells("changeover_share") * cost + self._away(factories)
        )
        variable = variable + factories["bought_in"]
        plants["variable_cost"] = np.where(takes, variable, plants["variable_cost"])
        plants["unit_cost"] = np.where(takes, variable + factories["fixed_cost"], plants["unit_cost"])
        added = factories["labour_cost"] + factories["fixed_cost"]
        plants["value_added"] = np.where(takes, added, plants["value_added"])

    @property
    def _services_premium(self) -> Floats | float:
        """What services cost each site over those of providers nearby; 1 without rules for them."""
        rules = self.world.scenario.services
        return 1.0 if rules is None else cost_of_services(self.world.site_services_nearby, rules.premium)

    def _away(self, factories: Records) -> Floats | float:
        """Return what a unit costs more since its site stands where it stands; 0 where places are alike."""
        if self.places is None:
            return 0.0
        sites = np.arange(len(factories))
        share = self.places.away(self.world.state.sites["cluster"].astype(np.int64), sites)
        return np.asarray(share * (factories["labour_cost"] + factories["fixed_cost"]))

    def price_factors(self, cost: Floats) -> Floats:
        """Return what cost-plus prices make of the change since day 0 to a unit *cost*; shapes (sites,)."""
        before = self.world.plants["opening_unit_cost"]
        change = np.divide(cost, before, out=np.ones(len(before)), where=before > 0)
        return np.asarray(change**self.effects.cost_passed_on * self.premium)


def _learning_rates(scenario: Scenario) -> Floats:
    """Return the learning rate of the product of each site; shape (sites,)."""
    return np.array([scenario.products[site.product].learning_rate for site in scenario.sites])
