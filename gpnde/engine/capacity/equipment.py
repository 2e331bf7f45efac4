"""Equipment (E26): plant wears and is renewed, is kept up, and is bought again in part for each product generation."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from gpnde.engine.capacity.exits import Exits
from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.money.payments import buy_plant, enter, means, note_cost, per_firm, spend
from gpnde.mechanics.capital import depreciation, expansion_cost, holding_cost_per_day, plant_value
from gpnde.mechanics.learning import carried_experience
from gpnde.mechanics.services import carried_through
from gpnde.mechanics.taxation import tax_on_interest, taxed_cost_of_use
from gpnde.scenario.economy import Plant
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import ACCOUNTS, QUARTER_DAYS, WEEK_DAYS, YEAR_DAYS
from gpnde.world.factories import LEAST_UNITS, PLANT_VALUES
from gpnde.world.layout import Flags, Floats, Integers

_NONE = Plant(cost=1.0, reference_per_day=1.0, life_days=1.0, specific_share=0.0, upkeep_per_year=0.0)
"""Stands for plant where a product states none: its value is 0, and so is all that follows."""

LEAST_PLANT = 1e-3
"""Share of the reference capacity below which a site is given up."""

_ENTRIES = ("investment", "depreciation", "write_offs")
"""Accounts that change what plant is worth in the books."""


class Equipment(Subsystem):
    """Keeps the books of plant, and the capacity that firms can pay for.

    General plant wears evenly over its life. Every quarter a firm renews what has worn, less where it uses little of
    its capacity; what it does not renew or cannot pay for is capacity that it loses. When a product generation ends,
    the part of plant that was made for it is written off, and has to be bought again for the next.
    """

    name = "equipment"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether making some product takes labour, with which plant and experience go along."""
        return scenario.takes_labour

    def __init__(self, context: RunContext) -> None:
        """Open the books of plant."""
        super().__init__(context)
        finance = self.world.scenario.finance
        self._pays = finance is not None
        self._every_days = WEEK_DAYS if finance is None else finance.settle_days
        taxed = self.world.places.of_firms("profit_tax", 0.0)
        self._taxes = taxed if self._pays else np.zeros(len(taxed))
        self._opening = float(self.world.factories["book_value"].sum())
        self._started = self.world.state.sites["started"].copy()
        self._note_products()

    def _note_products(self) -> None:
        """Note what is true of the products and the plant of all sites."""
        products = [self.world.scenario.products[site.product] for site in self.world.scenario.sites]
        stated = [self._plant(number) for number in range(len(products))]
        plants = [plant or _NONE for plant in stated]
        self._life = np.array([plant.life_days for plant in plants])
        self._upkeep = np.array([plant.upkeep_per_year for plant in plants])
        self._renewed_from = np.array([plant.renewed_from_load for plant in plants])
        self._value_terms = tuple(
            np.array([getattr(plant, name) for plant in plants])
            for name in ("cost", "reference_per_day", "scale_exponent")
        )
        self._specific = np.array([plant.specific_share for plant in plants])
        self._carried = np.array([product.experience_carried for product in products])
        self._has_plant = np.array([plant is not None for plant in stated])
        # Ticks; generations that last as long as each other end together, and others apart, also on one day.
        lives = [product.life_cycle_days for product in products]
        self._generation = np.array([0 if days is None else self.timeline.period(days) for days in lives])

    def start(self) -> None:
        """Plan the settlements, the quarters, and the ends of product generations."""
        self.plan_steps(self._every_days, Phase.CASH)
        self.plan_every(self.timeline.period(QUARTER_DAYS), Phase.SELECTION, "renew")
        generations = self._generation[self.world.factories["takes_labour"] & (self._generation > 0)]
        # Sorted, since calls of one instant happen in the order in which they are planned.
        for period in sorted(set(generations.tolist())):
            self.plan_every(period, Phase.SHOCKS, "change_over", period)

    def extend_sites(self, numbers: Integers) -> None:
        """Take the plant of new sites into the books, as paid for by their firms."""
        self._started = np.append(self._started, np.zeros(len(numbers)))
        self._note_products()
        self._buy(numbers, self.world.factories["book_value"][numbers])

    def balance(self) -> Mapping[str, float]:
        """Return by how much plant is worth otherwise than its purchases less its wear, relative to its purchases."""
        bought, worn, written_off = (float(self.world.entries[ACCOUNTS.index(name)].sum()) for name in _ENTRIES)
        error = float(self.world.factories["book_value"].sum()) - self._opening + bought - worn - written_off
        return {"plant": abs(error) / max(1.0, self._opening - bought)}

    def step(self) -> None:
        """Close a period: plant wears, used or not, and has to be kept up; that of closed sites is worth nothing."""
        self._write_off_closed()
        factories, days = self.world.factories, self.timeline.period(self._every_days) * self.timeline.tick_days
        works = self._has_plant & self.world.factories_at_work
        general = factories["book_value"] - factories["specific_value"]
        new = factories["plant_value"] - factories["specific_value"]
        # Wear goes by the value of new plant, and less than that may be left in the books.
        worn = np.where(works, np.minimum(depreciation(new, self._life, days), np.maximum(general, 0.0)), 0.0)
        factories["book_value"] -= worn
        factories["wear"] += worn
        enter(self.world, "depreciation", -self._per_firm(worn))
        if self._pays:
            kept_up = np.where(works, factories["plant_value"] * self._upkeep * days / YEAR_DAYS, 0.0)
            spend(self.world, self._per_firm(kept_up), "upkeep")
            note_cost(self.world, "production", "site", kept_up)

    def _write_off_closed(self) -> None:
        """Take the plant of sites that have closed for good out of the books."""
        factories = self.world.factories
        left = np.where(self.world.plants["closed"], factories["book_value"], 0.0)
        if left.any():
            enter(self.world, "write_offs", -self._per_firm(left))
            for name in PLANT_VALUES:
                factories[name][left > 0.0] = 0.0

    def renew(self) -> None:
        """Renew what has worn since last quarter, as far as its use warrants it and its owner can pay for it."""
        factories, sites = self.world.factories, self.world.state.sites
        load = self._load()
        wanted = factories["wear"] * np.minimum(1.0, load / self._renewed_from)
        renewed = wanted * self._affordable(wanted)
        lost = np.divide(
            factories["wear"] - renewed,
            factories["plant_value"],
            out=np.zeros(len(sites)),
            where=factories["plant_value"] > 0,
        )
        self._buy(np.arange(len(sites)), renewed)
        factories["book_value"] += renewed
        factories["wear"] = 0.0
        self._shrink(1.0 - lost)

    def within_means(self, number: int, cost: float) -> float:
        """Return which part of a *cost* the firm of a site can pay for."""
        if not self._pays or cost == 0.0:
            return 1.0
        available = float(means(self.world)[self.world.state.sites["firm"][number]])
        return min(1.0, available / cost)

    def pay_for(self, number: int, added: float) -> float:
        """Buy plant for *added* capacity (units/day) of a site; return the days until it is ready."""
        plant, cost = self._plant(number), self.cost_of(number, added)
        if plant is None:
            return 0.0
        self._buy(np.array([number]), np.array([cost]))
        self.world.factories["book_value"][number] += cost
        return plant.building_days

    def write_off_entry(self, number: int, cost: float) -> None:
        """Pay what it costs to begin where a firm has no site yet; nothing of it is left, so it is written off."""
        firm = self.world.state.sites["firm"][[number]]
        self._buy(np.array([number]), np.array([cost]))
        enter(self.world, "write_offs", -per_firm(self.world, firm, np.array([cost])))

    def sunk_per_good_unit(self) -> Floats:
        """Return the part of what a good unit costs that has been paid for plant already (money); shape (sites,)."""
        factories = self.world.factories
        upkeep = factories["plant_value"] * self._upkeep / YEAR_DAYS
        good = factories["normal_units"] * self.world.state.sites["mean_yield"]
        kept_up = np.divide(upkeep, good, out=np.zeros(len(good)), where=good > 0.0)
        standing = factories["standing"] * factories["wage"] * self.world.site_exchange_rates
        staffed = np.divide(standing, good, out=np.zeros(len(good)), where=good > 0.0)
        return np.asarray(np.maximum(factories["fixed_cost"] - staffed - kept_up, 0.0))

    def cost_of(self, number: int, added: float, from_nothing: bool = False) -> float:
        """Return what plant for *added* capacity (units/day) of a site costs (money), beside what it has or alone."""
        plant = self._plant(number)
        if plant is None:
            return 0.0
        per_day = 0.0 if from_nothing else float(self.world.whole_capacity[number]) / self.timeline.tick_days
        return float(expansion_cost(per_day, added, plant.cost, plant.reference_per_day, plant.scale_exponent))

    def cost_of_use(self, number: int, cost: float, rate_per_day: float, days: float) -> float:
        """Return what plant that a site buys at a *cost* takes within *days*, less what is left of it then (money).

        It takes that out of gains before the tax on profit of its firm. Upkeep is deducted at once, plant only as it
        is written off: general plant evenly over its life, what is made for one generation when that ends.
        """
        plant = self._plant(number)
        if plant is None:
            return 0.0
        terms = plant.life_days, plant.specific_share, plant.upkeep_per_year
        return float(taxed_cost_of_use(cost, *terms, rate_per_day, days, self._tax(number)))

    def holding_rate(self, number: int) -> float:
        """Return what it costs a day to hold plant of a site, as a share of its value, before tax (1/day).

        Wear and upkeep are deducted from profit that is taxed; interest on own capital is not.
        """
        plant, untaxed = self._plant(number), float(self.world.factories["holding_rate"][number])
        if plant is None:
            return untaxed
        interest = holding_cost_per_day(1.0, math.inf, 0.0, plant.interest_per_year)
        return untaxed + float(tax_on_interest(interest, self._tax(number)))

    def _tax(self, number: int) -> float:
        """Return the share of its profit that the firm of a site pays as tax."""
        return float(self._taxes[self.world.state.sites["firm"][number]])

    def _plant(self, number: int) -> Plant | None:
        site = self.world.scenario.sites[number]
        return self.world.scenario.products[site.product].task(site.function).plant

    def _load(self) -> Floats:
        """Return the share of capacity that each site has used since the last quarter."""
        sites = self.world.state.sites
        used = sites["started"] - self._started
        self._started = sites["started"].copy()
        could = sites["capacity"] * self.timeline.period(QUARTER_DAYS)
        # A site without a limit has no load to go by, and renews its plant in full.
        load: Floats = np.divide(used, could, out=np.ones(len(used)), where=np.isfinite(could) & (could > 0.0))
        return load

    def change_over(self, period: int) -> None:
        """End the product generations that last *period* ticks."""
        self.end_generations((self._generation == period) & self.world.factories["takes_labour"])

    def end_generations(self, ends: Flags) -> None:
        """End the product generation at some sites: write off what was made for it, and buy it for the next."""
        factories = self.world.factories
        factories["experience"] = np.where(
            ends, carried_experience(factories["experience"], self._carried_through()), factories["experience"]
        )
        old = np.where(ends & self.world.factories_at_work & self._has_plant, factories["specific_value"], 0.0)
        factories["book_value"] -= old
        enter(self.world, "write_offs", -self._per_firm(old))
        share = self._affordable(old)
        bought = old * share
        self._buy(np.arange(len(old)), bought)
        factories["book_value"] += bought
        self._shrink(np.where(old > 0.0, share, 1.0))
        self.context.part(UnitCosts).update()

    def _carried_through(self) -> Floats:
        """Return the part of its experience that each site keeps when a generation ends; shape (sites,)."""
        rules = self.world.scenario.services
        if rules is None:
            return self._carried
        return carried_through(self._carried, rules.ramp_up, self.world.site_services_nearby)

    def _affordable(self, wanted: Floats) -> Floats:
        """Return the share of what it wants for its plant that the owner of each site can pay for; shape (sites,)."""
        if not self._pays:
            return np.ones(len(wanted))
        total = self._per_firm(wanted)
        share = np.divide(np.minimum(total, means(self.world)), total, out=np.ones(len(total)), where=total > 0.0)
        return np.asarray(share[self.world.state.sites["firm"]])

    def _buy(self, numbers: Integers, amounts: Floats) -> None:
        """Pay for plant at sites; without finance it comes for nothing, and is entered as if paid."""
        spent = per_firm(self.world, self.world.state.sites["firm"][numbers], amounts)
        if self._pays:
            buy_plant(self.world, spent)
        else:
            enter(self.world, "investment", -spent)

    def _shrink(self, factor: Floats) -> None:
        """Multiply the capacity of each site, and the value of the plant that this takes."""
        if np.all(factor == 1.0):
            return
        sites = self.world.state.sites
        limited = self._has_plant & np.isfinite(sites["capacity"])
        # The inner choice keeps infinity times 0, which is not a number, out of the product.
        capacity = np.where(limited, np.where(limited, sites["capacity"], 0.0) * factor, sites["capacity"])
        self.world.plants["idle_capacity"] *= factor
        self.context.part(FlowDriver).write(sites, "capacity", capacity)
        self.revalue(np.flatnonzero(limited & (factor != 1.0)))
        self._give_up(np.flatnonzero(limited & (factor < 1.0)))

    def _give_up(self, numbers: Integers) -> None:
        """Close those of some sites whose firms could not keep up their plant: next to nothing is left of it."""
        _, reference, _ = (terms[numbers] for terms in self._value_terms)
        left = self.world.whole_capacity[numbers] / self.timeline.tick_days < LEAST_PLANT * reference
        for number in numbers[left & ~self.world.plants["closed"][numbers]].tolist():
            self.context.part(Exits).give_up(number)

    def revalue(self, numbers: Integers) -> None:
        """Bring the value of plant at sites in line with their capacity."""
        factories = self.world.factories
        per_day = self.world.whole_capacity[numbers] / self.timeline.tick_days
        terms = (term[numbers] for term in self._value_terms)
        factories["plant_value"][numbers] = plant_value(per_day, *terms)
        specific = factories["plant_value"][numbers] * self._specific[numbers]
        # Old plant may be worth less in the books than the part that is made for one generation.
        factories["specific_value"][numbers] = np.minimum(specific, factories["book_value"][numbers])
        normal = self.world.scenario.labour.normal_load * per_day
        factories["normal_units"][numbers] = np.maximum(normal, LEAST_UNITS)

    def _per_firm(self, amounts: Floats) -> Floats:
        return per_firm(self.world, self.world.state.sites["firm"], amounts)
