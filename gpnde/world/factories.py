"""Sites as employers and as plant on day 0: labour, productivity, yield, staff, plant and what all this costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gpnde.mechanics.capability_effects import productivity, yield_level
from gpnde.mechanics.capital import holding_cost_per_day, plant_value
from gpnde.mechanics.labour import labour_cost
from gpnde.scenario.economy import Plant
from gpnde.scenario.law import Law, fixed
from gpnde.scenario.network import Firm, Product, Site
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FUNCTIONS, YEAR_DAYS
from gpnde.world.columns import FACTORY
from gpnde.world.knowledge import opening_knowledge
from gpnde.world.layout import Floats, Records

LEAST_UNITS = 1e-9
"""Units a day that a site is taken to make at least, so that what it costs to be there has something to fall on."""


PLANT_VALUES = ("plant_value", "specific_value", "book_value", "wear")
"""What plant is worth, which is nothing once it is gone."""


def opening_factories(scenario: Scenario, sites: Records, mean_demand: Floats) -> Records:
    """Return the records of all *sites* on day 0; *mean_demand* is what each is expected to be asked for per day."""
    firms = {firm.name: firm for firm in scenario.firms}
    wages = {cluster.name: cluster.wage_per_day for cluster in scenario.clusters}
    records = np.zeros(len(scenario.sites), dtype=FACTORY)
    for number, site in enumerate(scenario.sites):
        product = scenario.products[site.product]
        if product.takes_labour:
            fields = _fields(scenario, site, product, firms[site.firm], float(mean_demand[number]), sites[number])
            for name, value in {"wage": wages.get(site.cluster or "", 1.0), **fields}.items():
                records[number][name] = value
    _set_costs(scenario, records, sites)
    return records


def _fields(
    scenario: Scenario, site: Site, product: Product, firm: Firm, demand: float, record: np.record
) -> Mapping[str, float]:
    """Return the fields of one factory that do not follow from others."""
    rules, task = scenario.labour, product.task(site.function)
    demand = max(demand, LEAST_UNITS)
    needed = demand / float(record.mean_yield)
    limit = float(record.capacity) / scenario.clock.tick_days
    normal = rules.normal_load * limit if np.isfinite(limit) else needed
    return {
        "takes_labour": True,
        "labour_days": task.labour_days,
        "productivity": _productivity(scenario, firm, site),
        "reference_units": demand * YEAR_DAYS,
        "normal_units": max(normal, LEAST_UNITS),
        # In units a day for now: persons, once it is known how much labour a unit takes.
        "needed": needed,
        "staff": site.employment,
        **({} if task.plant is None else plant_fields(task.plant, limit)),
    }


def _productivity(scenario: Scenario, firm: Firm, site: Site) -> float:
    """Return the productivity of labour on day 0, over that at the reference capability; 1 without knowledge."""
    rules = scenario.knowledge
    if rules is None or not rules.enabled:
        return 1.0
    above = opening_capability(firm, site) - rules.effects.reference_capability
    return float(productivity(rules.effects.productivity, above))


def plant_fields(plant: Plant, capacity: float) -> Mapping[str, Any]:
    """Return the value of plant for a *capacity* (units/day), when new and on day 0."""
    value = float(plant_value(capacity, plant.cost, plant.reference_per_day, plant.scale_exponent))
    specific = plant.specific_share * value
    return {
        "plant_value": value,
        "holding_rate": holding_cost_per_day(1.0, plant.life_days, plant.upkeep_per_year, plant.interest_per_year),
        "specific_value": specific,
        "book_value": specific + (value - specific) * (1.0 - plant.age_share),
    }


def _set_costs(scenario: Scenario, records: Records, sites: Records) -> None:
    """Write the labour that a unit takes, the staff and the costs that follow, at the exchange rates of day 0.

    Staff that the scenario does not give is what the expected output needs.
    """
    rules, par = scenario.labour, np.ones(len(records))
    days = records["days_per_unit"]
    days[:] = np.divide(records["labour_days"], records["productivity"], out=days, where=records["takes_labour"])
    records["standing"] = rules.standing_share * records["normal_units"] * days
    records["needed"] = records["needed"] * days + records["standing"]
    records["staff"] = np.where(records["staff"] > 0.0, records["staff"], records["needed"])
    records["labour_cost"] = labour_per_good_unit(records, sites, par)
    records["fixed_cost"] = fixed_per_good_unit(records, sites, par)


def labour_per_good_unit(records: Records, sites: Records, exchange_rates: Floats) -> Floats:
    """Return what labour costs per good unit, scrap included (money); shape (sites,)."""
    return np.asarray(labour_cost(records["days_per_unit"], records["wage"], exchange_rates, sites["mean_yield"]))


def fixed_per_good_unit(records: Records, sites: Records, exchange_rates: Floats) -> Floats:
    """Return what plant and standing staff cost per good unit at normal load (money); shape (sites,)."""
    held = records["holding_rate"] * records["plant_value"]
    standing = records["standing"] * records["wage"] * exchange_rates
    good = np.where(records["takes_labour"], records["normal_units"] * sites["mean_yield"], 1.0)
    return np.asarray(np.where(records["takes_labour"], (held + standing) / good, 0.0))


def opening_capability(firm: Firm, site: Site) -> float:
    """Return what a firm can do on day 0 in the function that a site of it performs."""
    return opening_knowledge(firm)[FUNCTIONS.index(site.function)]


def yield_laws(scenario: Scenario) -> list[Law]:
    """Return the law of each site's yield: the given one, or what its firm can do on day 0 where making takes labour.

    >>> from gpnde.scenario import load_scenario
    >>> [law.value for law in yield_laws(load_scenario("single-site"))]
    [1.0]
    """
    firms = {firm.name: firm for firm in scenario.firms}
    return [site.yield_rate or _usual_yield(scenario, firms[site.firm], site) for site in scenario.sites]


def _usual_yield(scenario: Scenario, firm: Firm, site: Site) -> Law:
    product, rules = scenario.products[site.product], scenario.knowledge
    if rules is None or not (rules.enabled and product.takes_labour):
        return fixed(1)
    bounds = rules.effects.lowest_yield, rules.effects.highest_yield, rules.effects.yield_curvature
    return fixed(float(yield_level(opening_capability(firm, site), *bounds, product.complexity)))
